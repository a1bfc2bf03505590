"""What every part of a simulated engine stands on: the population, the faults in force, and how a panic ends."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

import structlog

from unlost.gateway.clerk import Clerk
from unlost.gateway.counts import Counts
from unlost.gateway.engines.deaths import Death, Reason
from unlost.gateway.engines.history import Chronicle, History
from unlost.gateway.engines.port import EngineAway, EngineCrashed
from unlost.gateway.faults import Faults
from unlost.gateway.population import Population

PANIC = "unsupported payload type: *store.PrivacyToken"
PANIC_EXIT_CODE = 2
TRACE = f"panic: {PANIC}\n\ngoroutine 4711 [running]:\nsimulated.(*Client).GetProfilePictureInfo(...)\nexit status 2\n"

P = ParamSpec("P")
T = TypeVar("T")
log = structlog.get_logger("unlost.gateway")


def die(trace: str) -> None:
    """Print *trace* and end this process at once, nothing flushed, nothing awaited."""
    sys.stderr.write(trace)
    sys.stderr.flush()
    os._exit(PANIC_EXIT_CODE)


@dataclass(frozen=True, kw_only=True)
class World:
    """*contain*: a panic is an answer and not the end; *panicked* is what else happens. *takes_ids*: as the port says."""

    clerk: Clerk
    faults: Faults
    counts: Counts
    contain: bool
    takes_ids: bool = True
    panicked: Callable[[str], None] = die

    def panic(self, call: str) -> None:
        """Raise EngineCrashed where panics are contained; else this is the end."""
        self.counts.panics.labels(call).inc()
        contained = self.contain and not self.faults.fatal
        log.error("engine.panicked", call=call, error=PANIC, contained=contained)
        if not contained:
            self.panicked(TRACE)
        raise EngineCrashed(PANIC)


class Simulated:
    """A device of the simulated WhatsApp, linked to an account or not."""

    def __init__(self, world: World, population: Population | None) -> None:
        self._world = world
        self._population = population
        self._chronicle = Chronicle()

    def history(self) -> History:
        """The panics that were contained: each is played as an end of the engine, with the next begun at once."""
        return self._chronicle.history()

    def _panic(self, call: str) -> None:
        """Raise EngineCrashed, and remember it; or end the whole process (`World`)."""
        self._chronicle.ended(Death(Reason.PANIC, PANIC_EXIT_CODE, TRACE), [call], time.time())
        self._world.panic(call)

    async def _linked(self) -> Population:
        """The account's world. Waits while the engine is to hang. Raises EngineAway while there is no link to it."""
        await self._world.faults.while_engine_hangs()
        if self._world.faults.disconnected:
            raise EngineAway("the link to WhatsApp is down")
        if self._population is None:
            raise EngineAway("the device is not linked to an account")
        return self._population

    async def _do(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._world.clerk.do(work, *args, **kwargs)
