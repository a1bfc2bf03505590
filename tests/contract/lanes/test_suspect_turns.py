"""A runner over a real journal, in virtual time: who crashed its worker twice has its turn, and no film holds up the rest for it."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from tests.contract.journal.building import ANA, BEN, CHANNEL, CHANNEL_ROW, INBOUND, message
from tests.contract.lanes.grounds import NoLocks, ScriptedRoad, post_or_find
from tests.simulation.clock import VirtualClock
from tests.simulation.loop import run
from unlost.journal.rows import Arrival, Claim, Failure, HolderId, Learned, Pool
from unlost.journal.sqlite_journal import SqliteJournal
from unlost.lanes.backoff import Schedule
from unlost.lanes.circuit import Circuit
from unlost.lanes.lease import Lease
from unlost.lanes.next_sweeps import NextSweeps
from unlost.lanes.runner import Runner
from unlost.lanes.shares import Shares
from unlost.lanes.suspect_turns import DOWNLOAD_ALONE_S, DOWNLOADS_AWAY_S
from unlost.lanes.walk import Walker
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.attachments import ToldFile
from unlost.vocabulary.envelopes import Direction
from unlost.vocabulary.events import Event
from unlost.vocabulary.facts import Facts
from unlost.vocabulary.ids import HelpdeskMessageId, WhatsAppId
from unlost.vocabulary.steps import AskFileName, Step
from unlost.vocabulary.verdicts import Dead, Delivered, Verdict

FILES = Pool(CHANNEL, Direction.MEDIA)
FILM_S = 300.0
FETCH = AskFileName(BEN, WhatsAppId("film"), None)
"""Any step that is safe to repeat; here it takes FILM_S."""
ATTEMPTS_MAX = 3


@dataclass
class SlowRoad(ScriptedRoad):
    """A text is posted at once, a film comes in FILM_S."""

    in_hand: list[Claim] = field(default_factory=list)
    beside_suspects: list[Claim] = field(default_factory=list)

    def next_step(self, claim: Claim, event: Event) -> Step | Verdict:
        if claim.direction is not Direction.MEDIA:
            return post_or_find(claim.facts)
        return Delivered() if claim.facts.file_name_asked else FETCH

    async def perform(self, claim: Claim, step: Step) -> tuple[Facts, Learned]:
        if claim.crashes >= 2:
            self.beside_suspects += self.in_hand
        self.in_hand.append(claim)
        try:
            await asyncio.sleep(FILM_S if step == FETCH else 0.1)
        finally:
            self.in_hand.remove(claim)
        return replace(claim.facts, posted=HelpdeskMessageId(55), file_name_asked=True), Learned()


@dataclass
class Bridge:
    """*ended*: when, by the loop's time, and how each entry ended, by its body, a film under "film"."""

    journal: SqliteJournal
    runner: Runner
    road: SlowRoad
    ended: dict[str, tuple[float, Verdict]]

    async def crash(self, pool: Pool) -> None:
        """Two workers die over the heads of a pool."""
        for number in range(2):
            victim = HolderId(f"{pool.direction}-{number}")
            await self.journal.enrol(victim, "host", f"/locks/{victim}")
            assert await self.journal.claim(victim, pool, limit=99)
            (beat,) = [row.beat for row in await self.journal.holders() if row.id == victim]
            await self.journal.bury(victim, beat=beat)


async def built(folder: Path) -> Bridge:
    clock = VirtualClock(asyncio.get_running_loop())
    journal = await SqliteJournal.open(folder / "journal.db", clock=clock, executor="inline")
    await journal.introduce([CHANNEL_ROW])
    lease = Lease(journal, NoLocks(), clock, host="host", lease_s=10_000.0, name=lambda: "me")
    await lease.enrol()
    road = SlowRoad()
    ended: dict[str, tuple[float, Verdict]] = {}

    async def probe() -> bool:
        return True

    def settled(claim: Claim, verdict: Verdict, failure: Failure | None) -> None:
        ended["film" if claim.direction is Direction.MEDIA else claim.raw.decode()] = (clock.monotonic(), verdict)

    def went_wrong(place: str, error: Exception, claim: Claim | None) -> None:
        raise error

    circuit = Circuit("helpdesk", probe, clock)
    schedule = Schedule(attempts_max=ATTEMPTS_MAX, base_s=1)
    walker = Walker(
        journal=journal,
        road=road,
        lease=lease,
        clock=clock,
        schedule=schedule,
        look_up_schedule=schedule,
        media_schedule=schedule,
        spread=lambda: 1.0,
        circuit_of=lambda host: circuit,
        settled=settled,
        next_sweeps=NextSweeps(),
    )
    runner = Runner(
        journal=journal,
        walker=walker,
        lease=lease,
        clock=clock,
        pools=[INBOUND, FILES],
        shares=Shares(slots=8, channels=1, background=2, media=2),
        open_now=lambda pool: True,
        went_wrong=went_wrong,
    )
    return Bridge(journal, runner, road, ended)


