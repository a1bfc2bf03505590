"""What operators see: bounded, indexed reads. None but `body` holds message text."""

from dataclasses import replace
from math import inf
from typing import NamedTuple

from unlost.journal.clock_steps import stretch_before_leap
from unlost.journal.knowing import links_of
from unlost.journal.packing import message_link_of, unpack_text
from unlost.journal.resolving import pairs_among, resolve
from unlost.journal.rows import BodyView, ContradictionRow, Counts, EntryView, FailureView
from unlost.journal.turn import Row, Turn
from unlost.vocabulary.addresses import Address, conversation_lane
from unlost.vocabulary.envelopes import Direction, Kind, Source
from unlost.vocabulary.ids import ChannelName, EntryId, WhatsAppId
from unlost.vocabulary.links import MessageLink

_KINDS = frozenset(Kind)  # a later program's rows may say more: such a one stands among the dead letters, and is shown
LIST_MAX = 1_000  # entries one view shows at most
DEAD_IDS_MAX = 100_000  # numbers are small; so many are read well within the bound of a read transaction


class Asked(NamedTuple):
    """What `trace` is asked for; *conversation* counts only where neither id nor chats are named."""

    whatsapp_id: WhatsAppId | None
    chats: tuple[Address, ...]
    conversation: int | None
    since: float | None
    until: float | None
    limit: int


def dead(turn: Turn, channel: str | None, reason: str | None, since: float | None, limit: int) -> list[EntryView]:
    """Dead letters, newest first."""
    asked = {"channel": channel, "reason": reason, "since": since, "limit": min(limit, LIST_MAX)}
    return [_view(row) for row in turn.all("dead_list", asked)]


def dead_ids(turn: Turn, channel: str | None, reason: str | None, since: float | None, limit: int) -> list[EntryId]:
    """The numbers of those dead letters, for a verb that touches more than anybody wants listed."""
    asked = {"channel": channel, "reason": reason, "since": since, "limit": min(limit, DEAD_IDS_MAX)}
    return [EntryId(number) for (number,) in turn.all("dead_ids", asked)]


def entry(turn: Turn, id: EntryId) -> EntryView | None:
    """One entry with its failed attempts and links."""
    row = turn.row("entry_view", {"id": id})
    return None if row is None else _whole(turn, row)


def body(turn: Turn, id: EntryId, limit_bytes: int) -> BodyView | None:
    """An entry's body as received, at most its first *limit_bytes*; None where none is kept."""
    row = turn.row("body_shown", {"entry": id, "limit": limit_bytes})
    return None if row is None else BodyView(bytes(row[0]), int(row[1]))


def trace(turn: Turn, asked: Asked) -> list[EntryView]:
    """Entries by message id, by chats in all their forms, or by conversation, with attempts and links; oldest first."""
    bounds = {"since": asked.since, "until": asked.until, "limit": min(asked.limit, LIST_MAX)}
    if asked.whatsapp_id is not None:
        rows = turn.all("trace_by_id", {"whatsapp_id": asked.whatsapp_id, **bounds})
    elif asked.chats:
        rows = [row for address in _forms(turn, asked.chats) for row in _of_address(turn, address, bounds)]
    elif asked.conversation is not None:
        rows = _of_conversation(turn, asked.conversation, bounds)
    else:
        rows = turn.all("trace_by_time", bounds)
    ordered = sorted(set(rows), key=lambda row: (row[11], row[0]))
    return [_whole(turn, row) for row in ordered[: min(asked.limit, LIST_MAX)]]


def links_posted_since(turn: Turn, channel: str, since: float, limit: int) -> list[MessageLink]:
    """Links written or confirmed since, oldest first; that the wall clock was set forward makes none of them older."""
    stretches = [(since, inf)]
    if (before_leap := stretch_before_leap(turn, since)) is not None:
        stretches.insert(0, before_leap)
    rows = [
        row
        for begin, end in stretches
        for row in turn.all("links_since", {"channel": channel, "since": begin, "until": end, "limit": limit})
    ]
    return [message_link_of(row) for row in rows[:limit]]


def contradictions(turn: Turn) -> list[ContradictionRow]:
    """Pairings that joined nothing, oldest first."""
    return [
        ContradictionRow(ChannelName(channel), Address(lid), Address(phone), seen_at)
        for channel, lid, phone, seen_at in turn.all("contradictions", {"limit": LIST_MAX})
    ]


