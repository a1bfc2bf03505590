"""How fast a helpdesk may be asked, and who comes next. Plain values with the clock handed in; `turns` waits by them.

Chatwoot lets one address make 3000 requests a minute (rack_attack.rb) and one conversation take 200 messages a minute (limits.rb).
"""

from collections import deque
from enum import IntEnum
from typing import Final, Generic, TypeVar

T = TypeVar("T")

SHIPPED_PER_MIN: Final = 3000
"""RACK_ATTACK_LIMIT as shipped: where we were told no limit and meet one, it is taken for this one."""
BURST_SHARE: Final = 0.05
"""Of a minute's requests that may go at once; the rest of the minute is shared out evenly, so that no minute sees more."""
HALVE_EVERY_S: Final = 10.0
"""All that was in flight is answered 429 at once; that is one message, not sixty."""
SHARE_MIN: Final = 1 / 64
RECOVERY_PER_S: Final = 0.1 / 60
"""A tenth of the whole pace each minute: a limit that was met is approached again within some minutes, not at once."""
ROOM_BURST: Final = 29.0
ROOM_PER_S: Final = 2.0
"""29 + 60 × 2 posts: never 150 in any minute, which leaves 50 to agents, notes and templates."""
ROOMS_MAX: Final = 4096
WHOLE: Final = 1 - 1e-6
"""One, but for what floating point leaves of it: else a wait could be too short to move the clock, for ever."""
RECEIPT_EVERY: Final = 10
"""One grant in so many goes to a receipt, if one waits (design section 4)."""


class Rank(IntEnum):
    """What a request is for; lower goes first."""

    MESSAGE = 0
    RECEIPT = 1
    CHORE = 2


class Bucket:
    """Requests a minute for one host. *per_min* of None or 0: no limit, until the host says that there is one."""

    def __init__(self, per_min: int | None) -> None:
        self._is_free = not per_min
        self._per_min = float(per_min or SHIPPED_PER_MIN)
        self._share = 1.0
        self._tokens = self._burst
        self._at = 0.0
        self._halved_at = -HALVE_EVERY_S

    @property
    def per_min(self) -> float | None:
        """The pace that holds now; None: none."""
        return None if self._is_open else self._per_min * self._share

    def take(self, now: float) -> float:
        """0 where a request may go now, and then it is counted; else the seconds until one may. *now* is monotonic."""
        if self._is_open:
            return 0.0
        self._refill(now)
        if self._tokens >= WHOLE:
            self._tokens = max(0.0, self._tokens - 1.0)
            return 0.0
        return (1.0 - self._tokens) / self._per_s

    def halve(self, now: float) -> None:
        """The host answered 429."""
        if now - self._halved_at < HALVE_EVERY_S:
            return
        self._refill(now)
        self._halved_at = now
        self._share = max(self._share / 2, SHARE_MIN)
        self._tokens = 0.0

    @property
    def _is_open(self) -> bool:
        return self._is_free and self._share >= 1.0

    @property
    def _burst(self) -> float:
        return max(1.0, self._per_min * self._share * BURST_SHARE)

    @property
    def _per_s(self) -> float:
        return self._per_min * self._share * (1 - BURST_SHARE) / 60

    def _refill(self, now: float) -> None:
        gone_s = max(0.0, now - self._at)
        self._at = now
        self._tokens = min(self._burst, self._tokens + gone_s * self._per_s)
        self._share = min(1.0, self._share + gone_s * RECOVERY_PER_S)


class FairQueue(Generic[T]):
    """Who waits for a request: channels take turns, messages go first, and receipts get their tenth."""

    def __init__(self) -> None:
        self._waiting: dict[Rank, dict[str, deque[T]]] = {rank: {} for rank in Rank}
        self._grants = 0

    def __bool__(self) -> bool:
        return any(self._waiting.values())

    def push(self, rank: Rank, channel: str, waiter: T) -> None:
        """To the end of its channel's row."""
        self._waiting[rank].setdefault(channel, deque()).append(waiter)

    def pop(self) -> T:
        """The next one. Raises IndexError where nobody waits."""
        self._grants += 1
        order = sorted(Rank)
        if self._grants % RECEIPT_EVERY == 0:
            order.sort(key=lambda rank: rank is not Rank.RECEIPT)
        for rank in order:
            if channels := self._waiting[rank]:
                return _next_of(channels)
        raise IndexError("nobody waits")


class Rooms:
    """How many posts each conversation may still take. Kept for at most ROOMS_MAX conversations; a quiet one needs no keeping."""

    def __init__(self) -> None:
        self._rooms: dict[tuple[str, int], tuple[float, float]] = {}  # posts left, and when that was so
        self._closed: dict[tuple[str, int], float] = {}  # told "too many messages": until when

    def take(self, room: tuple[str, int], now: float) -> float:
        """0 where a post may go now, and then it is counted; else the seconds until one may."""
        left, at = self._rooms.pop(room, (ROOM_BURST, now))
        left = min(ROOM_BURST, left + max(0.0, now - at) * ROOM_PER_S)
        wait_s = 0.0 if left >= WHOLE else (1.0 - left) / ROOM_PER_S
        self._rooms[room] = (left if wait_s else max(0.0, left - 1.0), now)
        _keep_newest(self._rooms)
        return wait_s

    def closed_s(self, room: tuple[str, int], now: float) -> float:
        """Seconds for which the helpdesk will take nothing for this conversation, as far as it told us."""
        return max(0.0, self._closed.get(room, 0.0) - now)

    def close(self, room: tuple[str, int], until: float) -> None:
        """The helpdesk said "too many messages"."""
        self._closed.pop(room, None)
        self._closed[room] = until
        _keep_newest(self._closed)


def _next_of(channels: dict[str, deque[T]]) -> T:
    """The head of the first channel's row; that channel goes to the end."""
    channel = next(iter(channels))
    row = channels.pop(channel)
    waiter = row.popleft()
    if row:
        channels[channel] = row
    return waiter


def _keep_newest(kept: dict[tuple[str, int], T]) -> None:
    if len(kept) > ROOMS_MAX:
        del kept[next(iter(kept))]
