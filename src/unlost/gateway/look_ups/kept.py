"""What is remembered of profile pictures: shown under which id, hidden, or none. On disk: a restart asks nobody again."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

import apsw
import msgspec

from unlost.gateway.population.database import read, rows, writing

KEPT_MOST = 100_000  # people of one gateway; 200 bytes each are 20 MB. The longest unasked go first
FORGOTTEN_AT_ONCE = 1_000
SCHEMA = """
CREATE TABLE IF NOT EXISTS picture (
    device TEXT NOT NULL,
    jid TEXT NOT NULL,
    preview INTEGER NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('shown', 'hidden', 'none')),
    picture_id TEXT NOT NULL,
    url TEXT NOT NULL,
    at REAL NOT NULL,
    PRIMARY KEY (device, jid, preview)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS picture_age ON picture (at);
"""


class Verdict(StrEnum):
    """Whether a picture can be had."""

    SHOWN = "shown"
    HIDDEN = "hidden"
    NONE = "none"


class Asked(msgspec.Struct, frozen=True):
    """Whose picture: as this device sees it, small or whole."""

    device: str
    jid: str
    preview: bool


class Remembered(msgspec.Struct, frozen=True):
    """What WhatsApp said *at* (seconds since 1970)."""

    verdict: Verdict
    picture_id: str
    url: str
    at: float


class KeptPictures:
    """All that is remembered. A loss of power may lose the last few: they are asked again."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = apsw.Connection(str(path))
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        with writing(self._connection):
            self._connection.execute(SCHEMA)

    def find(self, asked: Asked) -> Remembered | None:
        """What is known of this picture."""
        sql = "SELECT verdict, picture_id, url, at FROM picture WHERE device = ? AND jid = ? AND preview = ?"
        found = rows(self._connection, sql, (asked.device, asked.jid, asked.preview))
        return next(iter(read(Remembered, found)), None)

    def keep(self, asked: Asked, told: Remembered) -> None:
        """Remember *told*."""
        row = (asked.device, asked.jid, asked.preview, told.verdict.value, told.picture_id, told.url, told.at)
        with writing(self._connection):
            self._connection.execute("INSERT OR REPLACE INTO picture VALUES (?, ?, ?, ?, ?, ?, ?)", row)
            (count,) = rows(self._connection, "SELECT count(*) FROM picture")[0]
            if count > KEPT_MOST:
                self._connection.execute(
                    "DELETE FROM picture WHERE (device, jid, preview) IN"
                    " (SELECT device, jid, preview FROM picture ORDER BY at LIMIT ?)",
                    (FORGOTTEN_AT_ONCE,),
                )

    def seen(self, device: str, jid: str, picture_id: str) -> None:
        """WhatsApp tells that this is the picture's id now: what is remembered otherwise is forgotten."""
        with writing(self._connection):
            self._connection.execute(
                "DELETE FROM picture WHERE device = ? AND jid = ? AND picture_id <> ?", (device, jid, picture_id)
            )

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()
