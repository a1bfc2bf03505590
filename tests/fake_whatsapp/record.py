"""Everything that was said, both ways, with its time; and waiting for what is still to be said."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum

from tests.fake_whatsapp.stanza import Stanza


class Direction(Enum):
    """Seen from the client under test."""

    SENT = "client to server"
    GIVEN = "server to client"


@dataclass(frozen=True)
class Recorded:
    """One stanza; *at_s* is the system's wall clock when it was decoded, or just before it was written."""

    number: int
    at_s: float
    direction: Direction
    account: str
    """The user of the device on the other end; empty while it is not logged in."""
    stanza: Stanza


Predicate = Callable[[Recorded], bool]


class Record:
    """A list that only grows; `sent` and `given` read it, `wait_for` waits for an entry."""

    def __init__(self) -> None:
        self._entries: list[Recorded] = []
        self._waiting: list[tuple[Predicate, asyncio.Future[Recorded]]] = []

    def __iter__(self) -> Iterator[Recorded]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, direction: Direction, account: str, stanza: Stanza) -> None:
        entry = Recorded(len(self._entries), time.time(), direction, account, stanza)
        self._entries.append(entry)
        for predicate, future in self._waiting:
            if not future.done() and predicate(entry):
                future.set_result(entry)

    def sent(self, tag: str = "", **attrs: str) -> list[Recorded]:
        """What the client sent, of that tag, with those attributes; names as in `stanza()`."""
        return [entry for entry in self._entries if _fits(entry, Direction.SENT, tag, attrs)]

    def given(self, tag: str = "", **attrs: str) -> list[Recorded]:
        """What the server sent, likewise."""
        return [entry for entry in self._entries if _fits(entry, Direction.GIVEN, tag, attrs)]

    async def wait_for(self, predicate: Predicate, within_s: float, *, after: int = 0) -> Recorded:
        """The first entry from number *after* on that *predicate* holds for, past or to come; TimeoutError after *within_s*."""
        for entry in self._entries[after:]:
            if predicate(entry):
                return entry
        future: asyncio.Future[Recorded] = asyncio.get_running_loop().create_future()
        waiting = (predicate, future)
        self._waiting.append(waiting)
        try:
            return await asyncio.wait_for(future, within_s)
        finally:
            self._waiting.remove(waiting)


def sent(tag: str, **attrs: str) -> Predicate:
    """True of a stanza from the client, of that tag, with those attributes."""
    return lambda entry: _fits(entry, Direction.SENT, tag, attrs)


def _fits(entry: Recorded, direction: Direction, tag: str, attrs: dict[str, str]) -> bool:
    if entry.direction is not direction or (tag and entry.stanza.tag != tag):
        return False
    return all(entry.stanza.attrs.get(name.rstrip("_")) == value for name, value in attrs.items())
