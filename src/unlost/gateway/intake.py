"""From where a device's events wait into chat storage and on to the webhooks, event by event in WhatsApp's order.

Order of writing, per batch: outbox (durable temper only), then storage, then the events wait no more. GOWA's webhooks start
after that. A kill after it loses GOWA's webhooks, and never a storage row or an outbox entry.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import apsw
import structlog

from unlost.errors import NotCommitted
from unlost.gateway.clerk import Clerk
from unlost.gateway.counts import Counts
from unlost.gateway.deliveries import Delivery, Voice, deliveries_of
from unlost.gateway.events import Book
from unlost.gateway.faults import Faults
from unlost.gateway.feed import Promise
from unlost.gateway.gowa_temper import GowaTemper
from unlost.gateway.outbox import Outbox
from unlost.gateway.population.chat_storage import Rules
from unlost.gateway.population.queue import Waiting
from unlost.gateway.settings import Temper
from unlost.gateway.source import Source

log = structlog.get_logger("unlost.gateway")
DISK_WAIT_S = 1.0
Told = list[tuple[Waiting, list[Delivery]]]
Keep = Callable[[str, Told], Awaitable[None]]
"""Makes durable what is told; the first is the source's identity."""
HandOver = Callable[[Told], None]


class Intake:
    """Takes batches from *source*. *hand_over* gets what must be told now that the events wait no more."""

    def __init__(self, source: Source, clerk: Clerk, voice: Voice, faults: Faults, counts: Counts) -> None:
        self._source = source
        self._clerk = clerk
        self._voice = voice
        self._faults = faults
        self._counts = counts

    async def run(self, hand_over: HandOver, keep: Keep, batch: int, every_s: float) -> None:
        """Until cancelled. *keep* makes durable before the events are let go of, *hand_over* runs after it.

        On a full or locked disk they wait on until it is well again.
        """
        while True:
            try:
                taken = await self.once(hand_over, keep, batch) if self._source.is_open() else 0
            except (apsw.Error, NotCommitted) as error:
                log.error("intake.postponed", error=type(error).__name__, message=str(error))
                taken = 0
                await asyncio.sleep(DISK_WAIT_S)
            if taken == 0:
                await self._source.more(every_s)

    async def once(self, hand_over: HandOver, keep: Keep, batch: int) -> int:
        """One batch; returns how many events it had."""
        book, told = await self._clerk.do(self._look, batch)
        if told:
            await keep(await self._clerk.do(self._source.identity), told)
            await self._clerk.do(self._accept, told, book)
            hand_over(told)
            self._counts.accepted.inc(len(told))
        return len(told)

    def _look(self, batch: int) -> tuple[Book, Told]:
        """What waits, and the webhooks it becomes; it stays where it is."""
        waiting = self._source.head(batch)
        if not waiting:
            return Book(), []
        book = self._source.book()
        return book, [(one, self._webhooks(one, book)) for one in waiting]

    def _accept(self, told: Told, book: Book) -> None:
        rules = Rules(version=self._voice.version, now=datetime.now(UTC))
        self._source.accept([waiting for waiting, _ in told], book, rules)

    def _webhooks(self, waiting: Waiting, book: Book) -> list[Delivery]:
        deliveries = deliveries_of(waiting.event, waiting.fate, waiting.place, book, self._voice)
        return self._faults.apply(deliveries) if self._voice.temper is Temper.GOWA else deliveries


def into_memory(temper: GowaTemper) -> tuple[HandOver, Keep]:
    """GOWA's temper: nothing is kept, all is told."""

    def hand_over(told: Told) -> None:
        for _, deliveries in told:
            temper.send(deliveries)

    async def keep(identity: str, told: Told) -> None:
        return None

    return hand_over, keep


def through_outbox(outbox: Outbox, urls: tuple[str, ...]) -> tuple[HandOver, Keep]:
    """The durable temper: kept in the outbox, whose lanes hear of it by themselves."""

    async def keep(identity: str, told: Told) -> None:
        promises = [
            Promise(f"{identity}/{waiting.place}/{part}", one.chat, one.body)
            for waiting, deliveries in told
            for part, one in enumerate(deliveries)
        ]
        await outbox.keep(promises, urls)

    return lambda told: None, keep
