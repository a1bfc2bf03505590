"""WhatsApp's offline queue for one device: it keeps an event until a gateway has accepted it."""

from __future__ import annotations

from collections.abc import Iterable

import apsw
import msgspec

from unlost.gateway.events import Book, Event
from unlost.gateway.population import chat_storage
from unlost.gateway.population.database import rows, writing
from unlost.gateway.population.fate import Fate

_event = msgspec.json.Decoder(Event)
_fate = msgspec.json.Decoder(Fate)


class Waiting(msgspec.Struct, frozen=True):
    """An event that WhatsApp still keeps, with the place it came in."""

    place: int
    event: Event
    fate: Fate


class Queue:
    """The events that wait for one device, in WhatsApp's order. One gateway reads it at a time."""

    def __init__(self, connection: apsw.Connection, device: str) -> None:
        self._connection = connection
        self._device = device

    def put(self, event: Event, fate: Fate) -> None:
        """Append *event*, inside the caller's transaction."""
        self._connection.execute(
            "INSERT INTO waiting (device, event, fate) VALUES (?, ?, ?)",
            (self._device, msgspec.json.encode(event), msgspec.json.encode(fate)),
        )

    def head(self, limit: int) -> list[Waiting]:
        """The first *limit* events, which stay where they are."""
        sql = "SELECT place, event, fate FROM waiting WHERE device = ? ORDER BY place LIMIT ?"
        found = rows(self._connection, sql, (self._device, limit))
        return [Waiting(place, _event.decode(event), _fate.decode(fate)) for place, event, fate in found]

    def accept(self, taken: Iterable[Waiting], book: Book, storage: chat_storage.Rules) -> None:
        """In one transaction: storage has what *taken* says, and WhatsApp never delivers it again.

        That is GOWA's receipt: after the storage write and independent of any webhook (its page, 2.3).
        """
        with writing(self._connection):
            for waiting in taken:
                chat_storage.write(self._connection, self._device, waiting.event, waiting.fate, book, storage)
                self._connection.execute("DELETE FROM waiting WHERE place = ?", (waiting.place,))

    def name_of(self, waiting: Waiting) -> str:
        """A name for *waiting* that no other event of any population has."""
        return f"{self.identity()}/{waiting.place}"

    def identity(self) -> str:
        """What no other population is called."""
        return str(rows(self._connection, "SELECT name FROM identity")[0][0])

    def length(self) -> int:
        """How many events wait."""
        return int(rows(self._connection, "SELECT count(*) FROM waiting WHERE device = ?", (self._device,))[0][0])
