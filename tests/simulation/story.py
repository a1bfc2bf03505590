"""One schedule: the script is played, then all faults stop, and the bridges are let come to rest."""

from __future__ import annotations

import asyncio
import random
import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import apsw

from tests.simulation import tempo
from tests.simulation.acting import Director
from tests.simulation.bridges import NO_FILES, Front, MemoryLocks, SimulatedBridge, World, settings_of
from tests.simulation.clock import EPOCH_S, VirtualClock
from tests.simulation.disk import SimulatedDisk
from tests.simulation.gateway_side import ENVELOPE_VERSION, FLAT_VERSION, GatewaySide
from tests.simulation.helpdesk_hooks import HelpdeskHooks
from tests.simulation.helpdesk_side import HelpdeskSide, SeenCall, new_world
from tests.simulation.loop import Loop, raise_unhandled, run
from tests.simulation.network import SimulatedHttp
from tests.simulation.outside import History
from tests.simulation.population import Chat, Population, Sort, Told
from tests.simulation.process import Process
from tests.simulation.script import Script, script_of
from tests.simulation.tempers import DurableTemper, GowaTemper, Posting
from tests.simulation.watched import Witness
from tests.simulation.weather import Weather
from unlost.gateway.events import Message, Text
from unlost.gateway.versions import delivery_rule
from unlost.journal.rows import Claim

REST_STEP_S = 15.0
BUSY_REST_S = 20.0
REST_LEAST_S = 130.0
"""One regular reconcile after the faults stopped, and time for what it found."""
# Gaps to be reconciled, and receipts to be carried.
AWAITED = """SELECT (SELECT count(*) FROM gap WHERE reconciled_at IS NULL) + (SELECT count(*) FROM wanted_status WHERE is_open = 1)"""
GAPS_MOST_S = 600.0
"""Some reconciles more: a wall clock that was set back has to pass the start mark first."""
REST_MOST_S = 5400.0
"""Longer than any wait of the program: what is open then waits for ever."""
OPEN = """
SELECT id, kind, state, direction FROM entry WHERE state IN ('waiting', 'leased', 'parked') AND NOT (
  kind = 'file' AND state = 'parked'
  AND EXISTS (SELECT 1 FROM entry AS letter WHERE letter.whatsapp_id = entry.target AND letter.state = 'dead'))
"""
"""Not a dead letter's file, which waits for a person to retry that."""


@dataclass(slots=True, eq=False)
class Played:
    """All that a checker may look at, when all is at rest."""

    script: Script
    population: Population
    history: History
    witness: Witness
    helpdesk: HelpdeskSide
    gateway: GatewaySide
    weather: Weather
    world: World
    director: Director
    journal: apsw.Connection
    loop: Loop
    faults_ended_s: float = 0.0
    rested_s: float | None = None
    still_open: list[tuple[int, str, str, str]] = field(default_factory=list)


def play(script: Script, check: object = None) -> Played:
    """Play *script* to its end; *check* is called with what was played while everything still stands.

    Raises `Stuck`, `Unhandled`, and what *check* raises; `History` is then attached as *history*.
    """
    rng = random.Random(script.seed ^ 0x5EED)
    tempo.set_tempo(tempo.BUSY)
    history = History()
    try:
        return run(_story(script, rng, history, check), rng=random.Random(script.seed), steps_max=2_000_000)
    except Exception as error:
        error.history = history  # type: ignore[attr-defined]  # for whoever shows the failure
        raise
    finally:
        tempo.give_back()


def play_seed(seed: int, check: object = None) -> Played:
    """The schedule of one seed."""
    return play(script_of(seed), check)


async def _story(script: Script, rng: random.Random, history: History, check: object) -> Played:
    clock = VirtualClock(asyncio.get_running_loop())
    disk = SimulatedDisk(now=clock.now)
    files = Path(tempfile.mkdtemp(prefix="unlost-files-")) if script.has_files else NO_FILES
    try:
        played = _built(script, rng, history, clock, disk)
        played.world.files = files
        _begin(played)
        await played.director.act()
        await _come_to_rest(played)
        raise_unhandled(played.loop)
        if callable(check):
            check(played)
        return played
    finally:
        for bridge in _bridges_of(locals().get("played")):
            bridge.kill("the schedule ends")
        disk.close()
        if script.has_files:
            shutil.rmtree(files, ignore_errors=True)


def _bridges_of(played: Played | None) -> list[SimulatedBridge]:
    return played.director.bridges if played is not None else []


