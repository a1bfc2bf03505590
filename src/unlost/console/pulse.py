"""The bridge's state as all open pages share it, and the stream that tells them to look again."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import msgspec

from unlost.console.answers import Channel, Status
from unlost.console.operator import Operator

LEDGER_S = 86_400.0  # what the pages count: a day
LOOK_S = 1.0  # one reading of the journal serves every page for so long
TICK_S = 5.0  # pages look again at least so often: ages grow though nothing changes
RATE_S = 60.0
RATE_MIN_S = 5.0
WATCHERS_MAX = 50
HELLO = b"retry: 1000\nevent: tick\ndata: hello\n\n"
TICK = b"event: tick\ndata: look\n\n"


@dataclass(slots=True)
class Pulse:
    """One per program. `end` lets every stream go, so that a stop waits for nobody."""

    operator: Operator
    watchers: int = 0
    is_over: bool = False
    _looked: tuple[float, Status] | None = None
    _looking: asyncio.Lock = field(default_factory=asyncio.Lock)
    _ended: asyncio.Event = field(default_factory=asyncio.Event)
    _flows: deque[tuple[float, dict[str, int]]] = field(default_factory=deque)

    async def status(self) -> Status:
        """At most LOOK_S old."""
        async with self._looking:
            now = self.operator.clock.monotonic()
            if self._looked is None or now - self._looked[0] >= LOOK_S:
                status = await self.operator.status(LEDGER_S)
                self._looked = (now, status)
                self._count(now, status)
            return self._looked[1]

    def stir(self) -> None:
        """Somebody changed something: the next page shall see it."""
        self._looked = None

    def per_minute(self, channel: str) -> float | None:
        """Delivered a minute, over the last minute that pages were open; None before there is anything to compare."""
        if not self._flows:
            return None
        (first_at, first), (last_at, last) = self._flows[0], self._flows[-1]
        if last_at - first_at < RATE_MIN_S or channel not in first or channel not in last:
            return None
        return (last[channel] - first[channel]) * 60.0 / (last_at - first_at)

    def end(self) -> None:
        """No more streams."""
        self.is_over = True
        self._ended.set()

    async def stream(self) -> AsyncIterator[bytes]:
        """Server-sent events: a tick when something changed, looked for every LOOK_S, and at least every TICK_S."""
        self.watchers += 1
        try:
            before, quiet_s = _fingerprint(await self.status()), 0.0
            yield HELLO
            while not self.is_over:
                await self._wait(LOOK_S)
                seen, quiet_s = _fingerprint(await self.status()), quiet_s + LOOK_S
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

    def _count(self, now: float, status: Status) -> None:
        """The ledger is kept by hours: when one falls out of it the numbers go back, and comparing begins anew."""
        numbers = {channel.name: channel.delivered for channel in status.channels}
        if self._flows and any(numbers.get(name, 0) < count for name, count in self._flows[-1][1].items()):
            self._flows.clear()
        self._flows.append((now, numbers))
        while now - self._flows[0][0] > RATE_S:
            self._flows.popleft()


def _fingerprint(status: Status) -> bytes:
    """All of it but the ages."""
    channels: list[Channel] = [msgspec.structs.replace(channel, oldest_waiting_s=None) for channel in status.channels]
    return msgspec.json.encode(msgspec.structs.replace(status, channels=channels, since=None))
