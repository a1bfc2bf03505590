"""What the gateway has promised to tell: numbered in the feed, and one entry of a journal per receiver, in its chat's lane.

An event is durable in both before it leaves WhatsApp's queue. Each URL is a channel of the journal, so that its lanes are its own;
the entry's door key keeps out what was taken twice because the process died in between, also long after it was told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from unlost.clock import Clock
from unlost.gateway.clerk import Clerk
from unlost.gateway.feed import Bounds, Extent, Feed, FeedEvent, Promise
from unlost.journal.rows import Arrival, BodyView, ChannelRow, EntryView
from unlost.journal.sqlite_journal import SqliteJournal
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.envelopes import Envelope, Kind, Source
from unlost.vocabulary.events import WebhookDue
from unlost.vocabulary.ids import ChannelName, EntryId, WhatsAppId

KEEP_TOLD_DAYS = 1.0  # what was told stands in the feed too; this is for a look at what was tried
KEEP_NAMES_DAYS = 60.0  # far longer than WhatsApp keeps an event for a linked device that is away (two weeks)
DEAD_SHOWN_MAX = 1_000


@dataclass(frozen=True)
class Places:
    """The outbox's two files."""

    feed: Path
    journal: Path


class Outbox:
    """The promises of one gateway. Verbs that write are durable when they return; raise NotCommitted or apsw.Error where they cannot."""

    def __init__(self, feed: Feed, journal: SqliteJournal, clerk: Clerk, clock: Clock) -> None:
        self.journal = journal
        self._feed = feed
        self._clerk = clerk
        self._clock = clock

    @classmethod
    async def open(cls, places: Places, clerk: Clerk, clock: Clock) -> Outbox:
        """Open or create both files. Raises JournalUnusable with the cure in a line, apsw.Error for the feed's."""
        feed = await clerk.do(Feed, places.feed)
        try:
            journal = await SqliteJournal.open(places.journal, clock=clock)
        except BaseException:
            await clerk.do(feed.close)
            raise
        return cls(feed, journal, clerk, clock)

    async def close(self) -> None:
        """Let go of the files."""
        await self.journal.close()
        await self._clerk.do(self._feed.close)

    async def introduce(self, urls: Sequence[str]) -> None:
        """Make receivers known; nothing is promised to one that is not. Repeatable."""
        await self.journal.introduce([ChannelRow(ChannelName(url), None, "webhooks") for url in urls])

    async def receivers(self) -> list[str]:
        """Everyone to whom something was ever promised here, taken out of the settings since or not."""
        return [str(counts.channel) for counts in await self.journal.counts()]

    async def keep(self, promises: Sequence[Promise], urls: Sequence[str]) -> None:
        """Promise to tell *promises*, in this order per chat, to each of *urls*. What was promised before stays as it is."""
        if promises:
            numbers = await self._clerk.do(self._feed.put, promises, self._clock.now())
            for url in urls:
                arrivals = [_arrival(number, one) for number, one in zip(numbers, promises, strict=True)]
                await self.journal.append(ChannelName(url), arrivals)

    async def events(self, after: int, limit: int) -> tuple[Extent, list[FeedEvent]]:
        """A page of the feed, and what the feed holds in all."""
        return await self._clerk.do(lambda: (self._feed.extent(), self._feed.after(after, limit)))

    async def latest(self, limit: int) -> list[tuple[str, FeedEvent]]:
        """The last events, the newest first, with the names under which the journal has their webhooks."""
        return await self._clerk.do(self._feed.latest, limit)

    async def prune(self, bounds: Bounds) -> None:
        """Take away what is over, a slice at a time."""
        while await self._clerk.do(self._feed.prune, bounds, self._clock.now()):
            pass
        await self.journal.prune(keep_days=KEEP_TOLD_DAYS, keep_links_days=KEEP_NAMES_DAYS)

    # dead letters -----------------------------------------------------------------------------------------------------

    async def dead(self, limit: int) -> list[EntryView]:
        """Webhooks that were given up, newest first, with what each try came to."""
        letters = await self.journal.dead(limit=min(limit, DEAD_SHOWN_MAX))
        whole = [await self.journal.entry(letter.id) for letter in letters]
        return [letter for letter in whole if letter is not None]

    async def body_of(self, letter: EntryId, limit_bytes: int) -> BodyView | None:
        """What would be told; holds a customer's words."""
        return await self.journal.body(letter, limit_bytes=limit_bytes)

    async def dead_ids(self, url: str | None, limit: int) -> list[EntryId]:
        """The numbers of all, or of one receiver's."""
        channel = None if url is None else ChannelName(url)
        return await self.journal.dead_ids(channel=channel, reason=None, since=None, limit=limit)

    async def retry(self, letters: Sequence[EntryId]) -> int:
        """To the end of their chats' lanes; how many."""
        return await self.journal.retry(letters, "over the API")

    async def discard(self, letters: Sequence[EntryId]) -> int:
        """Told no more; how many."""
        return await self.journal.discard(letters, "over the API")


def webhook_of(raw: bytes) -> WebhookDue:
    """What an entry says: its event's number in a line of its own, then the body. Raises ValueError."""
    number, _, body = raw.partition(b"\n")
    return WebhookDue(int(number), body)


def _arrival(number: int, promise: Promise) -> Arrival:
    chat = Address(promise.chat) if promise.chat else None
    envelope = Envelope(Source.OUTBOX, Kind.UNKNOWN, chat, id=WhatsAppId(promise.name))
    return Arrival(envelope, b"%d\n%b" % (number, promise.body))
