"""Somebody sends something: the truth is written first, WhatsApp's queue with it, in one commit."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypedDict, Unpack

import apsw
import msgspec

from unlost.gateway.addresses import is_group, without_device
from unlost.gateway.events import Content, Device, Edit, Event, Message, Quote, Reaction, Revoke, Text
from unlost.gateway.population import own_sends, truth
from unlost.gateway.population.database import opened, writing
from unlost.gateway.population.fate import GOOD, Fate
from unlost.gateway.population.people import People
from unlost.gateway.population.queue import Queue
from unlost.gateway.population.truth import Sent

Where = str | os.PathLike[str]


class How(TypedDict, total=False):
    """The named options of `Population.send`."""

    sender: str
    from_me: bool
    at: datetime | None
    fate: Fate
    message_id: str
    linked_device: int
    referral: dict[str, Any] | None


class Population:
    """Everybody who writes to one device. Use it in any process; each call is one synced commit."""

    def __init__(self, connection: apsw.Connection, device: Device, seed: int) -> None:
        self.device = device
        self.connection = connection
        self.people = People(connection)
        self.queue = Queue(connection, device.jid)
        self._seed = seed

    @classmethod
    def open(cls, path: Where, device: str | Device, *, seed: int = 0) -> Population:
        """The population kept at *path* (`:memory:` for none), as *device* (its phone address) meets it.

        Message ids are made from *seed*, the device and the place, so the same seed sends the same ids.
        """
        if str(path) != ":memory:":
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        told = Device(device) if isinstance(device, str) else device
        return cls(opened(os.fspath(path)), told, seed)

    def close(self) -> None:
        """Let go of the file."""
        self.connection.close()

    def send_text(self, chat: str, text: str, *, quote: Quote | None = None, **how: Unpack[How]) -> Sent:
        """A text, or a reply where it has a *quote*; *how* as in `send`."""
        return self.send(chat, Text(text, quote), **how)

    def react(self, target: Sent, emoji: str, **how: Unpack[How]) -> Sent:
        """An emoji on *target*, in its chat; an empty one takes it back."""
        return self.send(target.chat, Reaction(target.id, emoji), **how)

    def edit(self, target: Sent, text: str, **how: Unpack[How]) -> Sent:
        """New words for *target*, by whoever sent it."""
        same: How = {"sender": target.sender, "from_me": target.from_me, **how}
        return self.send(target.chat, Edit(target.id, text), **same)

    def revoke(self, target: Sent, **how: Unpack[How]) -> Sent:
        """*target* deleted for everyone, by whoever sent it."""
        same: How = {"sender": target.sender, "from_me": target.from_me, **how}
        return self.send(target.chat, Revoke(target.id, True, self.chat_address(target.chat)), **same)

    def send(
        self,
        chat: str,
        content: Content,
        *,
        sender: str = "",
        from_me: bool = False,
        at: datetime | None = None,
        fate: Fate = GOOD,
        message_id: str = "",
        linked_device: int = 0,
        referral: dict[str, Any] | None = None,
    ) -> Sent:
        """Write down that somebody sent *content* into *chat* (a customer's key or a group), and queue it.

        *sender* is a customer's key; left out it is the chat's own customer. *from_me*: typed on the account's phone.
        *linked_device*: sent from that device of theirs. Before *at* stands the clock's time. *referral*: the ad that brought them.
        """
        with writing(self.connection):
            place = truth.last_place(self.connection) + 1
            by = self.device.jid if from_me else (sender or chat)
            sent = Sent(
                place=place,
                id=message_id or self._new_id(place),
                chat=chat,
                sender=by,
                kind=truth.kind_of(content),
                text=truth.words_of(content),
                target=truth.target_of(content),
                at=at or datetime.now(UTC),
                from_me=from_me,
                unrecoverable=fate.unrecoverable,
            )
            truth.write(self.connection, self.device.jid, sent)
            if not fate.unrecoverable:
                event = self._event(sent, content, linked_device)
                self.queue.put(msgspec.structs.replace(event, referral=referral), fate)
        return sent

    def place_own(self, chat: str, content: Content, *, message_id: str, words: str = "") -> Sent:
        """Write down what the account said through the gateway's API, and queue nothing but a customer's receipt.

        *chat* as WhatsApp addresses it. A *message_id* that stands already is the same message: nothing is added. *words*
        stand for a content without any of its own. Raises UnknownChat.
        """
        return own_sends.place(self, chat, content, message_id, words)

    def through_api(self) -> frozenset[str]:
        """The ids of what left through the gateway's API."""
        return own_sends.ids(self.connection, self.device.jid)

    def tell(self, event: Event, fate: Fate = GOOD) -> None:
        """Queue an event that is nobody's message (a receipt, members who come and go, a call)."""
        with writing(self.connection):
            self.queue.put(event, fate)

    def sent(self, *, after: int = 0, chat: str | None = None) -> Iterator[Sent]:
        """All that was sent behind the place *after*, in WhatsApp's order; of one chat (by key) or of all."""
        return truth.read(self.connection, self.device.jid, after=after, chat=chat)

    def _event(self, sent: Sent, content: Content, linked_device: int) -> Message:
        sender = self.device.jid if sent.from_me else self.address(sent.sender)
        if linked_device:
            user, _, server = sender.partition("@")
            sender = f"{user}:{linked_device}@{server}"
        return Message(
            id=sent.id,
            chat=self.chat_address(sent.chat),
            sender=sender,
            at=sent.at,
            content=content,
            name=self.device.name if sent.from_me else self._name(sent.sender),
            from_me=sent.from_me,
        )

    def chat_address(self, chat: str) -> str:
        """The address WhatsApp uses for a chat, by its key."""
        return chat if is_group(chat) else self.address(chat)

    def address(self, key: str) -> str:
        """The address WhatsApp uses for a person, by his key."""
        customer = self.people.find(key)
        return customer.address if customer else without_device(key)

    def _name(self, key: str) -> str:
        customer = self.people.find(key)
        return customer.name if customer else ""

    def _new_id(self, place: int) -> str:
        digest = hashlib.blake2b(f"{self._seed}/{self.device.jid}/{place}".encode(), digest_size=9).hexdigest()
        return f"3EB0{digest.upper()}"
