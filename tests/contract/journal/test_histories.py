"""Random histories: whatever comes in whatever order, lanes keep order and exclusivity, and nothing that waits is forgotten."""

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import apsw
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contract.journal.building import (
    ANA,
    ANA_LID,
    BEN,
    CHANNEL,
    INBOUND,
    LOOK_UPS,
    ME,
    PAIR,
    SetClock,
    empty,
    link,
    message,
    reference,
)
from tests.contract.journal.grounds import connect, settle_in, transaction
from unlost.journal import appending, claiming, holders, leasing, letters, parking, settling
from unlost.journal.rows import Claim, Learned, Settled
from unlost.journal.turn import Turn
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.envelopes import Direction, Kind
from unlost.vocabulary.facts import Begun, Facts
from unlost.vocabulary.links import TargetState
from unlost.vocabulary.verdicts import Dead, Delivered, Parked, Postponed, SentOn, Until

CHATS = st.sampled_from([ANA, ANA_LID, BEN])
IDS = st.sampled_from(["m1", "m2", "m3"])
HOLDS = st.sampled_from([0.0, 0.0, 0.5, 16.0])

APPEND = st.tuples(st.just("append"), CHATS, HOLDS, st.integers(-5, 0))
REFER = st.tuples(st.just("refer"), CHATS, IDS)
EMPTY = st.tuples(st.just("empty"), CHATS, IDS)
NAMED = st.tuples(st.just("named"), CHATS, IDS)
PLAIN = st.sampled_from(["claim", "join", "wait", "wait long", "bury", "release", "retry", "back"]).map(
    lambda name: (name,)
)
END = st.tuples(st.just("end"), st.sampled_from(["deliver", "begin", "postpone", "die", "park", "send on"]))
HISTORIES = st.lists(st.one_of(APPEND, APPEND, REFER, EMPTY, NAMED, PLAIN, PLAIN, END, END), max_size=40)


