"""Who works what: the lane's row grants exclusivity, nothing else does.

A claim reads the index of lanes that have something to hand out, so it costs the same whatever waits behind, backs off, is leased
or paused.
"""

from collections.abc import Iterable
from typing import Any

import msgspec

from unlost.journal.failures import note_failure
from unlost.journal.gone import doubting
from unlost.journal.knowing import EntryRow, known_of
from unlost.journal.leasing import free_lane
from unlost.journal.packing import unpack_facts
from unlost.journal.placing import SUSPECT_CRASHES, Lane, fix_places, head_of, lane_of_row, refresh_due, write_lane
from unlost.journal.resolving import resolve, resolve_maybe
from unlost.journal.rows import Claim, Dues, HolderId, LaterEdit, Pool
from unlost.journal.turn import Turn
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.envelopes import Direction, Kind, Source
from unlost.vocabulary.ids import ChannelName, EntryId, LaneId
from unlost.vocabulary.verdicts import SkipReason

UNREADABLE = (msgspec.MsgspecError, ValueError)
"""What a row that does not hold what it should raises: torn JSON, an unknown word of a closed list, a body that is not there."""


def claim(turn: Turn, holder: HolderId, pool: Pool, limit: int, *, alone: bool) -> list[Claim]:
    """Lease the due heads of up to *limit* lanes of *pool*; one, and only one that is suspect, where *alone*.

    What was begun comes first: its chat has waited since before its doubt, and stands still until the search is made.
    """
    if not _may_claim(turn, holder, pool, alone=alone):
        return []
    due: dict[str, Any] = {
        "channel": pool.channel,
        "direction": pool.direction.value,
        "alone": int(alone),
        "now": turn.now,
        "limit": 1 if alone else limit,
    }
    begun = {row[0]: lane_of_row(row) for row in turn.all("lanes_begun", due)}
    claims = _take_heads(turn, holder, begun.values(), alone=alone)
    if len(claims) < due["limit"]:
        due["limit"] -= len(claims)
        lanes = [lane_of_row(row) for row in turn.all("lanes_due", due)]
        claims += _take_heads(turn, holder, lanes, alone=alone)
    return claims


def dues(turn: Turn) -> Dues:
    """One look into the index of due lanes for each pool, and one into that of parked entries."""
    at: dict[Pool, float] = {}
    suspects_at: dict[Pool, float] = {}
    for channel, direction, due_at, suspect_at in turn.all("dues", {}):
        pool = Pool(channel, Direction(direction))
        if due_at is not None:
            at[pool] = due_at
        if suspect_at is not None:
            suspects_at[pool] = suspect_at
    return Dues(turn.now, at, suspects_at, turn.value("parked_next", {}))


def _may_claim(turn: Turn, holder: HolderId, pool: Pool, *, alone: bool) -> bool:
    if not turn.value("holder_known", {"id": holder}):
        return False
    paused_with = Direction.LOOK_UP if pool.direction is Direction.MEDIA else pool.direction
    if turn.value("pool_paused", {"channel": pool.channel, "direction": paused_with.value}) is not None:
        return False
    if alone:
        return turn.row("lanes_of_holder", {"holder": holder}) is None
    return not turn.value("works_alone", {"holder": holder})


def _take_heads(turn: Turn, holder: HolderId, lanes: Iterable[Lane], *, alone: bool) -> list[Claim]:
    return [taken for lane in lanes if (taken := _take_head(turn, holder, lane, alone=alone)) is not None]


def _take_head(turn: Turn, holder: HolderId, lane: Lane, *, alone: bool) -> Claim | None:
    """The lane's head under a new lease; None where a look shows that the lane has nothing for this claim after all.

    A begun one goes first; in a family of lanes it may pass what stands before it.
    """
    fixed = fix_places(turn, lane)
    head = head_of(turn, fixed)
    if head is None or head.due_at > turn.now or (head.crashes >= SUSPECT_CRASHES) != alone:
        refresh_due(turn, fixed)
        return None
    if fixed is not lane:
        write_lane(turn, fixed)
    token = turn.value("lane_lease", {"id": lane.id, "holder": holder})
    assert token is not None, "a lane in the index of due lanes is free"
    row = turn.row("entry_lease", {"id": head.id, "token": token, "lane": lane.id})
    assert row is not None, "a lane's head waits"
    if lane.joined and head.begun:
        turn.run("lane_passed", {"id": head.id, "lane": lane.id})
    try:
        return claim_of(turn, EntryRow._make(row), lane.id, token, holder)
    except UNREADABLE as error:
        _put_aside(turn, head.id, lane.id, error)
        return None


def _put_aside(turn: Turn, entry: int, lane: int, error: Exception) -> None:
    """A row written by a later program, or damaged, ends dead: one that only raised would stop its whole pool."""
    turn.run("entry_unreadable", {"id": entry, "now": turn.now})
    note_failure(turn, entry, step="claim", cause="bug", text=type(error).__name__)
    free_lane(turn, lane)


def claim_of(turn: Turn, entry: EntryRow, lane: int, token: int, holder: HolderId) -> Claim:
    """The entry as its worker sees it. *chat* in its resolved form; empty where the body named none."""
    chat: Any = "" if entry.chat is None else entry.chat
    if not isinstance(entry.raw, bytes):
        raise ValueError("the entry has no body")
    return Claim(
        entry=EntryId(entry.id),
        lane=LaneId(lane),
        token=token,
        holder=holder,
        channel=ChannelName(entry.channel),
        direction=Direction(entry.direction),
        source=Source(entry.source),
        kind=Kind(entry.kind),
        raw=entry.raw,
        chat=resolve(turn, entry.channel, Address(chat)),
        door_key=entry.door_key.lower(),
        arrived_at=entry.arrived_at,
        told_at=entry.told_at,
        attempts=entry.attempts,
        crashes=entry.crashes,
        facts=doubting(turn, entry, unpack_facts(entry.facts)),
        known=known_of(turn, entry),
        edited_by=_later_edit(turn, entry),
    )


def _later_edit(turn: Turn, entry: EntryRow) -> LaterEdit | None:
    """Only a retried dead letter can have one, and that is marked late."""
    if not entry.late or entry.whatsapp_id is None or entry.kind != Kind.MESSAGE:
        return None
    chat = resolve_maybe(turn, entry.channel, entry.chat)
    for other, sender, source, kind, raw in turn.all(
        "edits_of_dead", {"channel": entry.channel, "target": entry.whatsapp_id, "reason": SkipReason.TARGET_MISSING}
    ):
        same_chat = resolve_maybe(turn, entry.channel, other) == chat
        if same_chat and resolve_maybe(turn, entry.channel, sender) == resolve_maybe(turn, entry.channel, entry.sender):
            return LaterEdit(Source(source), Kind(kind), raw)
    return None
