"""The real journal with a witness: commits take a moment, and every settling is seen."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import inf
from pathlib import Path
from typing import Any, Self

import apsw

from tests.simulation.process import Process, current_process
from unlost.clock import Clock
from unlost.errors import NotCommitted
from unlost.journal.chat_links import CREATING
from unlost.journal.inline import InlineExecutor
from unlost.journal.rows import Appended, Arrival, ChannelRow, Claim, Failure, HolderId, Learned, Pool, Settled
from unlost.journal.sqlite_journal import SqliteJournal
from unlost.vocabulary.envelopes import Source
from unlost.vocabulary.facts import Begun, Facts
from unlost.vocabulary.ids import ChannelName
from unlost.vocabulary.steps import PostMessage
from unlost.vocabulary.verdicts import Dead, Delivered, Skipped, Verdict


@dataclass(frozen=True, slots=True)
class Ending:
    """One entry's end, as its worker was told that it is durable."""

    entry: int
    verdict: str
    who: str
    at_s: float


@dataclass(slots=True)
class Witness:
    """What the checker cannot see in the journal itself. *tell* writes the history; *lives*: whether a holder's process lives, and
    never stood still; *has_begun* hears of begun steps, *reads* of bodies about to be read. *rows_to_fail*: how many writes that share
    their commit shall raise; *taken_along*: writes that failed although they were none of these."""

    tell: Callable[[str, str], None]
    lives: Callable[[str], bool]
    has_begun: Callable[[Process | None], None]
    reads: Callable[[Process | None, Claim], None]
    endings: list[Ending] = field(default_factory=list)
    connected_s: float | None = None
    """When a start made the channel known for the first time, on nobody's clock but the loop's: its start mark."""
    rows_to_fail: int = 0
    taken_along: list[str] = field(default_factory=list)
    burials_of_the_living: list[tuple[str, str]] = field(default_factory=list)
    troubled_s: dict[Process, float] = field(default_factory=dict)
    """When each bridge was last in trouble, on the loop's clock: began on a used journal, or answered 503."""
    kept_in_trouble: dict[int, float] = field(default_factory=dict)
    """Entry → when its webhook was kept within 20 s of that."""
    makes_begun: list[tuple[float, str]] = field(default_factory=list)
    """When a contact or conversation was begun for a chat, on the loop's clock, and the chat's form for whoever began it."""
    taught_by: dict[str, int] = field(default_factory=dict)
    """LID → the first entry that came when its number was known. By numbers: the wall clock, which the journal goes by, may step."""
    looked_at: dict[int, float] = field(default_factory=dict)
    """Entry → when its worker last asked what the journal knows, on the loop's clock."""
    first_worded_at: dict[int, float] = field(default_factory=dict)
    """Entry → the same, of the first post that was begun: its words are of that moment."""


CHECKPOINT_EVERY = 150
TROUBLE_S = 20.0
"""For so long behind a start on a used journal, or a 503, webhooks may come again that were told before (design section 4)."""


class SlowExecutor:
    """An executor whose commits take virtual time, so that there is something between a begun step and its call.

    It moves the log between commits, as the keeper's thread does. SQLite would do so within a commit and overlook what fails
    there; but apsw raises what a VFS written in Python raised, from a commit that stands.
    """

    def __init__(self, inner: InlineExecutor, rng: random.Random, witness: Witness) -> None:
        self._inner, self._rng, self._witness = inner, rng, witness
        self._connection = inner._connection
        self._connection.wal_autocheckpoint(0)
        self._writes = 0

    async def write(self, operation: Any) -> Any:
        """Its result, a little later."""
        if self._rng.random() < 0.25:
            await asyncio.sleep(self._rng.choice((0.001, 0.004)))
        result = await self._written(operation)
        self._writes += 1
        if self._writes % CHECKPOINT_EVERY == 0:
            with contextlib.suppress(apsw.Error):
                self._connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)
        if self._rng.random() < 0.1:
            await asyncio.sleep(0.002)
        return result

    async def _written(self, operation: Any) -> Any:
        """As the inner one's; some rows are such as cannot be written, alone or with others."""
        witness = self._witness
        if witness.rows_to_fail and self._inner._asked:
            witness.rows_to_fail -= 1
            witness.tell("disk", "a row cannot be written")
            return await self._inner.write(_raising_after(operation))
        try:
            return await self._inner.write(operation)
        except NotCommitted as error:
            witness.taken_along.append(str(error))
            raise

    async def read(self, query: Any) -> Any:
        """As the inner one's."""
        return await self._inner.read(query)

    async def foreign_commits(self) -> int:
        """As the inner one's."""
        return await self._inner.foreign_commits()

    async def close(self) -> None:
        """As the inner one's."""
        await self._inner.close()