def counts(turn: Turn, since: float | None) -> list[Counts]:
    """A few rows per channel, whatever waits: triggers keep the numbers. *since* is rounded down to its hour."""
    gauges: dict[tuple[str, bool, str], int] = {
        (channel, bool(is_background), state): entries
        for channel, is_background, state, entries in turn.all("gauges", {})
    }
    hour = 0 if since is None else int(since // 3600)
    tallies = {channel: numbers for channel, *numbers in turn.all("tallies", {"hour": hour})}
    counted = []
    for channel, oldest in turn.all("backlog_oldest", {}):
        delivered, skipped, late = tallies.get(channel, [0, 0, 0])
        counted.append(
            Counts(
                channel=ChannelName(channel),
                waiting=gauges.get((channel, False, "waiting"), 0),
                leased=gauges.get((channel, False, "leased"), 0),
                parked=gauges.get((channel, False, "parked"), 0),
                dead=gauges.get((channel, False, "dead"), 0) + gauges.get((channel, True, "dead"), 0),
                background=sum(gauges.get((channel, True, state), 0) for state in ("waiting", "leased", "parked")),
                delivered=delivered,
                skipped=skipped,
                late=late,
                oldest_waiting_at=oldest,
            )
        )
    return counted


def _forms(turn: Turn, chats: tuple[Address, ...]) -> set[tuple[str, Address]]:
    """(channel, address) for every form of the chats in every channel."""
    forms: set[tuple[str, Address]] = set()
    for (channel,) in turn.all("channel_names", {}):
        resolved = {resolve(turn, channel, chat) for chat in chats}
        pairs = pairs_among(turn, channel, resolved)
        forms |= {(channel, form) for form in resolved.union(*pairs)}
    return forms


def _of_conversation(turn: Turn, conversation: int, bounds: dict[str, float | int | None]) -> list[Row]:
    """What stands there by its links, what the helpdesk told of it, and what of its chats does not stand anywhere yet."""
    ids = turn.all("trace_ids_of_conversation", {"conversation": conversation, "limit": bounds["limit"]})
    rows = [row for (name,) in ids for row in turn.all("trace_by_id", {"whatsapp_id": name, **bounds})]
    for (channel,) in turn.all("channel_names", {}):
        rows += _of_address(turn, (channel, conversation_lane(conversation)), bounds)
    for channel, chat in turn.all("chats_of_conversation", {"conversation": conversation}):
        for form in _forms(turn, (Address(chat),)):
            if form[0] == channel:
                rows += [row for row in _of_address(turn, form, bounds) if row[8] != "done"]
    return rows


def _of_address(turn: Turn, form: tuple[str, Address], bounds: dict[str, float | int | None]) -> list[Row]:
    channel, address = form
    return turn.all("trace_by_lane", {"channel": channel, "address": address, **bounds})


def _whole(turn: Turn, row: Row) -> EntryView:
    """With its failed attempts, and where the message of its id stands."""
    failed = turn.all("failures", {"entry": row[0]})
    failures = tuple(FailureView(at, step, cause, unpack_text(text)) for at, step, cause, text in failed)
    view = _view(row)
    links = () if view.whatsapp_id is None else links_of(turn, view.channel, view.whatsapp_id)
    return replace(view, failures=failures, links=links)


def _view(row: Row) -> EntryView:
    number, channel, direction, source, kind, chat, sender, whatsapp_id, state, verdict, reason, arrived_at = row[:12]
    told_at, due_at, settled_at, attempts, crashes, late = row[12:]
    return EntryView(
        id=EntryId(number),
        channel=ChannelName(channel),
        direction=Direction(direction),
        source=Source(source),
        kind=Kind(kind) if kind in _KINDS else Kind.UNKNOWN,
        chat=Address(chat or ""),
        sender=None if sender is None else Address(sender),
        whatsapp_id=None if whatsapp_id is None else WhatsAppId(whatsapp_id),
        state=state,
        verdict=verdict,
        reason=reason,
        arrived_at=arrived_at,
        told_at=told_at,
        due_at=due_at,
        settled_at=settled_at,
        attempts=attempts,
        crashes=crashes,
        late=bool(late),
    )
