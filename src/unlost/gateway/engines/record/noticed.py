"""Notices, receipts and calls as the engine's own log line showed them, each written down before the engine could acknowledge it.

Of a message the gate holds the acknowledgement back until it is recorded. These are acknowledged as they come in, before
the engine has told of them; so the line is kept, and a worker that begins tells what its predecessor heard and did not tell.
"""

from __future__ import annotations

import apsw
import msgspec

from unlost.gateway.engines.record.file import rows

AT_PLACE = "SELECT place, told FROM noticed WHERE place = ?"
BY_ID, BY_CHAT = (  # each has its index: every receipt looks for its line, on the engine's own thread
    f"SELECT place, told FROM noticed WHERE {one} = ? AND tag = ? AND kind = ? AND (? = 0 OR at_s IN (0, ?))"  # noqa: S608  ours
    " ORDER BY told, place LIMIT 1"
    for one in ("id", "chat")
)
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
    for place, told in _lines(connection, settles):
        if told:
            return settles.once
        rows(connection, "UPDATE noticed SET told = 1 WHERE place = ?", (place,))
    return False


def _lines(connection: apsw.Connection, settles: Settles) -> list[tuple[int, int]]:
    """At most one line's place, and whether it is told; one that is not comes first."""
    if settles.place:
        return rows(connection, AT_PLACE, (settles.place,))
    named = (settles.id, settles.tag) if settles.id else (settles.chat, settles.tag)
    return rows(connection, BY_ID if settles.id else BY_CHAT, (*named, settles.kind, settles.at_s, settles.at_s))


def left(connection: apsw.Connection, limit: int) -> list[Noticed]:
    """Lines that no event was told for, oldest first."""
    sql = f"SELECT {COLUMNS} FROM noticed WHERE told = 0 ORDER BY place LIMIT ?"  # noqa: S608  ours
    return [Noticed(*row) for row in rows(connection, sql, (limit,))]
