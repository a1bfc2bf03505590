"""Receipts: the highest wanted status per message, outside every lane, carried one call at a time for each channel."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from unlost.errors import NotCommitted, Refused, UnlostError
from unlost.journal.port import Journal
from unlost.journal.rows import Pool, WantedStatus
from unlost.vocabulary.envelopes import Direction
from unlost.vocabulary.ids import ChannelName, ConversationId, HelpdeskMessageId

BATCH = 50
PAUSE_S = 1.0
RANKS = {"sent": 0, "delivered": 1, "read": 2}
"""Forward only: what stands higher is never lowered. Anything else, `failed` among it, may be bettered."""
FOR_GOOD = frozenset({404, 422})
"""The message is gone, or takes no status. Any other refusal is about us, not about the wish."""
ABOUT_US = frozenset({401, 403})
"""The next wish would be refused as well: one call per batch finds out when that is over, whoever paused what."""
OF_ONE_MESSAGE = 500
"""Chatwoot's own, for what it could not do with this message; any other 5xx is a proxy's that does not get through to it."""

SetStatus = Callable[[ConversationId, HelpdeskMessageId, str], Awaitable[str]]
"""Sets a status; what the helpdesk shows afterwards. Raises UnlostError."""


@dataclass(frozen=True, slots=True)
class Receipts:
    """One channel's: it has a loop of its own, so that its helpdesk's trouble is no other channel's.

    *may_call*: whether the helpdesk is to be asked at all now.
    """

    journal: Journal
    channel: ChannelName
    set_status: SetStatus
    may_call: Callable[[], bool]
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
        """One batch, if the channel may be worked; how many wishes were fulfilled. It ends where the next would fare no better."""
        wishes = await self.journal.wanted(self.channel, limit=BATCH) if self.may_call() else []
        if not wishes or await self._is_paused():
            return 0
        carried = 0
        for wish in wishes:
            try:
                await self._carry(wish)
            except NotCommitted:
                raise
            except UnlostError as error:
                await self._failed(wish, error)
                if not _is_the_wishs_own(error):
                    break
            else:
                carried += 1
        return carried

    async def _is_paused(self) -> bool:
        return Pool(self.channel, Direction.INBOUND) in {row.pool for row in await self.journal.pauses()}

    async def _carry(self, wish: WantedStatus) -> None:
        lower = {
            link.message: link for link in wish.links if RANKS.get(link.confirmed_status, -1) < RANKS[wish.status]
        }  # a message that carries its file stands in two links
        for link in lower.values():
            shown = await self.set_status(link.conversation, link.message, wish.status)
            await self.journal.confirm(self.channel, link.message, shown)

    async def _failed(self, wish: WantedStatus, error: UnlostError) -> None:
        """What is wanted still goes behind all others, so that none of them waits for it."""
        if isinstance(error, Refused) and error.status in FOR_GOOD:
            await self.journal.drop_wanted(self.channel, wish.id)
        else:
            await self.journal.put_off_wanted(self.channel, wish.id)


def _is_the_wishs_own(error: UnlostError) -> bool:
    """False where the helpdesk as a whole is away, hangs, asks for less or refuses us: fifty time-outs are a quarter of an hour."""
    if isinstance(error, Refused):
        return error.status not in ABOUT_US
    return error.status == OF_ONE_MESSAGE or error.cause == "flood"  # a flood is one conversation's
