"""Bodies become entries, each in its lane, each once."""

from collections.abc import Iterator
from math import isfinite

import apsw
from msgspec.structs import replace

from unlost.journal.downloads import begin_download, lacks_download, note_told
from unlost.journal.keys import door_key, keyed
from unlost.journal.packing import pack_text
from unlost.journal.pairing import learn_pairings
from unlost.journal.parking import content_stands, settle_twins
from unlost.journal.placing import (
    Lane,
    believed,
    fix_places,
    is_late,
    lane_for,
    lane_found,
    refresh_due,
    take_place,
    write_lane,
)
from unlost.journal.receipts import READ_SELF, wish
from unlost.journal.resolving import resolve, resolve_maybe
from unlost.journal.rows import Appended, Arrival
from unlost.journal.turn import Turn
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.envelopes import Direction, Envelope, Kind, Source
from unlost.vocabulary.ids import EntryId
from unlost.vocabulary.verdicts import SkipReason, Until

NAME_MAX_CHARS = 1_024  # an address or id longer than this is none; GOWA's longest are under 100
RECEIPTS_MAX = 1_000  # per body; WhatsApp batches far fewer

_DIRECTIONS = {
    Source.HELPDESK: Direction.OUTBOUND,
    Source.OUTBOX: Direction.OUTBOUND,
    Source.LOOK_UP: Direction.LOOK_UP,
    Source.CHORE: Direction.CHORE,
}


_AGAINST_THE_TABLES = (apsw.ConstraintError, apsw.MismatchError, apsw.TooBigError, UnicodeError, OverflowError)


class NeedsCare(Exception):
    """The tables take one of the bodies only as unreadable: undo all, and append with care."""


def append(turn: Turn, channel: str, arrivals: tuple[Arrival, ...]) -> list[Appended]:
    """Keep each body in its lane; what can be seen not to fit there is kept raw. Raises NeedsCare where that is seen too late."""
    try:
        return [
            (_append_one if _can_be_kept(arrival.envelope) else _append_unreadable)(each, channel, arrival)
            for each, arrival in _turns(turn, arrivals)
        ]
    except _AGAINST_THE_TABLES as error:
        raise NeedsCare from error


def append_with_care(turn: Turn, channel: str, arrivals: tuple[Arrival, ...]) -> list[Appended]:
    """Keep each body in its lane; what cannot be kept there is kept raw, as `unreadable`, in a lane of its own."""
    return [_append_whatever(each, channel, arrival) for each, arrival in _turns(turn, arrivals)]


def _turns(turn: Turn, arrivals: tuple[Arrival, ...]) -> Iterator[tuple[Turn, Arrival]]:
    """Each body in its own turn of the call, so that their places tell the order they came in across lanes too."""
    return ((turn.of_call(nth), arrival) for nth, arrival in enumerate(arrivals))


def key_of(turn: Turn, channel: str, envelope: Envelope, raw: bytes) -> bytes:
    """The door key in addresses resolved as of now."""
    row = turn.row("channel_get", {"name": channel})
    chat = resolve_maybe(turn, channel, envelope.chat)
    sender = resolve_maybe(turn, channel, envelope.sender)
    return door_key(turn.secret, channel, None if row is None else row[0], envelope, raw, chat=chat, sender=sender)


def _append_whatever(turn: Turn, channel: str, arrival: Arrival) -> Appended:
    if not _can_be_kept(arrival.envelope):
        return _append_unreadable(turn, channel, arrival)
    turn.connection.execute("SAVEPOINT arrival")
    try:
        appended = _append_one(turn, channel, arrival)
    except _AGAINST_THE_TABLES:
        turn.connection.execute("ROLLBACK TO arrival; RELEASE arrival")
        return _append_unreadable(turn, channel, arrival)
    turn.connection.execute("RELEASE arrival")
    return appended


def _append_one(turn: Turn, channel: str, arrival: Arrival) -> Appended:
    has_joined = learn_pairings(turn, channel, arrival.envelope.pairings)
    appended = _append_resolved(turn, channel, arrival)
    return replace(appended, due_at=turn.now) if has_joined else appended  # what waited in the other lane may be due


