"""Simulated bridges: the program's own assembly over a simulated disk, network and clock, in processes that freeze and die."""

from __future__ import annotations

import asyncio
import contextlib
import io
import random
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from tests.simulation import gateway_side, helpdesk_side, tempo
from tests.simulation.clock import VirtualClock
from tests.simulation.disk import SimulatedDisk
from tests.simulation.network import SimulatedHttp
from tests.simulation.outside import History, later, spawn
from tests.simulation.population import OWN
from tests.simulation.process import Process
from tests.simulation.reading import watch_reading
from tests.simulation.watched import WatchedJournal, Witness
from tests.simulation.weather import Weather
from unlost.assemble import bridge as assembly
from unlost.assemble.bridge import Bridge, Outside
from unlost.errors import NotCommitted
from unlost.journal.rows import HolderId
from unlost.journal.unusable import JournalUnusable
from unlost.settings.reading import read_settings
from unlost.settings.values import Settings
from unlost.spool import Spool
from unlost.telemetry.log import Telemetry, telemetry_on

JOURNAL = Path("unlost.db")
NO_FILES = Path("/nonexistent/unlost-files")
"""Where nobody sends a file none is kept."""
CHANNEL = "support"
START_AGAIN_S = 0.5

SETTINGS = """
[journal]
lease_s = 60
[[channel]]
name = "support"
language = "en"
late_after_s = 300
[channel.gateway]
kind = "{kind}"
url = "http://gateway"
webhook_secret = "{gateway_secret}"
device = "{own}"
reconcile_every_s = 60
lookup_every_s = 2
lookup_after_s = 10
[channel.helpdesk]
url = "http://helpdesk"
account_id = 1
inbox_id = 1
token = "{token}"
webhook_secret = "{helpdesk_secret}"
call_timeout_s = {timeout}
doubt_wait_s = {doubt}
"""


