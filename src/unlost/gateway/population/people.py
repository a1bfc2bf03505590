"""Customers and groups: who they are, how WhatsApp addresses them, and what the gateway knows of them."""

from __future__ import annotations

from enum import StrEnum

import apsw
import msgspec

from unlost.gateway.addresses import LID_SERVER, PHONE_SERVER, is_lid, without_device
from unlost.gateway.events import Book
from unlost.gateway.population.database import rows, writing


class Avatar(StrEnum):
    """Whether someone's picture can be had: there is none, it is hidden from us, or it is shown."""

    NONE = "none"
    PRIVATE = "private"
    SHOWN = "shown"


class Customer(msgspec.Struct, frozen=True):
    """One person. *phone* and *lid* are whole addresses; at least one is given.

    *speaks_as_lid*: WhatsApp addresses their chats by LID. *paired*: the gateway knows which phone the LID hides.
    """

    name: str = ""
    phone: str = ""
    lid: str = ""
    saved_name: str = ""
    avatar: Avatar = Avatar.SHOWN
    speaks_as_lid: bool = False
    paired: bool = True

    @property
    def key(self) -> str:
        """The address that names this person in the truth, whatever the gateway knows."""
        return self.phone or self.lid

    @property
    def address(self) -> str:
        """The address WhatsApp uses for them."""
        return self.lid if self.lid and (self.speaks_as_lid or not self.phone) else self.phone

    @property
    def picture_id(self) -> str:
        """The picture's id, or nothing where there is none to be seen."""
        return str(sum(map(ord, self.key)) + 1_600_000_000) if self.avatar is Avatar.SHOWN else ""


class Group(msgspec.Struct, frozen=True):
    """A group and its members' keys, the first of them its admin."""

    jid: str
    name: str
    members: tuple[str, ...] = ()
    topic: str = ""


class People:
    """The customers and groups of one population."""

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection

    def add(self, customer: Customer) -> Customer:
        """Write *customer* down, over an older self of the same key."""
        assert customer.phone.endswith(f"@{PHONE_SERVER}") or customer.lid.endswith(f"@{LID_SERVER}")
        row = (customer.key, customer.phone, customer.lid, customer.name, customer.saved_name, customer.avatar.value)
        with writing(self._connection):
            self._connection.execute(
                "INSERT OR REPLACE INTO customer VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (*row, customer.speaks_as_lid, customer.paired),
            )
        return customer

    def add_group(self, group: Group) -> Group:
        """Write *group* and its members down, over an older self of the same address."""
        with writing(self._connection):
            self._connection.execute(
                "INSERT OR REPLACE INTO talk_group VALUES (?, ?, ?)", (group.jid, group.name, group.topic)
            )
            self._connection.execute("DELETE FROM member WHERE group_jid = ?", (group.jid,))
            self._connection.executemany(
                "INSERT INTO member VALUES (?, ?, ?)", [(group.jid, key, at) for at, key in enumerate(group.members)]
            )
        return group

    def pair(self, key: str) -> None:
        """The gateway learns which phone the LID of *key* hides."""
        with writing(self._connection):
            self._connection.execute("UPDATE customer SET paired = 1 WHERE key = ?", (key,))

    def find(self, jid: str) -> Customer | None:
        """The person with this key, phone or LID, any linked device of theirs."""
        account = without_device(jid)
        found = self._customers("WHERE key = ?1 OR phone = ?1 OR lid = ?1 LIMIT 1", (account,))
        return found[0] if found else None

    def customers(self) -> list[Customer]:
        """Everybody, by key."""
        return self._customers("ORDER BY key", ())

    def groups(self) -> list[Group]:
        """All groups, by address."""
        found = rows(self._connection, "SELECT jid, name, topic FROM talk_group ORDER BY jid")
        return [Group(jid=jid, name=name, topic=topic, members=self._members(jid)) for jid, name, topic in found]

    def group(self, jid: str) -> Group | None:
        """The group of this address."""
        return next((group for group in self.groups() if group.jid == jid), None)

    def book(self) -> Book:
        """What the gateway knows: the phones behind LIDs it was told of, and the names saved in the phone."""
        everyone = self.customers()
        return Book(
            phones={one.lid: one.phone for one in everyone if one.paired and is_lid(one.lid) and one.phone},
            names={one.key: one.saved_name for one in everyone if one.saved_name},
        )

    def _members(self, jid: str) -> tuple[str, ...]:
        found = rows(self._connection, "SELECT customer FROM member WHERE group_jid = ? ORDER BY place", (jid,))
        return tuple(str(row[0]) for row in found)

    def _customers(self, clause: str, values: tuple[str, ...]) -> list[Customer]:
        columns = "name, phone, lid, saved_name, avatar, speaks_as_lid, paired"
        # *clause* is one of this file's own three; nothing from outside gets into it.
        found = rows(self._connection, f"SELECT {columns} FROM customer {clause}", values)  # noqa: S608  as said above
        return [
            Customer(name, phone, lid, saved, Avatar(avatar), bool(as_lid), bool(paired))
            for name, phone, lid, saved, avatar, as_lid, paired in found
        ]
