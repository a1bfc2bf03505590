"""A circuit belongs to a host: open while the host as a whole does not answer, closed by the first good probe.

It opens on a failed probe, or on failures in three lanes without a success between. One probe at a time, paced. While it is open
nothing that needs the host is claimed, so that waiting costs neither attempts nor slots.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from unlost.clock import Clock
from unlost.vocabulary.ids import LaneId

LANES_TO_OPEN = 3
PROBE_WAITS_S = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0)
"""Between probes of an open circuit; the last one repeats: a host that is back is noticed within 15 s."""

Probe = Callable[[], Awaitable[bool]]
"""True where the host answers. Must be bounded in time and must not raise."""


@dataclass(slots=True)
class Circuit:
    """One host's. *changed* is called with True when it opens and False when it closes."""

    host: str
    probe: Probe
    clock: Clock
    changed: Callable[[bool], None] = lambda is_open: None
    is_open: bool = False
    _failing: set[LaneId] = field(default_factory=set)
    _probing: asyncio.Task[bool] | None = None
    _probes_failed: int = 0
    _next_probe_at: float = 0.0

    def succeeded(self, lane: LaneId) -> None:
        """A call of *lane* was answered."""
        self._failing.clear()

    async def suspect(self, lane: LaneId) -> bool:
        """A call of *lane* failed: ask the host itself. True where the host is to blame, so the entry is not."""
        self._failing.add(lane)
        answered = await self._ask()
        if not answered or len(self._failing) >= LANES_TO_OPEN:
            self._open()
        return self.is_open

    async def watch(self) -> None:
        """Probe while open, with growing pace, until it closes. To be called by the clock, often; cheap when closed."""
        if self.is_open and self.clock.monotonic() >= self._next_probe_at and await self._ask():
            self.close()

    def close(self) -> None:
        """The host answers."""
        was_open, self.is_open = self.is_open, False
        self._probes_failed = 0
        self._failing.clear()
        if was_open:
            self.changed(False)

    def _open(self) -> None:
        if not self.is_open:
            self.is_open = True
            self._pace()
            self.changed(True)

    def _pace(self) -> None:
        wait_s = PROBE_WAITS_S[min(self._probes_failed, len(PROBE_WAITS_S) - 1)]
        self._next_probe_at = self.clock.monotonic() + wait_s

    async def _ask(self) -> bool:
        """One probe at a time: who comes meanwhile shares its answer."""
        if self._probing is None or self._probing.done():
            self._probing = asyncio.ensure_future(self.probe())
        answered = await asyncio.shield(self._probing)
        if not answered:
            self._probes_failed += 1
            self._pace()
        return answered
