"""The port over SQLite: each verb is one operation in a transaction that its executor opens and ends."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from os import urandom
from pathlib import Path
from typing import Literal, Self, TypeVar

import apsw

from unlost.clock import Clock, this_boot
from unlost.journal import (
    appending,
    channels,
    claiming,
    downloads,
    gaps,
    holders,
    leasing,
    letters,
    parking,
    receipts,
    sequence,
    settling,
    views,
)
from unlost.journal.bell import Bell
from unlost.journal.copying import pinned
from unlost.journal.executor import Executor, ThreadExecutor
from unlost.journal.inline import InlineExecutor
from unlost.journal.log_keeper import LogKeeper, log_bytes
from unlost.journal.opening import BUSY_WAIT_MS, needs_copy, open_reader, open_writer, secret_of
from unlost.journal.reserve import Reserve
from unlost.journal.rows import (
    Appended,
    Arrival,
    BodyView,
    ChannelRow,
    Claim,
    ContradictionRow,
    Counts,
    Dues,
    EntryView,
    Failure,
    GapCause,
    GapRow,
    HolderId,
    HolderRow,
    Learned,
    PauseRow,
    Pool,
    Settled,
    WantedStatus,
)
from unlost.journal.start_marks import is_on_time, raise_mark
from unlost.journal.turn import Turn
from unlost.journal.upkeep import Upkeep
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.facts import Begun, Facts
from unlost.vocabulary.ids import ChannelName, EntryId, HelpdeskMessageId, WhatsAppId
from unlost.vocabulary.links import MessageLink
from unlost.vocabulary.verdicts import Verdict

T = TypeVar("T")

POLL_EVERY_S = 0.2
"""How often other processes' commits are looked for while nothing happens here."""

INLINE_CHECKPOINT_PAGES = 1_000  # with one connection SQLite itself moves the log into the file


