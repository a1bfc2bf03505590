"""The loop that keeps the slots full: claims due heads, walks them side by side, and survives whatever a walk does."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import partial

from unlost.clock import Clock
from unlost.errors import NotCommitted
from unlost.journal.port import Journal
from unlost.journal.rows import Claim, Dues, Pool
from unlost.lanes.lease import Lease
from unlost.lanes.shares import Shares
from unlost.lanes.suspect_turns import DOWNLOAD_ALONE_S, SuspectTurns
from unlost.lanes.walk import Hand, LeaseLost, Walker
from unlost.vocabulary.envelopes import Direction

IDLE_WAIT_S = 1.0
"""The longest sleep without a look: bounds what a lost signal can cost."""
DUE_WAIT_S = 0.05
"""Between looks at what is due but not to be had: its host's circuit, or the look-ups' pace, is what is missing."""
JOURNAL_AWAY_WAIT_S = 0.5
"""Between tries while the journal cannot commit."""


@dataclass(slots=True)
class Runner:
    """*open_now* says whether a pool may be claimed from (its host's circuit, the look-ups' pace). *went_wrong* hears of bugs."""

    journal: Journal
    walker: Walker
    lease: Lease
    clock: Clock
    pools: Sequence[Pool]
    shares: Shares
    open_now: Callable[[Pool], bool]
    went_wrong: Callable[[str, Exception, Claim | None], None]
    _tasks: dict[asyncio.Task[None], Claim] = field(default_factory=dict)
    _resting: asyncio.Future[None] | None = None
    _is_freed: bool = False
    _stopping: bool = False
    _turns: SuspectTurns = field(default_factory=SuspectTurns)
    _first: int = 0

    async def run(self) -> None:
        """Until `stop`. Errors of the journal are waited out; nothing a walk does ends the loop."""
        while not self._stopping:
            try:
                self._is_freed = False
                dues = await self.journal.dues()
                if not await self._fill(dues) and not self._stopping:
                    await self._rest(dues)
            except NotCommitted:
                await asyncio.sleep(JOURNAL_AWAY_WAIT_S)

    async def stop(self, *, grace_s: float) -> None:
        """Claim nothing more, let walks end for *grace_s*, then give the rest back (their attempts do not count)."""
        self._stopping = True
        self._wake()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=grace_s)
        claims = await self._ended(list(self._tasks))
        if claims:
            with contextlib.suppress(NotCommitted):  # then our end counts as a crash: that is what it is
                await self.journal.give_back(claims)

    def drop_all(self) -> None:
        """We were buried: what is in hand under another name is not ours. Cancelled, never given back.

        What was claimed since under the new name is ours: dropped, it would stay leased to a living holder for ever.
        """
        for task, claim in list(self._tasks.items()):
            if claim.holder != self.lease.holder:
                task.cancel()

    @property
    def in_hand(self) -> int:
        """Claims being worked."""
        return self.shares.in_hand

    async def _fill(self, dues: Dues) -> int:
        """Claim what fits, pool by pool, beginning with another one each time; how many."""
        if await self._suspects_turn(dues):
            return 1
        claimed = 0
        first, self._first = self._first, self._first + 1  # a pool that cannot be claimed must not come first for ever
        for turn in range(len(self.pools)):
            pool = self.pools[(first + turn) % len(self.pools)]
            room = self.shares.room(pool)
            if room and dues.is_due(pool) and self._is_open(pool):
                claimed += await self._claim(pool, room, alone=False)
        return claimed

    async def _claim(self, pool: Pool, limit: int, *, alone: bool) -> int:
        """Claim and start; how many. A row that cannot be claimed is our bug, and no other pool's trouble."""
        try:
            claims = await self.journal.claim(self.lease.holder, pool, limit=limit, alone=alone)
        except NotCommitted:
            raise
        except Exception as error:  # noqa: BLE001 - told; the other pools go on
            self.went_wrong("claim", error, None)
            return 0
        for claim in claims:
            self._start(claim, pool)
        return len(claims)

    def _is_open(self, pool: Pool) -> bool:
        if pool.direction is Direction.MEDIA and not self._turns.may_download(self.clock.monotonic()):
            return False
        return self.open_now(pool)

    async def _suspects_turn(self, dues: Dues) -> bool:
        """Now and then let the work in hand end and try one entry alone; True while that takes the turn.

        Downloads are not waited for: they may take minutes. They are given back, and begin again later.
        """
        now = self.clock.monotonic()
        if not self._turns.is_due(now):
            return False
        # where one waits that can be worked now: nobody's slots are emptied for one that cannot
        pool = next((pool for pool in self.pools if dues.has_suspect(pool) and self.open_now(pool)), None)
        downloads = {task for task, claim in self._tasks.items() if claim.direction is Direction.MEDIA}
        if pool is not None and self._tasks and (not downloads or self._turns.may_interrupt(now)):
            await self._make_way(downloads)
            return True
        self._turns.taken(now)
        if pool is None or self._tasks or not await self._claim(pool, 1, alone=True):
            return False
        await self._watch_alone(pool)
        return True

    async def _make_way(self, downloads: Collection[asyncio.Task[None]]) -> None:
        """Calls end within their time-outs; when only downloads are left, they are given back."""
        calls = [task for task in self._tasks if task not in downloads]
        if calls:
            await asyncio.wait(calls, return_when=asyncio.FIRST_COMPLETED)
            return
        self._turns.interrupted(self.clock.monotonic())
        claims = await self._ended(downloads)
        await self._until_committed(partial(self.journal.give_back, claims))

    async def _watch_alone(self, pool: Pool) -> None:
        """Until the suspect in hand ends. A download that lives its time is no suspect any more: it begins again among others."""
        wait_s = DOWNLOAD_ALONE_S if pool.direction is Direction.MEDIA else None
        _, left = await asyncio.wait(list(self._tasks), timeout=wait_s)
        for claim in await self._ended(left):
            await self._until_committed(partial(self.walker.outlived, claim))

    async def _ended(self, tasks: Collection[asyncio.Task[None]]) -> list[Claim]:
        """Cancelled, and over when this returns: only then may anybody else have their claims."""
        left = {task: self._tasks[task] for task in tasks if task in self._tasks}
        for task in left:
            task.cancel()
        if left:
            await asyncio.wait(left)
        return list(left.values())

    async def _rest(self, dues: Dues) -> None:
        """Sleep until a slot is free, something is appended, or the next lane falls due."""
        if not self._is_freed:
            await self._sleep(rest_s(dues, self.clock.now(), is_at_work=bool(self._tasks)))

    async def _sleep(self, wait_s: float) -> None:
        wait = self._resting = asyncio.ensure_future(self.journal.wait_for_work(wait_s))
        try:
            await asyncio.wait({wait})
        finally:
            self._resting = None
            wait.cancel()
        if not wait.cancelled():
            wait.exception()  # looked at: what the journal could not do now, the next look says

    def _wake(self) -> None:
        """A slot is free, or the end has come: no rest, and none that goes on."""
        self._is_freed = True
        if self._resting is not None:
            self._resting.cancel()

    def _start(self, claim: Claim, pool: Pool) -> None:
        self.shares.take(pool)
        task = asyncio.ensure_future(self._work(claim))
        self._tasks[task] = claim

        def ended(done: asyncio.Task[None]) -> None:
            self._tasks.pop(done, None)
            self.shares.give(pool)
            self._wake()

        task.add_done_callback(ended)

    async def _work(self, claim: Claim) -> None:
        """The top of one attempt: the only place where anything at all may be caught."""
        hand = Hand(claim)
        try:
            await self.walker.walk(hand)
        except LeaseLost:
            return
        except NotCommitted as error:
            await self._let_go(claim, error)
        except Exception as error:  # noqa: BLE001 - whatever a walk raises is our bug: counted, postponed, never fatal
            self.went_wrong("walk", error, claim)
            await self._bury_bug(hand.claim, error)

    async def _bury_bug(self, claim: Claim, error: Exception) -> None:
        try:
            await self.walker.bug(claim, error)
        except LeaseLost:
            return
        except NotCommitted as later:
            await self._let_go(claim, later)

    async def _let_go(self, claim: Claim, error: NotCommitted) -> None:
        """The journal cannot commit what happened: hold the lease until it can, so that nobody repeats the step unseen."""
        await asyncio.sleep(JOURNAL_AWAY_WAIT_S)
        await self._until_committed(partial(self.journal.give_back, [claim]))

    async def _until_committed(self, deed: Callable[[], Awaitable[None]]) -> None:
        """No peer ends the leases of the living: what we work no more we give back, however long the journal is away."""
        while True:
            try:
                await deed()
            except NotCommitted:
                await asyncio.sleep(JOURNAL_AWAY_WAIT_S)
                continue
            return


def rest_s(dues: Dues, now: float, *, is_at_work: bool) -> float:
    """How long to sleep where nothing rings: until the next lane falls due, whatever else is due and cannot be had.

    *is_at_work*: something is in hand, and its end is a ring for whatever waited for a slot.
    """
    is_due = dues.next_lane_at is not None and dues.next_lane_at <= dues.now
    wait_s = DUE_WAIT_S if is_due and not is_at_work else IDLE_WAIT_S
    return wait_s if dues.next_ahead_at is None else min(wait_s, max(0.0, dues.next_ahead_at - now))
