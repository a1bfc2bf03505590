"""Notices and receipts as the engine's own log line showed them, each written down before the engine could acknowledge it.

Of a message the gate holds the acknowledgement back until it is recorded. These are acknowledged as they come in, before
the engine has told of them; so the line is kept, and a worker that begins tells what its predecessor heard and did not tell.
"""

from __future__ import annotations

import apsw
import msgspec

from unlost.gateway.engines.record.file import rows

COLUMNS = "tag, kind, id, chat, sender, at_s, line, at, place"


class Noticed(msgspec.Struct, frozen=True):
    """One line. *tag* and *kind* say what it is; *at_s* is WhatsApp's time, 0 where it cannot be told, *at* our own."""

    tag: str
    kind: str
    id: str
    chat: str
    sender: str
    at_s: int
    line: str
    at: float
    place: int = 0


class Settles(msgspec.Struct, frozen=True):
    """Which line an event of the engine's stands for: the one at *place*, or what the event itself says of it."""

    tag: str = ""
    kind: str = ""
    id: str = ""
    chat: str = ""
    at_s: int = 0
    place: int = 0
    once: bool = False
    """True if telling it twice would be seen."""


def put(connection: apsw.Connection, noticed: Noticed) -> None:
    """Keep the line; one that came before changes nothing."""
    values = msgspec.structs.astuple(noticed)[:-1]
    sql = "INSERT OR IGNORE INTO noticed (tag, kind, id, chat, sender, at_s, line, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
    rows(connection, sql, values)


def settle(connection: apsw.Connection, settles: Settles) -> bool:
    """The line is told now; True if it was before, and must not be again."""
    sql = (
        "SELECT place, told FROM noticed WHERE place = ?1 OR (tag = ?2 AND kind = ?3 AND (?4 = '' OR id = ?4)"
        " AND (?5 = '' OR chat = ?5) AND (?6 = 0 OR at_s IN (0, ?6))) ORDER BY told, place LIMIT 1"
    )
    asked = (settles.place, settles.tag, settles.kind, settles.id, settles.chat, settles.at_s)
    for place, told in rows(connection, sql, asked):
        if told:
            return settles.once
        rows(connection, "UPDATE noticed SET told = 1 WHERE place = ?", (place,))
    return False


def left(connection: apsw.Connection, limit: int) -> list[Noticed]:
    """Lines that no event was told for, oldest first."""
    sql = f"SELECT {COLUMNS} FROM noticed WHERE told = 0 ORDER BY place LIMIT ?"  # noqa: S608  ours
    return [Noticed(*row) for row in rows(connection, sql, (limit,))]
