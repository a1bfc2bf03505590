"""What the account says through the simulated engine: it stands in the population, where customers see it.

`kill -9` and panics strike before, inside and after the instant at which WhatsApp has the message.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from pathlib import Path

import apsw

from unlost.gateway.engines.answers import Placed
from unlost.gateway.engines.outgoing import ContactCard, How, Poll, Target, Upload
from unlost.gateway.engines.port import EngineRefused, NotStarted
from unlost.gateway.engines.simulated_world import Simulated
from unlost.gateway.events import (
    Card,
    Cards,
    Content,
    DeletedForMe,
    Edit,
    Empty,
    Kept,
    Media,
    Place,
    Quote,
    Reaction,
    Receipt,
    ReceiptType,
    Revoke,
    Text,
)
from unlost.gateway.population.own_sends import UnknownChat
from unlost.gateway.population.population import Population


class SimulatedSends(Simulated):
    """Writes into the population."""

    async def send_text(self, chat: str, text: str, how: How) -> Placed:
        return await self._place(chat, Text(text, _quote(how), how.forwarded), how.message_id)

    async def send_media(self, chat: str, file: Upload, how: How) -> Placed:
        path = f"statics/media/{Path(file.path).name}"
        media = Media(
            file.kind,
            file.mime_type,
            path=path,
            caption=file.caption,
            filename=file.filename,
            size_bytes=file.size_bytes,
            view_once=file.view_once,
            quote=_quote(how),
        )
        return await self._place(chat, media, how.message_id)

    async def send_contact(self, chat: str, card: ContactCard, how: How) -> Placed:
        return await self._place(chat, Cards((Card(card.name, "", card.phone),)), how.message_id)

    async def send_location(self, chat: str, latitude: float, longitude: float, how: How) -> Placed:
        words = f"{latitude}, {longitude}"
        return await self._place(chat, Place(latitude, longitude), how.message_id, words)

    async def send_poll(self, chat: str, poll: Poll, how: How) -> Placed:
        return await self._place(chat, Empty("poll"), how.message_id, poll.question)

    async def send_reaction(self, target: Target, emoji: str, message_id: str) -> Placed:
        return await self._place(target.chat, Reaction(target.id, emoji), message_id)

    async def edit(self, target: Target, text: str, message_id: str) -> Placed:
        return await self._place(target.chat, Edit(target.id, text), message_id)

    async def revoke(self, target: Target, message_id: str) -> Placed:
        return await self._place(target.chat, Revoke(target.id, target.from_me, target.chat), message_id)

    async def mark_read(self, target: Target) -> None:
        """The account's other devices are told so too, which is a webhook (`read-self`)."""
        population = await self._linked()
        own = population.device.jid
        read = Receipt((target.id,), target.chat, own, ReceiptType.READ_SELF, datetime.now(UTC))
        await self._do(population.tell, read)

    async def delete_for_me(self, target: Target) -> None:
        population, now = await self._linked(), datetime.now(UTC)
        kept = Kept(target.chat, target.sender, target.text, now, target.from_me)
        await self._do(population.tell, DeletedForMe(target.id, now, kept))

    async def star(self, target: Target, *, starred: bool) -> None:
        await self._linked()

    async def presence(self, *, available: bool) -> None:
        await self._linked()

    async def chat_presence(self, chat: str, *, composing: bool) -> None:
        await self._linked()

    async def _place(self, chat: str, content: Content, message_id: str, words: str = "") -> Placed:
        """Under *message_id*, or under one of the engine's own where it takes none."""
        population, faults = await self._linked(), self._world.faults
        faults.die_if_told("die_before_send")
        given = message_id if self._world.takes_ids else f"3EB0{secrets.token_hex(9).upper()}"
        placed = await self._do(_place, population, chat, content, given, words)
        faults.die_if_told("die_inside_send")
        if faults.spend("send_panics"):
            self._panic("send")
        return placed


def _place(population: Population, chat: str, content: Content, message_id: str, words: str) -> Placed:
    try:
        sent = population.place_own(chat, content, message_id=message_id, words=words)
    except UnknownChat as error:
        raise EngineRefused(str(error)) from error
    except apsw.Error as error:
        raise NotStarted("the population's disk takes no commit") from error
    return Placed(sent.id, sent.at)


def _quote(how: How) -> Quote | None:
    return None if how.quoted is None else Quote(how.quoted.id, how.quoted.text)
