"""When a device's worker runs: while it speaks for an account, or while somebody wants to link it; else it rests.

A device that shows QR codes to nobody would knock at WhatsApp's door day and night.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine

import structlog

from unlost.gateway.engines.answers import Link
from unlost.gateway.engines.deaths import Pace
from unlost.gateway.engines.engine_counts import EngineCounts
from unlost.gateway.engines.frames import State, StateName
from unlost.gateway.engines.supervisor import Heard, Supervisor
from unlost.gateway.engines.worker_process import WorkerCommand

log = structlog.get_logger("unlost.gateway")


class WorkerLife:
    """One device's. *linked*: whether it speaks for an account already. Where it does not begin, a person has to mend it first.

    *rests* is how it stands while no worker runs. *hear* as the supervisor's.
    All of it runs on the loop; `begin` comes first.
    """

    def __init__(
        self,
        device: str,
        command: WorkerCommand,
        *,
        counts: EngineCounts,
        pace: Pace,
        rests: Link,
        linked: bool,
        begins: bool = True,
        hear: Callable[[Heard], None],
    ) -> None:
        self.supervisor = Supervisor(device, command, counts=counts, pace=pace, hear=self._heard)
        self._device = device
        self._linking_s = pace.linking_s
        self._rests = rests
        self._is_linked = linked
        self._begins = begins
        self._hear = hear
        self._turn = asyncio.Lock()
        self._something = asyncio.Event()
        self._wanted_at = 0.0
        self._waiting = 0
        self._logs_out = False
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def link(self) -> Link:
        """How the device stands."""
        if not self.supervisor.is_running:
            return self._rests
        state = self.supervisor.state
        return Link(state.name, state.cause, state.cure)

    @property
    def is_linked(self) -> bool:
        """True from a pairing to the logout, whether or not there is a link now."""
        return self._is_linked

    def begin(self) -> None:
        """Start the worker of a device that is linked."""
        if self._is_linked and self._begins:
            self.supervisor.start()

    async def end(self) -> None:
        """Stop the worker, for good."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._rest()

    async def want(self, ready: Callable[[], bool]) -> None:
        """Somebody wants to link the device: return once it is *ready* to be. Has no bound of its own."""
        self._waiting += 1
        try:
            await self._until(lambda: not self._logs_out)
            async with self._turn:
                if not self.supervisor.is_running:
                    self.supervisor.start()
                    self._later(self._rest_when_forgotten())
            await self._until(ready)
        finally:
            self._waiting -= 1
            self._wanted_at = _now()

    async def _until(self, holds: Callable[[], bool]) -> None:
        while not holds():
            self._something.clear()
            await self._something.wait()

    def _heard(self, heard: Heard) -> None:
        if isinstance(heard, State):
            self._turned(heard)
        self._hear(heard)
        self._something.set()

    def _turned(self, state: State) -> None:
        if state.name in (StateName.PAIRED, StateName.LOGGED_IN):
            self._is_linked = True
        elif state.name is StateName.LOGGED_OUT:
            self._is_linked, self._rests = False, Link(state.name, state.cause, state.cure)
            if not self._logs_out:
                self._logs_out = True
                self._later(self._rest_after_logout())

    async def _rest_after_logout(self) -> None:
        """Once the worker ends by itself: until then it may owe somebody the answer to the logout."""
        state = self.supervisor.state
        await self._until(lambda: self.supervisor.state.leaving or self.supervisor.state.name is not state.name)
        await self._rest()
        self._logs_out = False
        self._something.set()

    async def _rest_when_forgotten(self) -> None:
        """Until the device is linked, or nobody has wanted that for the pace's `linking_s`."""
        while self._waiting or (left_s := self._wanted_at + self._linking_s - _now()) > 0:
            await asyncio.sleep(self._linking_s if self._waiting else left_s)
            if self._is_linked:
                return
        log.info("engine.linking_given_up", device=self._device, after_s=self._linking_s)
        await self._rest()

    async def _rest(self) -> None:
        async with self._turn:
            await self.supervisor.stop()

    def _later(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work, name=f"life {self._device}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _now() -> float:
    return asyncio.get_running_loop().time()
