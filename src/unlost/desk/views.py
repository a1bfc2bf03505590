"""What the page shows: conversations and messages as a person reads them, from the world's rows. Bounded."""

from __future__ import annotations

import heapq
from bisect import bisect_left
from datetime import UTC, datetime

import msgspec

from unlost.desk.blob_links import disk_path
from unlost.desk.rows import ACTIVITY, INCOMING, Attachment, Contact, Conversation, Message
from unlost.desk.shown_text import Run, name_shown, plain, runs_of, shortened, size_shown
from unlost.desk.tables import Tables

CARDS_MAX = 60
BUBBLES_MAX = 120
TEXT_SHOWN_CHARS = 3000
SNIPPET_CHARS = 110
FRESH_S = 60
HUES = 8


class Card(msgspec.Struct, frozen=True):
    """One line of the list."""

    id: int
    name: str
    initial: str
    hue: int
    avatar: str
    snippet: str
    at: str
    status: str
    unread: int
    failed: bool
    is_chosen: bool


class File(msgspec.Struct, frozen=True):
    """One file of a message. *kind*: image, audio, video or file; *ending*: of its name, at most four characters."""

    name: str
    url: str
    kind: str
    ending: str
    size: str


class Quote(msgspec.Struct, frozen=True):
    """The message another one answers."""

    id: int
    sender: str
    text: str


class Bubble(msgspec.Struct, frozen=True):
    """One message."""

    id: int
    side: str  # in, out, note or activity
    sender: str
    runs: tuple[Run, ...]
    is_deleted: bool
    at: str
    status: str
    error: str
    quote: Quote | None
    files: tuple[File, ...]


class Thread(msgspec.Struct, frozen=True):
    """One conversation with some of its messages, oldest first. *older_than*: older ones stand before this id; *is_past*: newer ones
    stand behind the last.
    """

    card: Card
    phone: str
    bubbles: tuple[Bubble, ...]
    older_than: int | None
    is_past: bool


class Totals(msgspec.Struct, frozen=True):
    """The numbers on top."""

    conversations: int
    messages: int
    fresh: int


def iso(at: float) -> str:
    """UTC, to the second."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Views:
    """Reads the tables; changes nothing."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def totals(self, now: float) -> Totals:
        """How much there is, and how much came in the last minute (counted up to a thousand)."""
        messages, fresh = self._tables.messages, 0
        for message_id in range(messages.highest, max(0, messages.highest - 1000), -1):
            row = messages.rows.get(message_id)
            if row is not None and row.created_at < now - FRESH_S:
                break
            fresh += row is not None and row.message_type != ACTIVITY
        return Totals(len(self._tables.conversations.rows), len(messages.rows), fresh)

    def cards(self, chosen: int | None, now: float) -> list[Card]:
        """The conversations with the newest activity."""
        rows = self._tables.conversations.rows.values()
        newest = heapq.nlargest(CARDS_MAX, rows, key=lambda row: (row.last_activity_at, row.id))
        return [self.card(row, chosen, now) for row in newest]

    def card(self, row: Conversation, chosen: int | None, now: float) -> Card:
        """One conversation in a line."""
        contact = self._tables.contacts.rows[row.contact_id]
        last = self._last(row, now)
        name = name_shown(contact.name or contact.phone_number or contact.identifier or f"Contact {contact.id}")
        return Card(
            id=row.id,
            name=name,
            initial=next((char.upper() for char in name if char.isalnum()), "?"),
            hue=contact.id % HUES,
            avatar=disk_path(contact.avatar, "avatar") if contact.avatar else "",
            snippet=self._snippet(last),
            at=iso(row.last_activity_at),
            status=row.status,
            unread=self._unread(row),
            failed=last is not None and last.status == "failed",
            is_chosen=row.id == chosen,
        )

    def _last(self, row: Conversation, now: float) -> Message | None:
        messages = self._tables.messages
        for message_id in reversed(messages.ids(0, row.id)):
            message = messages.rows[message_id]
            if message.message_type != ACTIVITY and message.visible_at <= now:
                return message
        return None

    def _snippet(self, row: Message | None) -> str:
        if row is None:
            return "no message yet"
        mine = "" if row.message_type == INCOMING else "Note: " if row.private else "You: "
        return mine + _in_a_line(row)

    def _unread(self, row: Conversation) -> int:
        messages = self._tables.messages
        seen_at = row.agent_last_seen_at or 0.0
        return sum(1 for i in messages.ids(2, row.id)[-10:] if messages.rows[i].created_at > seen_at)

    def thread(self, conversation_id: int, now: float, before: int | None = None) -> Thread | None:
        """The conversation with this display id, its newest messages or the newest *before* an id; None without one."""
        row = self._tables.conversations.rows.get(conversation_id)
        if row is None:
            return None
        contact = self._tables.contacts.rows[row.contact_id]
        ids = self._tables.messages.ids(0, row.id)
        end = len(ids) if before is None else bisect_left(ids, before)
        start = max(0, end - BUBBLES_MAX)
        rows = [self._tables.messages.rows[i] for i in ids[start:end]]
        bubbles = tuple(self.bubble(one) for one in rows if one.visible_at <= now)
        phone = contact.phone_number or contact.identifier or ""
        older_than = ids[start] if start else None
        return Thread(self.card(row, row.id, now), phone, bubbles, older_than, is_past=end < len(ids))

    def bubble(self, row: Message) -> Bubble:
        """One message as a bubble."""
        return Bubble(
            id=row.id,
            side=_side(row),
            sender=self._sender(row),
            runs=runs_of(shortened(row.content, TEXT_SHOWN_CHARS).strip("\r\n")),
            is_deleted=row.content_attributes.get("deleted") is True,
            at=iso(row.created_at),
            status=row.status,
            error=shortened(str(row.content_attributes.get("external_error") or ""), 200),
            quote=self.quote(row.conversation_id, row.content_attributes.get("in_reply_to")),
            files=tuple(_file(one) for one in row.attachments),
        )

    def quote(self, conversation_id: int, message_id: object) -> Quote | None:
        """The message of that conversation which an answer names; None when it names none."""
        row = self._tables.messages.rows.get(message_id) if isinstance(message_id, int) else None
        if row is None or row.conversation_id != conversation_id or row.message_type == ACTIVITY:
            return None
        return Quote(row.id, self._sender(row), _in_a_line(row))

    def _sender(self, row: Message) -> str:
        if row.sender_type == "Contact":
            contact: Contact | None = self._tables.contacts.rows.get(row.sender_id or 0)
            return name_shown(contact.name) if contact else "deleted contact"
        if row.content_attributes.get("external_echo"):
            return "the phone"
        user = self._tables.users.rows.get(row.sender_id or 0)
        return name_shown(user.name) if user else "desk"


def _side(row: Message) -> str:
    if row.message_type == ACTIVITY:
        return "activity"
    if row.private:
        return "note"
    return "in" if row.message_type == INCOMING else "out"


def _in_a_line(row: Message) -> str:
    if row.content:
        return shortened(plain(row.content[:TEXT_SHOWN_CHARS]), SNIPPET_CHARS)
    return name_shown(row.attachments[0].file_name) if row.attachments else ""


def _file(row: Attachment) -> File:
    name = name_shown(row.file_name)
    kind = row.content_type.partition("/")[0]
    return File(
        name=name,
        url=disk_path(row.blob, row.file_name),
        kind="image" if row.file_type == "image" else kind if kind in ("audio", "video") else "file",
        ending=name.rpartition(".")[2][-4:] if "." in name else "",
        size=size_shown(row.size_bytes),
    )
