"""Since when each device stands as it does. An engine tells only how it stands now; somebody has to look."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from unlost.gateway.devices.live import Devices
from unlost.gateway.engines.frames import StateName

LOOK_EVERY_S = 1.0  # for a person's eyes; shorter states than that are in the log


class Standings:
    """Looks at all *devices*. Times are epoch seconds by *now*; what stood before the first look began with that."""

    def __init__(self, devices: Devices, now: Callable[[], float] = time.time) -> None:
        self._devices = devices
        self._now = now
        self._stood: dict[str, tuple[StateName, float]] = {}

    async def watch(self) -> None:
        """Look until cancelled."""
        while True:
            self.look()
            await asyncio.sleep(LOOK_EVERY_S)

    def look(self) -> None:
        """Note what changed, and forget devices that are gone."""
        now = self._now()
        states = {live.slot.id: live.engine.link().state for live in self._devices}
        self._stood = {
            slot: self._stood[slot] if slot in self._stood and self._stood[slot][0] is state else (state, now)
            for slot, state in states.items()
        }

    def since(self, slot: str) -> float:
        """When the device of this slot came to stand as it does; now, if it has only just changed."""
        self.look()
        return self._stood[slot][1]