@dataclass
class World:
    """One journal, what is in hand, and what was begun in each chat."""

    connection: apsw.Connection
    clock: SetClock
    in_hand: list[Claim] = field(default_factory=list)
    begun: dict[Address, int] = field(default_factory=dict)
    joined: bool = False
    serial: int = 0

    def rows(self, query: str, bindings: object = None) -> list[tuple[Any, ...]]:
        return self.connection.execute(query, bindings).fetchall()  # type: ignore[arg-type]  # whatever apsw takes

    def chat_of(self, chat: Address) -> Address:
        return ANA if self.joined and chat == ANA_LID else chat

    def act(self, action: tuple[object, ...]) -> None:
        with transaction(self.connection, self.clock) as at:
            match action:
                case ("append", str() as chat, float() as hold_s, int() as ago_s):
                    self.serial += 1
                    told_at = float(int(self.clock.at) + ago_s)
                    arrival = message(f"p{self.serial}", Address(chat), told_at=told_at, hold_s=hold_s)
                    appending.append(at, CHANNEL, (arrival,))
                case ("named", str() as chat, str() as id):
                    appending.append(at, CHANNEL, (message(id, Address(chat)),))
                case ("empty", str() as chat, str() as id):
                    appending.append(at, CHANNEL, (empty(id, Address(chat), body=str(self.clock.at)),))
                case ("refer", str() as chat, str() as id):
                    self.serial += 1
                    arrival = reference(Kind.EDIT, f"e{self.serial}", id, Address(chat))
                    appending.append(at, CHANNEL, (arrival,))
                case ("end", str() as how):
                    self.end(at, how)
                case (str() as name,):
                    self.plain(at, name)
                case _:
                    raise AssertionError(action)

    def plain(self, at: Turn, name: str) -> None:
        match name:
            case "claim":
                for pool in (INBOUND, LOOK_UPS):
                    for claim in claiming.claim(at, ME, pool, 2, alone=False):
                        self.take(claim)
            case "join":
                appending.append(at, CHANNEL, (message("join", BEN, pairings=(PAIR,)),))
                self.joined = True
            case "wait":
                self.clock.go(0.5)
            case "wait long":
                self.clock.go(61.0)
            case "bury":
                holders.enrol(at, ME, "host", "/lock")
                beat = next(row.beat for row in holders.holders(at) if row.id == ME)
                holders.bury(at, ME, beat)
                holders.enrol(at, ME, "host", "/lock")
                self.in_hand.clear()
            case "release":
                parking.release_overdue(at, 10)
            case "retry":
                rows = self.rows("SELECT id FROM entry WHERE state = 'dead'")
                letters.retry(at, tuple(row[0] for row in rows), "who")
            case "back":
                leasing.give_back(at, tuple(self.in_hand))
                self.in_hand.clear()
            case _:
                raise AssertionError(name)

    def take(self, claim: Claim) -> None:
        """A begun entry of an inbound chat is the next to be handed out of that chat."""
        if claim.direction is Direction.INBOUND:
            chat = self.chat_of(claim.chat)
            others = {self.begun[form] for form in self.begun if self.chat_of(form) == chat}
            assert not others or claim.entry in others, "an entry that was begun was passed"
            assert all(
                self.chat_of(held.chat) != chat for held in self.in_hand if held.direction is Direction.INBOUND
            ), "two entries of one chat are worked at a time"
        self.in_hand.append(claim)

    def end(self, at: Turn, how: str) -> None:
        if not self.in_hand:
            return
        claim = self.in_hand.pop(0)
        facts, learned = claim.facts, Learned()
        inbound = claim.direction is Direction.INBOUND
        if how == "begin" and inbound:
            begun = leasing.begin(at, claim, facts, Begun("PostMessage", at.now), learned)
            assert begun is not None
            self.in_hand.append(begun)
            self.begun[claim.chat] = claim.entry
            return
        if how == "postpone" or (claim.facts.begun is not None and how in ("park", "send on")):
            verdict: Delivered | Postponed | Dead | Parked | SentOn = Postponed(1.0, "timeout", costs_attempt=True)
        elif (
            how == "park"
            and claim.kind is Kind.EDIT
            and claim.known.target_state
            in (
                TargetState.UNKNOWN,
                TargetState.PENDING,
            )
        ):
            verdict = Parked(Until.TARGET, 60.0)
        elif how == "send on":
            verdict = SentOn(Direction.LOOK_UP if inbound else Direction.INBOUND)
        elif how == "die":
            verdict = Dead("refused")
        else:
            verdict = Delivered()
            row = self.rows("SELECT whatsapp_id FROM entry WHERE id = ?", (claim.entry,))
            learned = Learned(messages=(link(row[0][0], int(claim.entry), claim.chat),))
        if isinstance(verdict, Delivered | Dead):
            facts = Facts()
            self.begun = {chat: entry for chat, entry in self.begun.items() if entry != claim.entry}
        assert settling.settle(at, claim, verdict, facts, learned, None) is Settled.DONE

    def check(self) -> None:
        """What must hold between any two transactions."""
        self.nothing_waits_in_a_lane_without_a_due_time()
        self.gauges_count_what_is_there()
        for query in CONTRADICTIONS:
            assert self.rows(query) == [], query

    def nothing_waits_in_a_lane_without_a_due_time(self) -> None:
        rows = self.rows(
            "SELECT coalesce(lane.absorbed_by, lane.id), count(*) FROM entry JOIN lane ON lane.id = entry.lane_id"
            " WHERE entry.state = 'waiting' GROUP BY 1"
        )
        waiting = {root for root, _ in rows}
        for root, due_at in self.rows("SELECT id, due_at FROM lane WHERE absorbed_by IS NULL"):
            leased = self.rows(
                "SELECT 1 FROM lane WHERE (id = :root OR absorbed_by = :root) AND lease_holder IS NOT NULL",
                {"root": root},
            )
            assert (due_at is not None) == (root in waiting and not leased), (root, due_at, waiting, leased)

    def gauges_count_what_is_there(self) -> None:
        there = set(self.rows("SELECT direction, state, count(*) FROM entry GROUP BY 1, 2"))
        kept = set(self.rows("SELECT direction, state, entries FROM gauge WHERE entries <> 0"))
        assert kept == there


