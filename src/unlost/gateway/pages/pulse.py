"""The gateway's state as all open pages share it, and the stream that tells them to look again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable

import apsw
import msgspec

from unlost.errors import NotCommitted
from unlost.gateway.devices import LiveDevice
from unlost.gateway.devices.standings import Standings
from unlost.gateway.pages.recent import receivers, recent
from unlost.gateway.pages.snapshot import Snapshot, device_view
from unlost.gateway.rest.counter import Counter

LOOK_S = 1.0  # one reading serves every page for so long
TICK_S = 10.0  # pages look again at least so often: ages grow though nothing changes
WATCHERS_MAX = 50
HELLO = b"retry: 1000\nevent: tick\ndata: hello\n\n"
TICK = b"event: tick\ndata: look\n\n"


class Pulse:
    """One per gateway. `end` lets every stream go, so that a stop waits for nobody."""

    def __init__(self, counter: Counter, standings: Standings, now: Callable[[], float] = time.time) -> None:
        self.now = now
        self.watchers = 0
        self._counter = counter
        self._standings = standings
        self._looked: tuple[float, Snapshot] | None = None
        self._looking = asyncio.Lock()
        self._ended = asyncio.Event()

    @property
    def is_over(self) -> bool:
        """True once `end` was asked for."""
        return self._ended.is_set()

    async def snapshot(self) -> Snapshot:
        """At most LOOK_S old. Raises apsw.Error, NotCommitted where the disk fails."""
        async with self._looking:
            now = time.monotonic()
            if self._looked is None or now - self._looked[0] >= LOOK_S:
                self._looked = (now, await self._look())
            return self._looked[1]

    def since(self, live: LiveDevice) -> float:
        """When *live* came to stand as it does, in epoch seconds."""
        return self._standings.since(live.slot.id)

    def stir(self) -> None:
        """Somebody changed something: the next page shall see it."""
        self._looked = None

    def end(self) -> None:
        """No more streams."""
        self._ended.set()

    async def stream(self) -> AsyncIterator[bytes]:
        """Server-sent events: a tick when something changed, looked for every LOOK_S, and at least every TICK_S."""
        self.watchers += 1
        try:
            before, quiet_s = await self._mark(b""), 0.0
            yield HELLO
            while not self.is_over:
                await self._wait(LOOK_S)
                seen, quiet_s = await self._mark(before), quiet_s + LOOK_S
                if seen != before or quiet_s >= TICK_S:
                    before, quiet_s = seen, 0.0
                    yield TICK
        finally:
            self.watchers -= 1

    async def _wait(self, wait_s: float) -> None:
        try:
            await asyncio.wait_for(self._ended.wait(), wait_s)
        except TimeoutError:
            pass

    async def _mark(self, before: bytes) -> bytes:
        """What changes where the snapshot does, how long calls still rest apart; *before* while the disk cannot be read."""
        try:
            seen = await self.snapshot()
        except (apsw.Error, NotCommitted):
            return before
        devices = [
            msgspec.structs.replace(
                one, resting=tuple(msgspec.structs.replace(call, left_s=0.0) for call in one.resting)
            )
            for one in seen.devices
        ]
        return msgspec.json.encode(msgspec.structs.replace(seen, devices=tuple(devices)))

    async def _look(self) -> Snapshot:
        outbox = self._counter.outbox()
        devices = tuple(device_view(live, self.since(live)) for live in self._counter.devices)
        if outbox is None:
            return Snapshot(devices=devices, receivers=(), events=(), keeps_events=False)
        return Snapshot(
            devices=devices,
            receivers=await receivers(outbox, self._counter.settings.webhook_urls),
            events=await recent(outbox),
            keeps_events=True,
        )
