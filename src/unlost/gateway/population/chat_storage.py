"""The gateway's chat storage: what GOWA writes down of each event, and what it does not (its page, section 4).

Written before the webhook starts. It has no polls, lists, reply targets, receipts or group changes; a revoke leaves its
row, and an empty event leaves nothing but a moved `last_message_time`.
"""

from __future__ import annotations

import json
from datetime import datetime

import apsw
import msgspec

from unlost.gateway.addresses import is_group, user_of, without_device
from unlost.gateway.events import (
    Book,
    CallOffer,
    Card,
    Cards,
    Content,
    DeletedForMe,
    Edit,
    Event,
    History,
    Media,
    Message,
    Place,
    Reaction,
    Revoke,
    Text,
)
from unlost.gateway.population.fate import Fate

Version = tuple[int, int, int]
CALLS_SINCE, CARDS_SINCE, REACTIONS_SINCE, EDITS_SINCE, PLACES_SINCE = (
    (8, 4, 0),
    (8, 5, 0),
    (8, 6, 0),
    (8, 6, 0),
    (8, 10, 0),
)
COLUMNS = (
    "device, chat_jid, id, sender_jid, content, timestamp, is_from_me, media_type, filename, url, file_length,"
    " call_metadata, path, created_at, updated_at"
)


class Rules(msgspec.Struct, frozen=True):
    """Which version's habits storage has, and what time it is for `created_at`."""

    version: Version
    now: datetime


class Row(msgspec.Struct, frozen=True):
    """The content columns of one stored message."""

    content: str = ""
    media_type: str = ""
    filename: str = ""
    url: str = ""
    file_length: int = 0
    path: str = ""


def write(connection: apsw.Connection, device: str, event: Event, fate: Fate, book: Book, rules: Rules) -> None:
    """Write down what storage keeps of *event*, inside the caller's transaction."""
    known = Book() if fate.stored_as_lid else book
    match event:
        case Message():
            _Writer(connection, device, known, rules).message(event)
        case CallOffer() if rules.version >= CALLS_SINCE:
            _Writer(connection, device, known, rules).call(event)
        case DeletedForMe():
            connection.execute(
                "DELETE FROM message WHERE device = ? AND chat_jid = ? AND id = ?",
                (device, stored_jid(event.original.chat, known), event.target),
            )
        case History():
            for one in event.messages:
                _Writer(connection, device, known, rules).message(one if one.sender else _own(one, device))
        case _:
            pass


def _own(message: Message, device: str) -> Message:
    return msgspec.structs.replace(message, sender=device)


def stored_jid(jid: str, book: Book) -> str:
    """An account's or a group's address as storage keys it: without device, as a phone where known at that time."""
    account = without_device(jid)
    return book.phones.get(account, account)


def stored_time(at: datetime) -> str:
    """Whole seconds in the writer's own zone, in the form GOWA's SQLite driver writes and compares as text."""
    return at.replace(microsecond=0).isoformat(sep=" ")


def row_of(content: Content, version: Version) -> Row | None:
    """The columns storage fills for *content*; None where it keeps no row of its own."""
    match content:
        case Text(text=text) if text:
            return Row(content=text)
        case Media():
            return Row(
                content=content.caption,
                media_type=content.kind.value,
                filename=content.filename,
                url=content.url or f"https://mmg.whatsapp.net/{content.path.rpartition('/')[2]}",
                file_length=content.size_bytes,
                path=content.path,
            )
        case Cards(cards=cards) if version >= CARDS_SINCE:
            return Row(content=_card_line(cards))
        case Place() if version >= PLACES_SINCE:
            return Row(content=f"https://maps.google.com/?q={content.latitude},{content.longitude}")
        case _:
            return None


def _card_line(cards: tuple[Card, ...]) -> str:
    return "👤 " + ", ".join(f"{card.name} {card.phone}".strip() for card in cards)