def told(folder: Path, story: Callable[[Bridge], Coroutine[Any, Any, None]]) -> Bridge:
    async def whole() -> Bridge:
        bridge = await built(folder)
        await story(bridge)
        await bridge.runner.stop(grace_s=0.0)
        await bridge.journal.close()
        return bridge

    return run(whole())


def film(chat: Address) -> Arrival:
    """A message with a file, which waits for nothing itself."""
    arrival = message("with film", chat)
    return replace(arrival, envelope=replace(arrival.envelope, file=ToldFile("a.mp4"), hangs="video"))


async def go_on(bridge: Bridge, seconds: float) -> None:
    """Run so long; what is in hand then goes on by itself."""
    running = asyncio.ensure_future(bridge.runner.run())
    await asyncio.sleep(seconds)
    running.cancel()
    await asyncio.wait({running})


async def later(bridge: Bridge, seconds: float, arrival: Arrival) -> None:
    await asyncio.sleep(seconds)
    await bridge.journal.append(CHANNEL, [arrival])


def text_of(id: str) -> str:
    return message(id).raw.decode()


def test_a_suspect_waits_for_no_film_and_works_with_nothing_beside_it(tmp_path: Path) -> None:
    async def story(bridge: Bridge) -> None:
        await bridge.journal.append(CHANNEL, [message("bomb", ANA)])
        await bridge.crash(INBOUND)
        await bridge.journal.append(CHANNEL, [film(BEN)])
        bridge.runner._turns.taken(0.0)  # the film is in hand when the first turn comes
        await asyncio.gather(go_on(bridge, 10.0), later(bridge, 8.0, message("text", BEN)))

    bridge = told(tmp_path, story)
    assert bridge.ended[text_of("bomb")][0] < 6.0
    assert bridge.ended[text_of("text")][0] < 9.0
    assert bridge.road.beside_suspects == []


def test_a_film_that_gave_way_to_a_suspect_comes_after_it_and_costs_nothing(tmp_path: Path) -> None:
    async def story(bridge: Bridge) -> None:
        await bridge.journal.append(CHANNEL, [message("bomb", ANA)])
        await bridge.crash(INBOUND)
        await bridge.journal.append(CHANNEL, [film(BEN)])
        bridge.runner._turns.taken(0.0)
        await go_on(bridge, 50.0)
        (claim,) = bridge.road.in_hand
        assert (claim.direction, claim.attempts, claim.crashes) == (Direction.MEDIA, 0, 0)
        await go_on(bridge, FILM_S)

    bridge = told(tmp_path, story)
    assert 0.0 < bridge.ended["film"][0] - FILM_S < 5.0 + DOWNLOADS_AWAY_S + 5.0


def test_however_many_suspects_wait_a_film_gives_way_once_and_ends(tmp_path: Path) -> None:
    """Several of them have their turns in that one pause."""

    async def story(bridge: Bridge) -> None:
        chats = [Address(f"6281{number:08}@s.whatsapp.net") for number in range(60)]
        await bridge.journal.append(CHANNEL, [message(f"bomb from {chat}", chat) for chat in chats])
        await bridge.crash(INBOUND)
        await bridge.journal.append(CHANNEL, [film(BEN)])
        await go_on(bridge, 3 * FILM_S)

    bridge = told(tmp_path, story)
    assert bridge.ended["film"][0] < FILM_S + 5.0 + DOWNLOADS_AWAY_S + 5.0
    assert len([at for at, _ in bridge.ended.values() if at <= 5.0 + DOWNLOADS_AWAY_S + 5.0]) > 5


def test_a_suspect_film_is_alone_for_seconds_and_then_among_others_for_one_attempt(tmp_path: Path) -> None:
    async def story(bridge: Bridge) -> None:
        await bridge.journal.append(CHANNEL, [film(BEN)])
        await bridge.crash(FILES)
        await asyncio.gather(go_on(bridge, DOWNLOAD_ALONE_S + 10.0), later(bridge, 1.0, message("text", ANA)))
        (claim,) = bridge.road.in_hand
        assert (claim.direction, claim.attempts, claim.crashes) == (Direction.MEDIA, 1, 0)
        await go_on(bridge, FILM_S)

    bridge = told(tmp_path, story)
    assert DOWNLOAD_ALONE_S <= bridge.ended[text_of("text")][0] < DOWNLOAD_ALONE_S + 2.0
    assert bridge.ended["film"][0] < FILM_S + DOWNLOAD_ALONE_S + 10.0


def test_a_film_that_crashes_its_worker_late_again_and_again_ends_dead(tmp_path: Path) -> None:
    async def story(bridge: Bridge) -> None:
        await bridge.journal.append(CHANNEL, [film(BEN)])
        for _ in range(ATTEMPTS_MAX):
            await bridge.crash(FILES)
            running = asyncio.ensure_future(bridge.runner.run())
            await asyncio.sleep(DOWNLOAD_ALONE_S + 1.0)
            await bridge.runner.stop(grace_s=0.0)
            running.cancel()
            bridge.runner._stopping = False
            bridge.runner._turns = type(bridge.runner._turns)()

    assert told(tmp_path, story).ended["film"][1] == Dead("crashes the bridge")
