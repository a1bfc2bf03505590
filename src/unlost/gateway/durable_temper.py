"""The durable temper: webhooks from the outbox, one at a time per chat, chats side by side, tried until taken."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import apsw
import structlog

from unlost.gateway.clerk import Clerk
from unlost.gateway.clock import ScaledClock
from unlost.gateway.counts import Counts
from unlost.gateway.outbox import Lane, Outbox, Outgoing
from unlost.gateway.post import Outcome, Poster
from unlost.gateway.tries import Answer

FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 30.0  # a bridge that restarts is back in a second; one that is gone is asked gently
TRY_S = 10.0  # GOWA's own time-out, so a receiver needs to know but one
READ_AHEAD = 50
DISK_WAIT_S = 1.0
log = structlog.get_logger("unlost.gateway")


def wait_s(failures: int, retry_after_s: float | None) -> float:
    """Seconds before the next try after so many *failures* in a row, from 1; what the receiver asked for wins."""
    if retry_after_s is not None:
        return retry_after_s
    return float(min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** min(failures - 1, 10)))


class DurableTemper:
    """Works the outbox's lanes. A webhook that is refused for ever holds up its own chat and no other."""

    def __init__(
        self, outbox: Outbox, clerk: Clerk, poster: Poster, clock: ScaledClock, counts: Counts, chats_at_once: int
    ) -> None:
        self._outbox = outbox
        self._clerk = clerk
        self._poster = poster
        self._clock = clock
        self._counts = counts
        self._slots = asyncio.Semaphore(chats_at_once)
        self._lanes: dict[Lane, asyncio.Task[None]] = {}
        self._more: set[Lane] = set()

    async def resume(self) -> None:
        """Take up every lane that an earlier process left work in."""
        self.wake(await self._clerk.do(self._outbox.lanes))

    def wake(self, lanes: Iterable[Lane]) -> None:
        """*lanes* have something new; returns at once."""
        for lane in lanes:
            self._more.add(lane)
            if lane not in self._lanes:
                self._lanes[lane] = asyncio.create_task(self._work(lane))

    async def stop(self) -> None:
        """Stop where it stands; what was not taken is on disk."""
        tasks = list(self._lanes.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _work(self, lane: Lane) -> None:
        """Deliver *lane* until it is empty. What arrives while it looks is announced in `_more` and looked for again."""
        while lane in self._more:
            self._more.discard(lane)
            try:
                await self._empty(lane)
            except apsw.Error as error:  # a full or locked disk; the lane is looked at again
                log.error("outbox.postponed", error=type(error).__name__, message=str(error))
                self._more.add(lane)
                await asyncio.sleep(DISK_WAIT_S)
        del self._lanes[lane]

    async def _empty(self, lane: Lane) -> None:
        while head := await self._clerk.do(self._outbox.head, lane, READ_AHEAD):
            for outgoing in head:
                await self._deliver(lane, outgoing)

    async def _deliver(self, lane: Lane, outgoing: Outgoing) -> None:
        failures = 0
        while (outcome := await self._try(lane, outgoing)).answer is not Answer.ACCEPTED:
            failures += 1
            self._counts.webhooks.labels("postponed").inc()
            await self._clock.sleep(wait_s(failures, outcome.retry_after_s))
        await self._clerk.do(self._outbox.delivered, outgoing.place)
        self._counts.webhooks.labels("delivered").inc()

    async def _try(self, lane: Lane, outgoing: Outgoing) -> Outcome:
        async with self._slots:
            return await self._poster.post(lane.url, outgoing.body, TRY_S * self._clock.scale)
