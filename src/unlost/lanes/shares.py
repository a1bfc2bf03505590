"""Who may work how much at once. Pure: counts in hand, and the answer to "how many more of this pool?"."""

from collections import Counter
from dataclasses import dataclass, field

from unlost.journal.rows import Pool
from unlost.vocabulary.envelopes import Direction
from unlost.vocabulary.ids import ChannelName

BACKGROUND = frozenset({Direction.LOOK_UP, Direction.CHORE})


@dataclass(slots=True)
class Shares:
    """*slots* in all, *background* of them for look-ups and chores, *media* for files. One channel of several gets at most half; look-ups go one
    at a time per channel (a gateway is asked about one person at a time)."""

    slots: int
    channels: int
    background: int
    media: int
    _pools: Counter[Pool] = field(default_factory=Counter)
    _channels: Counter[ChannelName] = field(default_factory=Counter)
    _background: int = 0
    _media: int = 0

    @property
    def in_hand(self) -> int:
        """Claims being worked."""
        return self._pools.total()

    def room(self, pool: Pool) -> int:
        """How many more lanes of *pool* may be claimed now."""
        rooms = [self.slots - self.in_hand]
        if self.channels > 1:
            rooms.append(max(1, self.slots // 2) - self._channels[pool.channel])
        if pool.direction in BACKGROUND:
            rooms.append(self.background - self._background)
        if pool.direction is Direction.MEDIA:
            rooms.append(self.media - self._media)
        if pool.direction is Direction.LOOK_UP:
            rooms.append(1 - self._pools[pool])
        return max(0, min(rooms))

    def take(self, pool: Pool) -> None:
        """One more in hand."""
        self._pools[pool] += 1
        self._channels[pool.channel] += 1
        self._background += pool.direction in BACKGROUND
        self._media += pool.direction is Direction.MEDIA

    def give(self, pool: Pool) -> None:
        """One less."""
        self._pools[pool] -= 1
        self._channels[pool.channel] -= 1
        self._background -= pool.direction in BACKGROUND
        self._media -= pool.direction is Direction.MEDIA
