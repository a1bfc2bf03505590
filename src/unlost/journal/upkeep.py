"""Verbs beside the port that one SQLite file needs: pruning, forgetting, copies, and a clock that steps."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

import apsw

from unlost.clock import Clock
from unlost.errors import NotCommitted
from unlost.journal import channels, gaps
from unlost.journal.bell import Bell
from unlost.journal.clock_steps import StepWatch, bring_back_entries, bring_back_lanes, note_leap
from unlost.journal.copying import copy_journal, pinned
from unlost.journal.executor import Executor
from unlost.journal.forgetting import forget_entries, forget_links, person_of
from unlost.journal.migrating import schema_version
from unlost.journal.pruning import Keep, prune_some
from unlost.journal.rows import Forgotten
from unlost.journal.start_marks import follow_clock
from unlost.journal.turn import Turn
from unlost.vocabulary.addresses import Address

T = TypeVar("T")

INSIST_WAIT_S = 0.5
"""Between tries of a write that must come to be: a disk that is full stays so for longer, and a stop waits for no more than one."""


class Upkeep:
    """What `SqliteJournal` is built on: running a verb in a transaction, and the bulk verbs, a slice at a time."""

    def __init__(self, executor: Executor, *, path: Path, clock: Clock, boot: str, secret: bytes, bell: Bell) -> None:
        self._executor = executor
        self._path = path
        self._clock = clock
        self._boot = boot
        self._secret = secret
        self._bell = bell
        self._steps: StepWatch | None = None
        self._is_open = True
        self._side_work: set[asyncio.Task[object]] = set()
        self._coming_back = 0  # steps back after which due times are not all mended yet
        self.take_reserve: Callable[[], bool] = lambda: False
        """Room on the disk for the day it is full (`reserve`); taken at the start, and again with each pruning."""
        self.side_failure: BaseException | None = None
        """Why the last work aside (the copy before a migration, bringing back due times, noting a leap) could not be done."""

    async def prune(self, *, keep_days: float, keep_links_days: float) -> int:
        """Remove what ended *keep_days* ago, links and door keys after *keep_links_days*, 500 rows at a time; how many rows."""
        keep = Keep(entries_s=keep_days * 86_400, links_s=keep_links_days * 86_400)
        removed = 0
        while some := await self._write(lambda turn: prune_some(turn, keep)):
            removed += some
        await asyncio.to_thread(self.take_reserve)
        return removed

    async def forget(self, addresses: Sequence[Address]) -> Forgotten:
        """Erase a person's text, names and numbers in all forms of *addresses*.

        Entries that still wait are delivered first: ask again once they have ended. The helpdesk's copy is not touched.
        """
        people = tuple(addresses)
        erased, is_any_left = 0, False
        for (channel,) in await self._read(channels.names):
            person = await self._read(lambda turn, name=channel: person_of(turn, name, people))  # type: ignore[misc]  # mypy infers no default
            needed: set[str] = set()
            is_waiting = False
            after: int | None = 0
            while after is not None:
                some, about, waits, after = await self._write(
                    lambda turn, name=channel, whose=person, start=after: forget_entries(turn, name, whose, start)  # type: ignore[misc]  # as above
                )
                erased += some
                needed |= about
                is_waiting |= waits
            about_her = partial(
                forget_links, channel=channel, person=person, needed=frozenset(needed), waits=is_waiting
            )
            links = await self._write(about_her)
            erased += links.gone
            is_any_left |= links.is_left
        return Forgotten(erased, is_any_left)

    async def backup_to(self, path: Path) -> int:
        """Copy the journal as it stands now into the new file *path*; its size in bytes. Raises JournalUnusable."""
        return await self._copy(await asyncio.to_thread(pinned, self._path), path)

    async def _copy(self, source: apsw.Connection, path: Path) -> int:
        try:
            return await asyncio.to_thread(copy_journal, source, path, goes_on=lambda: self._is_open)
        finally:
            source.close()

    def _copy_aside(self, before: apsw.Connection) -> None:
        """The journal as it stood before its migration, kept beside it; made behind the open door, once."""
        path = self._path.with_name(f"{self._path.name}.schema-{schema_version(before)}")
        if path.exists():
            before.close()
        else:
            self._aside(self._copy(before, path))

    async def _watch_clock(self) -> None:
        """From now on, and for the time since the door was last known to be open."""
        self._steps = StepWatch(self._clock, await self._read(gaps.last_alive))

    async def settled_down(self) -> None:
        """Wait for work aside that is under way."""
        while self._side_work:
            await asyncio.wait(self._side_work)

    async def _end_side_work(self) -> None:
        """Copies are given up, the rest carried out; a copy that failed is the disk's matter, and the next start's."""
        self._is_open = False
        await self.settled_down()

    async def _write(self, verb: Callable[[Turn], T]) -> T:
        self._notice_step()
        value: T = await self._executor.write(
            lambda connection: verb(Turn(connection, self._clock.now(), self._secret))
        )
        return value

    async def _stirring(self, verb: Callable[[Turn], T]) -> T:
        """A write after which there may be work."""
        value = await self._write(verb)
        self._bell.ring()
        return value

    async def _read(self, view: Callable[[Turn], T]) -> T:
        value: T = await self._executor.read(lambda connection: view(Turn(connection, self._clock.now(), self._secret)))
        return value

    def _notice_step(self) -> None:
        step_s = 0.0 if self._steps is None else self._steps.stepped_s()
        if step_s < 0:
            self._coming_back += 1
            self._aside(self._bring_back(-step_s))
        elif step_s > 0:
            self._aside(self._leap(step_s))

    def _follow_clock(self, turn: Turn) -> None:
        """Start marks go with the wall clock."""
        follow_clock(turn, self._boot, self._clock.monotonic())

    async def _bring_back(self, step_s: float) -> None:
        """The wall clock went back: nothing waits longer for that."""
        await self._insisting(self._follow_clock)
        for some in (bring_back_entries, bring_back_lanes):
            after: int | None = 0
            while after is not None:
                after = await self._insisting(lambda turn, bring=some, start=after: bring(turn, step_s, start))  # type: ignore[misc]  # mypy infers no default
        self._coming_back -= 1

    async def _leap(self, step_s: float) -> None:
        """The wall clock went forward: nothing is older for that."""
        await self._insisting(self._follow_clock)
        await self._insisting(lambda turn: note_leap(turn, step_s))

    async def _insisting(self, verb: Callable[[Turn], T]) -> T:
        """A write that nobody else would ask for again: tried, a full disk or a held lock notwithstanding, until the journal closes."""
        while True:
            try:
                return await self._stirring(verb)
            except NotCommitted:
                if not self._is_open:
                    raise
                await asyncio.sleep(INSIST_WAIT_S)

    def _aside(self, work: Coroutine[object, object, object]) -> None:
        """Work that nobody waits for; it ends with the journal."""
        task = asyncio.ensure_future(work)
        self._side_work.add(task)
        task.add_done_callback(self._side_work_ended)

    def _side_work_ended(self, task: "asyncio.Task[object]") -> None:
        self._side_work.discard(task)
        if not task.cancelled() and (failure := task.exception()) is not None:
            self.side_failure = failure
