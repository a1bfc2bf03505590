"""Waiting by the pace: one `HostPace` for a helpdesk's host, one `ChannelTurns` for each channel and rank that asks it."""

import asyncio
from typing import Final

from unlost.chatwoot.errors import FLOOD_WAIT_S
from unlost.chatwoot.pace import Bucket, FairQueue, Rank, Rooms
from unlost.clock import Clock
from unlost.errors import TryLater

TURN_WAIT_MAX_S: Final = 5.0
"""A request that has no turn by then goes back: it holds a slot that another could use."""
ROOM_WAIT_MAX_S: Final = 1.0
"""One post every half second is what a full conversation takes; who waits longer than two of them goes back."""


class HostPace:
    """What all channels of one helpdesk share."""

    def __init__(self, clock: Clock, *, per_min: int | None) -> None:
        self._clock = clock
        self._bucket = Bucket(per_min)
        self._rooms = Rooms()
        self._queue: FairQueue[asyncio.Future[None]] = FairQueue()
        self._pump: asyncio.Task[None] | None = None

    def turns(self, channel: str, rank: Rank) -> "ChannelTurns":
        """The place of one channel's requests of one rank."""
        return ChannelTurns(self, channel, rank)

    @property
    def per_min(self) -> float | None:
        """Requests a minute that hold now; None: no limit."""
        return self._bucket.per_min

    async def wait_turn(self, rank: Rank, channel: str) -> None:
        """Return when one request may go. Raises TryLater after TURN_WAIT_MAX_S: nothing was sent."""
        if not self._queue and self._bucket.take(self._clock.monotonic()) == 0.0:
            return
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queue.push(rank, channel, waiter)
        if self._pump is None or self._pump.done():
            self._pump = asyncio.get_running_loop().create_task(self._hand_out())
        try:
            await asyncio.wait_for(waiter, TURN_WAIT_MAX_S)
        except TimeoutError:
            raise TryLater("no turn", cause="rate_limited", away=True, wait_s=1.0) from None

    async def wait_room(self, room: tuple[str, int]) -> None:
        """Return when one post may go to a conversation. Raises TryLater (flood) where that takes long: nothing was sent."""
        self.check_open(room)
        wait_s = self._rooms.take(room, self._clock.monotonic())
        if wait_s == 0.0:
            return
        if wait_s <= ROOM_WAIT_MAX_S:
            await asyncio.sleep(wait_s)
            wait_s = self._rooms.take(room, self._clock.monotonic())
        if wait_s > 0.0:
            raise TryLater("conversation full", cause="flood", away=False, wait_s=wait_s)

    def check_open(self, room: tuple[str, int]) -> None:
        """Raises TryLater (flood) where the helpdesk lately said "too many messages" for this conversation."""
        closed_s = self._rooms.closed_s(room, self._clock.monotonic())
        if closed_s > 0.0:
            raise TryLater("conversation full", cause="flood", away=False, wait_s=closed_s)

    def told_too_many(self) -> None:
        """The host answered 429."""
        self._bucket.halve(self._clock.monotonic())

    def told_flooded(self, room: tuple[str, int]) -> None:
        """The helpdesk answered "too many messages": messages, notes and marks of this conversation wait, nothing else."""
        self._rooms.close(room, self._clock.monotonic() + FLOOD_WAIT_S)

    async def _hand_out(self) -> None:
        """Give turns to those who still wait, until nobody does."""
        while self._queue:
            wait_s = self._bucket.take(self._clock.monotonic())
            if wait_s > 0.0:
                await asyncio.sleep(wait_s)
                continue
            while self._queue:
                waiter = self._queue.pop()
                if not waiter.done():
                    waiter.set_result(None)
                    break


class ChannelTurns:
    """One channel's requests of one rank."""

    def __init__(self, pace: HostPace, channel: str, rank: Rank) -> None:
        self._pace, self._channel, self._rank = pace, channel, rank

    async def wait_turn(self) -> None:
        """As `HostPace.wait_turn`."""
        await self._pace.wait_turn(self._rank, self._channel)

    async def wait_room(self, conversation: int) -> None:
        """As `HostPace.wait_room`."""
        await self._pace.wait_room((self._channel, conversation))

    def check_open(self, conversation: int) -> None:
        """As `HostPace.check_open`."""
        self._pace.check_open((self._channel, conversation))

    def told_too_many(self) -> None:
        """As `HostPace.told_too_many`."""
        self._pace.told_too_many()

    def told_flooded(self, conversation: int) -> None:
        """As `HostPace.told_flooded`."""
        self._pace.told_flooded((self._channel, conversation))
