"""A walker over a real journal (inline), with a scripted road: what is decided and done is the test's, what is kept is real."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from msgspec.structs import replace

from tests.contract.journal.building import CHANNEL, CHANNEL_ROW, INBOUND, SetClock, message
from unlost.errors import UnlostError
from unlost.journal.rows import Claim, Failure, HolderId, Learned, Pool
from unlost.journal.sqlite_journal import SqliteJournal
from unlost.lanes.backoff import Schedule
from unlost.lanes.circuit import Circuit
from unlost.lanes.lease import Lease
from unlost.lanes.next_sweeps import NextSweeps
from unlost.lanes.road_port import Side
from unlost.lanes.walk import Hand, Walker
from unlost.vocabulary.events import Event, Unreadable
from unlost.vocabulary.facts import Facts
from unlost.vocabulary.ids import ConversationId, HelpdeskMessageId
from unlost.vocabulary.links import Part
from unlost.vocabulary.steps import FindMessage, PostMessage, Step
from unlost.vocabulary.verdicts import Dead, Delivered, Verdict

CONVERSATION = ConversationId(7)
POST = PostMessage(CONVERSATION, "hello", Part.TEXT, "WAID:a", "key")
FIND = FindMessage(CONVERSATION, "WAID:a", "key", HelpdeskMessageId(0))
EVENT = Unreadable("nobody reads it here")

Deed = Callable[[Claim, Step], tuple[Facts, Learned]]


def post_or_find(facts: Facts) -> Step | Verdict:
    """The rule every real interpreter keeps."""
    if facts.posted is not None:
        return Delivered()
    return FIND if facts.begun is not None else POST


@dataclass
class ScriptedRoad:
    """*deeds*: one per call, in order; an exception is raised. *calls*: what was done."""

    deeds: list[Deed | Exception] = field(default_factory=list)
    decide: Callable[[Facts], Step | Verdict] = post_or_find
    calls: list[Step] = field(default_factory=list)
    link_fails: bool = False
    is_unreadable: bool = False

    def read(self, claim: Claim) -> Event:
        if self.is_unreadable:
            raise KeyError("a bug")
        return EVENT

    def next_step(self, claim: Claim, event: Event) -> Step | Verdict:
        return self.decide(claim.facts)

    async def ready(self, claim: Claim, step: Step) -> None:
        return None

    async def perform(self, claim: Claim, step: Step) -> tuple[Facts, Learned]:
        self.calls.append(step)
        deed = self.deeds.pop(0)
        if isinstance(deed, Exception):
            raise deed
        return deed(claim, step)

    def links(self, claim: Claim, event: Event, step: Step, facts: Facts) -> Learned:
        if self.link_fails:
            self.link_fails = False
            raise KeyError("a bug")
        return Learned()

    def dead(self, claim: Claim, sentence: str) -> Dead:
        self.read(claim)
        return Dead(sentence)

    def dead_unread(self, claim: Claim, sentence: str) -> Dead:
        return Dead(sentence)

    def crashed(self, claim: Claim) -> Dead:
        return Dead("crashes the bridge")

    def side_of(self, step: Step) -> Side:
        return Side.HELPDESK

    def host_of(self, claim: Claim, side: Side) -> str:
        return "helpdesk"

    def timeout_s(self, claim: Claim, step: Step) -> float:
        return 20.0

    def doubt_wait_s(self, claim: Claim) -> float:
        return 20.0

    def blocked_pools(self, claim: Claim, side: Side) -> tuple[Pool, ...]:
        return (INBOUND,)

    def failed(self, claim: Claim, event: Event, step: Step, error: UnlostError) -> None:
        return None


def posted(claim: Claim, step: Step) -> tuple[Facts, Learned]:
    return replace(claim.facts, posted=HelpdeskMessageId(55)), Learned()


def absent(claim: Claim, step: Step) -> tuple[Facts, Learned]:
    facts = claim.facts
    return replace(facts, begun=None, absences=facts.absences + 1, reposted_above=HelpdeskMessageId(0)), Learned()


class NoLocks:
    """Nobody's life is judged by a lock here."""

    def take(self, holder: HolderId) -> str:
        return f"/locks/{holder}"

    def is_free(self, path: str) -> bool:
        return False

    def release(self, holder: HolderId) -> None:
        return None


@dataclass
class Ground:
    """One chat's message, waiting."""

    journal: SqliteJournal
    clock: SetClock
    road: ScriptedRoad
    walker: Walker
    lease: Lease
    host_answers: bool = True
    ends: list[Verdict] = field(default_factory=list)

    async def take(self) -> Hand:
        (claim,) = await self.journal.claim(self.lease.holder, INBOUND, limit=9)
        return Hand(claim)

    async def walk(self) -> Hand:
        hand = await self.take()
        await self.walker.walk(hand)
        return hand


async def ground(tmp_path: Path, road: ScriptedRoad, *, lease_s: float = 60.0) -> Ground:
    """A journal with one message of one chat, and a walker whose lease is fresh."""
    clock = SetClock()
    journal = await SqliteJournal.open(tmp_path / "journal.db", clock=clock, executor="inline")
    await journal.introduce([CHANNEL_ROW])
    await journal.append(CHANNEL, [message("a")])
    lease = Lease(journal, NoLocks(), clock, host="host", lease_s=lease_s, name=lambda: "me")
    await lease.enrol()
    made: Ground

    async def probe() -> bool:
        return made.host_answers

    circuit = Circuit("helpdesk", probe, clock)

    def settled(claim: Claim, verdict: Verdict, failure: Failure | None) -> None:
        made.ends.append(verdict)

    walker = Walker(
        journal=journal,
        road=road,
        lease=lease,
        clock=clock,
        schedule=Schedule(attempts_max=3, base_s=10),
        look_up_schedule=Schedule(attempts_max=3, base_s=1),
        media_schedule=Schedule(attempts_max=3, base_s=1),
        spread=lambda: 1.0,
        circuit_of=lambda host: circuit,
        settled=settled,
        next_sweeps=NextSweeps(),
    )
    made = Ground(journal, clock, road, walker, lease)
    return made
