"""Where a worker's record waits to be taken over: into chat storage, and on to the webhooks."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence

import apsw

from unlost.gateway.engines.record import RecordReader
from unlost.gateway.events import Book, Notice
from unlost.gateway.population import chat_storage
from unlost.gateway.population.chat_storage import Rules
from unlost.gateway.population.database import writing
from unlost.gateway.population.fate import GOOD
from unlost.gateway.population.queue import Waiting

UNRECOVERED = "message.unrecovered"
LOOK_EVERY_S = 1.0  # the worker says when something came; this is for what it said to a gateway that died


class RecordSource:
    """The record of one device, whose WhatsApp has been told already that it was taken: so it is open whatever the link does.

    *lost* is told, on the clerk's thread, of each message that came and could not be read.
    """

    def __init__(
        self,
        reader: RecordReader,
        connection: apsw.Connection,
        account: Callable[[], str],
        lost: Callable[[Notice], None],
    ) -> None:
        self._reader = reader
        self._connection = connection
        self._account = account
        self._lost = lost
        self._came = asyncio.Event()

    def is_open(self) -> bool:
        return True

    def identity(self) -> str:
        return self._reader.identity()

    def head(self, limit: int) -> list[Waiting]:
        return [Waiting(one.place, one.event, GOOD) for one in self._reader.waiting(limit)]

    def book(self) -> Book:
        return Book(phones=self._reader.phones())

    def accept(self, taken: Sequence[Waiting], book: Book, rules: Rules) -> None:
        """Storage first, in one commit, then the mark in the record: what a crash between leaves is written over by itself."""
        device = self._account()
        with writing(self._connection):
            for waiting in taken:
                chat_storage.write(self._connection, device, waiting.event, waiting.fate, book, rules)
        self._reader.taken(taken[-1].place)
        for waiting in taken:
            if isinstance(waiting.event, Notice) and waiting.event.event == UNRECOVERED:
                self._lost(waiting.event)

    async def more(self, within_s: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._came.wait(), LOOK_EVERY_S)
        self._came.clear()

    def came(self) -> None:
        """The worker has written something down."""
        self._came.set()
