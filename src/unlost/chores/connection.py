"""What our own gateway tells of its link to WhatsApp: while it is down, or the account is logged out, customers cannot reach us.

GOWA tells nothing of it; there only the looks of `watch` see it, half a minute apart. Each word comes as an event in its order, so a
gap begins and ends when the link did, however late that is heard.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from unlost.clock import Clock
from unlost.journal.port import Journal
from unlost.journal.rows import GapCause
from unlost.vocabulary.events import Noticed
from unlost.vocabulary.ids import ChannelName

UP, DOWN = frozenset({"connect"}), frozenset({"disconnect", "logout"})
HEARD_MAX = 1_000
"""Not yet written down; a link that comes and goes more often between two looks is one long gap."""


@dataclass(slots=True)
class Connection:
    """One channel's. *read* makes an event of a body; it raises nothing for what the door could read. *came_back*: as `Watch`'s."""

    channel: ChannelName
    journal: Journal
    clock: Clock
    read: Callable[[bytes], object]
    came_back: Callable[[], None] = lambda: None
    _heard: deque[tuple[str, float]] = field(default_factory=lambda: deque(maxlen=HEARD_MAX))

    def turned(self, body: bytes) -> None:
        """A body that tells of the link is durable; what it means is written down at the next `tend`."""
        event = self.read(body)
        if isinstance(event, Noticed) and event.detail in UP | DOWN:
            now = self.clock.now()
            self._heard.append((event.detail, now if event.told_at is None else min(event.told_at, now)))

    async def tend(self) -> None:
        """Open and close gaps as heard. Raises NotCommitted; then it is done at the next call."""
        while self._heard:
            detail, at = self._heard[0]
            gap = await self.journal.open_gap(self.channel, GapCause.WHATSAPP_AWAY, since=at)
            if detail in UP:
                await self.journal.close_gap(gap)
                self.came_back()
            self._heard.popleft()