class _Writer:
    """One event's rows."""

    def __init__(self, connection: apsw.Connection, device: str, book: Book, rules: Rules) -> None:
        self._connection = connection
        self._device = device
        self._book = book
        self._rules = rules

    def message(self, event: Message) -> None:
        chat = stored_jid(event.chat, self._book)
        self._touch(chat, event)
        match event.content:
            case Reaction() if self._rules.version >= REACTIONS_SINCE:
                self._react(chat, event, event.content)
            case Edit(text=str(text)) if self._rules.version >= EDITS_SINCE:
                self._overwrite(chat, event.content.target, text)
            case Reaction() | Edit() | Revoke():
                pass
            case content:
                row = row_of(content, self._rules.version)
                if row is not None:
                    self._insert(chat, event, row)

    def call(self, event: CallOffer) -> None:
        seen = Message(f"call:{event.call_id}", event.group or event.sender, event.sender, event.at, Text(""))
        chat = stored_jid(seen.chat, self._book)
        self._touch(chat, seen)
        metadata = json.dumps({"call_id": event.call_id, "auto_rejected": event.auto_rejected})
        self._insert(chat, seen, Row(media_type="call"), metadata)

    def _touch(self, chat: str, event: Message) -> None:
        """Move the chat's last time to this event's, also backwards: GOWA overwrites it with each (its page, 4)."""
        name = event.name if event.name and not event.from_me and not is_group(chat) else user_of(chat)
        now = stored_time(self._rules.now)
        self._connection.execute(
            "INSERT INTO chat VALUES (?1, ?2, ?3, ?4, ?5, ?5) ON CONFLICT (device, jid)"
            " DO UPDATE SET last_message_time = excluded.last_message_time, updated_at = excluded.updated_at",
            (self._device, chat, name, stored_time(event.at), now),
        )

    def _insert(self, chat: str, event: Message, row: Row, metadata: str = "") -> None:
        sender = stored_jid(event.sender, self._book)
        now = stored_time(self._rules.now)
        kept = (row.content, stored_time(event.at), event.from_me, row.media_type, row.filename, row.url)
        self._connection.execute(
            f"INSERT INTO message (rowid, {COLUMNS}) SELECT max(last, (SELECT coalesce(max(rowid), 0) FROM message)) + 1,"  # noqa: S608  ours
            " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM deleted_place WHERE true"
            " ON CONFLICT (id, chat_jid, device) DO UPDATE SET sender_jid = excluded.sender_jid,"
            " content = excluded.content, timestamp = excluded.timestamp, is_from_me = excluded.is_from_me,"
            " media_type = excluded.media_type, filename = excluded.filename, url = excluded.url,"
            " file_length = excluded.file_length, path = excluded.path, updated_at = excluded.updated_at",
            (self._device, chat, event.id, sender, *kept, row.file_length, metadata, row.path, now, now),
        )

    def _overwrite(self, chat: str, target: str, text: str) -> None:
        """The edited text replaces the old; its time stays, only `updated_at` moves."""
        self._connection.execute(
            "UPDATE message SET content = ?, updated_at = ? WHERE device = ? AND chat_jid = ? AND id = ?",
            (text, stored_time(self._rules.now), self._device, chat, target),
        )

    def _react(self, chat: str, event: Message, reaction: Reaction) -> None:
        """Only the current state is kept: a removal deletes the row."""
        sender = stored_jid(event.sender, self._book)
        key = (self._device, chat, reaction.target, sender)
        if reaction.emoji:
            self._connection.execute(
                "INSERT OR REPLACE INTO reaction VALUES (?, ?, ?, ?, ?, ?, ?)",
                (*key, reaction.emoji, event.from_me, stored_time(event.at)),
            )
        else:
            self._connection.execute(
                "DELETE FROM reaction WHERE device = ? AND chat_jid = ? AND message_id = ? AND sender_jid = ?", key
            )
