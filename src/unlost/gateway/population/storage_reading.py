"""Reading chat storage with the habits of GOWA's queries (its page, section 4): text times, no tie-break, no cursor."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import apsw
import msgspec

from unlost.gateway.population.chat_storage import stored_time
from unlost.gateway.population.database import read, rows


class StoredChat(msgspec.Struct, frozen=True):
    """One chat's row; times are text as stored."""

    jid: str
    name: str
    last_message_time: str
    created_at: str
    updated_at: str


class StoredMessage(msgspec.Struct, frozen=True):
    """One message's row."""

    id: str
    chat_jid: str
    sender_jid: str
    content: str
    timestamp: str
    is_from_me: bool
    media_type: str
    filename: str
    url: str
    file_length: int
    call_metadata: str
    path: str
    created_at: str
    updated_at: str


class StoredReaction(msgspec.Struct, frozen=True):
    """The current reaction of one sender to one message."""

    message_id: str
    sender_jid: str
    emoji: str
    is_from_me: bool
    timestamp: str


class Wanted(msgspec.Struct, frozen=True):
    """A page of messages. *start* and *end* are compared as text in the zone they came in, as GOWA does it."""

    limit: int
    offset: int = 0
    start: datetime | None = None
    end: datetime | None = None
    media_only: bool = False
    from_me: bool | None = None
    search: str = ""


class WantedChats(msgspec.Struct, frozen=True):
    """A page of chats: whose name holds *search*, that *has_media*, or that are *archived*, which none is here."""

    limit: int
    search: str = ""
    has_media: bool = False
    archived: bool = False


FITTING_CHATS = (
    "FROM chat WHERE device = ? AND instr(lower(name), lower(?)) AND NOT ? AND (NOT ? OR EXISTS (SELECT 1 FROM message"
    " WHERE message.device = chat.device AND chat_jid = chat.jid AND media_type <> ''))"
)
MESSAGE_COLUMNS = ", ".join(StoredMessage.__struct_fields__)
CHAT_COLUMNS = ", ".join(StoredChat.__struct_fields__)


def chats(connection: apsw.Connection, device: str, wanted: WantedChats, offset: int) -> list[StoredChat]:
    """A page of chats, the one with the newest `last_message_time` first."""
    sql = f"SELECT {CHAT_COLUMNS} {FITTING_CHATS} ORDER BY last_message_time DESC LIMIT ? OFFSET ?"
    return read(StoredChat, rows(connection, sql, (device, *_chat_values(wanted), wanted.limit, offset)))


def chat(connection: apsw.Connection, device: str, jid: str) -> StoredChat | None:
    """The chat stored under exactly this address."""
    sql = f"SELECT {CHAT_COLUMNS} FROM chat WHERE device = ? AND jid = ?"  # noqa: S608  our columns
    return next(iter(read(StoredChat, rows(connection, sql, (device, jid)))), None)


def chat_count(connection: apsw.Connection, device: str) -> int:
    """All chats of the device."""
    return int(rows(connection, "SELECT count(*) FROM chat WHERE device = ?", (device,))[0][0])


def messages(connection: apsw.Connection, device: str, jid: str, wanted: Wanted) -> list[StoredMessage]:
    """A page of messages, newest first; within one second in no promised order. A search ignores offset and times."""
    wheres, values = _conditions(wanted)
    sql = (
        f"SELECT {MESSAGE_COLUMNS} FROM message WHERE device = ? AND chat_jid = ?{wheres}"  # noqa: S608  ours
        " ORDER BY timestamp DESC LIMIT ? OFFSET ?"
    )
    offset = 0 if wanted.search else wanted.offset
    return read(StoredMessage, rows(connection, sql, (device, jid, *values, wanted.limit, offset)))


def message_count(connection: apsw.Connection, device: str, jid: str) -> int:
    """All messages of the chat, whatever the filters."""
    sql = "SELECT count(*) FROM message WHERE device = ? AND chat_jid = ?"
    return int(rows(connection, sql, (device, jid))[0][0])


def chats_after(connection: apsw.Connection, device: str, wanted: WantedChats, after: str) -> list[StoredChat]:
    """The next chats behind the address *after*, in the order of addresses: what is written meanwhile moves none."""
    sql = f"SELECT {CHAT_COLUMNS} {FITTING_CHATS} AND jid > ? ORDER BY jid LIMIT ?"
    return read(StoredChat, rows(connection, sql, (device, *_chat_values(wanted), after, wanted.limit)))


