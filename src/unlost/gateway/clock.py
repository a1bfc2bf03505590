"""The clock of the delivery schedule: real time, which a test may run faster."""

from __future__ import annotations

import asyncio
import time


class ScaledClock:
    """Seconds of the schedule; each takes *scale* seconds of real time."""

    def __init__(self, scale: float) -> None:
        self.scale = scale

    def now_s(self) -> float:
        """Schedule seconds since some fixed moment."""
        return time.monotonic() / self.scale

    async def sleep(self, wait_s: float) -> None:
        """Wait so many schedule seconds."""
        await asyncio.sleep(wait_s * self.scale)
