"""The loops of a running bridge that belong to no single room: beats, gaps, looks by the clock."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from unlost.chores.connection import Connection
from unlost.chores.feed import FeedReader
from unlost.chores.reconcile import Outcome, Reconcile
from unlost.chores.rescue import Rescue
from unlost.chores.watch import Watch
from unlost.clock import Clock
from unlost.errors import NotCommitted
from unlost.journal.port import Journal
from unlost.journal.rows import GapCause, GapRow
from unlost.lanes.circuit import Circuit
from unlost.lanes.lease import Lease
from unlost.lanes.runner import Runner
from unlost.telemetry.log import Telemetry
from unlost.telemetry.sides import Backlog, GapTurned, JournalSeen, ReconcileFailed, ReconcileWhole
from unlost.vocabulary.ids import ChannelName

RELEASE_EVERY_S = 0.25
RELEASE_MAX = 500
CIRCUITS_EVERY_S = 0.25
BURY_EVERY_S = 1.0
"""A lane leased at a kill is to be worked again within 2 s."""
AWAY_WAITS_S = (1.0, 2.0, 3.0, 5.0, 10.0)
"""Between looks at a side that is away, before they settle to the usual pace."""
ALIVE_EVERY_S = 2.0
FROZEN_S = 5.0
"""A process that stood still for so long answered nobody: Chatwoot waits 5 s for a webhook, and marks the message failed."""
COUNT_EVERY_S = 5.0
PRUNE_EVERY_S = 3600.0
GAPS_EVERY_S = 1.0
RECONCILE_AGAIN_S = 10.0
"""After a run that could not look everywhere; doubles with each more of them."""
RECONCILE_AGAIN_MAX_S = 600.0
"""What is wrong for so long is not over in a minute. A gateway that is seen to come back is looked behind at once, all the same."""
OUR_ABSENCES = frozenset({GapCause.DOOR_CLOSED, GapCause.NOT_COMMITTED})
"""Gaps in which the helpdesk, too, could not deliver to us and marked messages failed (hard case 19)."""


async def every(seconds: float, do: Callable[[], Awaitable[object]]) -> None:
    """For ever, with a pause between; a journal that cannot commit now is asked again next time."""
    while True:
        try:
            await do()
        except NotCommitted:
            pass
        await asyncio.sleep(seconds)


@dataclass(frozen=True, slots=True)
class Pulse:
    """Keeps this process alive in its peers' eyes, and buries those that are gone."""

    lease: Lease
    runner: Runner

    async def beat(self) -> None:
        """Renew; a process that was buried while it stood still drops all it has in hand."""
        if not await self.lease.renew():
            self.runner.drop_all()

    async def bury(self) -> None:
        """End the leases of the dead."""
        await self.lease.bury_the_dead()


async def keep_watch(watch: Watch, every_s: float) -> None:
    """For ever, every *every_s*; sooner while a side is away, so that its return is seen soon after it."""
    looks = 0
    while True:
        try:
            await watch.look()
        except NotCommitted:
            pass
        looks = 0 if watch.all_is_well else looks + 1
        is_soon = 0 < looks <= len(AWAY_WAITS_S)
        await asyncio.sleep(min(every_s, AWAY_WAITS_S[looks - 1]) if is_soon else every_s)


@dataclass(slots=True)
class Standstill:
    """A process that was stopped, or on a machine that slept, finds out here: its door was closed, which is a gap like any other.

    *every_s*: the pause between two ticks. *thawed* hears of each channel's gap before it is written down.
    """

    journal: Journal
    clock: Clock
    channels: Sequence[ChannelName]
    every_s: float
    thawed: Callable[[ChannelName], None]
    _ticked_at: float | None = None

    async def tick(self) -> None:
        """Raises NotCommitted; then the next one tells of the whole."""
        ticked_at = self.clock.monotonic()
        gone_s = 0.0 if self._ticked_at is None else ticked_at - self._ticked_at
        if gone_s - self.every_s > FROZEN_S:
            await self._note_absence(gone_s)
        self._ticked_at = ticked_at

    async def _note_absence(self, gone_s: float) -> None:
        for channel in self.channels:
            self.thawed(channel)
            gap = await self.journal.open_gap(channel, GapCause.DOOR_CLOSED, since=self.clock.now() - gone_s)
            await self.journal.close_gap(gap)


async def release(journal: Journal, clock: Clock) -> None:
    """Parked entries whose wait is over go back to their lanes. Looks before it writes."""
    parked_at = (await journal.dues()).parked_at
    if parked_at is not None and parked_at <= clock.now():
        while await journal.release_due(limit=RELEASE_MAX) == RELEASE_MAX:
            pass


async def watch_circuits(circuits: Sequence[Circuit]) -> None:
    """For ever, probe what is open, each at its own pace: a host that lets us wait holds up no other's return."""
    async with asyncio.TaskGroup() as group:
        for circuit in circuits:
            group.create_task(every(CIRCUITS_EVERY_S, circuit.watch))


