"""One watch a channel, off the lanes: is the gateway up and logged in, was it restarted, is the helpdesk up?

No webhook tells of a disconnection (GOWA page 1.4), and a gateway that was away may have lost what it held in memory: that it
was seen to come back is a gap, which reconcile closes.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from unlost.errors import CREDENTIALS
from unlost.journal.port import Journal
from unlost.journal.rows import GapCause, Pool
from unlost.vocabulary.envelopes import Direction
from unlost.vocabulary.ids import ChannelName


@dataclass(frozen=True, slots=True)
class GatewayLook:
    """One look. *boot*: something that changes with a restart, where the gateway shows it."""

    is_up: bool
    is_logged_in: bool = False
    boot: str | None = None


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
    """*look_at_gateway*, *look_at_helpdesk* and *token_works* are bounded in time and never raise."""

    channel: ChannelName
    journal: Journal
    look_at_gateway: Callable[[], Awaitable[GatewayLook]]
    look_at_helpdesk: Callable[[], Awaitable[bool]]
    token_works: Callable[[], Awaitable[bool]]
    hears: Hears
    now: Callable[[], float]
    reconcile_soon: Callable[[], None]
    last: GatewayLook | None = None
    helpdesk_up: bool | None = None
    _up_at: float | None = None

    async def look(self) -> None:
        """Once, at both sides."""
        await self._gateway()
        self.helpdesk_up = await self.look_at_helpdesk()
        self.hears.helpdesk(self.channel, is_up=self.helpdesk_up)
        if self.helpdesk_up:
            await self._unblock()

    async def _gateway(self) -> None:
        look = await self.look_at_gateway()
        restarted = self._restarted(look)
        if restarted:
            gap = await self.journal.open_gap(self.channel, GapCause.GATEWAY_RESTARTED, since=self._up_at)
            await self.journal.close_gap(gap)
            self.reconcile_soon()
        if look.is_up:
            self._up_at = self.now()
        self.last = look
        self.hears.gateway(self.channel, look, restarted=restarted)

    def _restarted(self, look: GatewayLook) -> bool:
        """It came back, or shows another boot, or its login came back."""
        last = self.last
        if last is None or not look.is_up:
            return False
        rebooted = None not in (look.boot, last.boot) and look.boot != last.boot
        return not last.is_up or rebooted or (look.is_logged_in and not last.is_logged_in)

    async def _unblock(self) -> None:
        """A block by wrong credentials ends by itself once they work; what needs a person's eye stays."""
        blocked = [
            row
            for row in await self.journal.pauses()
            if row.pool.channel == self.channel
            and row.blocked
            and row.pool.direction is not Direction.LOOK_UP
            and CREDENTIALS in row.reason
        ]
        if blocked and await self.token_works():
            for row in blocked:
                await self.journal.resume(Pool(self.channel, row.pool.direction))
