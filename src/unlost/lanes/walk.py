"""One attempt at one entry: ask what comes next, write down what must be, do it, remember, ask again."""

from collections.abc import Callable
from dataclasses import dataclass

from msgspec.structs import replace

from unlost.clock import Clock
from unlost.errors import Blocked, Refused, TryLater, Unsure
from unlost.journal.port import Journal
from unlost.journal.rows import NOTHING_LEARNED, Claim, Failure, Learned, Settled
from unlost.lanes.backoff import Schedule
from unlost.lanes.circuit import Circuit
from unlost.lanes.lease import Lease
from unlost.lanes.next_sweeps import NextSweeps
from unlost.lanes.road_port import Road
from unlost.vocabulary.envelopes import Direction
from unlost.vocabulary.events import Event
from unlost.vocabulary.facts import Begun, Facts, Refusal
from unlost.vocabulary.steps import (
    AskFileName,
    CreateContact,
    CreateConversation,
    DeleteMessage,
    FindConversation,
    PostMessage,
    Step,
)
from unlost.vocabulary.verdicts import Dead, Delivered, Held, Parked, Postponed, SentOn, Skipped, Verdict

STEPS_MAX = 64
"""More steps than any entry needs (a sweep of a conversation's copies is the longest): a decision that never ends is our bug."""
BLOCKED_WAIT_S = 15.0
"""Its pools stand still meanwhile; what is worked in another pool (a row of the gateway's storage) asks again at this pace."""
AWAY_WAIT_S = 1.0
"""A short wait for an entry whose host is away: its circuit, not the entry, decides when it is claimed again."""

CRASHES_MAX = 3
"""Twice may be chance, and the third time it was alone: what ended its worker so often is not even read again (hard case 20)."""
PROVEN_UNDONE = (404, 401, 403)


class LeaseLost(Exception):
    """Another holder may have the entry now: drop the work, write nothing."""


@dataclass(slots=True)
class Hand:
    """What is being worked, as it stands in the journal now: whoever ends a walk by a bug must not settle what it was before."""

    claim: Claim


