"""The numbered feed: every event of the last days under its number, its body exactly as the webhook has it.

Numbers begin at 1, grow by one and are never used again while the file lives; *identity* names the file, so that a reader notices
when it began anew. An event that is put in twice, because the process died in between, keeps its first number.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import apsw
import msgspec

from unlost.gateway.population.database import rows, writing

SCHEMA = """
CREATE TABLE IF NOT EXISTS identity (name TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS held (size_bytes INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS event (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    at REAL NOT NULL,
    chat TEXT NOT NULL,
    body BLOB NOT NULL
);
"""
PRUNE_MAX = 500  # rows in one transaction, so that no new event waits long behind it
PAGE_BYTES_MAX = 4 * 1024 * 1024  # of bodies in one page; as JSON text twice that, half of what a bridge takes


class Promise(msgspec.Struct, frozen=True):
    """An event that is to be told; *name* is the same each time the same event is taken, *chat* orders it."""

    name: str
    chat: str
    body: bytes


class FeedEvent(msgspec.Struct, frozen=True):
    """One event of the feed. *at*: when it was written down, epoch seconds."""

    number: int
    at: float
    chat: str
    body: bytes


class Extent(msgspec.Struct, frozen=True):
    """What a feed holds: *oldest* to *newest* without a hole; *oldest* is *newest* + 1 where it is empty."""

    identity: str
    oldest: int
    newest: int


@dataclass(frozen=True)
class Bounds:
    """What is older, or in excess of so many bytes of bodies, goes: the oldest first."""

    age_s: float
    size_bytes: int


class Feed:
    """The feed of one gateway. Every call that writes is one synced commit; raises apsw.Error where the disk is full or locked."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)  # customers' words: for this user alone
        self._connection = apsw.Connection(str(path))
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        with writing(self._connection):
            self._connection.execute(SCHEMA)
            if not rows(self._connection, "SELECT 1 FROM identity"):
                self._connection.execute("INSERT INTO identity VALUES (?)", (secrets.token_hex(8),))
                self._connection.execute("INSERT INTO held VALUES (0)")

    def put(self, promises: Iterable[Promise], at: float) -> list[int]:
        """The numbers of *promises*, in their order: given now, or before where the name stands already."""
        with writing(self._connection):
            return [self._numbered(promise, at) for promise in promises]

    def after(self, number: int, limit: int) -> list[FeedEvent]:
        """At most *limit* events above *number*, and no more than PAGE_BYTES_MAX of them, but one at the least."""
        sql = "SELECT number, at, chat, body FROM event WHERE number > ? ORDER BY number LIMIT ?"
        page: list[FeedEvent] = []
        size_bytes = 0
        for row in self._connection.execute(sql, (number, limit)):
            event = FeedEvent(*row)
            size_bytes += len(event.body)
            if page and size_bytes > PAGE_BYTES_MAX:
                break
            page.append(event)
        return page

    def latest(self, limit: int) -> list[tuple[str, FeedEvent]]:
        """The last *limit* events with their names, the newest first."""
        sql = "SELECT name, number, at, chat, body FROM event ORDER BY number DESC LIMIT ?"
        return [(name, FeedEvent(*row)) for name, *row in self._connection.execute(sql, (limit,))]

    def extent(self) -> Extent:
        """From which number to which."""
        sql = """SELECT identity.name, (SELECT min(number) FROM event),
                        (SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'event') FROM identity"""
        identity, oldest, newest = rows(self._connection, sql)[0]
        return Extent(identity, newest + 1 if oldest is None else oldest, newest)

    def prune(self, bounds: Bounds, now: float) -> int:
        """Take away what is out of bounds, at most PRUNE_MAX events; how many. To be called again while it takes that many."""
        with writing(self._connection):
            excess = rows(self._connection, "SELECT size_bytes FROM held")[0][0] - bounds.size_bytes
            gone = self._out_of_bounds(now - bounds.age_s, excess)
            if gone:
                self._connection.execute("DELETE FROM event WHERE number <= ?", (gone[-1][0],))
                self._held_more(-sum(size_bytes for _, size_bytes in gone))
        return len(gone)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _numbered(self, promise: Promise, at: float) -> int:
        found = rows(self._connection, "SELECT number FROM event WHERE name = ?", (promise.name,))
        if found:
            return int(found[0][0])
        values = (promise.name, at, promise.chat, promise.body)
        self._connection.execute("INSERT INTO event (name, at, chat, body) VALUES (?, ?, ?, ?)", values)
        self._held_more(len(promise.body))
        return self._connection.last_insert_rowid()

    def _out_of_bounds(self, before: float, excess_bytes: int) -> Sequence[tuple[int, int]]:
        """(number, size) of the oldest events that are too old or too much."""
        gone: list[tuple[int, int]] = []
        for number, at, size_bytes in rows(
            self._connection, "SELECT number, at, length(body) FROM event ORDER BY number LIMIT ?", (PRUNE_MAX,)
        ):
            if at >= before and excess_bytes <= 0:
                break
            gone.append((number, size_bytes))
            excess_bytes -= size_bytes
        return gone

    def _held_more(self, size_bytes: int) -> None:
        self._connection.execute("UPDATE held SET size_bytes = size_bytes + ?", (size_bytes,))