@lru_cache
def settings_of(kind: str) -> Settings:
    """The bridge's settings, read as an operator's file is."""
    text = SETTINGS.format(
        kind=kind,
        own=OWN,
        gateway_secret=gateway_side.SECRET,
        helpdesk_secret=helpdesk_side.SECRET,
        token=helpdesk_side.TOKEN,
        timeout=helpdesk_side.CALL_TIMEOUT_S,
        doubt=helpdesk_side.DOUBT_WAIT_S,
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "unlost.toml"
        path.write_text(text)
        return read_settings(path, {})


class MemoryLocks:
    """Lock files of all hosts: one is held while its process lives."""

    def __init__(self) -> None:
        self._held: dict[str, Process] = {}
        self.stood_still: set[Process] = set()

    def lives(self, holder: str) -> bool:
        """Whether the holder's process lives and never stood still."""
        process = self._held.get(f"{holder}.lock")
        return process is not None and process.alive and process not in self.stood_still

    def of(self, process: Process) -> ProcessLocks:
        """As one process sees them."""
        return ProcessLocks(self, process)

    def take(self, path: str, process: Process) -> None:
        """Create and lock."""
        self._held[path] = process

    def is_free(self, path: str) -> bool:
        """True where no living process holds it."""
        return path not in self._held or not self._held[path].alive

    def release(self, path: str) -> None:
        """Remove."""
        self._held.pop(path, None)


@dataclass(frozen=True, slots=True)
class ProcessLocks:
    """`unlost.lanes.lease.Locks` for one process."""

    locks: MemoryLocks
    process: Process

    def take(self, holder: HolderId) -> str:
        """Its path."""
        self.locks.take(f"{holder}.lock", self.process)
        return f"{holder}.lock"

    def is_free(self, path: str) -> bool:
        """As `MemoryLocks.is_free`."""
        return self.locks.is_free(path)

    def release(self, holder: HolderId) -> None:
        """As `MemoryLocks.release`."""
        self.locks.release(f"{holder}.lock")


@dataclass(slots=True, eq=False)
class World:
    """What all bridges of a schedule share."""

    settings: Settings
    disk: SimulatedDisk
    clock: VirtualClock
    http: SimulatedHttp
    weather: Weather
    history: History
    witness: Witness
    rng: random.Random
    locks: MemoryLocks
    files: Path = NO_FILES
    log: io.StringIO = field(default_factory=io.StringIO)
    was_open: bool = False
    """Whether a door was open before: from then on every start is a return."""
    telemetry: Telemetry = field(init=False)

    def __post_init__(self) -> None:
        self.telemetry = telemetry_on(self.log, as_json=True)


class SimulatedBridge:
    """One bridge's machine: it may be started again and again; each life is a process."""

    def __init__(self, world: World, name: str, host: str, *, is_first: bool) -> None:
        self.world, self.name, self._host = world, name, host
        self._vfs = world.disk.vfs_name if is_first else world.disk.attach()
        self._lives = 0
        self.process: Process | None = None
        self.bridge: Bridge | None = None
        self._waiting: list[asyncio.Future[int | None]] = []
        self._is_open = False
        self.is_called = False
        self.has_died: Callable[[SimulatedBridge], None] = lambda _: None
        self.deaths = 0
        self.returns = 0

    @property
    def is_open(self) -> bool:
        """Whether its door answers."""
        return self._is_open

    @property
    def is_alive(self) -> bool:
        """Whether its process runs (or stands still)."""
        return self.process is not None and self.process.alive

    def start(self) -> None:
        """A new process, unless one lives."""
        if self.is_alive:
            return
        self._lives += 1
        self.process = Process(f"{self.name}{self._lives}")
        self.world.history.tell(self.process.name, "starts")
        self.process.spawn(self._run(self.process), name="main")

    def kill(self, why: str = "killed") -> None:
        """SIGKILL: what it wrote stands, what it waited for is gone. From outside its own disk operations only."""
        if not self.is_alive:
            return
        assert self.process is not None
        self.world.history.tell(self.process.name, why)
        self.deaths += why != "ended"
        self.process.kill()
        self.bridge, self._is_open = None, False
        self._break_door()
        self.world.disk.kill(self._vfs)
        self.has_died(self)

    def die_in(self, operations: int) -> None:
        """Be killed before one of its next writes to the disk."""
        self.world.disk.die_after(operations, vfs_name=self._vfs, tell=lambda: self._died(self.process))

    def freeze(self, for_s: float) -> None:
        """SIGSTOP, and SIGCONT later."""
        if self.is_alive:
            assert self.process is not None
            self.world.history.tell(self.process.name, f"frozen for {for_s:.1f} s")
            self.deaths += 1
            self.world.locks.stood_still.add(self.process)
            self.process.freeze(for_s)

    @property
    def is_frozen(self) -> bool:
        """Whether it stands still."""
        return self.process is not None and self.process.alive and self.process.frozen

    async def stop(self) -> None:
        """SIGTERM: a clean end."""
        if not self.is_alive or self.bridge is None or self.process is None or self.process.frozen:
            return
        process = self.process
        self.world.history.tell(process.name, "stops")
        self._is_open = False
        gone = process.spawn(self._stop(self.bridge), name="stop")
        try:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(gone), 10.0)
        finally:
            if self.process is process:
                self.kill("ended")

    async def post(self, path: str, body: bytes, headers: dict[str, str]) -> int | None:
        """The door's answer; None where the connection was refused or broke. A frozen process answers when it thaws."""
        if not self._is_open or self.process is None or self.bridge is None:
            return None
        answer: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()
        self._waiting.append(answer)
        self.process.spawn(self._knock(self.process, self.bridge, path, body, headers, answer))
        try:
            return await answer
        finally:
            if answer in self._waiting:
                self._waiting.remove(answer)

    async def _knock(self, process: Process, bridge: Bridge, *given: Any) -> None:
        if await _knock(bridge, *given) == 503:
            self.world.witness.troubled_s[process] = asyncio.get_running_loop().time()

    async def _run(self, process: Process) -> None:
        world = self.world
        was_used = any(name.endswith(JOURNAL.name) for name in world.disk.files)
        journal = await self._journal(process)
        outside = Outside(
            journal=journal,
            journal_path=JOURNAL,
            journal_is_used=was_used,
            http=world.http,
            spool=Spool(world.files, 1_000_000, sync=None),
            clock=world.clock,
            locks=world.locks.of(process),
            host=self._host,
            telemetry=world.telemetry,
            spread=world.rng.random,
            name=lambda: f"{world.rng.getrandbits(48):012x}",
            backup_to=_no_backup,
            forget_addresses=journal.forget,
            prune=_no_pruning,
        )
        if was_used:
            world.witness.troubled_s[process] = asyncio.get_running_loop().time()
        bridge = assembly.build_bridge(world.settings, outside)
        bridge.receipts = tuple(tempo.paced(each) for each in bridge.receipts)
        watch_reading(bridge, partial(world.witness.reads, process))
        self.bridge, self._is_open = bridge, True
        await _patiently(lambda: assembly.open_up(bridge))
        self.returns += world.was_open
        world.was_open = True
        await _patiently(lambda: assembly.work(bridge))

    async def _journal(self, process: Process) -> WatchedJournal:
        world = self.world
        while True:
            try:
                return await WatchedJournal.open_watched(
                    JOURNAL, clock=world.clock, vfs=self._vfs, rng=world.rng, witness=world.witness, who=process.name
                )
            except JournalUnusable as error:  # a supervisor starts it again
                world.history.tell(process.name, f"cannot start: {type(error).__name__}")
                await asyncio.sleep(START_AGAIN_S)

    async def _stop(self, bridge: Bridge) -> None:
        await assembly.stop(bridge)
        await bridge.outside.journal.close()  # type: ignore[attr-defined]  # the port leaves closing to its owner

    def _died(self, process: Process | None) -> None:
        """Called from within a disk operation of the dying process."""
        if process is not None and process.alive:
            self.world.history.tell(process.name, "dies while it writes")
            self.deaths += 1
            process.kill()
            later(0.0, self._bury)
            self.has_died(self)

    def _bury(self) -> None:
        self.bridge, self._is_open = None, False
        self._break_door()
        self.world.disk.kill(self._vfs)

    def _break_door(self) -> None:
        for answer in self._waiting:
            if not answer.done():
                answer.set_result(None)
        self._waiting.clear()


