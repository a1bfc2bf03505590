"""Rung when there may be work; nobody sleeps through a ring between a look and a wait."""

import asyncio
from contextvars import ContextVar

_heard: ContextVar[int | None] = ContextVar("heard", default=None)
"""The last ring that the running task took note of. Tasks that it starts begin from there."""


class Bell:
    """Counts its rings. Used on the event loop only."""

    def __init__(self) -> None:
        self._rings = 0
        self._sleepers: set[asyncio.Future[None]] = set()
        self._later: asyncio.TimerHandle | None = None

    def ring(self) -> None:
        """There may be work."""
        self._rings += 1
        sleepers, self._sleepers = self._sleepers, set()
        for sleeper in sleepers:
            if not sleeper.done():
                sleeper.set_result(None)

    def ring_in(self, wait_s: float) -> None:
        """There may be work in *wait_s* seconds. Of several such times the first is kept: whoever looks then sees the others."""
        if wait_s <= 0:
            self.ring()
            return
        at = asyncio.get_running_loop().time() + wait_s
        if self._later is None or at < self._later.when():
            self.fall_silent()
            self._later = asyncio.get_running_loop().call_at(at, self._ring_later)

    def _ring_later(self) -> None:
        self._later = None
        self.ring()

    def fall_silent(self) -> None:
        """No ring is still to come by itself."""
        if self._later is not None:
            self._later.cancel()
            self._later = None

    def take_note(self) -> None:
        """To be called before a look at what is due: a ring from now on ends the next wait."""
        _heard.set(self._rings)

    async def wait(self, timeout_s: float) -> bool:
        """Until it rings, or has rung since the last note or wait, or *timeout_s* is over; True where it rang."""
        heard = _heard.get()
        if heard is not None and heard != self._rings:
            _heard.set(self._rings)
            return True
        sleeper: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers.add(sleeper)
        try:
            await asyncio.wait({sleeper}, timeout=max(0.0, timeout_s))
        finally:
            self._sleepers.discard(sleeper)
        _heard.set(self._rings)
        return sleeper.done()
