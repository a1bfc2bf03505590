"""The verbs of a person, over the journal and the running bridge."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import unlost
from unlost.clock import Clock
from unlost.console.answers import (
    Changed,
    Entries,
    Entry,
    Found,
    Reconciled,
    Status,
    Trace,
    channel_of,
    contradiction_of,
    entry_of,
    gap_of,
    pause_of,
)
from unlost.console.subject import Subject
from unlost.errors import IDS_WENT_BACK
from unlost.journal.port import Journal
from unlost.journal.rows import Forgotten, Pool
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.envelopes import Direction
from unlost.vocabulary.ids import ChannelName, EntryId

BULK_MAX = 100_000  # by one press; what is left may be pressed again
BATCH = 500
DRAIN_LOOK_S = 0.2
PAUSED_BY = "paused by "
"""How a pause's reason begins where a person pressed it; the pages say it in their own language."""
OLDEST_SPREAD_S = 2.0  # a page asks a moment after its numbers were read


@dataclass(frozen=True, slots=True)
class DeadFilter:
    """Which dead letters; all where nothing is given."""

    ids: tuple[EntryId, ...] = ()
    channel: ChannelName | None = None
    reason: str | None = None
    since: float | None = None


@dataclass(frozen=True, slots=True)
class Operator:
    """*sides*: the watch's last word per channel, *sides_since*: how long it has said so. *reconcile_channel*: looks behind one channel's gateway now.

    *region*: the country of phone numbers that are typed without one (ISO 3166), from the channels' own.
    """

    journal: Journal
    clock: Clock
    channels: Sequence[ChannelName]
    sides: Callable[[ChannelName], Mapping[str, bool | None]]
    open_circuits: Callable[[], list[str]]
    reconcile_channel: Callable[[ChannelName, float | None], Awaitable[Found]]
    backup_to: Callable[[Path], Awaitable[int]]
    forget_addresses: Callable[[Sequence[Address]], Awaitable[Forgotten]]
    door_open_since: Callable[[], float | None]
    sides_since: Callable[[ChannelName], Mapping[str, float | None]] = lambda _: {}
    region: str | None = None

    async def status(self, since_s: float | None) -> Status:
        """Numbers per channel; delivered, skipped and late only of the last *since_s* seconds."""
        now = self.clock.now()
        since = None if since_s is None else now - since_s
        pauses = [pause_of(row) for row in await self.journal.pauses()]
        return Status(
            version=unlost.__version__,
            since=since,
            channels=[
                channel_of(row, pauses, self.sides(row.channel), self.sides_since(row.channel), now)
                for row in await self.journal.counts(since=since)
            ],
            gaps=[gap_of(row) for row in await self.journal.gaps(open_only=True)],
            pauses=pauses,
            contradictions=[contradiction_of(row) for row in await self.journal.contradictions()],
            open_circuits=self.open_circuits(),
            bridges=len(await self.journal.holders()),
        )

    async def trace(self, subject: Subject, since: float | None, until: float | None) -> Trace:
        """What became of it; the gaps tell what may never have been received."""
        views = await self.journal.trace(
            whatsapp_id=subject.message,
            chats=subject.chats,
            conversation=subject.conversation,
            since=since,
            until=until,
        )
        gaps = [gap_of(row) for row in await self.journal.gaps(open_only=False)]
        return Trace([entry_of(view) for view in views], gaps, self.door_open_since())

    async def entry(self, entry: EntryId) -> Entry | None:
        """One entry with its attempts and where it stands; None where there is none (any more)."""
        view = await self.journal.entry(entry)
        return None if view is None else entry_of(view)

    async def oldest(self, channel: ChannelName, waiting_s: float) -> Entry | None:
        """The entry of *channel* that has waited so long, and longest; None where it has ended meanwhile."""
        at = self.clock.now() - waiting_s
        views = await self.journal.trace(since=at - OLDEST_SPREAD_S, until=at + OLDEST_SPREAD_S)
        waiting = [view for view in views if view.channel == channel and view.state in ("waiting", "leased")]
        return entry_of(waiting[0]) if waiting else None

    async def dead(self, wanted: DeadFilter, limit: int) -> Entries:
        """Dead letters, newest first."""
        if wanted.ids:
            views = [await self.journal.entry(entry) for entry in wanted.ids[:limit]]
            return Entries([entry_of(view) for view in views if view is not None])
        rows = await self.journal.dead(channel=wanted.channel, reason=wanted.reason, since=wanted.since, limit=limit)
        return Entries([entry_of(view) for view in rows])

    async def retry(self, wanted: DeadFilter, who: str, *, preview: bool) -> Changed:
        """To the end of their lanes, marked late."""
        return await self._bulk(wanted, who, self.journal.retry, preview=preview)

    async def discard(self, wanted: DeadFilter, who: str, *, preview: bool) -> Changed:
        """Ended by a person's word."""
        return await self._bulk(wanted, who, self.journal.discard, preview=preview)

    async def pause(self, channel: ChannelName, directions: Sequence[Direction], who: str) -> Changed:
        """Hand out nothing of these; doors stay open."""
        for direction in directions:
            await self.journal.pause(Pool(channel, direction), f"{PAUSED_BY}{who}", blocked=False)
        return Changed(len(directions))

    async def resume(self, channel: ChannelName, directions: Sequence[Direction]) -> Changed:
        """Lift pauses and blocks. What was blocked because the helpdesk's ids went back goes on with its new ones."""
        pools = {Pool(channel, direction) for direction in directions}
        if any(
            row.pool in pools and row.blocked and row.reason == IDS_WENT_BACK for row in await self.journal.pauses()
        ):
            await self.journal.accept_ids(channel)
        for direction in directions:
            await self.journal.resume(Pool(channel, direction))
        return Changed(len(directions))

    async def drain(self, timeout_s: float) -> Changed:
        """Wait until nothing is waiting, leased or parked, or *timeout_s* is over; how many are left."""
        ends_at = self.clock.monotonic() + timeout_s
        while True:
            left = sum(row.waiting + row.leased + row.parked for row in await self.journal.counts())
            if not left or self.clock.monotonic() >= ends_at:
                return Changed(left)
            await asyncio.sleep(DRAIN_LOOK_S)

    async def reconcile(self, channel: ChannelName | None, since_s: float | None) -> Reconciled:
        """Compare the gateways' storage with the journal now."""
        since = None if since_s is None else self.clock.now() - since_s
        names = self.channels if channel is None else [channel]
        return Reconciled([await self.reconcile_channel(name, since) for name in names])

    async def _bulk(
        self, wanted: DeadFilter, who: str, verb: Callable[[Sequence[EntryId], str], Awaitable[int]], *, preview: bool
    ) -> Changed:
        ids = list(dict.fromkeys(wanted.ids)) or await self.journal.dead_ids(
            channel=wanted.channel, reason=wanted.reason, since=wanted.since, limit=BULK_MAX
        )
        if preview:
            return Changed(await self._still_dead(wanted.ids) if wanted.ids else len(ids), preview=True)
        count = 0
        for start in range(0, len(ids), BATCH):
            count += await verb(ids[start : start + BATCH], who)
        return Changed(count)

    async def _still_dead(self, ids: Sequence[EntryId]) -> int:
        """How many of *ids* are dead letters: the others no verb touches."""
        views = [await self.journal.entry(entry) for entry in dict.fromkeys(ids)]
        return sum(view is not None and view.state == "dead" for view in views)
