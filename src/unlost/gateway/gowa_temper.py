"""GOWA's temper: every webhook from memory, all at once, in no order, given up after its tries, gone with the process."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from unlost.gateway.clock import ScaledClock
from unlost.gateway.counts import Counts
from unlost.gateway.deliveries import Delivery
from unlost.gateway.tries import Tries


class GowaTemper:
    """The webhooks under way. There is no bound on them and no order among them, as in GOWA (its page, 2.2)."""

    def __init__(self, tries: Tries, clock: ScaledClock, counts: Counts) -> None:
        self._tries = tries
        self._clock = clock
        self._counts = counts
        self._under_way: set[asyncio.Task[None]] = set()

    def send(self, deliveries: Iterable[Delivery]) -> None:
        """Start *deliveries*; returns at once."""
        for delivery in deliveries:
            task = asyncio.create_task(self._deliver(delivery))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    async def stop(self) -> None:
        """End: what is under way is not awaited (GOWA page, 2.3), it is lost."""
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _deliver(self, delivery: Delivery) -> None:
        await self._clock.sleep(delivery.start_s)
        taken = await self._tries.deliver(delivery.body, delivery.download_s)
        self._counts.webhooks.labels("delivered" if taken else "lost").inc()