def messages_after(
    connection: apsw.Connection, device: str, jid: str, wanted: Wanted, after: int
) -> tuple[list[StoredMessage], int, int]:
    """The next messages behind the place *after*, as they were stored; the last one's place; and how many fit in all."""
    wheres, values = _exact_conditions(wanted)
    fits = f"FROM message WHERE device = ? AND chat_jid = ?{wheres}"
    sql = f"SELECT rowid, {MESSAGE_COLUMNS} {fits} AND rowid > ? ORDER BY rowid LIMIT ?"
    found = rows(connection, sql, (device, jid, *values, after, wanted.limit))
    total = rows(connection, f"SELECT count(*) {fits}", (device, jid, *values))[0][0]
    return read(StoredMessage, [row[1:] for row in found]), found[-1][0] if found else after, int(total)


def message(connection: apsw.Connection, device: str, message_id: str) -> StoredMessage | None:
    """The message of this id in whichever chat, as `/message/{id}/download` looks it up."""
    sql = f"SELECT {MESSAGE_COLUMNS} FROM message WHERE device = ? AND id = ?"  # noqa: S608  our columns
    return next(iter(read(StoredMessage, rows(connection, sql, (device, message_id)))), None)


def message_in(connection: apsw.Connection, device: str, jid: str, message_id: str) -> StoredMessage | None:
    """The message of this id in the chat stored under exactly *jid*."""
    sql = f"SELECT {MESSAGE_COLUMNS} FROM message WHERE device = ? AND chat_jid = ? AND id = ?"  # noqa: S608  ours
    return next(iter(read(StoredMessage, rows(connection, sql, (device, jid, message_id)))), None)


def reactions(
    connection: apsw.Connection, device: str, jid: str, ids: Sequence[str]
) -> dict[str, list[StoredReaction]]:
    """The current reactions to each of *ids*."""
    sql = (
        "SELECT message_id, sender_jid, emoji, is_from_me, timestamp FROM reaction"
        " WHERE device = ? AND chat_jid = ? AND message_id = ? ORDER BY sender_jid"
    )
    found = {one: read(StoredReaction, rows(connection, sql, (device, jid, one))) for one in ids}
    return {one: some for one, some in found.items() if some}


def message_at(connection: apsw.Connection, device: str, path: str) -> StoredMessage | None:
    """The message that has its file at *path*."""
    sql = f"SELECT {MESSAGE_COLUMNS} FROM message WHERE device = ? AND path = ?"  # noqa: S608  our columns
    return next(iter(read(StoredMessage, rows(connection, sql, (device, path)))), None)


def _conditions(wanted: Wanted) -> tuple[str, list[object]]:
    conditions: list[tuple[str, object]] = []
    if wanted.search:
        return " AND instr(lower(content), lower(?))", [wanted.search]
    if wanted.start is not None:
        conditions.append((" AND timestamp >= ?", stored_time(wanted.start)))
    if wanted.end is not None:
        conditions.append((" AND timestamp <= ?", stored_time(wanted.end)))
    if wanted.media_only:
        conditions.append((" AND media_type <> ?", ""))
    elif wanted.from_me is not None:
        conditions.append((" AND is_from_me = ?", wanted.from_me))
    return "".join(sql for sql, _ in conditions), [value for _, value in conditions]


def _exact_conditions(wanted: Wanted) -> tuple[str, list[object]]:
    """All filters together, and times as instants whatever zone they stand in."""
    conditions: list[tuple[str, object]] = []
    if wanted.search:
        conditions.append((" AND instr(lower(content), lower(?))", wanted.search))
    if wanted.start is not None:
        conditions.append((" AND unixepoch(timestamp) >= ?", int(wanted.start.timestamp())))
    if wanted.end is not None:
        conditions.append((" AND unixepoch(timestamp) <= ?", int(wanted.end.timestamp())))
    if wanted.media_only:
        conditions.append((" AND media_type <> ?", ""))
    if wanted.from_me is not None:
        conditions.append((" AND is_from_me = ?", wanted.from_me))
    return "".join(sql for sql, _ in conditions), [value for _, value in conditions]


def _chat_values(wanted: WantedChats) -> tuple[object, ...]:
    return (wanted.search, wanted.archived, wanted.has_media)