def _append_resolved(turn: Turn, channel: str, arrival: Arrival) -> Appended:
    envelope = arrival.envelope
    key = key_of(turn, channel, envelope, arrival.raw)
    direction = _DIRECTIONS.get(envelope.source, Direction.INBOUND)
    names = {"channel": channel, "direction": direction.value, "address": _address(turn, channel, envelope)}
    met = turn.row("arrival_meets", {**names, "key": key, "whatsapp_id": envelope.id})
    assert met is not None, "a row of NULLs at the least"
    known, is_awaited, *found = met
    if known is not None:
        if lacks_download(turn, channel, envelope, key, known):  # the gateway's own had failed when it told us
            begin_download(turn, channel, envelope, key)
            return Appended(EntryId(known), is_new=False, due_at=turn.now)
        return Appended(EntryId(known), is_new=False)
    lane = lane_found(turn, names, None if found[0] is None else tuple(found))
    if _is_parked(envelope):
        return _append_empty(turn, channel, arrival, lane, key)
    if envelope.receipts and all(receipt.status != READ_SELF for receipt in envelope.receipts):
        return _append_receipts(turn, channel, arrival, lane, key)
    return _append_in_place(turn, channel, arrival, lane, key, is_awaited=bool(is_awaited))


def _append_in_place(
    turn: Turn, channel: str, arrival: Arrival, lane: Lane, key: bytes, *, is_awaited: bool = False
) -> Appended:
    """With a reorder wait the place stays open; without one, or late, it is the lane's end. *is_awaited*: an event is parked for it."""
    envelope, before = arrival.envelope, lane
    told = believed(envelope.told_at, turn.now)
    lane = fix_places(turn, lane)
    late = is_late(lane, told)
    row = {**_columns(turn, channel, arrival, lane, key), "late": int(late)}
    due_at = turn.now
    if not late and (arrival.hold_s > 0 or before.held_until is not None):
        due_at = hold_until = turn.now + arrival.hold_s
        entry = _add(turn, {**row, "hold_until": hold_until, "due_at": hold_until}, arrival.raw)
        held_until = hold_until if lane.held_until is None else min(lane.held_until, hold_until)
        lane = fix_places(turn, lane._replace(held_until=held_until))
    else:
        place, lane = take_place(turn, lane, told)
        entry = _add(turn, {**row, "place": place}, arrival.raw)
    if is_awaited and envelope.id is not None and envelope.source is not Source.HELPDESK:
        settle_twins(turn, channel, envelope.id, envelope.chat, envelope.sender)
    _write_after_append(turn, before, lane)
    if envelope.file is not None:
        begin_download(turn, channel, envelope, key)
        note_told(turn, entry.entry)
        due_at = turn.now
    return replace(entry, due_at=due_at)


def _write_after_append(turn: Turn, before: Lane, lane: Lane) -> None:
    """A leased lane comes due when its lease ends; a head that stood before stands on; only what was held asks for a look."""
    if lane.joined or before.held_until is not None:
        refresh_due(turn, lane)
    elif lane.lease_holder is not None or before.due_at is not None:
        write_lane(turn, lane)
    else:
        write_lane(turn, lane._replace(due_at=turn.now if lane.held_until is None else lane.held_until))


def _append_empty(turn: Turn, channel: str, arrival: Arrival, lane: Lane, key: bytes) -> Appended:
    """An event without content waits off its lane for content with the same id; where that stands already, it is settled."""
    envelope = arrival.envelope
    row = _columns(turn, channel, arrival, lane, key)
    if envelope.id is not None and content_stands(turn, channel, envelope.id, envelope.chat, envelope.sender):
        skipped = {"state": "done", "verdict": "skipped", "reason": SkipReason.EMPTY_TWIN.value, "settled_at": turn.now}
        return _add(turn, {**row, **skipped}, arrival.raw)
    waits = {"waits_for": envelope.id, "wait_kind": Until.TWIN.value, "wait_until": turn.now + arrival.twin_wait_s}
    return _add(turn, {**row, **waits, "state": "parked"}, arrival.raw)