CONTRADICTIONS = [
    "SELECT 1 FROM lane WHERE absorbed_by IS NOT NULL AND due_at IS NOT NULL",
    (
        "SELECT 1 FROM entry LEFT JOIN lane ON lane.id = entry.lease_lane WHERE entry.state = 'leased'"
        " AND (lane.lease_holder IS NULL OR lane.lease_token <> entry.lease_token)"
    ),
    (
        "SELECT 1 FROM lane WHERE lease_holder IS NOT NULL"
        " AND NOT EXISTS (SELECT 1 FROM entry WHERE lease_lane = lane.id AND state = 'leased')"
    ),
    "SELECT 1 FROM entry WHERE state = 'waiting' AND place IS NOT NULL GROUP BY lane_id, place, behind HAVING count(*) > 1",
    "SELECT 1 FROM entry WHERE state = 'waiting' AND place IS NULL AND hold_until IS NULL",
]


def drain(world: World) -> dict[Address, list[int]]:
    """Deliver everything; the order in which each chat's entries were handed out."""
    order: dict[Address, list[int]] = defaultdict(list)
    for _ in range(400):
        world.act(("claim",))
        if not world.in_hand:
            with transaction(world.connection, world.clock) as at:
                for pool in (INBOUND, LOOK_UPS):
                    for claim in claiming.claim(at, ME, pool, 1, alone=True):
                        world.take(claim)
        if not world.in_hand:
            world.act(("wait long",))
            world.act(("release",))
        while world.in_hand:
            order[world.chat_of(world.in_hand[0].chat)].append(world.in_hand[0].entry)
            world.act(("end", "deliver"))
        left = world.rows("SELECT 1 FROM entry WHERE state NOT IN ('done', 'dead') LIMIT 1")
        if not left:
            return order
    raise AssertionError("something waits for ever")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(HISTORIES)
def test_every_history_keeps_order_and_exclusivity_and_ends(history: list[tuple[object, ...]]) -> None:
    with TemporaryDirectory() as folder:
        clock = SetClock()
        connection = connect(Path(folder) / "journal.db", clock)
        settle_in(connection, clock)
        world = World(connection, clock)
        for action in history:
            world.act(action)
            world.check()
        drain(world)
        world.check()
        connection.close()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(CHATS, st.integers(-5, 0), st.sampled_from([0.5, 16.0])), max_size=12))
def test_within_one_wait_a_chat_is_sorted_by_whatsapps_time_then_arrival(
    told: list[tuple[Address, int, float]],
) -> None:
    """All arrive at one moment: no wait has ended, so the whole chat is sorted, its two forms as one."""
    with TemporaryDirectory() as folder:
        clock = SetClock()
        connection = connect(Path(folder) / "journal.db", clock)
        settle_in(connection, clock)
        world = World(connection, clock, joined=True)
        expected: dict[Address, list[tuple[float, int]]] = defaultdict(list)
        with transaction(connection, clock) as at:
            appending.append(at, CHANNEL, (message("join", Address("1@s.whatsapp.net"), pairings=(PAIR,)),))
            for number, (chat, ago_s, hold_s) in enumerate(told):
                arrival = message(f"m{number}", chat, told_at=clock.at + ago_s, hold_s=hold_s)
                (appended,) = appending.append(at, CHANNEL, (arrival,))
                expected[world.chat_of(chat)].append((clock.at + ago_s, appended.entry))
        clock.go(16.0)
        order = drain(world)
        assert {chat: order[chat] for chat in expected} == {
            chat: [entry for _, entry in sorted(entries)] for chat, entries in expected.items()
        }
        connection.close()
