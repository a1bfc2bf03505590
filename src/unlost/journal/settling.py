"""How an attempt ends: verdict, facts, links and follow-ups in one transaction, guarded by the lease."""

from typing import Any, NamedTuple

from unlost.journal.appending import append_with_care
from unlost.journal.downloads import known_file, wake_message
from unlost.journal.failures import note_failure
from unlost.journal.following import follow_up
from unlost.journal.knowing import target_state
from unlost.journal.learning import learn
from unlost.journal.leasing import free_lane, holds
from unlost.journal.packing import pack_facts
from unlost.journal.parking import End, content_stands, parked_of, release_behind, release_for, settle_twins
from unlost.journal.placing import (
    believed,
    is_late,
    lane_address,
    lane_for,
    refresh_due,
    take_place,
)
from unlost.journal.resolving import resolve, resolve_maybe
from unlost.journal.rows import Arrival, Claim, Failure, Learned, Settled
from unlost.journal.turn import Turn
from unlost.vocabulary.attachments import FileState
from unlost.vocabulary.envelopes import Envelope, Kind
from unlost.vocabulary.facts import Facts
from unlost.vocabulary.links import TargetState
from unlost.vocabulary.verdicts import Dead, Delivered, Held, Parked, Postponed, SentOn, Skipped, Until, Verdict

AWAITS_FILE = "file"
"""Marks a waiting entry that may go on before it is due."""
SENT_ON = "storage"
"""Names the lane, beside the chat's, of entries sent on to background work: no other wait of that chat delays them.

A file goes back to its own (see `following`): one that cannot be had for hours holds up no other, and in what order they come matters
to nobody.
"""


class SettledRow(NamedTuple):
    """What a settled entry was."""

    lane_id: int
    place: int
    chat: str | None
    sender: str | None
    whatsapp_id: str | None
    target: str | None
    is_empty: int
    told_at: float | None
    kind: str


def settle(
    turn: Turn, claim: Claim, verdict: Verdict, facts: Facts, learned: Learned, failure: Failure | None
) -> Settled:
    """End the attempt; LOST, and nothing written, where the lease was no longer held."""
    if isinstance(verdict, Skipped) and verdict.again is not None:
        if not holds(turn, claim):
            return Settled.LOST
        verdict = _taken_in(turn, claim, verdict, verdict.again)
    columns = {
        "id": claim.entry,
        "token": claim.token,
        "lane": claim.lane,
        "holder": claim.holder,
        "facts": pack_facts(facts),
        "begun": int(facts.begun is not None),
        "now": turn.now,
        **_end_of(turn, claim, verdict),
    }
    found = turn.row("settle", columns)
    if found is None:
        return Settled.LOST
    entry = SettledRow._make(found)
    learn(turn, claim, learned)
    _note_failure(turn, claim, verdict, failure)
    if isinstance(verdict, SentOn):
        apart = claim.door_key if claim.kind is Kind.FILE else SENT_ON
        address = lane_address(verdict.direction, resolve(turn, claim.channel, claim.chat), apart)
        _send_on(turn, claim, entry, verdict.direction.value, address)
    free_lane(turn, claim.lane, not_before=None if _goes_on(verdict) else turn.now)
    if isinstance(verdict, SentOn):  # nobody comes by there when the entry is pruned
        turn.run("prune_chore_lane", {"id": claim.lane})
    match verdict:
        case Delivered(then) | Skipped(_, then, _) | Dead(_, then):
            _end(turn, claim, entry, is_dead=isinstance(verdict, Dead))
            for work in then:
                follow_up(turn, claim.channel, work)
        case Parked(until, _):
            _release_at_once(turn, claim, entry, until)
        case SentOn() | Postponed() | Held():
            pass
    if entry.kind == Kind.FILE and entry.target is not None and not isinstance(verdict, Postponed):
        wake_message(turn, claim.channel, entry.target)
    return Settled.DONE


def _taken_in(turn: Turn, claim: Claim, verdict: Skipped, envelope: Envelope) -> Verdict:
    """Its body stands as an entry of its own, in its chat's lane, once."""
    (appended,) = append_with_care(turn, claim.channel, (Arrival(envelope, claim.raw),))
    return Dead("unreadable") if appended.entry == claim.entry else verdict


