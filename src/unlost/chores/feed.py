"""What our own gateway's numbered feed has and the door has not kept is appended: gaps are closed without guessing.

Webhooks carry the numbers of the feed. The highest number up to which all were kept is remembered in the journal; after a start,
a gap, or where a number is missing for a while, the feed is read from there on, each body as its webhook would have brought it.
What the feed does not reach back to is storage's to tell.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from unlost.clock import Clock
from unlost.errors import NotCommitted, UnlostError
from unlost.journal.port import Journal
from unlost.vocabulary.ids import ChannelName

HOLE_S = 5.0
"""A number that is missing so long is fetched: its webhook was refused, and its chat waits at the gateway."""
AGAIN_S = 5.0
"""Between two looks for the same hole."""
AHEAD_MAX = 10_000
"""Numbers remembered above a hole; those beyond are read from the feed again, and recognised."""
PAGES_MAX = 10_000
"""Of one look; a feed that goes on behind them is read on at the next."""


@dataclass(frozen=True, slots=True)
class FeedEvent:
    """One event. *at*: when the gateway wrote it down, epoch seconds."""

    number: int
    at: float
    body: bytes


@dataclass(frozen=True, slots=True)
class FeedPage:
    """Events above the number that was asked for. *feed* names the numbering; it holds *oldest* to *newest*."""

    feed: str
    oldest: int
    newest: int
    events: tuple[FeedEvent, ...]


class Feed(Protocol):
    """One channel's gateway, as far as this chore needs it."""

    async def after(self, number: int) -> FeedPage | None:
        """None where the gateway has no feed. Raises UnlostError."""
        ...


@dataclass(slots=True)
class Told:
    """Up to which number all were kept (*through*; None: not known yet), and which above it."""

    clock: Clock
    feed: str = ""
    through: int | None = None
    is_other: bool = False  # a webhook told of another feed: its numbers began anew
    _ahead: set[int] = field(default_factory=set)
    _hole_since: float | None = None

    def kept(self, feed: str, number: int) -> None:
        """A webhook of that number is durable."""
        if self.through is None:
            return
        if feed != self.feed:
            self.is_other = True
        elif number > self.through and len(self._ahead) < AHEAD_MAX:
            self._ahead.add(number)
            self._close_up()

    def reach(self, feed: str, through: int) -> None:
        """All up to *through* were kept, or are gone for good. Goes back only in another feed."""
        if feed != self.feed or self.through is None:
            self.feed, self.through, self.is_other = feed, through, False
            self._ahead.clear()
        self.through = max(self.through, through)
        self._ahead = {number for number in self._ahead if number > through}
        self._close_up()

    def is_anew(self, page: FeedPage) -> bool:
        """Its numbers are not those that we know."""
        return self.through is not None and (page.feed != self.feed or page.newest < self.through)

    def skip_to(self, page: FeedPage) -> int:
        """Pass over what the feed holds no more, which storage may still tell; how many numbers of those that were owed."""
        first = page.oldest - 1
        gone = 0 if self.through is None else max(0, first - self.through)
        if self.through is None or gone:
            self.reach(page.feed, first)
        return gone

    def begin_anew(self, feed: str) -> None:
        """Another feed, or the same and its numbers went back (a gateway that was restored): all of it is to be read."""
        self.feed, self.through, self.is_other = feed, 0, False
        self._ahead.clear()
        self._hole_since = None

    def has_hole(self) -> bool:
        """A number has been missing for HOLE_S, or the feed is another."""
        if self.is_other:
            return True
        return self._hole_since is not None and self.clock.monotonic() - self._hole_since >= HOLE_S

    def _close_up(self) -> None:
        """Move on over what was kept ahead; the hole that is left then begins now."""
        assert self.through is not None
        before = self.through
        while self.through + 1 in self._ahead:
            self.through += 1
            self._ahead.discard(self.through)
        if not self._ahead:
            self._hole_since = None
        elif before != self.through or self._hole_since is None:
            self._hole_since = self.clock.monotonic()


@dataclass(frozen=True, slots=True)
class FeedOutcome:
    """What one look did. *lost*: numbers that the feed holds no more; *error*: why it did not read to the end."""

    appended: int = 0
    lost: int = 0
    error: str | None = None


@dataclass(slots=True)
class FeedReader:
    """One channel's. *keep* makes bodies durable as the door would, and says how many were new; *hears* is told of each look."""

    channel: ChannelName
    journal: Journal
    feed: Feed
    told: Told
    clock: Clock
    keep: Callable[[Sequence[bytes]], Awaitable[int]]
    hears: Callable[[FeedOutcome], None] = lambda outcome: None
    _saved: tuple[str, int] | None = None
    _again_at: float = float("-inf")

    async def tend(self) -> None:
        """By the clock: close a hole that lasts, and remember how far it is. Raises NotCommitted."""
        if self.told.has_hole() and self.clock.monotonic() >= self._again_at:
            await self.close()
        await self._save()

    async def close(self) -> FeedOutcome:
        """Read on from the remembered number to the end. Raises NotCommitted; what the gateway does wrong is in the outcome."""
        self._again_at = self.clock.monotonic() + AGAIN_S
        await self._load()
        try:
            outcome = await self._read()
        except NotCommitted:
            raise
        except UnlostError as failed:
            outcome = FeedOutcome(error=str(failed))
        self.hears(outcome)
        return outcome

    async def _read(self) -> FeedOutcome:
        appended = lost = begun_anew = 0
        floor = min(await self.journal.start_mark(self.channel), self.clock.now())
        for _ in range(PAGES_MAX):
            page = await self.feed.after(self.told.through or 0)
            if page is None:
                return FeedOutcome(appended, lost)
            if self.told.is_anew(page):
                if begun_anew:
                    return FeedOutcome(appended, lost, "the feed changes while it is read")
                begun_anew += 1
                self.told.begin_anew(page.feed)
                await self._save()
                continue
            lost += self.told.skip_to(page)
            events = [event for event in page.events if event.number > (self.told.through or 0)]
            if not events:
                break
            appended += await self.keep([event.body for event in events if event.at >= floor])
            self.told.reach(page.feed, max(event.number for event in events))
            await self._save()
        await self._save()
        return FeedOutcome(appended, lost)

    async def _load(self) -> None:
        """Another bridge on the same journal may have come further."""
        stored = await self.journal.told_through(self.channel)
        if stored is None:
            return
        feed, through = stored
        if self.told.through is None or (feed == self.told.feed and through > self.told.through):
            self.told.reach(feed, through)
        self._saved = stored

    async def _save(self) -> None:
        if self.told.through is None:
            return
        now = (self.told.feed, self.told.through)
        if now != self._saved:
            await self.journal.mark_told_through(self.channel, *now)
            self._saved = now
