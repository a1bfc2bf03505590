"""From WhatsApp's offline queue into chat storage and on to the webhooks, event by event in WhatsApp's order.

Order of writing, per batch: outbox (durable temper only), then storage and WhatsApp's receipt in one commit, then the
webhooks. A kill after the receipt loses GOWA's webhooks, and never a storage row or an outbox entry.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import apsw
import structlog

from unlost.gateway.clerk import Clerk
from unlost.gateway.counts import Counts
from unlost.gateway.deliveries import Delivery, Voice, deliveries_of
from unlost.gateway.durable_temper import DurableTemper
from unlost.gateway.events import Book
from unlost.gateway.faults import Faults
from unlost.gateway.gowa_temper import GowaTemper
from unlost.gateway.outbox import Entry, Lane, Outbox
from unlost.gateway.population import Population
from unlost.gateway.population.chat_storage import Rules
from unlost.gateway.population.queue import Waiting
from unlost.gateway.settings import Temper

log = structlog.get_logger("unlost.gateway")
DISK_WAIT_S = 1.0
Told = list[tuple[Waiting, list[Delivery]]]


class Intake:
    """Takes batches from the queue. *hand_over* gets what must be told now that WhatsApp's receipt is written."""

    def __init__(self, population: Population, clerk: Clerk, voice: Voice, faults: Faults, counts: Counts) -> None:
        self._population = population
        self._clerk = clerk
        self._voice = voice
        self._faults = faults
        self._counts = counts

    async def run(
        self,
        hand_over: Callable[[Told], None],
        keep: Callable[[Told], None],
        batch: int,
        every_s: float,
        is_up: Callable[[], bool],
    ) -> None:
        """Until cancelled, while *is_up*. *keep* runs before the receipt (on the clerk's thread), *hand_over* after it."""
        while True:
            try:
                taken = await self.once(hand_over, keep, batch) if is_up() else 0
            except apsw.Error as error:  # a full or locked disk: WhatsApp keeps the events until it is well again
                log.error("intake.postponed", error=type(error).__name__, message=str(error))
                taken = 0
                await asyncio.sleep(DISK_WAIT_S)
            if taken == 0:
                await asyncio.sleep(every_s)

    async def once(self, hand_over: Callable[[Told], None], keep: Callable[[Told], None], batch: int) -> int:
        """One batch; returns how many events it had."""
        told = await self._clerk.do(self._take, keep, batch)
        hand_over(told)
        self._counts.accepted.inc(len(told))
        return len(told)

    def _take(self, keep: Callable[[Told], None], batch: int) -> Told:
        queue = self._population.queue
        waiting = queue.head(batch)
        if not waiting:
            return []
        book = self._population.people.book()
        told = [(one, self._webhooks(one, book)) for one in waiting]
        keep(told)
        queue.accept(waiting, book, Rules(version=self._voice.version, now=datetime.now(UTC)))
        return told

    def _webhooks(self, waiting: Waiting, book: Book) -> list[Delivery]:
        deliveries = deliveries_of(waiting.event, waiting.fate, waiting.place, book, self._voice)
        return self._faults.apply(deliveries) if self._voice.temper is Temper.GOWA else deliveries


def into_memory(temper: GowaTemper) -> tuple[Callable[[Told], None], Callable[[Told], None]]:
    """GOWA's temper: nothing is kept, all is told."""

    def hand_over(told: Told) -> None:
        for _, deliveries in told:
            temper.send(deliveries)

    return hand_over, lambda told: None


def through_outbox(
    temper: DurableTemper, outbox: Outbox, population: Population, urls: tuple[str, ...]
) -> tuple[Callable[[Told], None], Callable[[Told], None]]:
    """The durable temper: kept in the outbox first, then its lanes are woken."""

    def hand_over(told: Told) -> None:
        temper.wake({Lane(url, one.chat) for _, deliveries in told for one in deliveries for url in urls})

    def keep(told: Told) -> None:
        outbox.put(
            Entry(f"{population.queue.name_of(waiting)}/{part}/{url}", Lane(url, one.chat), one.body)
            for waiting, deliveries in told
            for part, one in enumerate(deliveries)
            for url in urls
        )

    return hand_over, keep
