"""The durable temper's outbox: webhooks on disk until the receiver has taken them, in order per chat and URL.

A file of its own with one table. An event leaves WhatsApp's queue only after it stands here; its name keeps one that
was written twice, because the process died in between, from being told twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import apsw
import msgspec

from unlost.gateway.population.database import read, rows, writing

SCHEMA = """
CREATE TABLE IF NOT EXISTS outgoing (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    url TEXT NOT NULL,
    chat TEXT NOT NULL,
    body BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS outgoing_lane ON outgoing (url, chat, place);
"""


class Outgoing(msgspec.Struct, frozen=True):
    """One webhook to one URL."""

    place: int
    body: bytes


class Lane(msgspec.Struct, frozen=True):
    """What is delivered one at a time: a chat, towards one URL."""

    url: str
    chat: str


class Entry(msgspec.Struct, frozen=True):
    """A webhook to be written down; *name* is the same each time the same event is taken."""

    name: str
    lane: Lane
    body: bytes


class Outbox:
    """The outgoing webhooks of one gateway. Every call that writes is one synced commit."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = apsw.Connection(str(path))
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        with writing(self._connection):
            self._connection.execute(SCHEMA)

    def put(self, entries: Iterable[Entry]) -> None:
        """Write *entries* down in this order; one whose name already stands here is left as it is."""
        values = [(one.name, one.lane.url, one.lane.chat, one.body) for one in entries]
        with writing(self._connection):
            self._connection.executemany(
                "INSERT OR IGNORE INTO outgoing (name, url, chat, body) VALUES (?, ?, ?, ?)", values
            )

    def lanes(self) -> list[Lane]:
        """The lanes that have something to deliver."""
        return read(Lane, rows(self._connection, "SELECT DISTINCT url, chat FROM outgoing"))

    def head(self, lane: Lane, limit: int) -> list[Outgoing]:
        """The next *limit* webhooks of *lane*."""
        sql = "SELECT place, body FROM outgoing WHERE url = ? AND chat = ? ORDER BY place LIMIT ?"
        found = rows(self._connection, sql, (lane.url, lane.chat, limit))
        return [Outgoing(place, body) for place, body in found]

    def delivered(self, place: int) -> None:
        """The receiver has it."""
        with writing(self._connection):
            self._connection.execute("DELETE FROM outgoing WHERE place = ?", (place,))

    def length(self) -> int:
        """How many webhooks stand here."""
        return int(rows(self._connection, "SELECT count(*) FROM outgoing")[0][0])

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()
