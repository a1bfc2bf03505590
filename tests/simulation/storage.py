"""The gateway's chat storage in memory: what GOWA writes down of an event, and how its queries read it (its page, section 4)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, unquote

import msgspec

from unlost.gateway import wire_rest
from unlost.gateway.events import Book, Device, Edit, Event, Message, Reaction, Revoke
from unlost.gateway.population.chat_storage import EDITS_SINCE, row_of, stored_jid, stored_time
from unlost.gateway.population.storage_reading import StoredChat, StoredMessage
from unlost.gateway.versions import Version


@dataclass(slots=True)
class Storage:
    """Survives every restart of the gateway."""

    _chats: dict[str, StoredChat] = field(default_factory=dict)
    _messages: dict[str, dict[str, StoredMessage]] = field(default_factory=dict)

    def write(self, event: Event, book: Book, version: Version, now: float) -> bool:
        """Write down what storage keeps of *event*; True where that is a row of its own."""
        if not isinstance(event, Message):
            return False
        chat, at = stored_jid(event.chat, book), stored_time(datetime.fromtimestamp(now, UTC))
        before = self._chats.get(chat)
        created = before.created_at if before else at
        self._chats[chat] = StoredChat(chat, chat, stored_time(event.at), created, at)
        rows = self._messages.setdefault(chat, {})
        match event.content:
            case Edit(target=target, text=str(text)) if version >= EDITS_SINCE and target in rows:
                rows[target] = msgspec.structs.replace(rows[target], content=text, updated_at=at)
                return False
            case Reaction() | Edit() | Revoke():
                return False
            case _:
                pass
        row = row_of(event.content, version)
        if row is None:
            return False
        rows[event.id] = StoredMessage(
            id=event.id,
            chat_jid=chat,
            sender_jid=stored_jid(event.sender, book),
            content=row.content,
            timestamp=stored_time(event.at),
            is_from_me=event.from_me,
            media_type=row.media_type,
            filename=row.filename,
            url=row.url,
            file_length=row.file_length,
            call_metadata="",
            path=row.path,
            created_at=at,
            updated_at=at,
        )
        return True

    def answer(self, path: str, query: str, device: Device, book: Book, version: Version) -> dict[str, Any] | None:
        """`/chats` and `/chat/{jid}/messages`; None for any other path."""
        asked = {name: values[0] for name, values in parse_qs(query).items()}
        limit, offset = int(asked.get("limit", 25)), int(asked.get("offset", 0))
        if path == "/chats":
            chats = sorted(self._chats.values(), key=lambda chat: chat.last_message_time, reverse=True)
            return wire_rest.chats(chats[offset : offset + limit], limit, offset, len(chats))
        if not (path.startswith("/chat/") and path.endswith("/messages")):
            return None
        jid = unquote(path.split("/")[2])
        rows = sorted(self._messages.get(jid, {}).values(), key=lambda row: row.timestamp, reverse=True)
        found = [row for row in rows if _within(row, asked)]
        shown = [wire_rest.message(row, (), device, book, version) for row in found[offset : offset + limit]]
        return wire_rest.messages(shown, self._chats.get(jid), limit, offset, len(rows))


def _within(row: StoredMessage, asked: dict[str, str]) -> bool:
    """Compared as text, in the zone of the asker."""
    start, end = asked.get("start_time"), asked.get("end_time")
    at = row.timestamp
    if start and at < stored_time(datetime.fromisoformat(start.replace("Z", "+00:00"))):
        return False
    return not (end and at > stored_time(datetime.fromisoformat(end.replace("Z", "+00:00"))))
