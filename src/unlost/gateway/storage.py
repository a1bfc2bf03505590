"""One device's chat storage, to be read page by page and added to: what `/chats` and `/chat/{jid}/messages` tell.

It is the same file whichever engine speaks, written before any webhook starts.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import apsw

from unlost.gateway.engines.outgoing import Target
from unlost.gateway.events import Content, Device, Message
from unlost.gateway.population import chat_storage, storage_reading
from unlost.gateway.population.database import writing
from unlost.gateway.population.fate import GOOD
from unlost.gateway.population.people import People
from unlost.gateway.versions import Version


class Storage:
    """Chat storage of *device*; every call may wait for the disk, so it belongs on the clerk's thread."""

    def __init__(self, connection: apsw.Connection, device: Device, version: Version) -> None:
        self.connection = connection
        self.device = device
        self._version = version
        self._people = People(connection)

    def write(self, row: Callable[[], None]) -> None:
        """Do *row* in a transaction of its own."""
        with writing(self.connection):
            row()

    def write_own(self, message_id: str, chat: str, content: Content, at: datetime) -> None:
        """Write down what the account said through the API (GOWA page, 4), inside the caller's transaction."""
        event = Message(message_id, chat, self.device.jid, at, content, self.device.name, from_me=True)
        rules = chat_storage.Rules(version=self._version, now=datetime.now(UTC))
        chat_storage.write(self.connection, self.device.jid, event, GOOD, self._people.book(), rules)

    def target(self, message_id: str, chat: str) -> Target | None:
        """The stored message of this id in *chat*; None where storage does not have it."""
        stored = chat_storage.stored_jid(chat, self._people.book())
        found = storage_reading.message_in(self.connection, self.device.jid, stored, message_id)
        if found is None:
            return None
        return Target(found.id, chat, found.sender_jid, found.is_from_me, found.content)

    def forget(self) -> None:
        """Delete all of this device's chats, as GOWA does when a device is removed (its page, 4)."""
        with writing(self.connection):
            for table in ("chat", "message", "reaction"):
                self.connection.execute(f"DELETE FROM {table} WHERE device = ?", (self.device.jid,))  # noqa: S608  ours

    def is_writable(self) -> bool:
        """True if the disk takes a commit now."""
        try:
            with writing(self.connection):
                self.connection.execute(
                    "INSERT INTO pulse VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET beats = beats + 1"
                )
        except apsw.Error:
            return False
        return True