@dataclass(frozen=True, slots=True)
class Walker:
    """What every attempt needs. *spread* draws a number in [0, 1).

    *circuit_of*: a host's; None for one that nothing hangs on but the very file that lies there: what fails there is that file's alone.
    """

    journal: Journal
    road: Road
    lease: Lease
    clock: Clock
    schedule: Schedule
    look_up_schedule: Schedule
    media_schedule: Schedule
    spread: Callable[[], float]
    circuit_of: Callable[[str], Circuit | None]
    settled: Callable[[Claim, Verdict, Failure | None], None]
    next_sweeps: NextSweeps

    async def walk(self, hand: Hand) -> None:
        """Work what is in *hand* until a verdict is settled. Raises LeaseLost where it is not ours any more."""
        claim = hand.claim
        if claim.crashes >= CRASHES_MAX:
            await self._settle(claim, self.road.crashed(claim), NOTHING_LEARNED)
            return
        if (begun := claim.facts.begun) and not begun.doubted and not self._is_long_over(claim, begun):
            await self._doubt(claim, claim.facts, NOTHING_LEARNED, "interrupted", None)
            return
        event = self.road.read(claim)
        for _ in range(STEPS_MAX):
            answer = self.road.next_step(claim, event)
            if isinstance(answer, Delivered | Skipped | Postponed | Held | Parked | SentOn | Dead):
                await self._settle(claim, answer, NOTHING_LEARNED)
                return
            taken = await self._take(hand, event, answer)
            if taken is None:
                return
            hand.claim = claim = taken
        raise RuntimeError(f"no verdict after {STEPS_MAX} steps")

    def _is_long_over(self, claim: Claim, begun: Begun) -> bool:
        """Whoever may have begun it was gone so long ago that the other side cannot be working at it: nothing to wait for."""
        return begun.by_gone_journal and self.clock.now() >= begun.at + self.road.doubt_wait_s(claim)

    async def _take(self, hand: Hand, event: Event, step: Step) -> Claim | None:
        """Begin, do, remember. The claim with what was learned, or None where the attempt has ended."""
        claim = hand.claim
        try:
            await self.road.ready(claim, step)
        except TryLater as error:
            await self._wait_turn(claim, error)
            return None
        if not self.lease.covers(self.road.timeout_s(claim, step)):
            await self._settle(claim, Postponed(AWAY_WAIT_S, "lease_short", costs_attempt=False), NOTHING_LEARNED)
            return None
        if step.once_only:
            try:
                hand.claim = claim = await self._begin(claim, step)
            except TryLater as error:  # another lease creates for the same chat
                await self._wait_turn(claim, error)
                return None
            if not self.lease.covers(self.road.timeout_s(claim, step)):  # the begin itself may have taken long
                await self._doubt(claim, claim.facts, NOTHING_LEARNED, "lease_short", None)
                return None
        host = self.road.host_of(claim, self.road.side_of(step))
        circuit = self._circuit(host)
        try:
            facts, learned = await self.road.perform(claim, step)
        except Refused as error:
            if (refusing := self.circuit_of(error.host or host)) is not None:
                refusing.succeeded(claim.lane)
            self.road.failed(claim, event, step, error)
            return await self._refused(claim, step, error)
        except Unsure as error:
            self.road.failed(claim, event, step, error)
            return await self._unsure(claim, step, error, circuit)
        except TryLater as error:
            if is_own_pace(error):
                await self._wait_turn(claim, error)
                return None
            self.road.failed(claim, event, step, error)
            return await self._try_later(claim, step, error, self.circuit_of(error.host or host))
        except Blocked as error:
            self.road.failed(claim, event, step, error)
            await self._blocked(claim, step, error)
            return None
        circuit.succeeded(claim.lane)
        return await self._done(claim, event, step, facts, learned)

    async def _wait_turn(self, claim: Claim, error: TryLater) -> None:
        """Our own pace says not yet: nothing was asked, no host and no entry is to blame."""
        wait_s = AWAY_WAIT_S if error.wait_s is None else error.wait_s
        await self._settle(claim, Postponed(wait_s, error.cause, costs_attempt=False), NOTHING_LEARNED)

    def _circuit(self, host: str) -> Circuit:
        circuit = self.circuit_of(host)
        assert circuit is not None, "whom a step asks has a circuit"
        return circuit

    async def _begin(self, claim: Claim, step: Step) -> Claim:
        assert claim.facts.begun is None, "a step of unknown outcome is searched for before another is begun"
        begun = Begun(
            step=type(step).__name__,
            at=self.clock.now(),
            conversation=step.conversation if isinstance(step, PostMessage | DeleteMessage) else None,
            part=_part_of(step),
            message=step.message if isinstance(step, DeleteMessage) else None,
        )
        learned = Learned(deleting=step.message) if isinstance(step, DeleteMessage) else NOTHING_LEARNED
        return _held(await self.journal.begin(claim, replace(claim.facts, begun=begun), begun, learned))

    async def _done(self, claim: Claim, event: Event, step: Step, facts: Facts, learned: Learned) -> Claim | None:
        """The step was carried out: keep what it taught, with the links it makes, before anything else."""
        if step.once_only:
            facts = replace(facts, begun=None)
        learned = _joined(learned, self.road.links(claim, event, step, facts))
        if facts.absences > claim.facts.absences:
            return await self._absent(claim, facts, learned)
        taught = replace(claim, facts=facts)
        answer = self.road.next_step(taught, event)
        if isinstance(answer, Delivered | Skipped | Dead):  # one transaction instead of two: fact, links and verdict
            await self._settle(taught, answer, learned)
            return None
        return _held(await self.journal.remember(claim, facts, learned))

    async def _absent(self, claim: Claim, facts: Facts, learned: Learned) -> Claim | None:
        """A begun step was looked for and is not there: that costs an attempt, or was a refusal all along (422), or never begun."""
        begun = claim.facts.begun
        if begun is not None and begun.by_gone_journal:
            return _held(await self.journal.remember(claim, facts, learned))
        if begun is not None and begun.refused_status is not None:
            refusal = Refusal(begun.step, begun.refused_status)
            facts = replace(facts, refusals=(*facts.refusals, refusal))
            if begun.step == CreateConversation.__name__:  # its source_id may have become another contact's: look again
                facts = replace(facts, contact_by_source_searched=False)
            return _held(await self.journal.remember(claim, facts, learned))
        wait_s = 0.0 if facts.absences == 1 else self.schedule.wait_s(facts.absences - 1, self.spread())
        is_deletion = begun is not None and begun.step == DeleteMessage.__name__
        sentence = "deleted, and still found" if is_deletion else "sent, and never found"
        verdict = self._postponed_or_dead(claim, wait_s, "absent", f"{sentence} in the helpdesk")
        await self._settle(replace(claim, facts=facts), verdict, learned, Failure("look", "absent"))
        return None

    async def _refused(self, claim: Claim, step: Step, error: Refused) -> Claim | None:
        """The interpreter decides what a refusal means; a remembered id that answers 404 is forgotten, once."""
        refusal = Refusal(type(step).__name__, error.status, error.fields)
        facts = replace(claim.facts, refusals=(*claim.facts.refusals, refusal))
        if step.once_only or error.status == 404:  # a search that was refused proves nothing; one in what is gone does
            facts = replace(facts, begun=None)
        if isinstance(step, CreateContact):  # what is taken now was not there when it was looked for: look again
            facts = replace(facts, contact_by_source_searched=False, person_searched=False)
        learned = NOTHING_LEARNED
        if (
            error.status == 404
            and isinstance(step, PostMessage | FindConversation | CreateConversation)
            and not facts.healed
        ):
            facts = replace(
                facts,
                healed=True,
                refusals=claim.facts.refusals,
                conversation=None,
                conversations_searched=False,
                contact=None,
                contact_is_new=False,
                contact_by_source_searched=False,
                person_searched=False,
                inbox_joined=False,
            )
            learned = Learned(forget_conversation=True)
        return _held(await self.journal.remember(claim, facts, learned))

    async def _unsure(self, claim: Claim, step: Step, error: Unsure, circuit: Circuit) -> Claim | None:
        begun = claim.facts.begun
        assert begun is not None, f"{type(step).__name__} is safe to repeat and cannot be unsure"
        if error.status == 422:  # the server has answered, so the request runs no more: look at once
            circuit.succeeded(claim.lane)
            doubted = replace(begun, doubted=True, refused_status=422)
            return _held(await self.journal.remember(claim, replace(claim.facts, begun=doubted), NOTHING_LEARNED))
        await self._doubt(claim, claim.facts, NOTHING_LEARNED, error.cause, type(step).__name__)
        await circuit.suspect(claim.lane)
        return None

    async def _doubt(self, claim: Claim, facts: Facts, learned: Learned, cause: str, step: str | None) -> None:
        """Wait until the other side cannot be working at it any more; then it is searched."""
        begun = facts.begun
        assert begun is not None
        facts = replace(facts, begun=replace(begun, doubted=True))
        verdict = Postponed(self.road.doubt_wait_s(claim), cause, costs_attempt=False)
        await self._settle(replace(claim, facts=facts), verdict, learned, Failure(step or begun.step, cause))

    async def _try_later(self, claim: Claim, step: Step, error: TryLater, circuit: Circuit | None) -> Claim | None:
        """Nothing was done. Whether it costs an attempt is for the host to say; what can be done without is not asked again."""
        facts = replace(claim.facts, begun=None) if step.once_only else claim.facts
        failure = Failure(type(step).__name__, error.cause, str(error))
        if circuit is not None and await _is_hosts(claim, error, circuit):
            wait_s = error.wait_s if error.wait_s is not None else AWAY_WAIT_S
            verdict: Verdict = Postponed(wait_s, error.cause, costs_attempt=False)
        elif isinstance(step, AskFileName):  # a file is worth more than its name: no attempt at it is spent on that
            refusal = Refusal(type(step).__name__, error.status)
            facts = replace(facts, refusals=(*facts.refusals, refusal))
            return _held(await self.journal.remember(claim, facts, NOTHING_LEARNED))
        else:
            schedule = self._schedule_of(claim)
            wait_s = schedule.wait_s(claim.attempts + 1, self.spread())
            verdict = self._postponed_or_dead(
                claim, wait_s, error.cause, f"{type(step).__name__} failed: {error.cause}"
            )
        await self._settle(replace(claim, facts=facts), verdict, NOTHING_LEARNED, failure)
        return None

    async def _blocked(self, claim: Claim, step: Step, error: Blocked) -> None:
        """Nothing passes for this device or inbox: its pools stop, by themselves; the entry loses nothing."""
        facts = claim.facts
        if step.once_only and facts.begun is not None:
            facts = replace(facts, begun=None if error.status in PROVEN_UNDONE else replace(facts.begun, doubted=True))
        for pool in self.road.blocked_pools(claim, self.road.side_of(step)):
            await self.journal.pause(pool, str(error), blocked=True, by_credentials=error.status in PROVEN_UNDONE)
        verdict = Postponed(BLOCKED_WAIT_S, "blocked", costs_attempt=False)
        await self._settle(
            replace(claim, facts=facts), verdict, NOTHING_LEARNED, Failure(type(step).__name__, error.cause, str(error))
        )

    async def bug(self, claim: Claim, error: Exception) -> None:
        """Anything not raised on purpose: postponed, dead when attempts run out."""
        wait_s = self.schedule.wait_s(claim.attempts + 1, self.spread())
        sentence = f"our bug: {type(error).__name__}"
        try:
            verdict = self._postponed_or_dead(claim, wait_s, "bug", sentence)
        except Exception:  # noqa: BLE001 - whoever reads the body for its ending may meet the same bug
            verdict = self.road.dead_unread(claim, sentence)
        await self._settle(claim, verdict, NOTHING_LEARNED, Failure("walk", "bug", type(error).__name__))

    async def outlived(self, claim: Claim) -> None:
        """A suspect download has not ended in its time alone, and neither has its worker: an attempt for its crashes.

        So one whose crash comes late ends too, if not by its third.
        """
        try:
            if claim.attempts + 1 >= self._schedule_of(claim).attempts_max:
                await self._settle(claim, self.road.crashed(claim), NOTHING_LEARNED)
            else:
                await self.journal.forgive(claim)
        except LeaseLost:
            return

    def _schedule_of(self, claim: Claim) -> Schedule:
        match claim.direction:
            case Direction.LOOK_UP:
                return self.look_up_schedule
            case Direction.MEDIA:
                return self.media_schedule
            case _:
                return self.schedule

    def _postponed_or_dead(self, claim: Claim, wait_s: float, cause: str, sentence: str) -> Verdict:
        if claim.attempts + 1 >= self._schedule_of(claim).attempts_max:
            return self.road.dead(claim, sentence)
        return Postponed(wait_s, cause, costs_attempt=True)

    async def _settle(self, claim: Claim, verdict: Verdict, learned: Learned, failure: Failure | None = None) -> None:
        verdict = self.next_sweeps.added_to(claim, verdict)
        if await self.journal.settle(claim, verdict, claim.facts, learned, failure) is Settled.LOST:
            raise LeaseLost
        self.next_sweeps.settled(claim, verdict)
        self.settled(claim, verdict, failure)


