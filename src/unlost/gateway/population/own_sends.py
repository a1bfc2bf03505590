"""What the account says through the gateway's API: in the truth like anything it types, and never in a webhook.

WhatsApp knows a message by its id, so the same id twice is one message, whoever repeats it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import apsw

from unlost.gateway.addresses import is_group
from unlost.gateway.events import Content, Edit, Reaction, Receipt, ReceiptType, Revoke
from unlost.gateway.population import truth
from unlost.gateway.population.database import read, rows, writing
from unlost.gateway.population.fate import GOOD
from unlost.gateway.population.truth import Sent

if TYPE_CHECKING:
    from unlost.gateway.population.population import Population


class UnknownChat(Exception):
    """Nobody on WhatsApp has this address, or the account is not in this group."""


def place(population: Population, chat: str, content: Content, message_id: str, words: str) -> Sent:
    """As `Population.place_own`."""
    key = _key_of(population, chat)
    connection, device = population.connection, population.device.jid
    with writing(connection):
        if stood := find(connection, device, message_id):
            return stood
        sent = Sent(
            place=truth.last_place(connection) + 1,
            id=message_id,
            chat=key,
            sender=device,
            kind=truth.kind_of(content),
            text=words or truth.words_of(content),
            target=truth.target_of(content),
            at=datetime.now(UTC),
            from_me=True,
            unrecoverable=False,
        )
        truth.write(connection, device, sent)
        connection.execute("INSERT INTO through_api VALUES (?, ?)", (device, message_id))
        if not isinstance(content, Reaction | Edit | Revoke) and not is_group(chat):
            population.queue.put(_delivered(population, sent), GOOD)
    return sent


def find(connection: apsw.Connection, device: str, message_id: str) -> Sent | None:
    """The account's own message of this id."""
    columns = ", ".join(Sent.__struct_fields__)
    sql = f"SELECT {columns} FROM sent WHERE device = ? AND id = ? AND from_me"  # noqa: S608  our own columns
    return next(iter(read(Sent, rows(connection, sql, (device, message_id)))), None)


def ids(connection: apsw.Connection, device: str) -> frozenset[str]:
    """As `Population.through_api`."""
    return frozenset(str(row[0]) for row in rows(connection, "SELECT id FROM through_api WHERE device = ?", (device,)))


def _key_of(population: Population, chat: str) -> str:
    if is_group(chat):
        group = population.people.group(chat)
        if group is None:
            raise UnknownChat("the account is not in this group")
        return group.jid
    customer = population.people.find(chat)
    if customer is None:
        raise UnknownChat("nobody on WhatsApp has this address")
    return customer.key


def _delivered(population: Population, sent: Sent) -> Receipt:
    """The customer's phone has it: the one receipt that comes by itself."""
    reader = population.address(sent.chat)
    return Receipt((sent.id,), reader, reader, ReceiptType.DELIVERED, sent.at)
