"""Lanes and places: who stands where, and when a lane has something to hand out.

An entry takes its place from its lane's row when it arrives, or, with a reorder wait, when that wait has ended. A joined lane
works the union of its own entries and those of the lanes it absorbed.
"""

from collections.abc import Mapping
from math import isfinite
from typing import Any, NamedTuple

from unlost.journal.turn import Row, Turn
from unlost.vocabulary.envelopes import Direction

BELIEVED_AHEAD_S = 300.0
"""A time further in the future than this is a wrong clock (or year 9999): such an entry is ordered by its arrival."""

SUSPECT_CRASHES = 2
"""An entry that ended its worker this often is handed out alone (design section 4)."""


class Lane(NamedTuple):
    """A lane's row."""

    id: int
    absorbed_by: int | None
    joined: int
    last_place: int
    last_told_at: float | None
    due_at: float | None
    held_until: float | None
    lease_holder: str | None
    lease_token: int
    alone: int


class Head(NamedTuple):
    """The entry that stands first in a lane."""

    id: int
    place: int
    behind: int
    due_at: float
    crashes: int
    begun: int


def lane_of_row(row: Row | None) -> Lane:
    """A row that must be there, as a lane."""
    assert row is not None
    return Lane._make(row)


def lane_for(turn: Turn, channel: str, direction: str, address: str) -> Lane:
    """The lane of an address, made where there is none; the surviving one where it was absorbed."""
    names = {"channel": channel, "direction": direction, "address": address}
    return lane_found(turn, names, turn.row("lane_find", names))


def lane_found(turn: Turn, names: Mapping[str, str], found: Row | None) -> Lane:
    """The lane of *names*, of which *found* is the row; made where that is None; the surviving one where it was absorbed."""
    lane = lane_of_row(found or turn.row("lane_add", names))
    return lane if lane.absorbed_by is None else root_of(turn, lane.absorbed_by)


def root_of(turn: Turn, lane_id: int) -> Lane:
    """The lane, or the one that survived it."""
    lane = lane_of_row(turn.row("lane_get", {"id": lane_id}))
    return lane if lane.absorbed_by is None else root_of(turn, lane.absorbed_by)


def lane_address(direction: Direction, chat: str, apart: str) -> str:
    """What names a lane: the chat; for background work the chat and *apart*, so that no wait of one work delays another."""
    return chat if direction in (Direction.INBOUND, Direction.OUTBOUND) or not apart else f"{chat}#{apart}"


def believed(told_at: float | None, now: float) -> float | None:
    """WhatsApp's time where it can be one, else None."""
    if told_at is None or not isfinite(told_at) or not 0 <= told_at <= now + BELIEVED_AHEAD_S:
        return None
    return told_at


def is_late(lane: Lane, told_at: float | None) -> bool:
    """True where something told later has its place in the lane already."""
    return told_at is not None and lane.last_told_at is not None and told_at < lane.last_told_at


def take_place(turn: Turn, lane: Lane, told_at: float | None) -> tuple[int, Lane]:
    """The place at the lane's end, and the lane with it taken (not written yet). *told_at*: only a believed one."""
    place = max(lane.last_place + 1, int(turn.now * 1_000_000) + turn.nth)
    latest = lane.last_told_at
    if told_at is not None and (latest is None or told_at > latest):
        latest = told_at
    return place, lane._replace(last_place=place, last_told_at=latest)


def fix_places(turn: Turn, lane: Lane) -> Lane:
    """Give places to all whose reorder wait has ended and to all told no later than those; returns the lane, not written yet."""
    if lane.held_until is None or lane.held_until > turn.now:
        return lane
    members = _members(turn, lane)
    ended = [turn.value("lane_held_ended", {"lane": member, "now": turn.now}) for member in members]
    bound = max((at for at in ended if at is not None), default=None)
    if bound is not None:
        rows = [row for member in members for row in turn.all("lane_held_fixable", {"lane": member, "bound": bound})]
        for entry, ordered_at, told_at, was_late in sorted(rows, key=lambda row: (row[1], row[0])):
            told = told_at if told_at == ordered_at else None
            late = was_late or is_late(lane, told)
            place, lane = take_place(turn, lane, told)
            turn.run("entry_place", {"id": entry, "place": place, "late": int(late), "now": turn.now})
    nexts = [turn.value("lane_held_next", {"lane": member}) for member in members]
    return lane._replace(held_until=min((at for at in nexts if at is not None), default=None))


def head_of(turn: Turn, lane: Lane) -> Head | None:
    """The waiting entry of the lane's family that comes next: one that was begun, else the lowest place, else the older.

    Only lanes that were leased apart and joined since have more than one head to choose from.
    """
    return min(_heads(turn, lane), key=lambda head: (not head.begun, head.place, head.behind, head.id), default=None)


def is_leased(turn: Turn, lane: Lane) -> bool:
    """True where a lease is held in the lane or in one it absorbed."""
    if lane.lease_holder is not None:
        return True
    return bool(lane.joined) and any(holder is not None for _, holder in turn.all("lane_family", {"root": lane.id}))


def refresh_due(turn: Turn, lane: Lane, *, not_before: float | None = None) -> None:
    """Write the lane with its due time: its head's, else the end of the first reorder wait, else none.

    *not_before* sends a lane that was just worked behind the others that are due.
    """
    due: float | None = None
    alone = False
    if not is_leased(turn, lane):
        head = head_of(turn, lane)
        due = lane.held_until if head is None else head.due_at
        alone = head is not None and head.crashes >= SUSPECT_CRASHES
    if due is not None and not_before is not None:
        due = max(due, not_before)
    write_lane(turn, lane._replace(due_at=due, alone=int(alone)))


def write_lane(turn: Turn, lane: Lane) -> None:
    """The row as it stands in hand."""
    values: dict[str, Any] = {
        "id": lane.id,
        "last_place": lane.last_place,
        "last_told_at": lane.last_told_at,
        "due_at": lane.due_at,
        "held_until": lane.held_until,
        "alone": lane.alone,
    }
    turn.run("lane_put", values)


def place_behind(turn: Turn, lane: Lane, place: int) -> tuple[int, int]:
    """(place, behind) right behind *place*, and behind all that already stand there; never before an entry that was begun.

    Begun: the entry at work in the lane, and a waiting head with a begun step.
    """
    members = _members(turn, lane)
    at_work = [row for member in members for row in turn.all("lane_at_work", {"lane": member})]
    begun = [head.place for head in _heads(turn, lane) if head.begun]
    place = max([place, *begun, *(work_place for work_place, _ in at_work)])
    behinds = [behind for work_place, behind in at_work if work_place == place]
    behinds += [turn.value("behind_last", {"lane": member, "place": place}) or 0 for member in members]
    return place, 1 + max(behinds)


def _heads(turn: Turn, lane: Lane) -> list[Head]:
    rows = [turn.row("lane_head", {"lane": member}) for member in _members(turn, lane)]
    return [Head._make(row) for row in rows if row is not None]


def _members(turn: Turn, lane: Lane) -> list[int]:
    if not lane.joined:
        return [lane.id]
    return [lane.id, *(member for member, _ in turn.all("lane_family", {"root": lane.id}))]
