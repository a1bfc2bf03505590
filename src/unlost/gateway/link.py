"""Tells receivers when a device's link to WhatsApp comes and goes, as events like any other: numbered, in order, tried for days.

Beyond GOWA, which tells nothing of it; so only the durable temper does, and only in the envelope dialect.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from enum import StrEnum

import apsw
import structlog

from unlost.errors import NotCommitted
from unlost.gateway import wire_envelope
from unlost.gateway.engines.answers import Link
from unlost.gateway.engines.frames import StateName
from unlost.gateway.events import Book, Device, Notice
from unlost.gateway.feed import Promise
from unlost.gateway.settings import Dialect
from unlost.gateway.wire_json import encode

KEEP_AGAIN_S = 1.0
ENDED = frozenset({StateName.LOGGED_OUT, StateName.BANNED, StateName.PAIRING})
"""The account is linked no more: it takes a person to link it again."""
log = structlog.get_logger("unlost.gateway")


class Turn(StrEnum):
    """What happened to a link; each is its event's name."""

    CONNECT = "connect"
    DISCONNECT = "disconnect"
    LOGOUT = "logout"


def turn_of(link: Link) -> Turn:
    """How *link* stands, as the last thing that happened to it."""
    if link.is_logged_in:
        return Turn.CONNECT
    return Turn.LOGOUT if link.state in ENDED else Turn.DISCONNECT


class LinkTeller:
    """One device's. *keep* promises to tell (see `Outbox.keep`)."""

    def __init__(self, device: Device, dialect: Dialect, keep: Callable[[Sequence[Promise]], Awaitable[None]]) -> None:
        self._device = device
        self._dialect = dialect
        self._keep = keep

    async def watch(self, look: Callable[[], Link], every_s: float, *, stood: Turn) -> None:
        """Until cancelled: tell of each change that is seen; how it stood at the start is none."""
        while True:
            await asyncio.sleep(every_s)
            link = look()
            stands = turn_of(link)
            is_on_its_way = stood is Turn.LOGOUT and stands is Turn.DISCONNECT  # paired, not logged in yet
            if stands is not stood and not is_on_its_way:
                stood = stands
                await self.tell(stands, link)

    async def tell(self, turn: Turn, link: Link) -> None:
        """Promise to tell of *turn*, with the link's cause and cure. Durable when it returns; waits for a full disk."""
        if self._dialect is Dialect.FLAT:
            return None
        fields = {"cause": link.cause, "cure": link.cure}
        notice = Notice(turn.value, {name: text for name, text in fields.items() if text}, datetime.now(UTC))
        told = wire_envelope.body(notice, self._device, Book())
        assert told is not None, "the envelope dialect tells every notice"
        promise = Promise(f"link/{secrets.token_hex(12)}", "", encode(told))
        while True:
            try:
                return await self._keep([promise])
            except (NotCommitted, apsw.Error) as error:
                log.error("link.postponed", error=type(error).__name__, message=str(error))
                await asyncio.sleep(KEEP_AGAIN_S)
