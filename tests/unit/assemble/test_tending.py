"""The loops of a running bridge: what one of them meets holds up no other, and nothing is passed over."""

import asyncio
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from io import StringIO
from itertools import pairwise
from typing import Any, cast

import pytest

from tests.unit.chores.worlds import CHANNEL, NOW, FixedClock, SmallJournal
from unlost.assemble.tending import FROZEN_S, Standstill, Tending, note_absence, watch_circuits
from unlost.chores.reconcile import Outcome
from unlost.errors import NotCommitted
from unlost.journal.rows import GapCause, GapRow
from unlost.lanes.circuit import Circuit
from unlost.telemetry.log import silent_telemetry, telemetry_on
from unlost.vocabulary.ids import ChannelName


async def test_a_probe_that_hangs_holds_up_no_other_circuit() -> None:
    async def hangs() -> bool:
        await asyncio.Event().wait()
        return False

    async def answers() -> bool:
        return True

    closed = asyncio.Event()
    clock = FixedClock()
    circuits = [
        Circuit("hangs", hangs, clock, is_open=True),
        Circuit("answers", answers, clock, lambda is_open: closed.set(), is_open=True),
    ]
    watching = asyncio.create_task(watch_circuits(circuits))
    try:
        await asyncio.wait_for(closed.wait(), 5.0)
    finally:
        watching.cancel()


@dataclass
class FailingRescue:
    """Cannot be written down the first time."""

    asked: list[tuple[float, int]] = field(default_factory=list)

    async def look_back(self, gap_began_at: float, gap: int) -> int:
        self.asked.append((gap_began_at, gap))
        if len(self.asked) == 1:
            raise NotCommitted("full")
        return 0


@dataclass
class LooksEverywhere:
    """Reconcile misses nothing. *closed*: the gaps that it was told of and that were over."""

    closed: list[int] = field(default_factory=list)

    async def run(self, gaps: Sequence[GapRow], since: float | None = None) -> Outcome:
        self.closed += [gap.id for gap in gaps if gap.closed_at is not None]
        return Outcome(0, 0)


@dataclass
class LooksAsTold:
    """Runs that end with these errors, one after the other, then for ever with the last. *ran_at*: by the clock, from NOW on."""

    clock: FixedClock
    errors: list[str | None]
    ran_at: list[float] = field(default_factory=list)

    async def run(self, gaps: Sequence[GapRow], since: float | None = None) -> Outcome:
        self.ran_at.append(self.clock.at - NOW)
        return Outcome(0, 0, self.errors.pop(0) if len(self.errors) > 1 else self.errors[0])


async def test_a_look_back_that_could_not_be_written_down_is_made_again_and_once() -> None:
    clock, rescue = FixedClock(), FailingRescue()
    journal = SmallJournal(clock)
    journal.gap(NOW - 60, NOW)
    made = tending(journal, clock, rescue)
    with pytest.raises(NotCommitted):
        await made.tend()
    await made.tend()
    await made.tend()
    assert len(rescue.asked) == 2


async def test_all_gaps_that_a_start_finds_are_looked_behind_at_once() -> None:
    """Killed every few seconds, faster than reconcile can close a gap, each start looked behind all those before it."""
    clock, rescue = FixedClock(), FailingRescue(asked=[(0.0, 0)])
    journal = SmallJournal(clock)
    for seconds in (90, 60, 30):
        journal.gap(NOW - seconds, NOW - seconds + 5)
    await tending(journal, clock, rescue).tend()
    assert rescue.asked[1:] == [(NOW - 90, max(gap.id for gap in await journal.gaps(open_only=True)))]


@dataclass
class LateJournal(SmallJournal):
    """A gap is closed behind the back of whoever read the gaps first."""

    async def gaps(self, *, open_only: bool) -> list[GapRow]:
        rows = await super().gaps(open_only=open_only)
        if not self.rows:
            self.gap(NOW - 60, NOW)
        return rows


async def test_a_gap_that_closes_while_reconcile_is_due_is_looked_back_from_before_it_is_seen_no_more() -> None:
    """The journal could be written again between a look at the gaps and the run that was due anyway: that run took it for looked
    behind, and no rescue ever heard of it (simulation, seed 100716).
    """
    clock, rescue, reconcile = FixedClock(), FailingRescue(asked=[(0.0, 0)]), LooksEverywhere()
    await tending(LateJournal(clock), clock, rescue, reconcile).tend()
    assert (reconcile.closed, rescue.asked[1:]) == ([1], [(NOW - 60, 1)])


async def test_an_operators_run_looks_back_too() -> None:
    clock, rescue, reconcile = FixedClock(), FailingRescue(asked=[(0.0, 0)]), LooksEverywhere()
    journal = SmallJournal(clock)
    journal.gap(NOW - 60, NOW)
    await tending(journal, clock, rescue, reconcile).reconcile_now(None)
    assert (reconcile.closed, rescue.asked[1:]) == ([1], [(NOW - 60, 1)])


async def tend_for(made: Tending, clock: FixedClock, seconds: int) -> None:
    """Once a second, as the loop does."""
    for _ in range(seconds):
        await made.tend()
        clock.at += 1


async def test_runs_that_fail_are_repeated_ever_more_slowly_but_never_later_than_the_bound() -> None:
    clock = FixedClock()
    reconcile = LooksAsTold(clock, ["broken"])
    await tend_for(tending(SmallJournal(clock), clock, FailingRescue(), reconcile), clock, 2_600)
    waits = [later - sooner for sooner, later in pairwise(reconcile.ran_at)]
    assert waits == [10, 20, 40, 80, 160, 320, 600, 600, 600]


