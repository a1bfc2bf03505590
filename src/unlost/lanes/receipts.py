"""Receipts: the highest wanted status per message, outside every lane, carried one call per message at a time."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from unlost.errors import NotCommitted, Refused, UnlostError
from unlost.journal.port import Journal
from unlost.journal.rows import Pool, WantedStatus
from unlost.vocabulary.envelopes import Direction
from unlost.vocabulary.ids import ChannelName, ConversationId, HelpdeskMessageId
from unlost.vocabulary.links import MessageLink

BATCH = 50
PAUSE_S = 1.0
RANKS = {"sent": 0, "delivered": 1, "read": 2}
"""Forward only: what stands higher is never lowered. Anything else, `failed` among it, may be bettered."""
FOR_GOOD = frozenset({404, 422})
"""The message is gone, or takes no status. Any other refusal is about us, not about the wish."""
ABOUT_US = frozenset({401, 403})
"""The next wish would be refused as well: one call per batch finds out when that is over, whoever paused what."""

SetStatus = Callable[[ChannelName, ConversationId, HelpdeskMessageId, str], Awaitable[str]]
"""Sets a status; what the helpdesk shows afterwards. Raises UnlostError."""


class _UnwelcomeError(Exception):
    """The helpdesk refuses us, not the wish."""


@dataclass(frozen=True, slots=True)
class Receipts:
    """*may_call*: whether the channel's helpdesk is to be asked at all now."""

    journal: Journal
    channels: Sequence[ChannelName]
    set_status: SetStatus
    may_call: Callable[[ChannelName], bool]
    pause_s: float = PAUSE_S

    async def run(self) -> None:
        """For ever; what cannot be carried now is wanted still."""
        while True:
            try:
                carried = await self.carry()
            except NotCommitted:
                carried = 0
            await asyncio.sleep(0 if carried >= BATCH else self.pause_s)

    async def carry(self) -> int:
        """One batch of each channel that may be worked; how many wishes were fulfilled."""
        carried = 0
        for channel in self.channels:
            wishes = await self.journal.wanted(channel, limit=BATCH) if self.may_call(channel) else []
            if wishes and not await self._is_paused(channel):
                carried += await self._carry_all(wishes)
        return carried

    async def _carry_all(self, wishes: Sequence[WantedStatus]) -> int:
        carried = 0
        for wish in wishes:
            try:
                carried += await self._carry(wish)
            except _UnwelcomeError:
                break
        return carried

    async def _is_paused(self, channel: ChannelName) -> bool:
        return Pool(channel, Direction.INBOUND) in {row.pool for row in await self.journal.pauses()}

    async def _carry(self, wish: WantedStatus) -> bool:
        """False where it is wanted still: then it goes behind all others, so that none of them waits for it."""
        lower = {
            link.message: link for link in wish.links if RANKS.get(link.confirmed_status, -1) < RANKS[wish.status]
        }  # a message that carries its file stands in two links
        try:
            for link in lower.values():
                await self._set(wish, link)
        except Refused as error:
            if error.status in FOR_GOOD:
                await self.journal.drop_wanted(wish.channel, wish.id)
            else:
                await self.journal.put_off_wanted(wish.channel, wish.id)
            if error.status in ABOUT_US:
                raise _UnwelcomeError from error
            return False
        except UnlostError as error:
            if isinstance(error, NotCommitted):
                raise
            await self.journal.put_off_wanted(wish.channel, wish.id)
            return False
        return True

    async def _set(self, wish: WantedStatus, link: MessageLink) -> None:
        shown = await self.set_status(wish.channel, link.conversation, link.message, wish.status)
        await self.journal.confirm(wish.channel, link.message, shown)