async def _is_hosts(claim: Claim, error: TryLater, circuit: Circuit) -> bool:
    """True where not the entry but its host is to blame, which is asked where that is not plain."""
    if error.cause in ("rate_limited", "flood"):
        return True
    return await circuit.suspect(claim.lane) or error.away


def is_own_pace(error: TryLater) -> bool:
    """A look-up before its time, or a full conversation by our own count: no call was made, so there is no status."""
    return error.cause in ("rate_limited", "flood") and error.status is None and error.away


def _part_of(step: Step) -> str:
    """What else names the intent: the message's part, or under which source_id a contact is made."""
    match step:
        case PostMessage():
            return step.part
        case CreateContact():
            return step.source_id
        case _:
            return ""


def _held(claim: Claim | None) -> Claim:
    if claim is None:
        raise LeaseLost
    return claim


def _joined(first: Learned, second: Learned) -> Learned:
    """Both, where each field is taught by at most one of them."""
    return Learned(
        chat=second.chat or first.chat,
        messages=first.messages + second.messages,
        pairings=first.pairings + second.pairings,
        high_water=first.high_water if second.high_water is None else second.high_water,
        deleting=first.deleting if second.deleting is None else second.deleting,
        confirmed=first.confirmed + second.confirmed,
        forget_conversation=first.forget_conversation or second.forget_conversation,
    )