async def test_a_whole_run_brings_the_usual_pace_back() -> None:
    clock = FixedClock()
    reconcile = LooksAsTold(clock, ["broken", "broken", None, "broken", None])
    await tend_for(tending(SmallJournal(clock), clock, FailingRescue(), reconcile), clock, 700)
    assert reconcile.ran_at == [0, 10, 30, 330, 340, 640]


async def test_a_gap_that_closes_is_looked_behind_at_once_however_many_runs_have_failed() -> None:
    clock = FixedClock()
    journal, reconcile = SmallJournal(clock), LooksAsTold(clock, ["broken"])
    made = tending(journal, clock, FailingRescue(asked=[(0.0, 0)]), reconcile)
    await tend_for(made, clock, 700)
    journal.gap(NOW, clock.at)
    await made.tend()
    assert reconcile.ran_at[-1] == 700


async def test_that_runs_fail_is_told_when_it_begins_and_when_it_is_over() -> None:
    clock, stream = FixedClock(), StringIO()
    made = tending(
        SmallJournal(clock), clock, FailingRescue(), LooksAsTold(clock, ["broken", "broken", None, None, "refused"])
    )
    made.telemetry = telemetry_on(stream, as_json=True)
    await tend_for(made, clock, 700)
    told = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [(each["level"], each["event"], each.get("error")) for each in told] == [
        ("warning", "reconcile.failed", "broken"),
        ("info", "reconcile.whole", None),
        ("warning", "reconcile.failed", "refused"),
    ]


@dataclass
class LooksInVain(LooksAsTold):
    """Looks everywhere, and cannot write down that it did."""

    async def run(self, gaps: Sequence[GapRow], since: float | None = None) -> Outcome:
        await super().run(gaps, since)
        raise NotCommitted("full")


async def test_a_journal_that_cannot_be_written_has_the_gateway_read_no_more_often_than_any_failure() -> None:
    clock = FixedClock()
    reconcile = LooksInVain(clock, [None])
    made = tending(SmallJournal(clock), clock, FailingRescue(), reconcile)
    for _ in range(100):
        with suppress(NotCommitted):
            await made.tend()
        clock.at += 1
    assert reconcile.ran_at == [0, 10, 30, 70]


def tending(
    journal: SmallJournal,
    clock: FixedClock,
    rescue: FailingRescue,
    reconcile: LooksEverywhere | LooksAsTold | None = None,
) -> Tending:
    return Tending(
        CHANNEL,
        cast(Any, journal),
        clock,
        silent_telemetry(),
        cast(Any, None),
        cast(Any, reconcile or LooksEverywhere()),
        cast(Any, rescue),
        300.0,
    )


@dataclass
class Gaps:
    """A journal in which somebody's gap is open."""

    rows: list[GapRow] = field(
        default_factory=lambda: [GapRow(1, CHANNEL, GapCause.NOT_COMMITTED, NOW - 600, None, None)]
    )
    closed: list[int] = field(default_factory=list)

    async def gaps(self, *, open_only: bool) -> Sequence[GapRow]:
        return self.rows

    async def close_gap(self, gap: int) -> None:
        self.closed.append(gap)

    async def open_gap(self, channel: ChannelName, cause: GapCause, *, since: float | None = None) -> int:
        return 2

    async def mark_alive(self, at: float) -> float | None:
        return NOW - 10


@pytest.mark.parametrize(
    ("cause", "is_alone", "closed"),
    [
        (GapCause.NOT_COMMITTED, True, [1, 2]),
        (GapCause.NOT_COMMITTED, False, [1, 2]),
        (GapCause.GATEWAY_RESTARTED, True, [1, 2]),
        (GapCause.GATEWAY_RESTARTED, False, [2]),
    ],
)
async def test_a_start_closes_the_gaps_of_the_dead_and_leaves_those_of_the_living(
    cause: GapCause, is_alone: bool, closed: list[int]
) -> None:
    """A journal that could not be written is nobody's gap any more: the start itself has written it."""
    journal = Gaps([GapRow(1, CHANNEL, cause, NOW - 600, None, None)])
    await note_absence(cast(Any, journal), [CHANNEL], FixedClock(), silent_telemetry(), is_alone=is_alone)
    assert journal.closed == closed


@dataclass
class OpenedGaps:
    """Gaps as they were opened; the first may fail."""

    fails: bool = False
    opened: list[float | None] = field(default_factory=list)

    async def open_gap(self, channel: ChannelName, cause: GapCause, *, since: float | None = None) -> int:
        if self.fails:
            self.fails = False
            raise NotCommitted("full")
        self.opened.append(since)
        return 1

    async def close_gap(self, gap: int) -> None:
        pass


@pytest.mark.parametrize(("gone_s", "opened"), [(20.0 + FROZEN_S, []), (97.0, [NOW])])
async def test_a_process_that_stood_still_was_a_closed_door(gone_s: float, opened: list[float]) -> None:
    journal, clock, thawed = OpenedGaps(), FixedClock(), list[ChannelName]()
    standstill = Standstill(cast(Any, journal), clock, [CHANNEL], 20.0, thawed.append)
    await standstill.tick()
    clock.at += gone_s
    await standstill.tick()
    await standstill.tick()
    assert (journal.opened, thawed) == (opened, [CHANNEL] * len(opened))


async def test_a_standstill_that_could_not_be_written_down_is_told_whole_the_next_time() -> None:
    journal, clock = OpenedGaps(fails=True), FixedClock()
    standstill = Standstill(cast(Any, journal), clock, [CHANNEL], 20.0, lambda channel: None)
    await standstill.tick()
    clock.at += 97.0
    with pytest.raises(NotCommitted):
        await standstill.tick()
    clock.at += 20.0
    await standstill.tick()
    assert journal.opened == [NOW]