@dataclass(slots=True)
class Front:
    """What stands before all bridges: it knows who is dead, not who is frozen."""

    bridges: list[SimulatedBridge]
    rng: random.Random

    async def post(self, path: str, body: bytes, headers: dict[str, str], timeout_s: float) -> int | None:
        """The answer of one living bridge; None for none within *timeout_s*. What was written is read even then."""
        await asyncio.sleep(self.rng.uniform(0.001, 0.02))
        alive = [bridge for bridge in self.bridges if bridge.is_alive]
        if not alive:
            return None
        task = spawn(self.rng.choice(alive).post(path, body, headers))
        done, _ = await asyncio.wait({task}, timeout=timeout_s)
        return task.result() if done else None


async def _knock(
    bridge: Bridge, path: str, body: bytes, headers: dict[str, str], answer: asyncio.Future[int | None]
) -> int | None:
    status: int | None = None
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8080),
        "scheme": "http",
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
            if not answer.done():
                answer.set_result(status)

    await bridge.app(scope, receive, send)
    return status


async def _patiently(do: Callable[[], Awaitable[None]]) -> None:
    """A start that the journal refuses is tried again, as a supervisor would."""
    while True:
        try:
            await do()
            return
        except NotCommitted:
            await asyncio.sleep(START_AGAIN_S)


async def _no_backup(_: Path) -> int:
    raise AssertionError("nobody asks for a copy this way")


async def _no_pruning() -> int:
    """A schedule is hours long, and what it has told is judged at its end; `Deed.PRUNE` asks for it where that is the matter."""
    return 0