def _goes_on(verdict: Verdict) -> bool:
    """To be had again at once, not behind all that waits: its attempts bound how often (found absent: posted anew)."""
    return isinstance(verdict, Postponed) and verdict.costs_attempt and verdict.wait_s == 0.0


def _end_of(turn: Turn, claim: Claim, verdict: Verdict) -> dict[str, Any]:
    """The columns that say how it ended. Waits count from the arrival, which lies ahead where the clock went back since."""
    end: dict[str, Any] = dict.fromkeys(
        ("due_at", "verdict", "reason", "settled_at", "waits_for", "wait_kind", "wait_s")
    )
    end["costs"] = 0
    match verdict:
        case Delivered():
            return {**end, "state": "done", "verdict": "delivered", "settled_at": turn.now}
        case Skipped(reason):
            return {**end, "state": "done", "verdict": "skipped", "reason": reason.value, "settled_at": turn.now}
        case Dead(cause):
            return {**end, "state": "dead", "verdict": "dead", "reason": cause, "settled_at": turn.now}
        case Postponed(wait_s, _, costs_attempt):
            due_at = min(claim.arrived_at, turn.now) if _goes_on(verdict) else turn.now + wait_s
            return {**end, "state": "waiting", "due_at": due_at, "costs": int(costs_attempt)}
        case Held(wait_s):
            is_coming = known_file(turn, claim.channel, claim.door_key).state is FileState.COMING
            due_at = max(turn.now, min(claim.arrived_at, turn.now) + wait_s) if is_coming else turn.now
            return {**end, "state": "waiting", "due_at": due_at, "wait_kind": AWAITS_FILE}
        case SentOn():
            return {**end, "state": "waiting"}
        case Parked(until, wait_s):
            wait = {"wait_kind": until.value, "wait_s": wait_s, "waits_for": _waited_for(turn, claim, until)}
            return {**end, "state": "parked", **wait}


def _waited_for(turn: Turn, claim: Claim, until: Until) -> str | None:
    row = turn.row("entry_ids", {"id": claim.entry})
    assert row is not None
    own, target, _ = row
    waited: str | None = target if until is Until.TARGET else own
    return waited


def _end(turn: Turn, claim: Claim, entry: SettledRow, *, is_dead: bool) -> None:
    """What waited for this message need not wait any more; how it stands the references see in `known`."""
    if entry.whatsapp_id is None:
        return
    end = End(entry.place, settles_twins=not entry.is_empty and not is_dead)
    release_for(turn, claim.channel, entry.whatsapp_id, entry.chat, entry.sender, end)


def _release_at_once(turn: Turn, claim: Claim, entry: SettledRow, until: Until) -> None:
    """What it waits for came, or ended, between claim and parking: nothing else would release it before its wait is over."""
    if until is Until.TWIN:
        own = entry.whatsapp_id
        if own is not None and content_stands(turn, claim.channel, own, entry.chat, entry.sender):
            settle_twins(turn, claim.channel, own, entry.chat, entry.sender)
        return
    if entry.target is None:
        return
    chat = resolve_maybe(turn, claim.channel, entry.chat)
    any_form = entry.kind != Kind.FILE
    _, state = target_state(turn, claim.channel, entry.target, chat, besides=claim.entry, any_form=any_form)
    has_changed = state is not claim.known.target_state
    if has_changed and state in (TargetState.LINKED, TargetState.DEAD, TargetState.SETTLED):
        parked = parked_of(turn, entry.target, claim.channel, claim.entry)
        assert parked is not None, "it was parked a moment ago"
        release_behind(turn, parked, entry.place)


def _send_on(turn: Turn, claim: Claim, entry: SettledRow, direction: str, address: str) -> None:
    """To the end of a lane in another direction."""
    lane = lane_for(turn, claim.channel, direction, address)
    told = believed(entry.told_at, turn.now)
    late = is_late(lane, told)
    place, lane = take_place(turn, lane, told)
    moved = {"id": claim.entry, "lane_id": lane.id, "direction": direction, "place": place, "now": turn.now}
    turn.run("entry_move", {**moved, "late": int(late)})
    refresh_due(turn, lane)


def _note_failure(turn: Turn, claim: Claim, verdict: Verdict, failure: Failure | None) -> None:
    if failure is None and isinstance(verdict, Postponed):
        failure = Failure(step="", cause=verdict.cause)
    if failure is not None:
        note_failure(turn, claim.entry, step=failure.step, cause=failure.cause, text=failure.text)
