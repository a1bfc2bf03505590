"""One watch a channel, off the lanes: is the gateway up and logged in, was it restarted, is the helpdesk up?

No webhook tells of a disconnection (GOWA page 1.4), and a gateway that was away may have lost what it held in memory: that it
was seen to come back is a gap, which reconcile closes. GOWA shows nothing that changes with a restart (GOWA page 3.2): one that
falls between two looks is not seen, and what it lost comes in by the reconcile by the clock.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from unlost.journal.port import Journal
from unlost.journal.rows import GapCause, Pool
from unlost.vocabulary.envelopes import Direction
from unlost.vocabulary.ids import ChannelName

HELPDESK_SIDE = frozenset({Direction.INBOUND, Direction.OUTBOUND, Direction.CHORE})
GATEWAY_SIDE = frozenset({Direction.LOOK_UP})
"""What a side that lets nobody in blocks (`road.blocked_pools`)."""


@dataclass(frozen=True, slots=True)
class GatewayLook:
    """One look. *is_up*: it answers, with our credentials. *is_connected*: to WhatsApp."""

    is_up: bool
    is_connected: bool = False
    is_logged_in: bool = False

    @property
    def is_well(self) -> bool:
        """What customers send can be told to us."""
        return self.is_up and self.is_connected and self.is_logged_in


class Hears(Protocol):
    """Whoever wants to know: metrics, log, the look-ups' pace."""

    def gateway(self, channel: ChannelName, look: GatewayLook, *, restarted: bool) -> None:
        """After each look."""
        ...

    def helpdesk(self, channel: ChannelName, *, is_up: bool) -> None:
        """After each look."""
        ...


@dataclass(slots=True)
class Watch:
    """*look_at_gateway*, *look_at_helpdesk* and *token_works* are bounded in time and never raise.

    *came_back* hears at once that the gateway, or its connection, is back: what is told now may not be in order.
    """

    channel: ChannelName
    journal: Journal
    look_at_gateway: Callable[[], Awaitable[GatewayLook]]
    look_at_helpdesk: Callable[[], Awaitable[bool]]
    token_works: Callable[[], Awaitable[bool]]
    hears: Hears
    now: Callable[[], float]
    came_back: Callable[[], None] = lambda: None
    last: GatewayLook | None = None
    helpdesk_up: bool | None = None
    gateway_since: float | None = None  # when the gateway was first seen as it was seen last
    helpdesk_since: float | None = None
    _well_at: float | None = None

    @property
    def all_is_well(self) -> bool:
        """Both sides were so at the last look."""
        return bool(self.helpdesk_up) and self.last is not None and self.last.is_well

    async def look(self) -> None:
        """Once, at both sides."""
        await self._gateway()
        await self._helpdesk()
        if self.helpdesk_up and (blocked := await self._blocked(HELPDESK_SIDE)) and await self.token_works():
            await self._resume(blocked)

    async def _helpdesk(self) -> None:
        is_up = await self.look_at_helpdesk()
        if is_up is not self.helpdesk_up:
            self.helpdesk_since = self.now()
        self.helpdesk_up = is_up
        self.hears.helpdesk(self.channel, is_up=is_up)

    async def _gateway(self) -> None:
        look = await self.look_at_gateway()
        if look != self.last:
            self.gateway_since = self.now()
        cause = self._gap_before(look)
        if cause is not None:
            self.came_back()
            gap = await self.journal.open_gap(self.channel, cause, since=self._well_at)
            await self.journal.close_gap(gap)
        if look.is_well or self._well_at is None:
            self._well_at = self.now()
        self.last = look
        self.hears.gateway(self.channel, look, restarted=cause is GapCause.GATEWAY_RESTARTED)
        if look.is_up:
            await self._resume(await self._blocked(GATEWAY_SIDE))

    def _gap_before(self, look: GatewayLook) -> GapCause | None:
        """It came back, or its login, or its connection."""
        last = self.last
        if last is None or not look.is_up:
            return None
        if not last.is_up or (look.is_logged_in and not last.is_logged_in):
            return GapCause.GATEWAY_RESTARTED
        return GapCause.WHATSAPP_AWAY if look.is_connected and not last.is_connected else None

    async def _blocked(self, directions: frozenset[Direction]) -> list[Pool]:
        """What a side blocked that refused our credentials; what needs a person's eye stays."""
        return [
            row.pool
            for row in await self.journal.pauses()
            if row.pool.channel == self.channel and row.by_credentials and row.pool.direction in directions
        ]

    async def _resume(self, pools: Sequence[Pool]) -> None:
        for pool in pools:
            await self.journal.resume(pool)
