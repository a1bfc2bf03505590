"""Receipts: the highest wanted status per message, outside every lane, carried one call per message at a time."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from unlost.errors import NotCommitted, Refused, TryLater, UnlostError
from unlost.journal.port import Journal
from unlost.journal.rows import WantedStatus
from unlost.vocabulary.ids import ChannelName, ConversationId, HelpdeskMessageId
from unlost.vocabulary.links import MessageLink

BATCH = 50
RANKS = {"failed": -1, "sent": 0, "delivered": 1, "read": 2}
"""Forward only: what stands higher is never lowered. `failed` is what the helpdesk may have marked wrongly."""

SetStatus = Callable[[ChannelName, ConversationId, HelpdeskMessageId, str], Awaitable[str]]
"""Sets a status; what the helpdesk shows afterwards. Raises UnlostError."""


@dataclass(frozen=True, slots=True)
class Receipts:
    """*may_call*: whether the channel's helpdesk is to be asked at all now."""

    journal: Journal
    set_status: SetStatus
    may_call: Callable[[ChannelName], bool]
    pause_s: float = 1.0

    async def run(self) -> None:
        """For ever; what cannot be carried now is wanted still."""
        while True:
            try:
                carried = await self.carry()
            except NotCommitted:
                carried = 0
            await asyncio.sleep(0 if carried == BATCH else self.pause_s)

    async def carry(self) -> int:
        """One batch; how many wishes were looked at."""
        wishes = await self.journal.wanted(limit=BATCH)
        for wish in wishes:
            if self.may_call(wish.channel):
                await self._carry(wish)
        return len(wishes)

    async def _carry(self, wish: WantedStatus) -> None:
        for link in wish.links:
            if link.is_outgoing and RANKS[link.confirmed_status] < RANKS[wish.status]:
                try:
                    await self._set(wish, link)
                except (Refused, TryLater) as error:
                    if isinstance(error, Refused):
                        await self.journal.drop_wanted(wish.channel, wish.id)
                    return
                except UnlostError:
                    return
        if not any(link.is_outgoing for link in wish.links):
            await self.journal.drop_wanted(wish.channel, wish.id)

    async def _set(self, wish: WantedStatus, link: MessageLink) -> None:
        shown = await self.set_status(wish.channel, link.conversation, link.message, wish.status)
        await self.journal.confirm(wish.channel, link.message, shown)