class SqliteJournal(Upkeep):
    """`unlost.journal.port.Journal`, kept in one SQLite file. Several processes may share the file."""

    def __init__(
        self,
        executor: Executor,
        *,
        path: Path,
        clock: Clock,
        boot: str,
        secret: bytes,
        bell: Bell,
        is_alone: bool,
        keeper: LogKeeper | None,
    ) -> None:
        super().__init__(executor, path=path, clock=clock, boot=boot, secret=secret, bell=bell)
        self._is_alone = is_alone
        self._keeper = keeper
        self._foreign_commits: int | None = None

    @classmethod
    async def open(
        cls,
        path: Path,
        *,
        clock: Clock,
        vfs: str | None = None,
        executor: Literal["threads", "inline"] = "threads",
        random_bytes: Callable[[int], bytes] = urandom,
        is_alone: bool | None = None,
        boot: str | None = None,
    ) -> Self:
        """Open or create the journal at *path*. Raises JournalUnusable with one line that names the cure.

        *inline* runs everything on the event loop over one connection; *vfs* names a simulated disk and asks for *inline*.
        *is_alone*: no other process may use the file; by default so on a simulated disk, and nowhere else. *boot* names the run of
        the machine within which readings of *clock*'s steady time compare; by default the one that it is in.
        """
        assert vfs is None or executor == "inline", "a simulated disk has no threads"
        is_alone = vfs is not None if is_alone is None else is_alone
        before = pinned(path) if vfs is None and needs_copy(path) else None
        try:
            writer = open_writer(path, vfs=vfs, is_alone=is_alone, now=clock.now(), random_bytes=random_bytes)
        except BaseException:
            if before is not None:
                before.close()
            raise
        boot = boot or this_boot()
        make = partial(cls, path=path, clock=clock, boot=boot, secret=secret_of(writer), bell=Bell(), is_alone=is_alone)
        if executor == "inline":
            writer.wal_autocheckpoint(INLINE_CHECKPOINT_PAGES)
            journal = make(InlineExecutor(writer), keeper=None)
        else:
            keeper = LogKeeper(lambda: apsw.Connection(str(path)), busy_wait_ms=BUSY_WAIT_MS)
            keeper.watch(writer)
            between = keeper.between_batches
            reserve = Reserve(path)
            threads = ThreadExecutor(
                lambda: writer, lambda: open_reader(path), between_batches=between, make_room=reserve.give
            )
            journal = make(threads, keeper=keeper)
            journal.take_reserve = reserve.take
            await asyncio.to_thread(reserve.take)
        await journal._watch_clock()
        if before is not None:
            journal._copy_aside(before)
        return journal

    async def close(self) -> None:
        """Carry out what was asked for, then let go of the file."""
        await self._end_side_work()
        await self._executor.close()
        self._bell.fall_silent()
        if self._keeper is not None:
            self._keeper.close()

    # doors and lanes --------------------------------------------------------------------------------------------------

    async def now(self) -> float:
        return self._clock.now()

    async def introduce(self, channels_: Sequence[ChannelRow]) -> None:
        rows = tuple(channels_)

        def introduced(turn: Turn) -> None:
            self._follow_clock(turn)
            channels.introduce(turn, rows, self._boot)

        await self._write(introduced)

    async def append(self, channel: ChannelName, arrivals: Sequence[Arrival]) -> list[Appended]:
        appended: list[Appended] = []
        for start in range(0, len(arrivals), letters.BULK_MAX):
            bodies = tuple(arrivals[start : start + letters.BULK_MAX])
            appended += await self._append(channel, bodies)
        return appended

    async def _append(self, channel: ChannelName, bodies: tuple[Arrival, ...]) -> list[Appended]:
        try:
            kept = await self._write(lambda turn: appending.append(turn, channel, bodies))
        except appending.NeedsCare:
            kept = await self._write(lambda turn: appending.append_with_care(turn, channel, bodies))
        due_at = min((one.due_at for one in kept if one.due_at is not None), default=None)
        if due_at is not None:
            self._bell.ring_in(due_at - self._clock.now())
        return kept

    async def claim(self, holder: HolderId, pool: Pool, *, limit: int, alone: bool = False) -> list[Claim]:
        return await self._write(lambda turn: claiming.claim(turn, holder, pool, limit, alone=alone))

    async def begin(self, claim: Claim, facts: Facts, begun: Begun, learned: Learned) -> Claim | None:
        return await self._write(lambda turn: leasing.begin(turn, claim, facts, begun, learned))

    async def remember(self, claim: Claim, facts: Facts, learned: Learned) -> Claim | None:
        return await self._write(lambda turn: leasing.remember(turn, claim, facts, learned))

    async def settle(
        self, claim: Claim, verdict: Verdict, facts: Facts, learned: Learned, failure: Failure | None = None
    ) -> Settled:
        return await self._stirring(lambda turn: settling.settle(turn, claim, verdict, facts, learned, failure))

    async def give_back(self, claims: Sequence[Claim]) -> None:
        held = tuple(claims)
        await self._stirring(lambda turn: leasing.give_back(turn, held))

    async def forgive(self, claim: Claim) -> None:
        await self._stirring(lambda turn: leasing.forgive(turn, claim))

    async def wake_for_files(self, channel: ChannelName, *, limit: int) -> int:
        woken = await self._write(lambda turn: downloads.wake_messages(turn, channel, limit))
        if woken:
            self._bell.ring()
        return woken

    async def open_downloads(self, keys: Sequence[str]) -> frozenset[str]:
        found: frozenset[str] = frozenset()
        for start in range(0, len(keys), downloads.OPEN_MAX):
            some = tuple(keys[start : start + downloads.OPEN_MAX])
            found |= await self._read(lambda turn, some=some: downloads.open_downloads(turn, some))  # type: ignore[misc]  # mypy infers no default
        return found

    async def release_due(self, *, limit: int) -> int:
        return await self._stirring(lambda turn: parking.release_overdue(turn, limit))

    async def dues(self) -> Dues:
        self._bell.take_note()
        return await self._read(claiming.dues)

    async def wait_for_work(self, timeout_s: float) -> None:
        """Rings here are heard at once, other processes' commits within POLL_EVERY_S."""
        left_s = timeout_s
        while left_s > 0:
            nap_s = left_s if self._is_alone else min(left_s, POLL_EVERY_S)
            if await self._bell.wait(nap_s) or await self._others_committed():
                return
            left_s -= nap_s

    # leases -----------------------------------------------------------------------------------------------------------

    async def enrol(self, holder: HolderId, host: str, lock_path: str) -> None:
        await self._write(lambda turn: holders.enrol(turn, holder, host, lock_path))

    async def beat(self, holder: HolderId) -> bool:
        return await self._write(lambda turn: holders.beat(turn, holder))

    async def holders(self) -> list[HolderRow]:
        return await self._read(holders.holders)

    async def bury(self, holder: HolderId, *, beat: int) -> int:
        return await self._stirring(lambda turn: holders.bury(turn, holder, beat))

    async def retire(self, holder: HolderId) -> None:
        await self._stirring(lambda turn: holders.retire(turn, holder))

    # receipts ---------------------------------------------------------------------------------------------------------

    async def wanted(self, channel: ChannelName, *, limit: int) -> list[WantedStatus]:
        return await self._read(lambda turn: receipts.wanted(turn, channel, limit))

    async def put_off_wanted(self, channel: ChannelName, id: WhatsAppId) -> None:
        await self._write(lambda turn: receipts.put_off(turn, channel, id))

    async def confirm(self, channel: ChannelName, message: HelpdeskMessageId, status: str) -> None:
        await self._write(lambda turn: receipts.confirm(turn, channel, message, status))

    async def drop_wanted(self, channel: ChannelName, id: WhatsAppId) -> None:
        await self._write(lambda turn: receipts.drop_wanted(turn, channel, id))

    # gaps and pauses --------------------------------------------------------------------------------------------------

    async def open_gap(self, channel: ChannelName, cause: GapCause, *, since: float | None = None) -> int:
        return await self._write(lambda turn: gaps.open_gap(turn, channel, cause, since))

    async def close_gap(self, gap: int) -> None:
        await self._write(lambda turn: gaps.close_gap(turn, gap))

    async def gap_reconciled(self, gap: int) -> None:
        await self._write(lambda turn: gaps.gap_reconciled(turn, gap))

    async def gaps(self, *, open_only: bool) -> list[GapRow]:
        return await self._read(lambda turn: gaps.gaps(turn, open_only=open_only))

    async def last_gap_end(self, channel: ChannelName) -> float | None:
        return await self._read(lambda turn: gaps.last_gap_end(turn, channel))

    async def pause(self, pool: Pool, reason: str, *, blocked: bool, by_credentials: bool = False) -> None:
        await self._write(
            lambda turn: channels.pause(turn, pool, reason, blocked=blocked, by_credentials=by_credentials)
        )

    async def resume(self, pool: Pool) -> None:
        await self._stirring(lambda turn: channels.resume(turn, pool))

    async def accept_ids(self, channel: ChannelName) -> None:
        await self._write(lambda turn: sequence.forget_high_water(turn, channel))
        after: int | None = 0
        while after is not None:
            after = await self._write(lambda turn, start=after: sequence.lower_begun(turn, channel, start))  # type: ignore[misc]  # mypy infers no default

    async def pauses(self) -> list[PauseRow]:
        return await self._read(channels.pauses)

    async def mark_alive(self, at: float) -> float | None:
        self._notice_step()
        if self._coming_back:
            return await self._read(gaps.last_alive)

        def marked(turn: Turn) -> float | None:
            self._follow_clock(turn)
            return gaps.mark_alive(turn, at)

        return await self._write(marked)

    async def prove_writable(self) -> None:
        await self._write(gaps.prove_writable)

    # dead letters and views -------------------------------------------------------------------------------------------

    async def retry(self, entries: Sequence[EntryId], who: str) -> int:
        named = tuple(entries)
        return await self._in_slices(named, lambda turn, some: letters.retry(turn, some, who))

    async def discard(self, entries: Sequence[EntryId], who: str) -> int:
        named = tuple(entries)
        return await self._in_slices(named, lambda turn, some: letters.discard(turn, some, who))

    async def dead(
        self,
        *,
        channel: ChannelName | None = None,
        reason: str | None = None,
        since: float | None = None,
        limit: int = 100,
    ) -> list[EntryView]:
        return await self._read(lambda turn: views.dead(turn, channel, reason, since, limit))

    async def dead_ids(
        self, *, channel: ChannelName | None, reason: str | None, since: float | None, limit: int
    ) -> list[EntryId]:
        return await self._read(lambda turn: views.dead_ids(turn, channel, reason, since, limit))

    async def entry(self, id: EntryId) -> EntryView | None:
        return await self._read(lambda turn: views.entry(turn, id))

    async def body(self, id: EntryId, *, limit_bytes: int) -> BodyView | None:
        return await self._read(lambda turn: views.body(turn, id, limit_bytes))

    async def trace(
        self,
        *,
        whatsapp_id: WhatsAppId | None = None,
        chats: Sequence[Address] = (),
        conversation: int | None = None,
        since: float | None = None,
        until: float | None = None,
        limit: int = 200,
    ) -> list[EntryView]:
        asked = views.Asked(whatsapp_id, tuple(chats), conversation, since, until, limit)
        return await self._read(lambda turn: views.trace(turn, asked))

    async def links_posted_since(self, channel: ChannelName, since: float, *, limit: int) -> list[MessageLink]:
        return await self._read(lambda turn: views.links_posted_since(turn, channel, since, limit))

    async def contradictions(self) -> list[ContradictionRow]:
        return await self._read(views.contradictions)

    async def start_mark(self, channel: ChannelName) -> float:
        def followed(turn: Turn) -> float:
            self._follow_clock(turn)  # whoever asks right after a step must not take the old mark with the new clock
            return channels.start_mark(turn, channel)

        return await self._write(followed)

    async def raise_start_mark(self, channel: ChannelName, until: float) -> None:
        await self._write(lambda turn: raise_mark(turn, channel, self._boot, until))

    async def is_clock_right(self) -> bool:
        return await self._read(is_on_time)

    async def looked_until(self, channel: ChannelName) -> float | None:
        return await self._read(lambda turn: channels.looked_until(turn, channel))

    async def mark_looked(self, channel: ChannelName, at: float) -> None:
        await self._write(lambda turn: channels.mark_looked(turn, channel, at))

    async def told_through(self, channel: ChannelName) -> tuple[str, int] | None:
        return await self._read(lambda turn: channels.told_through(turn, channel))

    async def mark_told_through(self, channel: ChannelName, feed: str, number: int) -> None:
        await self._write(lambda turn: channels.mark_told_through(turn, channel, feed, number))

    async def knows(self, channel: ChannelName, arrivals: Sequence[Arrival]) -> list[bool]:
        bodies = tuple(arrivals)
        return await self._read(lambda turn: appending.knows(turn, channel, bodies))

    async def counts(self, *, since: float | None = None) -> list[Counts]:
        return await self._read(lambda turn: views.counts(turn, since))

    async def wal_bytes(self) -> int:
        return log_bytes(self._path)

    # ------------------------------------------------------------------------------------------------------------------

    async def _in_slices(self, entries: tuple[EntryId, ...], verb: Callable[[Turn, tuple[EntryId, ...]], int]) -> int:
        """Bulk changes with the door's turn between them (hard case 21)."""
        changed = 0
        for start in range(0, len(entries), letters.BULK_MAX):
            some = entries[start : start + letters.BULK_MAX]
            changed += await self._stirring(lambda turn, some=some: verb(turn, some))  # type: ignore[misc]  # mypy infers no default
        return changed

    async def _others_committed(self) -> bool:
        if self._is_alone:
            return False
        before, self._foreign_commits = self._foreign_commits, await self._executor.foreign_commits()
        return before is not None and before != self._foreign_commits