def _append_receipts(turn: Turn, channel: str, arrival: Arrival, lane: Lane, key: bytes) -> Appended:
    """Receipts are outside every lane: one wish per message id; the body itself is done with."""
    row = _columns(turn, channel, arrival, lane, key)
    entry = _add(turn, {**row, "state": "done", "verdict": "delivered", "settled_at": turn.now}, arrival.raw)
    for receipt in arrival.envelope.receipts:
        wish(turn, channel, receipt)
    return entry


def _append_unreadable(turn: Turn, channel: str, arrival: Arrival) -> Appended:
    """Kept raw in the channel's lane for what nobody can read; it will end dead there, and delays nothing."""
    key = keyed(turn.secret, b"unreadable", channel.encode(), arrival.raw)
    known = turn.value("door_find", {"key": key})
    if known is not None:
        return Appended(EntryId(known), is_new=False)
    envelope = Envelope(source=arrival.envelope.source, kind=Kind.UNREADABLE, chat=None)
    kept = Arrival(envelope=envelope, raw=arrival.raw)
    lane = lane_for(turn, channel, Direction.INBOUND, _address(turn, channel, envelope))
    return _append_in_place(turn, channel, kept, lane, key)


def _columns(turn: Turn, channel: str, arrival: Arrival, lane: Lane, key: bytes) -> dict[str, object]:
    """A waiting entry without a place."""
    envelope = arrival.envelope
    told = believed(envelope.told_at, turn.now)
    told_at = envelope.told_at
    return {
        "lane_id": lane.id,
        "channel": channel,
        "direction": _DIRECTIONS.get(envelope.source, Direction.INBOUND).value,
        "source": envelope.source.value,
        "kind": envelope.kind.value,
        "state": "waiting",
        "place": None,
        "due_at": turn.now,
        "hold_until": None,
        "late": 0,
        "is_empty": int(envelope.is_empty),
        "waits_for": None,
        "wait_kind": None,
        "wait_until": None,
        "verdict": None,
        "reason": None,
        "settled_at": None,
        "arrived_at": turn.now,
        "told_at": told_at if told_at is not None and isfinite(told_at) else None,
        "ordered_at": turn.now if told is None else told,
        "chat": envelope.chat,
        "sender": envelope.sender,
        "whatsapp_id": envelope.id,
        "target": envelope.target,
        "door_key": key,
    }


def _add(turn: Turn, columns: dict[str, object], raw: bytes) -> Appended:
    entry = turn.value("entry_add", columns)
    turn.run("body_add", {"entry": entry, "raw": raw})
    return Appended(EntryId(entry), is_new=True)


def _address(turn: Turn, channel: str, envelope: Envelope) -> Address:
    """The chat's resolved form; where the body names none, a lane per kind."""
    if envelope.chat is None:
        return Address(f"~{envelope.kind.value}")
    return resolve(turn, channel, envelope.chat)


def _is_parked(envelope: Envelope) -> bool:
    return envelope.is_empty and not envelope.from_self_to_self


def _can_be_kept(envelope: Envelope) -> bool:
    """True where every name is one: bounded, without NUL, and UTF-8."""
    if len(envelope.receipts) > RECEIPTS_MAX:
        return False
    names = [envelope.chat, envelope.device, envelope.sender, envelope.id, envelope.target]
    names += [name for pairing in envelope.pairings for name in (pairing.lid, pairing.phone)]
    names += [name for receipt in envelope.receipts for name in (receipt.id, receipt.chat)]
    return all(_is_name(name) for name in names if name is not None)


def _is_name(name: str) -> bool:
    if len(name) > NAME_MAX_CHARS or "\0" in name:
        return False
    return name.isascii() or len(pack_text(name)) == len(name.encode("utf-8", "replace"))


def knows(turn: Turn, channel: str, arrivals: tuple[Arrival, ...]) -> list[bool]:
    """For each, whether it came in before, as far as its door key tells; what cannot be kept was not."""
    return [_can_be_kept(arrival.envelope) and _is_known(turn, channel, arrival) for arrival in arrivals]


def _is_known(turn: Turn, channel: str, arrival: Arrival) -> bool:
    """A message whose file storage knows of, and we do not, is known only by half."""
    key = key_of(turn, channel, arrival.envelope, arrival.raw)
    known = turn.value("door_find", {"key": key})
    return known is not None and not lacks_download(turn, channel, arrival.envelope, key, known)