def _raising_after(operation: Any) -> Any:
    def raising(connection: apsw.Connection) -> None:
        operation(connection)
        raise apsw.ConstraintError("a row that cannot be written")

    return raising


class WatchedJournal(SqliteJournal):
    """`SqliteJournal` over a simulated disk that other bridges use too."""

    _rng: random.Random
    _witness: Witness
    _who: str

    @classmethod
    async def open_watched(
        cls, path: Path, *, clock: Clock, vfs: str, rng: random.Random, witness: Witness, who: str
    ) -> Self:
        """Open it as a bridge does. Raises JournalUnusable."""
        journal = await cls.open(
            path, clock=clock, vfs=vfs, executor="inline", random_bytes=rng.randbytes, is_alone=False
        )
        journal._rng, journal._witness, journal._who = rng, witness, who
        assert isinstance(journal._executor, InlineExecutor)
        journal._executor = SlowExecutor(journal._executor, rng, witness)
        return journal

    async def introduce(self, channels: Sequence[ChannelRow]) -> None:
        """As the journal's; the first time connects the channel."""
        await super().introduce(channels)
        if self._witness.connected_s is None:
            self._witness.connected_s = asyncio.get_running_loop().time()

    async def append(self, channel: ChannelName, arrivals: Sequence[Arrival]) -> list[Appended]:
        """As the journal's; which entries came before a pairing was known, and which in a time of trouble, is witnessed."""
        now, process = asyncio.get_running_loop().time(), current_process()
        is_troubled = process is not None and now - self._witness.troubled_s.get(process, -inf) < TROUBLE_S
        appended = await super().append(channel, arrivals)
        for arrival, kept in zip(arrivals, appended, strict=True):
            is_webhook = arrival.envelope.source in (Source.FLAT, Source.ENVELOPE)
            if kept.is_new and is_webhook and is_troubled:
                self._witness.kept_in_trouble[kept.entry] = now
            for pairing in arrival.envelope.pairings:
                # A copy teaches too, but nobody sees when: what came until the next new one counts as before.
                if kept.is_new:
                    self._witness.taught_by.setdefault(pairing.lid, kept.entry)
        return appended

    async def claim(self, holder: HolderId, pool: Pool, *, limit: int, alone: bool = False) -> list[Claim]:
        """As the journal's; when each looked is witnessed."""
        now = asyncio.get_running_loop().time()
        claims = await super().claim(holder, pool, limit=limit, alone=alone)
        self._witness.looked_at.update({claim.entry: now for claim in claims})
        return claims

    async def remember(self, claim: Claim, facts: Facts, learned: Learned) -> Claim | None:
        """As the journal's, and the same."""
        now = asyncio.get_running_loop().time()
        held = await super().remember(claim, facts, learned)
        if held is not None:
            self._witness.looked_at[claim.entry] = now
        return held

    async def begin(self, claim: Claim, facts: Facts, begun: Begun, learned: Learned) -> Claim | None:
        """As the journal's; between it and the call a process may stand still."""
        now, looked_at = asyncio.get_running_loop().time(), self._witness.looked_at.get(claim.entry, -inf)
        held = await super().begin(claim, facts, begun, learned)
        if held is not None:
            if begun.step == PostMessage.__name__:
                self._witness.first_worded_at.setdefault(claim.entry, looked_at)
            if begun.step in CREATING:
                self._witness.makes_begun.append((now, str(claim.chat)))
            self._witness.has_begun(current_process())
            await asyncio.sleep(0)
        return held

    async def bury(self, holder: HolderId, *, beat: int) -> int:
        """As the journal's; burials of the living are witnessed."""
        if self._witness.lives(holder):
            self._witness.burials_of_the_living.append((holder, self._who))
        return await super().bury(holder, beat=beat)

    async def settle(
        self, claim: Claim, verdict: Verdict, facts: Facts, learned: Learned, failure: Failure | None = None
    ) -> Settled:
        """As the journal's; endings are witnessed."""
        settled = await super().settle(claim, verdict, facts, learned, failure)
        what = _shown(verdict)
        self._witness.tell(self._who, f"entry {claim.entry} ({claim.kind}) {what}: {settled}")
        if settled is Settled.DONE and isinstance(verdict, Delivered | Skipped | Dead):
            now = asyncio.get_running_loop().time()
            self._witness.endings.append(Ending(claim.entry, what, self._who, now))
        return settled


def _shown(verdict: Verdict) -> str:
    match verdict:
        case Delivered():
            return "delivered"
        case Skipped(reason=reason):
            return f"skipped {reason}"
        case Dead(cause=cause):
            return f"dead: {cause}"
        case _:
            return str(verdict)