async def count(journal: Journal, path: Path, clock: Clock, telemetry: Telemetry) -> None:
    """What stands, for the metrics."""
    gaps = await journal.gaps(open_only=True)
    contradictions = await journal.contradictions()
    for row in await journal.counts(since=clock.now()):
        oldest = 0.0 if row.oldest_waiting_at is None else max(0.0, clock.now() - row.oldest_waiting_at)
        waiting = row.waiting + row.leased
        gaps_open = sum(gap.channel == row.channel for gap in gaps)
        contradicting = sum(pairing.channel == row.channel for pairing in contradictions)
        telemetry.tell(Backlog(row.channel, waiting, oldest, row.dead, gaps_open, contradicting))
    free = shutil.disk_usage(path.parent).free if path.parent.exists() else 0
    telemetry.tell(JournalSeen(await journal.wal_bytes(), free))


@dataclass(slots=True)
class Tending:
    """One channel: looks at its sides, behind its gaps, and at what the helpdesk marked while we were away."""

    channel: ChannelName
    journal: Journal
    clock: Clock
    telemetry: Telemetry
    watch: Watch
    reconcile: Reconcile
    rescue: Rescue
    reconcile_every_s: float
    feed: FeedReader | None = None
    connection: Connection | None = None
    _soon: asyncio.Event = field(default_factory=asyncio.Event)
    _seen: set[int] = field(default_factory=set)
    _due_at: float = 0.0
    _failed_runs: int = 0
    _running: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def tend(self) -> None:
        """One look at the gaps; one rescue for all new ones together, then reconcile where it is due."""
        if self.connection is not None:
            await self.connection.tend()
        await self._look_back(await self._gaps())
        if self._soon.is_set() or self.clock.monotonic() >= self._due_at:
            self._soon.clear()
            await self.reconcile_now(None)
        elif self.feed is not None:
            await self.feed.tend()

    async def reconcile_now(self, since: float | None) -> Outcome:
        """One run at a time: two would only ask the gateway twice.

        It is told of the gaps that were looked back from, and closes no other: once closed, a gap is seen by no rescue.
        """
        async with self._running:
            gaps = await self._gaps()
            await self._look_back(gaps)
            try:
                if self.feed is not None:  # first: what it tells, storage need not tell in another order
                    await self.feed.close()
                outcome = await self.reconcile.run(gaps, since)
            except NotCommitted as error:  # all of the gateway was read, and must not be again and again
                self._ended(str(error))
                raise
            self._ended(outcome.error)
            return outcome

    def _ended(self, error: str | None) -> None:
        self._tell(error)
        self._pace(is_whole=error is None)

    def _tell(self, error: str | None) -> None:
        """Once when runs begin to fail, and once when it is over."""
        if error is not None and not self._failed_runs:
            self.telemetry.tell(ReconcileFailed(self.channel, error))
        if error is None and self._failed_runs:
            self.telemetry.tell(ReconcileWhole(self.channel))

    def _pace(self, *, is_whole: bool) -> None:
        self._failed_runs = 0 if is_whole else self._failed_runs + 1
        soon_s = min(RECONCILE_AGAIN_S, self.reconcile_every_s)
        again_s = min(soon_s * 2.0 ** min(self._failed_runs - 1, 64), RECONCILE_AGAIN_MAX_S)
        self._due_at = self.clock.monotonic() + (self.reconcile_every_s if is_whole else again_s)

    async def _look_back(self, gaps: Sequence[GapRow]) -> None:
        fresh = [gap for gap in gaps if gap.closed_at is not None and gap.id not in self._seen]
        ours = [gap for gap in fresh if gap.cause in OUR_ABSENCES]
        if ours:
            await self.rescue.look_back(min(gap.opened_at for gap in ours), max(gap.id for gap in ours))
        if fresh:  # only now: a look back that could not be written down is made again
            self._seen |= {gap.id for gap in fresh}
            self._soon.set()

    async def _gaps(self) -> list[GapRow]:
        return [gap for gap in await self.journal.gaps(open_only=True) if gap.channel == self.channel]


async def note_absence(
    journal: Journal, channels: Sequence[ChannelName], clock: Clock, telemetry: Telemetry, *, is_alone: bool
) -> float | None:
    """At a start: the time from the last sign of life to now is a gap of every channel. That sign's time; None: a new journal.

    *is_alone*: no other bridge works on the journal, so whoever opened a gap that is still open is gone.
    """
    now = clock.now()
    await _close_what_was_left(journal, is_alone=is_alone)
    before = await journal.mark_alive(now)
    if before is not None:
        for channel in channels:
            gap = await journal.open_gap(channel, GapCause.DOOR_CLOSED, since=min(before, now))
            await journal.close_gap(gap)
            telemetry.tell(GapTurned(channel, GapCause.DOOR_CLOSED, "closed"))
    return before


async def _close_what_was_left(journal: Journal, *, is_alone: bool) -> None:
    """Whoever opened it and died closes it no more; what is still wrong opens another.

    That the journal could not be written is over for everybody as soon as anybody writes it: this closing does. Else a bridge that
    died of it would leave it open for ever: its own name still stands among the holders when it returns.
    """
    for left in await journal.gaps(open_only=True):
        if left.closed_at is None and (is_alone or left.cause is GapCause.NOT_COMMITTED):
            await journal.close_gap(left.id)
