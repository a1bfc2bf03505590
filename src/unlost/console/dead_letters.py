"""`/dead`: filters, preview, and retry or discard of one, some, or all that match."""

from collections import Counter
from dataclasses import dataclass

from starlette.responses import Response

from unlost.console.operator import DeadFilter
from unlost.console.overview import flash
from unlost.console.reasons import reason, reason_of
from unlost.console.site import NotMeant, Site
from unlost.console.story import is_id
from unlost.console.verbs import LIST_MAX
from unlost.console.visits import Visit
from unlost.telemetry.operators import OperatorDid
from unlost.vocabulary.ids import ChannelName, EntryId

SHOWN_MAX = 100
REASON_MAX_CHARS = 600
PERIODS_S = {"1h": 3_600, "24h": 86_400, "7d": 604_800, "30d": 2_592_000}
VERBS = ("retry", "discard")
DONE = {"retry": "retried", "discard": "discarded"}


@dataclass(frozen=True, slots=True)
class Chosen:
    """The filter as it stands in the address: *since* is one of PERIODS_S, or empty."""

    channel: str = ""
    reason: str = ""
    since: str = ""

    def wanted(self, now: float) -> DeadFilter:
        """For the operator."""
        since = now - PERIODS_S[self.since] if self.since else None
        return DeadFilter((), ChannelName(self.channel) if self.channel else None, self.reason or None, since)


async def show(site: Site, visit: Visit) -> Response:
    """The list with its filters."""
    chosen = _chosen(site, visit.asked("channel"), visit.asked("reason"), visit.asked("since"))
    without_reason = Chosen(chosen.channel, "", chosen.since)
    letters = (await site.operator.dead(without_reason.wanted(site.now), LIST_MAX)).entries
    matching = [letter for letter in letters if not chosen.reason or letter.reason == chosen.reason]
    shown = matching[:SHOWN_MAX]
    facts = {
        "letters": shown,
        "count": len(matching),
        "chosen": chosen,
        "channels": list(site.operator.channels),
        "reasons": {
            told: (reason(told, visit.words), count)
            for told, count in Counter(letter.reason or "" for letter in letters).most_common()
            if told and told.isprintable()
        },
        "periods": PERIODS_S,
        "said": await site.bodies.snippets(shown),
        "why": {letter.id: reason_of(letter, visit.words) for letter in shown},
        "flash": visit.words.none_selected if visit.asked("done") == "none" else flash(visit),
    }
    return await site.page(visit, "dead", facts)


async def preview(site: Site, visit: Visit) -> Response:
    """What would be touched, before it is: the count, and a button that does it."""
    verb, _, scope = visit.told("do").partition(":")
    if verb not in VERBS or scope not in ("selected", "matching"):
        raise NotMeant
    chosen, ids = _told(site, visit), _ids(visit) if scope == "selected" else ()
    if scope == "selected" and not ids:
        return site.to("/dead", done="none", channel=chosen.channel, reason=chosen.reason, since=chosen.since)
    wanted = DeadFilter(ids) if ids else chosen.wanted(site.now)
    does = site.operator.retry if verb == "retry" else site.operator.discard
    count = (await does(wanted, visit.session.who, preview=True)).count
    facts = {"verb": verb, "count": count, "ids": ids, "chosen": chosen, "then": _then(visit)}
    return await site.page(visit, "preview", facts)


async def act(site: Site, visit: Visit) -> Response:
    """Retry or discard, in the name of who is logged in."""
    verb = visit.told("verb")
    if verb not in VERBS:
        raise NotMeant
    chosen, ids = _told(site, visit), _ids(visit)
    wanted = DeadFilter(ids) if ids else chosen.wanted(site.now)
    if not ids and visit.told("everything") != "yes":
        raise NotMeant
    does = site.operator.retry if verb == "retry" else site.operator.discard
    count = (await does(wanted, visit.session.who, preview=False)).count
    site.pulse.stir()
    site.telemetry.tell(OperatorDid(verb, visit.session.who, count, chosen.channel))
    return site.to(_then(visit), done=DONE[verb], n=count)


def _then(visit: Visit) -> str:
    """Back to the entry whose page it was pressed on, else to the list."""
    told = visit.told("entry")
    return f"/entries/{told}" if is_id(told) else "/dead"


def _told(site: Site, visit: Visit) -> Chosen:
    return _chosen(site, visit.told("channel"), visit.told("reason"), visit.told("since"))


def _chosen(site: Site, channel: str, reason: str, since: str) -> Chosen:
    is_known = (not channel or channel in site.operator.channels) and (not since or since in PERIODS_S)
    if not is_known or not reason.isprintable() or len(reason) > REASON_MAX_CHARS:
        raise NotMeant
    return Chosen(channel, reason, since)


def _ids(visit: Visit) -> tuple[EntryId, ...]:
    told = visit.form.get("id", [])
    if not all(is_id(one) for one in told):
        raise NotMeant
    return tuple(EntryId(int(one)) for one in dict.fromkeys(told))[:LIST_MAX]
