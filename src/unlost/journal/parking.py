"""Off the lane: empty events that wait for their content, references that wait for their target."""

from typing import NamedTuple

from msgspec.structs import replace

from unlost.journal.packing import pack_facts, unpack_facts
from unlost.journal.placing import believed, is_late, place_behind, refresh_due, root_of, take_place
from unlost.journal.resolving import resolve_maybe
from unlost.journal.turn import Row, Turn
from unlost.vocabulary.facts import Facts
from unlost.vocabulary.verdicts import Until


class End(NamedTuple):
    """How a message ended, for what waits for it: the place it stood in, and whether it carried content."""

    place: int
    settles_twins: bool


class ParkedRow(NamedTuple):
    """A parked entry, as far as its release needs it."""

    id: int
    lane_id: int
    direction: str
    wait_kind: str
    chat: str | None
    sender: str | None
    told_at: float | None
    late: int
    facts: bytes | None


def release_for(turn: Turn, channel: str, whatsapp_id: str, chat: str | None, sender: str | None, end: End) -> None:
    """A message has ended: its references re-enter right behind it, as they were told; its empty twins end where it had content."""
    for parked in _waiting_for(turn, channel, whatsapp_id):
        if parked.wait_kind == Until.TWIN:
            if end.settles_twins and _is_same(turn, channel, parked, chat, sender):
                turn.run("entry_twin_ends", {"id": parked.id, "now": turn.now})
        elif resolve_maybe(turn, channel, parked.chat) == resolve_maybe(turn, channel, chat):
            release_behind(turn, parked, end.place)


def settle_twins(turn: Turn, channel: str, whatsapp_id: str, chat: str | None, sender: str | None) -> None:
    """Content has come: empty events with the same id, chat and sender end as its twins."""
    for parked in _waiting_for(turn, channel, whatsapp_id):
        if parked.wait_kind == Until.TWIN and _is_same(turn, channel, parked, chat, sender):
            turn.run("entry_twin_ends", {"id": parked.id, "now": turn.now})


def content_stands(turn: Turn, channel: str, whatsapp_id: str, chat: str | None, sender: str | None) -> bool:
    """Whether an event with content, of any kind, carries this id in this chat by this sender."""
    return any(
        not is_empty
        and resolve_maybe(turn, channel, other_chat) == resolve_maybe(turn, channel, chat)
        and resolve_maybe(turn, channel, other_sender) == resolve_maybe(turn, channel, sender)
        for _, _, _, other_chat, other_sender, is_empty, _, _ in turn.all(
            "same_id", {"channel": channel, "whatsapp_id": whatsapp_id}
        )
    )


def release_behind(turn: Turn, parked: ParkedRow, place: int) -> None:
    """Back into its lane right behind *place*, or behind what was begun there since."""
    lane = root_of(turn, parked.lane_id)
    place, behind = place_behind(turn, lane, place)
    _release(turn, parked, place=place, behind=behind, late=parked.late, facts=unpack_facts(parked.facts))
    refresh_due(turn, root_of(turn, parked.lane_id))


def release_overdue(turn: Turn, limit: int) -> int:
    """Waits that are over: to the end of the lane, with the fact that says so."""
    rows = [ParkedRow._make(row) for row in turn.all("parked_due", {"now": turn.now, "limit": limit})]
    for parked in rows:
        lane = root_of(turn, parked.lane_id)
        told = believed(parked.told_at, turn.now)
        late = parked.late or is_late(lane, told)
        place, lane = take_place(turn, lane, told)
        _release(turn, parked, place=place, behind=0, late=int(late), facts=_wait_over(parked))
        refresh_due(turn, lane)
    return len(rows)


def parked_of(turn: Turn, whatsapp_id: str, channel: str, entry: int) -> ParkedRow | None:
    """One parked entry, by what it waits for."""
    return next((row for row in _waiting_for(turn, channel, whatsapp_id) if row.id == entry), None)


def _wait_over(parked: ParkedRow) -> Facts:
    facts = unpack_facts(parked.facts)
    if parked.wait_kind == Until.TWIN:
        return replace(facts, twin_wait_over=True)
    return replace(facts, target_wait_over=True)


def _release(turn: Turn, parked: ParkedRow, *, place: int, behind: int, late: int, facts: Facts) -> None:
    packed = pack_facts(facts)
    values = {"id": parked.id, "place": place, "behind": behind, "now": turn.now, "late": late, "facts": packed}
    turn.run("entry_release", values)


def _waiting_for(turn: Turn, channel: str, whatsapp_id: str) -> list[ParkedRow]:
    rows: list[Row] = turn.all("parked_for", {"whatsapp_id": whatsapp_id, "channel": channel})
    return [ParkedRow._make(row) for row in rows]


def _is_same(turn: Turn, channel: str, parked: ParkedRow, chat: str | None, sender: str | None) -> bool:
    return resolve_maybe(turn, channel, parked.chat) == resolve_maybe(turn, channel, chat) and resolve_maybe(
        turn, channel, parked.sender
    ) == resolve_maybe(turn, channel, sender)
