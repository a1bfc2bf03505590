"""Where rows outlive the process: one SQLite table of rows as JSON, or nothing at all for a simulation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

import apsw
import msgspec

from unlost.desk.rows import Contact, ContactInbox, Conversation, Inbox, Message, Row, User
from unlost.desk.rows import Sequence as SequenceRow
from unlost.desk.tables import Change

SCHEMA = """
CREATE TABLE IF NOT EXISTS desk_row (
  kind TEXT NOT NULL, id INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (kind, id)
) WITHOUT ROWID
"""
PUT = "INSERT INTO desk_row (kind, id, body) VALUES (?1, ?2, ?3) ON CONFLICT (kind, id) DO UPDATE SET body = ?3"
DROP = "DELETE FROM desk_row WHERE kind = ?1 AND id = ?2"
LOAD = "SELECT kind, body FROM desk_row ORDER BY kind, id"

KINDS: dict[str, type[Row]] = {
    "user": User,
    "inbox": Inbox,
    "contact": Contact,
    "contact_inbox": ContactInbox,
    "conversation": Conversation,
    "message": Message,
    "sequence": SequenceRow,
}


class Store(Protocol):
    """Keeps rows between two lives of the helpdesk."""

    def load(self) -> Iterator[tuple[str, Row]]:
        """Every row kept, in id order per kind."""

    def commit(self, changes: Sequence[Change]) -> None:
        """Keep all of *changes* or none; when it returns they survive the death of the process."""

    def close(self) -> None:
        """Give the file back."""


class MemoryStore:
    """Keeps nothing: the tables in memory are all there is."""

    def load(self) -> Iterator[tuple[str, Row]]:
        """No rows."""
        return iter(())

    def commit(self, changes: Sequence[Change]) -> None:
        """Nothing to do."""

    def close(self) -> None:
        """Nothing to give back."""


class SqliteStore:
    """Keeps rows in `desk.db`. Survives kill -9; after a power cut the last moments may be missing (NORMAL)."""

    def __init__(self, path: Path) -> None:
        self._connection = apsw.Connection(str(path))
        self._connection.set_busy_timeout(5000)
        for pragma in ("journal_mode = WAL", "synchronous = NORMAL"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.execute(SCHEMA)
        self._unkept: list[Change] = []

    def load(self) -> Iterator[tuple[str, Row]]:
        """Every row kept, in id order per kind."""
        for kind, body in self._connection.execute(LOAD):
            yield str(kind), msgspec.json.decode(body, type=KINDS[str(kind)])

    def commit(self, changes: Sequence[Change]) -> None:
        """Keep *changes* in one transaction. What a full disk refused is kept along with the next commit."""
        self._unkept.extend(changes)
        with self._connection:
            for kind, row_id, row in self._unkept:
                if row is None:
                    self._connection.execute(DROP, (kind, row_id))
                else:
                    self._connection.execute(PUT, (kind, row_id, msgspec.json.encode(row)))
        self._unkept.clear()

    def close(self) -> None:
        """Give the file back."""
        self._connection.close()
