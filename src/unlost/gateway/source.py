"""Where one device's events wait until they are taken over, whichever engine brought them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Protocol

from unlost.gateway.events import Book
from unlost.gateway.population import Population
from unlost.gateway.population.chat_storage import Rules
from unlost.gateway.population.queue import Waiting


class Source(Protocol):
    """One reader at a time. `identity`, `head`, `book` and `accept` wait for the disk: they belong on the clerk's thread."""

    def is_open(self) -> bool:
        """True while its events may be taken."""
        ...

    def identity(self) -> str:
        """What no other source is called; with an event's place it names the event for ever."""
        ...

    def head(self, limit: int) -> list[Waiting]:
        """The first *limit* events, which stay where they are."""
        ...

    def book(self) -> Book:
        """What is known of people and their addresses now."""
        ...

    def accept(self, taken: Sequence[Waiting], book: Book, rules: Rules) -> None:
        """Chat storage has what *taken* says, and they wait no more. Repeating it after a crash changes nothing."""
        ...

    async def more(self, within_s: float) -> None:
        """Return when something may have come, at the latest after *within_s* or when it is looked at anyway."""
        ...


class PopulationSource:
    """WhatsApp's offline queue as the population's file keeps it; taken while *is_linked*."""

    def __init__(self, population: Population, is_linked: Callable[[], bool]) -> None:
        self._population = population
        self.is_open = is_linked

    def identity(self) -> str:
        return self._population.queue.identity()

    def head(self, limit: int) -> list[Waiting]:
        return self._population.queue.head(limit)

    def book(self) -> Book:
        return self._population.people.book()

    def accept(self, taken: Sequence[Waiting], book: Book, rules: Rules) -> None:
        """In one commit: that is GOWA's receipt (its page, 2.3)."""
        self._population.queue.accept(taken, book, rules)

    async def more(self, within_s: float) -> None:
        """Other processes write into the file, so it is looked at again and again."""
        await asyncio.sleep(within_s)
