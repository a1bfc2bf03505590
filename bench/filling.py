"""Journals with any number of entries, written straight into their tables: appends would take hours for the same rows."""

import time
from dataclasses import dataclass
from os import urandom
from pathlib import Path
from typing import Literal

import apsw

from bench.bodies import CHANNEL, DEVICE
from unlost.journal import channels
from unlost.journal.opening import open_writer, secret_of
from unlost.journal.rows import ChannelRow
from unlost.journal.turn import Turn
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.ids import ChannelName

LATER_S = 3_600.0

_NUMBERS = "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :count) "
_LANES = (
    _NUMBERS + "INSERT INTO lane (channel, direction, address, last_place, due_at)"
    " SELECT :channel, 'in', printf('62812%08d@s.whatsapp.net', i), :place + :entries, :due FROM n"
)
_ENTRIES = (
    _NUMBERS
    + "INSERT INTO entry (lane_id, channel, direction, source, kind, state, place, due_at, arrived_at, told_at,"
    " ordered_at, chat, sender, door_key, whatsapp_id)"
    " SELECT 1 + i % :lanes, :channel, 'in', 'envelope', 'message', 'waiting', :place + i,"
    " CASE WHEN i < :lanes THEN :head_due ELSE :now END, :now, :now, :now,"
    " printf('62812%08d@s.whatsapp.net', i % :lanes), printf('62812%08d@s.whatsapp.net', i % :lanes),"
    " randomblob(16), printf('3EB0FFFF%010X', i) FROM n"
)
_BODIES = (
    _NUMBERS + 'INSERT INTO body (entry_id, raw) SELECT i + 1, CAST(printf(\'{"device_id":"%s","event":"message",'
    '"payload":{"body":"Hello %d","chat_id":"62812%08d@s.whatsapp.net","from":"62812%08d@s.whatsapp.net",'
    '"from_name":"John Doe","id":"3EB0FFFF%010X","is_from_me":false,"sender_display_name":"Saved Contact",'
    '"timestamp":"%s"}}\', :device, i, i % :lanes, i % :lanes, i, :stamp) AS BLOB) FROM n'
)
_KEYS = "INSERT INTO door (key, entry_id, at) SELECT door_key, id, arrived_at FROM entry ORDER BY door_key"
_LINKS = (
    _NUMBERS + "INSERT INTO chat_link (channel, chat, contact, conversation, name, written_at)"
    " SELECT :channel, printf('62812%08d@s.whatsapp.net', i), i + 1, iif(:has_conversations, i + 1, NULL), x'4a', :now FROM n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """*entries* in *lanes*, spread evenly; *head_due_s* and *lane_due_s* from now (negative: due). *links*: what the chats have."""

    entries: int
    lanes: int
    head_due_s: float = -1.0
    lane_due_s: float = -1.0
    links: Literal["none", "contact", "conversation"] = "none"


def fill(path: Path, filling: Filling, *, helpdesk: str = "bench") -> None:
    """A new journal at *path*, as a bridge that was stopped leaves it."""
    connection = open_journal(path)
    with connection:
        introduce(connection, helpdesk)
        triggers = _without_triggers(connection)
        names = _names(filling)
        for statement in (_LANES, _ENTRIES, _BODIES, _KEYS, *(() if filling.links == "none" else (_LINKS,))):
            lanes_only = statement in (_LANES, _LINKS)
            names["count"] = filling.lanes if lanes_only else filling.entries
            connection.execute(statement, {name: names[name] for name in names if f":{name}" in statement})
        connection.execute("INSERT INTO gauge VALUES (?, 'in', 'waiting', ?)", (CHANNEL, filling.entries))
        for trigger in triggers:
            connection.execute(trigger)
    connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
    connection.close()


def open_journal(path: Path) -> apsw.Connection:
    """A writing connection that waits for no disk: what is filled in is not what is measured."""
    connection = open_writer(path, vfs=None, now=time.time(), random_bytes=urandom)
    connection.pragma("synchronous", "OFF")
    return connection


def introduce(connection: apsw.Connection, helpdesk: str) -> None:
    """The one channel."""
    row = ChannelRow(ChannelName(CHANNEL), Address(DEVICE), helpdesk)
    channels.introduce(Turn(connection, time.time() - LATER_S, secret_of(connection)), (row,))


def _names(filling: Filling) -> dict[str, object]:
    now = time.time()
    return {
        "channel": CHANNEL,
        "device": DEVICE,
        "lanes": filling.lanes,
        "entries": filling.entries,
        "now": now - 1,
        "place": int((now - 60) * 1_000_000) - filling.entries,
        "due": now + filling.lane_due_s,
        "head_due": now + filling.head_due_s,
        "has_conversations": filling.links == "conversation",
        "stamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now)),
    }


def _without_triggers(connection: apsw.Connection) -> list[str]:
    """Take the triggers off (the gauge is written once instead of a million times); what makes them anew."""
    found = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    for name, _ in found:
        connection.execute(f"DROP TRIGGER {name}")
    return [str(sql) for _, sql in found]
