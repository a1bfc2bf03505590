"""The wall clock of a simulated machine, which a person or NTP may set, and the clock that never steps."""

from __future__ import annotations

import asyncio

EPOCH_S = 1_764_000_000.0
"""2025-11-24 16:00 UTC: where the wall clock stands when a run begins."""


class VirtualClock:
    """Two clocks over one loop's virtual time. Without steps and drift the wall clock is EPOCH_S + loop time."""

    def __init__(self, loop: asyncio.AbstractEventLoop, *, epoch_s: float = EPOCH_S) -> None:
        self._loop = loop
        self._rate = 1.0
        self._anchor_s = loop.time()
        self._wall_s = epoch_s + self._anchor_s

    def now(self) -> float:
        """The wall clock, in epoch seconds; it may go back."""
        return self._wall_s + (self._loop.time() - self._anchor_s) * self._rate

    def monotonic(self) -> float:
        """Virtual seconds since the run began; never steps, never drifts."""
        return self._loop.time()

    def step(self, seconds: float) -> None:
        """Set the wall clock forward, or back with a negative number."""
        self._anchor()
        self._wall_s += seconds

    def drift(self, rate: float) -> None:
        """Let the wall clock run at *rate* wall seconds per real one from now on; 1.0 is right."""
        self._anchor()
        self._rate = rate

    def _anchor(self) -> None:
        self._wall_s = self.now()
        self._anchor_s = self._loop.time()