def _built(script: Script, rng: random.Random, history: History, clock: VirtualClock, disk: SimulatedDisk) -> Played:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, Loop)
    weather = Weather(script.chances, rng, deaths_max=script.deaths_max)

    def now() -> float:
        return EPOCH_S + loop.time()

    population = Population(chats=script.chats)
    version = FLAT_VERSION if script.is_flat else ENVELOPE_VERSION
    gateway = GatewaySide(weather, history, population, version, now)
    bridges: list[SimulatedBridge] = []
    front = Front(bridges, rng)
    hooks = HelpdeskHooks(weather, history, now, front.post)
    killed_by: dict[str, int] = {}
    helpdesk = HelpdeskSide(
        weather,
        history,
        hooks,
        now,
        partial(_meet, weather, bridges, killed_by),
        partial(_answered, weather, bridges),
        new_world(rng),
    )
    hooks.side = helpdesk
    posting = Posting(weather, history, population, front.post, clock.now)
    gateway.deliver = DurableTemper(posting) if script.is_durable else GowaTemper(posting, delivery_rule(version))
    locks = MemoryLocks()
    reads = partial(_reads, population, bridges, killed_by)
    witness = Witness(history.tell, locks.lives, partial(_begun, weather, bridges), reads)
    http = SimulatedHttp({"helpdesk": helpdesk, "gateway": gateway})
    world = World(settings_of(script.kind), disk, clock, http, weather, history, witness, rng, locks)
    for number in range(script.bridges):
        bridges.append(SimulatedBridge(world, "ab"[number], script.hosts[number], is_first=number == 0))
    director = Director(script, world, population, helpdesk, gateway, bridges, rng, now)
    director.killed_by = killed_by
    return Played(
        script,
        population,
        history,
        witness,
        helpdesk,
        gateway,
        weather,
        world,
        director,
        apsw.Connection(":memory:"),
        loop,
    )


def _meet(
    weather: Weather, bridges: list[SimulatedBridge], killed_by: dict[str, int], _: object, seen: SeenCall
) -> None:
    """A post is about to be written: some kill who writes them, and some moments are bad ones for dying."""
    bridge = _bridge_of(bridges, seen.ticket.process)
    if bridge is None or not seen.is_post:
        return
    if "KILLER" in str(seen.body.get("content", "")) and not seen.body.get("private"):
        name = str(seen.body.get("source_id"))
        killed_by[name] = killed_by.get(name, 0) + 1
        bridge.kill("killed by what it posts")
    elif weather.kills("killed_at_call"):
        bridge.kill("killed before it posts")
    elif weather.kills("frozen_at_call"):
        bridge.freeze(weather.rng.uniform(62.0, 110.0))


def _reads(
    population: Population,
    bridges: list[SimulatedBridge],
    killed_by: dict[str, int],
    process: Process | None,
    claim: Claim,
) -> None:
    """A worker is about to read a body: some end whoever reads them."""
    bridge = _bridge_of(bridges, process)
    if bridge is None or b"READ-KILLER" not in claim.raw:
        return
    name = next(told.source_id for told in population.told if told.sort is Sort.READ_KILLER)
    killed_by[name] = killed_by.get(name, 0) + 1
    bridge.kill("killed by what it reads")


def _begun(weather: Weather, bridges: list[SimulatedBridge], process: Process | None) -> None:
    """A once-only step stands as begun, and nothing was done yet."""
    bridge = _bridge_of(bridges, process)
    if bridge is not None and weather.kills("frozen_at_begin"):
        bridge.freeze(weather.rng.uniform(66.0, 110.0))


def _answered(weather: Weather, bridges: list[SimulatedBridge], seen: SeenCall) -> None:
    """A post's answer arrives: it is not written down yet."""
    bridge = _bridge_of(bridges, seen.ticket.process)
    if bridge is None or not seen.is_post:
        return
    if weather.kills("frozen_at_answer"):
        bridge.freeze(weather.rng.uniform(75.0, 120.0))
    elif weather.kills("killed_at_answer"):
        bridge.kill("killed before it knows the answer")


def _bridge_of(bridges: list[SimulatedBridge], process: Process | None) -> SimulatedBridge | None:
    return next((one for one in bridges if one.is_alive and one.process is process), None)


def _begin(played: Played) -> None:
    """What was there before the bridge, and the bridges' first start."""
    rng, director = director_rng(played), played.director
    for chat in played.script.chats:
        if rng.random() < 0.5:
            _old_message(played, chat, rng)
    for bridge in director.bridges:
        bridge.start()


def director_rng(played: Played) -> random.Random:
    """The schedule's dice."""
    return played.world.rng


def _old_message(played: Played, chat: Chat, rng: random.Random) -> None:
    """Storage has it; it was told an hour before the channel was first connected."""
    at = datetime.fromtimestamp(int(EPOCH_S) - 3600, UTC)
    number = len(played.population.told)
    words = f"sesame{number:03d}old"
    sender = chat.members[0][1] if chat.is_group else chat.address
    message = Message(f"3EB0{rng.getrandbits(64):016X}", chat.address, sender, at, Text(words), name=chat.name)
    told = Told(number, Sort.TEXT, chat, message, words, at.timestamp(), is_before_start=True)
    played.population.told.append(told)
    played.gateway.keep_old(told)


async def _come_to_rest(played: Played) -> None:
    loop = asyncio.get_running_loop()
    await played.director.end_faults()
    played.faults_ended_s = loop.time()
    played.history.tell("director", "all faults have stopped")
    await asyncio.sleep(BUSY_REST_S)
    tempo.set_tempo(tempo.IDLE)
    await asyncio.sleep(REST_LEAST_S)
    played.journal = apsw.Connection("unlost.db", vfs=played.world.disk.attach())
    while loop.time() < played.faults_ended_s + REST_MOST_S:
        played.director.keep_alive()
        played.still_open = list(played.journal.execute(OPEN))
        awaited = played.journal.execute(AWAITED).fetchall()[0][0]
        if not played.still_open and (not awaited or loop.time() > played.faults_ended_s + GAPS_MOST_S):
            played.rested_s = loop.time()
            return
        await asyncio.sleep(REST_STEP_S)
