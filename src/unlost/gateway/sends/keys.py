"""The keys of sends, on disk: each with the id its message has on WhatsApp, and with the answer once there is one.

    chosen → begun → done        the engine's answer is kept and given again for every repeat
               ↓ ↑
               chosen            the engine proved that nothing was done
               ↓
             unknown             interrupted in an engine that took no id: for ever, since a repeat may be a second message

They stand in the file of chat storage, so that an answer and the row of its message are one commit.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import apsw
import msgspec

from unlost.gateway.population.database import rows, writing

KEEP = timedelta(days=400)  # as long as the bridge keeps its links; a repeat that late would be a new message
PRUNED_AT_ONCE = 500
SCHEMA = """
CREATE TABLE IF NOT EXISTS send_key (
    device TEXT NOT NULL,
    key TEXT NOT NULL,
    request BLOB NOT NULL,
    message_id TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('chosen', 'begun', 'done', 'unknown')),
    id_given INTEGER NOT NULL,
    answer BLOB NOT NULL,
    at REAL NOT NULL,
    PRIMARY KEY (device, key)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS send_key_age ON send_key (at) WHERE state = 'done';
"""


class KeyState(StrEnum):
    """How far a key has come."""

    CHOSEN = "chosen"
    BEGUN = "begun"
    DONE = "done"
    UNKNOWN = "unknown"


class Kept(msgspec.Struct, frozen=True):
    """One key's row. *request* is a digest of what was asked; *id_given*: the engine was handed *message_id*."""

    request: bytes
    message_id: str
    state: KeyState
    id_given: bool
    answer: bytes


class Keys:
    """The keys of one gateway. Every call that writes is one synced commit."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        with writing(connection):
            connection.execute(SCHEMA)

    def find(self, device: str, key: str) -> Kept | None:
        """What stands under *key*."""
        sql = "SELECT request, message_id, state, id_given, answer FROM send_key WHERE device = ? AND key = ?"
        for request, message_id, state, id_given, answer in rows(self._connection, sql, (device, key)):
            return Kept(request, message_id, KeyState(state), bool(id_given), answer)
        return None

    def begin(self, device: str, key: str, request: bytes, message_id: str, *, takes_ids: bool) -> Kept:
        """What stood under *key* as this send begins, with *message_id* where nothing did.

        A key of this request that is free to be sent (again) is *begun* when this returns, and tells the id to send under.
        """
        with writing(self._connection):
            kept = self.find(device, key)
            if kept is None:
                kept = Kept(request, message_id, KeyState.CHOSEN, takes_ids, b"")
            if kept.request != request or kept.state in (KeyState.DONE, KeyState.UNKNOWN):
                return kept
            if kept.state is KeyState.BEGUN and not (kept.id_given and takes_ids):
                kept = msgspec.structs.replace(kept, state=KeyState.UNKNOWN)
            else:
                kept = msgspec.structs.replace(kept, state=KeyState.BEGUN, id_given=takes_ids)
            self._write(device, key, kept)
        return kept

    def finish(self, device: str, key: str, answer: bytes, row: Callable[[], None]) -> None:
        """It was sent: *answer* is what every repeat gets; *row* writes its message into storage, in the same commit."""
        with writing(self._connection):
            row()
            kept = self._need(device, key)
            self._write(device, key, msgspec.structs.replace(kept, state=KeyState.DONE, answer=answer))

    def put_back(self, device: str, key: str) -> None:
        """Nothing was done: the key may be sent again, under the same id."""
        self._change(device, key, KeyState.CHOSEN)

    def doubt(self, device: str, key: str) -> None:
        """It may or may not have been sent, and nobody will ever know."""
        self._change(device, key, KeyState.UNKNOWN)

    def prune(self, now: datetime) -> int:
        """Forget up to PRUNED_AT_ONCE answers older than KEEP; returns how many. What is in doubt stays."""
        doomed = (
            "SELECT device, key FROM send_key WHERE state = 'done' AND at < ? LIMIT ?",
            ((now - KEEP).timestamp(), PRUNED_AT_ONCE),
        )
        with writing(self._connection):
            found = rows(self._connection, *doomed)
            self._connection.executemany("DELETE FROM send_key WHERE device = ? AND key = ?", found)
        return len(found)

    def _change(self, device: str, key: str, state: KeyState) -> None:
        with writing(self._connection):
            self._write(device, key, msgspec.structs.replace(self._need(device, key), state=state))

    def _need(self, device: str, key: str) -> Kept:
        kept = self.find(device, key)
        assert kept is not None, "a key is begun before it ends"
        return kept

    def _write(self, device: str, key: str, kept: Kept) -> None:
        row = (device, key, kept.request, kept.message_id, kept.state.value, kept.id_given, kept.answer)
        self._connection.execute(
            "INSERT OR REPLACE INTO send_key VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (*row, datetime.now(UTC).timestamp())
        )
