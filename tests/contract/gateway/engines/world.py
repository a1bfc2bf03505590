"""A supervisor with the fake worker, and signals to wait on."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
from prometheus_client import CollectorRegistry

from unlost.gateway.engines.deaths import Pace
from unlost.gateway.engines.engine_counts import EngineCounts
from unlost.gateway.engines.frames import State, StateName
from unlost.gateway.engines.supervisor import Heard, Supervisor
from unlost.gateway.engines.worker_process import WorkerCommand

FAKE = Path(__file__).with_name("fake_worker.py")
WAIT_S = 30.0
LOOK_EVERY_S = 0.1
QUICK = Pace(restart_first_s=0.01, restart_most_s=0.05, steady_s=60.0)
LOOKING = Pace(restart_first_s=0.01, restart_most_s=0.05, look_every_s=0.4, hang_checks=4, stuck_checks=4, hello_s=4.0)


class Nothing(msgspec.Struct, frozen=True):
    """No arguments."""


class Said(msgspec.Struct, frozen=True):
    """Arguments that come back."""

    words: str = ""


class Told:
    """Everything a supervisor told, and a way to wait for what it has not told yet."""

    def __init__(self) -> None:
        self.all: list[Heard] = []
        self._more = asyncio.Event()

    def hear(self, heard: Heard) -> None:
        self.all.append(heard)
        self._more.set()

    def names(self) -> list[StateName]:
        return [one.name for one in self.all if isinstance(one, State)]

    async def until(self, holds: Callable[[], bool]) -> None:
        """Return once *holds* does; it is asked whenever something is told, and now and then besides."""
        async with asyncio.timeout(WAIT_S):
            while not holds():
                self._more.clear()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._more.wait(), LOOK_EVERY_S)

    async def logged_in(self, times: int = 1) -> None:
        await self.until(lambda: self.names().count(StateName.LOGGED_IN) >= times)


class World:
    """One supervised device."""

    def __init__(self, *more: str, pace: Pace = QUICK, device: str = "support") -> None:
        self.registry = CollectorRegistry()
        self.told = Told()
        command = WorkerCommand((sys.executable, str(FAKE), "{fd}", "{parent}", *more))
        self.supervisor = Supervisor(
            device, command, counts=EngineCounts(self.registry), pace=pace, hear=self.told.hear
        )

    def counted(self, name: str, **labels: str) -> float:
        return self.registry.get_sample_value(name, labels) or 0.0

    def deaths(self, reason: str) -> float:
        return self.counted("unlost_gateway_worker_deaths_total", device=self.supervisor.device, reason=reason)


@asynccontextmanager
async def world(*more: str, pace: Pace = QUICK) -> AsyncIterator[World]:
    """A world whose worker is logged in, unless it was told otherwise."""
    made = World(*more, pace=pace)
    made.supervisor.start()
    try:
        if not more:
            await made.told.logged_in()
        yield made
    finally:
        await made.supervisor.stop()
