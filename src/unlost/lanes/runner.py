"""The loop that keeps the slots full: claims due heads, walks them side by side, and survives whatever a walk does."""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from unlost.clock import Clock
from unlost.errors import NotCommitted
from unlost.journal.port import Journal
from unlost.journal.rows import Claim, Pool
from unlost.lanes.lease import Lease
from unlost.lanes.shares import Shares
from unlost.lanes.walk import LeaseLost, Walker

IDLE_WAIT_S = 1.0
"""The longest sleep without a look: bounds what a lost signal can cost."""
DUE_WAIT_S = 0.05
"""Between looks at what is due but not to be had: its host's circuit, or the look-ups' pace, is what is missing."""
JOURNAL_AWAY_WAIT_S = 0.5
"""Between tries while the journal cannot commit."""
SUSPECTS_EVERY_S = 5.0
"""How often entries that crashed their worker twice are asked for; they are worked with nothing else in flight."""


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
    _freed: asyncio.Event = field(default_factory=asyncio.Event)
    _stopping: bool = False
    _suspects_at: float = 0.0
    _first: int = 0

    async def run(self) -> None:
        """Until `stop`. Errors of the journal are waited out; nothing a walk does ends the loop."""
        while not self._stopping:
            try:
                claimed = await self._fill()
                if not claimed and not self._stopping:
                    await self._rest()
            except NotCommitted:
                await asyncio.sleep(JOURNAL_AWAY_WAIT_S)

    async def stop(self, *, grace_s: float) -> None:
        """Claim nothing more, let walks end for *grace_s*, then give the rest back (their attempts do not count)."""
        self._stopping = True
        self._freed.set()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=grace_s)
        left = dict(self._tasks)
        for task in left:
            task.cancel()
        if left:
            await asyncio.wait(left)
            with contextlib.suppress(NotCommitted):  # then our end counts as a crash: that is what it is
                await self.journal.give_back(list(left.values()))

    def drop_all(self) -> None:
        """We were buried: nothing in hand is ours. Cancelled, never given back."""
        for task in list(self._tasks):
            task.cancel()

    @property
    def in_hand(self) -> int:
        """Claims being worked."""
        return self.shares.in_hand

    async def _fill(self) -> int:
        """Claim what fits, pool by pool, beginning with another one each time; how many."""
        if await self._suspects_turn():
            return 1
        claimed = 0
        for turn in range(len(self.pools)):
            pool = self.pools[(self._first + turn) % len(self.pools)]
            room = self.shares.room(pool)
            if room and self.open_now(pool):
                claims = await self.journal.claim(self.lease.holder, pool, limit=room)
                for claim in claims:
                    self._start(claim, pool)
                claimed += len(claims)
        self._first += 1
        return claimed

    async def _suspects_turn(self) -> bool:
        """Now and then let the work in hand end and try one entry alone; True while that takes the turn."""
        if self.clock.monotonic() < self._suspects_at:
            return False
        if not await self.journal.suspects_wait():
            self._suspects_at = self.clock.monotonic() + SUSPECTS_EVERY_S
            return False
        if self._tasks:
            await asyncio.wait(list(self._tasks), return_when=asyncio.FIRST_COMPLETED)
            return True
        self._suspects_at = self.clock.monotonic() + SUSPECTS_EVERY_S
        for pool in self.pools:
            if self.open_now(pool):
                for claim in await self.journal.claim(self.lease.holder, pool, limit=1, alone=True):
                    self._start(claim, pool)
                    await asyncio.wait(list(self._tasks))
                    return True
        return False

    async def _rest(self) -> None:
        """Sleep until a slot is free, something is appended, or the next lane falls due."""
        self._freed.clear()
        due_at = await self.journal.next_due_at()
        wait_s = IDLE_WAIT_S if due_at is None else min(IDLE_WAIT_S, max(0.0, due_at - self.clock.now()))
        if due_at is not None and wait_s == 0.0:
            wait_s = DUE_WAIT_S if not self._tasks else IDLE_WAIT_S
        waits = {asyncio.ensure_future(self._freed.wait()), asyncio.ensure_future(self.journal.wait_for_work(wait_s))}
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
            await asyncio.gather(*waits, return_exceptions=True)

    def _start(self, claim: Claim, pool: Pool) -> None:
        self.shares.take(pool)
        task = asyncio.ensure_future(self._work(claim))
        self._tasks[task] = claim

        def ended(done: asyncio.Task[None]) -> None:
            self._tasks.pop(done, None)
            self.shares.give(pool)
            self._freed.set()

        task.add_done_callback(ended)

    async def _work(self, claim: Claim) -> None:
        """The top of one attempt: the only place where anything at all may be caught."""
        try:
            await self.walker.walk(claim)
        except LeaseLost:
            return
        except NotCommitted as error:
            await self._let_go(claim, error)
        except Exception as error:  # noqa: BLE001 - whatever a walk raises is our bug: counted, postponed, never fatal
            self.went_wrong("walk", error, claim)
            await self._bury_bug(claim, error)

    async def _bury_bug(self, claim: Claim, error: Exception) -> None:
        try:
            await self.walker.bug(claim, error)
        except LeaseLost:
            return
        except NotCommitted as later:
            await self._let_go(claim, later)

    async def _let_go(self, claim: Claim, error: NotCommitted) -> None:
        """The journal cannot commit what happened: hold the lease until it can, so that nobody repeats the step unseen."""
        while True:
            await asyncio.sleep(JOURNAL_AWAY_WAIT_S)
            try:
                await self.journal.give_back([claim])
            except NotCommitted:
                continue
            return
