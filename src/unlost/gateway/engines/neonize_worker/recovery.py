"""Before the engine starts: its store is looked at, and what a crash left in flight is made readable again.

A message that was decrypted but not recorded when the process died comes again, for it was not acknowledged; but its key is
used up, and the engine would drop and acknowledge it ("old counter"). So the sessions of its senders are forgotten. It
then cannot be read, and the engine itself asks the sender to encrypt it again (engine-feasibility, 5.3 d).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import apsw

from unlost.gateway.addresses import LID_SERVER, server_of, user_of
from unlost.gateway.engines.record import Seen

LID_SUFFIX = "_1"  # whatsmeow's Signal address of a LID: user_1:device (types/jid.go, SignalAddressUser)


class StoreDamaged(Exception):
    """The engine's store is not what it was. Nothing is done about it without a person: never a silent new pairing."""


class EngineStore:
    """The engine's SQLite store, opened while no engine runs. Raises StoreDamaged."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
            verdict = self._rows("PRAGMA quick_check(1)")[0][0]
        except apsw.Error as error:
            raise StoreDamaged(f"{path.name}: {error}") from error
        if verdict != "ok":
            raise StoreDamaged(f"{path.name}: {verdict}")

    def is_paired(self) -> bool:
        """True if it holds a linked device."""
        return bool(self._has("whatsmeow_device") and self._rows("SELECT 1 FROM whatsmeow_device LIMIT 1"))

    def forget_sessions(self, seen: Iterable[Seen]) -> int:
        """Forget what would read these messages; returns how many sessions and sender keys that were."""
        if not self._has("whatsmeow_sessions"):
            return 0
        forgotten = 0
        with self._connection:
            for one in seen:
                for user in self._signal_users(one):
                    forgotten += self._forget(one.chat, user)
        return forgotten

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _forget(self, chat: str, user: str) -> int:
        device, sender_keys = f"{user}:", "DELETE FROM whatsmeow_sender_keys WHERE chat_id = ? AND "
        start = (len(device), device)
        sessions = "DELETE FROM whatsmeow_sessions WHERE substr(their_id, 1, ?) = ? RETURNING 1"
        return len(self._rows(sessions, start)) + len(
            self._rows(sender_keys + "substr(sender_id, 1, ?) = ? RETURNING 1", (chat, *start))
        )

    def _signal_users(self, seen: Seen) -> frozenset[str]:
        """Every sender the stanza names, as phone number and as LID, in the store's own spelling."""
        phones: set[str] = set()
        lids: set[str] = set()
        for address in {*seen.addresses, seen.chat, seen.sender} - {""}:
            (lids if server_of(address) == LID_SERVER else phones).add(user_of(address))
        for phone in tuple(phones):
            lids.update(str(lid) for (lid,) in self._rows("SELECT lid FROM whatsmeow_lid_map WHERE pn = ?", (phone,)))
        for lid in tuple(lids):
            phones.update(
                str(phone) for (phone,) in self._rows("SELECT pn FROM whatsmeow_lid_map WHERE lid = ?", (lid,))
            )
        return frozenset(phones | {lid + LID_SUFFIX for lid in lids})

    def _has(self, table: str) -> bool:
        return bool(self._rows("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)))

    def _rows(self, sql: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql, values).fetchall()
