"""The slots a device can be linked in, on disk: made by settings or by POST /devices, gone with DELETE."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import apsw
import msgspec

from unlost.gateway.population.database import read, rows, writing

SCHEMA = """
CREATE TABLE IF NOT EXISTS slot (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    created_at TEXT NOT NULL
) WITHOUT ROWID;
"""


class Slot(msgspec.Struct, frozen=True):
    """One slot: its id under /devices, the name it is shown by, and since when it is there."""

    id: str
    name: str
    created_at: datetime


class Roll:
    """All slots. Every call that writes is one synced commit."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = apsw.Connection(str(path))
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        with writing(self._connection):
            self._connection.execute(SCHEMA)

    def slots(self) -> list[Slot]:
        """All of them, the oldest first."""
        return read(Slot, rows(self._connection, "SELECT id, name, created_at FROM slot ORDER BY created_at, id"))

    def put(self, slot_id: str, name: str) -> Slot:
        """The slot of this id; made now where there is none."""
        now = datetime.now(UTC).isoformat()
        with writing(self._connection):
            self._connection.execute("INSERT OR IGNORE INTO slot VALUES (?, ?, ?)", (slot_id, name, now))
        return next(slot for slot in self.slots() if slot.id == slot_id)

    def remove(self, slot_id: str) -> None:
        """Forget the slot."""
        with writing(self._connection):
            self._connection.execute("DELETE FROM slot WHERE id = ?", (slot_id,))

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()
