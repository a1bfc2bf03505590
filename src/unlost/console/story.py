"""One entry's whole story: what was received, attempts, waits, effects."""

from dataclasses import dataclass

from starlette.responses import Response

from unlost.console.answers import DIRECTION_NAMES, Entry, Status
from unlost.console.formats import Formats, plain
from unlost.console.operator import PAUSED_BY
from unlost.console.overview import flash
from unlost.console.reasons import reason_of, step
from unlost.console.site import NotFound, Site
from unlost.console.visits import Visit
from unlost.console.words import Words
from unlost.vocabulary.ids import EntryId

ID_MAX_CHARS = 18  # below 2**63
BY_PERSONS = {"retried": "retried_by", "discarded": "discarded_by"}
STILL_WITH = DIRECTION_NAMES | {"media": "look-ups"}
"""Which pause holds an entry: files stand still with the look-ups, which ask the same gateway."""
OF_THE_GATEWAY = ("look", "media")


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened, or is still awaited (*at* None). *tone*: good, bad, wait, or plain."""

    at: float | None
    what: str
    more: str = ""
    tone: str = "plain"


async def show(site: Site, visit: Visit) -> Response:
    """By the entry's own number."""
    number = visit.request.path_params["id"]
    entry = await site.operator.entry(EntryId(int(number))) if is_id(number) else None
    if entry is None:
        raise NotFound
    status = await site.pulse.status()
    facts = {
        "entry": entry,
        "lines": lines(entry, status, visit.words, site.formats(visit)),
        "ending": ending(entry, visit.words),
        "direction": DIRECTION_NAMES.get(entry.direction, entry.direction),
        "body": None if visit.by_script else await site.bodies.of(entry),
        "flash": flash(visit),
    }
    return await site.page(visit, "story", facts)


def is_id(told: str) -> bool:
    """True for what may be an entry's number."""
    return told.isascii() and told.isdigit() and len(told) <= ID_MAX_CHARS


def ending(entry: Entry, words: Words) -> str:
    """How it stands, with its reason where there is one."""
    how = words.verdicts.get(entry.verdict or "", words.states.get(entry.state, entry.state))
    return f"{how}: {reason_of(entry, words)}" if entry.reason else how


def lines(entry: Entry, status: Status, words: Words, formats: Formats) -> list[Line]:
    """In the order of time; what is awaited stands last."""
    told = [] if entry.told_at is None else [Line(entry.told_at, words.written)]
    source = words.sources.get(entry.source, entry.source)
    received = [Line(entry.arrived_at, words.received, words.received_by.format(source=source))]
    tried = [_tried(failure, words) for failure in entry.failures]
    return [
        *told,
        *received,
        *tried,
        *_ended(entry, words),
        *_stands(entry, words),
        *_awaited(entry, status, words, formats),
    ]


def _tried(failure: dict[str, object], words: Words) -> Line:
    at, cause, text = float(str(failure["at"])), str(failure["cause"]), plain(failure["text"])
    if cause in BY_PERSONS:
        said: str = getattr(words, BY_PERSONS[cause])
        return Line(at, said.format(who=text), tone="person")
    told = words.causes.get(cause, plain(cause))
    return Line(
        at, words.attempt_failed.format(step=step(failure["step"], words)), f"{told} – {text}" if text else told, "bad"
    )


def _ended(entry: Entry, words: Words) -> list[Line]:
    if entry.settled_at is None or entry.verdict == "discarded":
        return []
    tones = {"delivered": "good", "dead": "bad"}
    how = words.verdicts.get(entry.verdict or entry.state, words.states.get(entry.state, entry.state))
    tone = tones.get(entry.verdict or entry.state, "plain")
    return [Line(entry.settled_at, how[:1].upper() + how[1:], reason_of(entry, words), tone)]


def _stands(entry: Entry, words: Words) -> list[Line]:
    return [
        Line(
            None,
            words.stands_as.format(message=link["message"], conversation=link["conversation"]),
            words.parts.get(str(link["part"]), ""),
            "good",
        )
        for link in entry.helpdesk_messages
    ]


def _awaited(entry: Entry, status: Status, words: Words, formats: Formats) -> list[Line]:
    within = formats.within(entry.due_at)
    if entry.state == "leased":
        return [Line(None, words.being_worked, tone="wait")]
    if entry.state == "parked":
        return [Line(None, words.waits_until.format(within=within), tone="wait")]
    if entry.state != "waiting":
        return []
    return _why_waits(entry, status, words) or [Line(None, words.next_try.format(within=within), tone="wait")]


def _why_waits(entry: Entry, status: Status, words: Words) -> list[Line]:
    pool = STILL_WITH.get(entry.direction, entry.direction)
    for pause in status.pauses:
        if (pause.channel, pause.direction) == (entry.channel, pool):
            return [Line(pause.since, words.waits_for_pause, plain(pause.reason.removeprefix(PAUSED_BY)), "wait")]
    if entry.direction in OF_THE_GATEWAY:
        return []
    for channel in status.channels:
        if channel.name == entry.channel and channel.helpdesk_up is False:
            return [Line(channel.helpdesk_since, words.waits_for_helpdesk, tone="wait")]
    return []
