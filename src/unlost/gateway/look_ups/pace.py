"""One look-up at a time per device, some time apart."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from unlost.gateway.engines.port import Throttled

WAITING_MOST = 50  # at one a second nobody behind the fiftieth is answered inside any client's patience


class Pace:
    """Starts look-ups *every_s* apart, in the order in which they were asked for."""

    def __init__(self, every_s: float) -> None:
        self._every_s = every_s
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._free_at = 0.0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Hold the device's one look-up. Raises Throttled where too many wait already."""
        if self._waiting >= WAITING_MOST:
            raise Throttled("too many look-ups wait; ask again later")
        self._waiting += 1
        try:
            async with self._turn:
                loop = asyncio.get_running_loop()
                await asyncio.sleep(max(0.0, self._free_at - loop.time()))
                self._free_at = loop.time() + self._every_s
                yield
        finally:
            self._waiting -= 1


class Paces:
    """A pace for each device."""

    def __init__(self, every_s: float) -> None:
        self._every_s = every_s
        self._paces: dict[str, Pace] = {}

    def of(self, device: str) -> Pace:
        """The pace of this device."""
        return self._paces.setdefault(device, Pace(self._every_s))
