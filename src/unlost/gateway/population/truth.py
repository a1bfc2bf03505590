"""What was sent: the ground truth a ledger compares with what the helpdesk shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

import apsw
import msgspec

from unlost.gateway.events import (
    Cards,
    Content,
    Edit,
    Empty,
    Interactive,
    Media,
    Place,
    Proto,
    Reaction,
    Revoke,
    Text,
)
from unlost.gateway.population import database

MARKER = re.compile(r"#(\d+)(?!\d)")


class Sent(msgspec.Struct, frozen=True):
    """One thing somebody sent. *place* counts over the whole population, so it is WhatsApp's order in every chat.

    *chat* and *sender* are keys (a phone where the person has one), whatever the gateway knows; *sender* is the device
    itself for what was typed on its phone. *kind* is the content's: text, media, reaction, edit …
    *unrecoverable*: it came into no webhook and no storage row, so nobody downstream can know of it.
    """

    place: int
    id: str
    chat: str
    sender: str
    kind: str
    text: str
    target: str
    at: datetime
    from_me: bool
    unrecoverable: bool

    @property
    def marker(self) -> str:
        """The number behind `#` in the text, by which a ledger finds it in the helpdesk; nothing without one."""
        found = MARKER.search(self.text)
        return found.group(1) if found else ""


def write(connection: apsw.Connection, device: str, sent: Sent) -> None:
    """Write *sent* down, inside the caller's transaction."""
    row = (sent.place, device, sent.id, sent.chat, sent.sender, sent.kind, sent.text, sent.target)
    connection.execute(
        "INSERT INTO sent VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*row, sent.at.timestamp(), sent.from_me, sent.unrecoverable),
    )


def read(connection: apsw.Connection, device: str, *, after: int = 0, chat: str | None = None) -> Iterator[Sent]:
    """All that was sent behind the place *after*, in order, of one chat or of all."""
    columns = ", ".join(Sent.__struct_fields__)
    condition = "device = ?1 AND place > ?2 AND (?3 IS NULL OR chat = ?3)"
    sql = f"SELECT {columns} FROM sent WHERE {condition} ORDER BY place"  # noqa: S608  both are written right here
    yield from database.read(Sent, database.rows(connection, sql, (device, after, chat)))


def last_place(connection: apsw.Connection) -> int:
    """The place of the last thing anybody sent; 0 before the first."""
    return int(database.rows(connection, "SELECT coalesce(max(place), 0) FROM sent")[0][0])


def words_of(content: Content) -> str:
    """The text by which *content* can be recognised in the helpdesk."""
    match content:
        case Text(text=text) | Interactive(text=text):
            return text
        case Edit(text=text):
            return text or ""
        case Media(caption=caption):
            return caption
        case Reaction(emoji=emoji):
            return emoji
        case Cards(cards=cards):
            return ", ".join(card.name for card in cards)
        case Place(name=name):
            return name
        case Proto(fields=fields):
            return str(fields.get("title") or fields.get("orderTitle") or "")
        case Revoke() | Empty():
            return ""


def kind_of(content: Content) -> str:
    """The content's kind in one word; a reply is a text with a quote, a file is its own kind."""
    match content:
        case Text(quote=quote):
            return "text" if quote is None else "reply"
        case Media(kind=kind):
            return kind.value
        case Reaction(emoji=emoji):
            return "reaction" if emoji else "reaction_removed"
        case Empty(why=why):
            return why
        case Proto(kind=proto):
            return proto
        case _:
            return type(content).__name__.lower()


def target_of(content: Content) -> str:
    """The id of the message *content* refers to, if it refers to one."""
    match content:
        case Reaction(target=target) | Edit(target=target) | Revoke(target=target):
            return target
        case Text(quote=quote) | Media(quote=quote) if quote is not None:
            return quote.id
        case _:
            return ""
