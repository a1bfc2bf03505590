"""A start mark stands where the channel was made known, whatever the wall clock does: none of its history comes in, none of its messages stays out."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.contract.journal.building import (
    CHANNEL,
    CHANNEL_ROW,
    ME,
    SetClock,
    message,
    put,
)
from tests.contract.journal.conftest import Backend, Opener
from unlost.journal.copying import restore_journal
from unlost.journal.sqlite_journal import SqliteJournal
from unlost.journal.start_marks import SETTLES_S

HOUR_S, DAY_S, YEAR_S = 3600.0, 86_400.0, 31_536_000.0

Starter = Callable[[SetClock], Awaitable[SqliteJournal]]


@pytest.fixture
async def booted(backend: Backend, tmp_path: Path) -> Starter:
    """Opens the journal on a machine that was started anew; close it yourself."""
    boots = 0

    async def start(clock: SetClock) -> SqliteJournal:
        nonlocal boots
        boots += 1
        path = tmp_path / "journal.db"
        journal = await SqliteJournal.open(path, clock=clock, executor=backend, boot=f"boot-{boots}")
        await journal.introduce([CHANNEL_ROW])
        await journal.mark_alive(clock.now())
        return journal

    return start


def after_power_loss(clock: SetClock, *, later_s: float, behind_s: float) -> SetClock:
    """The clocks of the machine *later_s* later, its steady one begun anew, its wall clock behind by *behind_s*."""
    return SetClock(at=10.0, stepped_s=clock.now() + later_s - behind_s - 10.0)


def about(seconds: float) -> object:
    """To the millisecond: a millionth of an epoch time is half an hour."""
    return pytest.approx(seconds, rel=0.0, abs=0.001)


async def noticed(journal: SqliteJournal) -> None:
    """A write notices the step; what it sets going is done when nothing is under way any more."""
    await journal.beat(ME)
    await journal.settled_down()


async def runs(journal: SqliteJournal, clock: SetClock, seconds: float) -> None:
    """Time goes by, and somebody is there."""
    clock.go(seconds)
    await journal.mark_alive(clock.now())


@pytest.mark.parametrize("age_s", [60.0, HOUR_S, 20 * DAY_S])
@pytest.mark.parametrize("behind_s", [HOUR_S, 50 * YEAR_S])
async def test_a_clock_that_is_behind_for_a_moment_lowers_no_start_mark_for_good(
    journal: SqliteJournal, clock: SetClock, age_s: float, behind_s: float
) -> None:
    mark = await journal.start_mark(CHANNEL)
    await runs(journal, clock, age_s)
    for _ in range(2):
        clock.step(-behind_s)
        await noticed(journal)
        await runs(journal, clock, 60)
        clock.step(behind_s)
        await noticed(journal)
    assert await journal.start_mark(CHANNEL) == about(mark)


@pytest.mark.parametrize("behind_s", [HOUR_S, 50 * YEAR_S])
@pytest.mark.parametrize("age_s", [60.0, 20 * DAY_S])
async def test_a_machine_that_starts_with_its_clock_behind_lowers_no_start_mark_for_good(
    booted: Starter, age_s: float, behind_s: float
) -> None:
    """The power fails, and the time that its clock then begins with is older; once it reaches a time server it is right."""
    clock = SetClock()
    before = await booted(clock)
    mark = await before.start_mark(CHANNEL)
    await runs(before, clock, age_s)
    await before.close()
    clock = after_power_loss(clock, later_s=600.0, behind_s=behind_s)
    journal = await booted(clock)
    await noticed(journal)
    await runs(journal, clock, 30)
    clock.step(behind_s)
    await noticed(journal)
    assert await journal.start_mark(CHANNEL) == about(mark)
    await journal.close()


async def test_a_clock_that_stood_still_while_the_machine_was_off_moves_no_start_mark(booted: Starter) -> None:
    """It goes on from where it was, and is set forward by all of two days once it reaches a time server."""
    clock = SetClock()
    before = await booted(clock)
    mark = await before.start_mark(CHANNEL)
    await runs(before, clock, 60)
    await before.close()
    clock = after_power_loss(clock, later_s=2 * DAY_S, behind_s=2 * DAY_S - 5)
    journal = await booted(clock)
    await runs(journal, clock, 30)
    clock.step(2 * DAY_S)
    await noticed(journal)
    assert await journal.start_mark(CHANNEL) == mark
    await journal.close()


@pytest.mark.parametrize("is_same_boot", [True, False])
async def test_a_long_time_in_which_nobody_ran_moves_no_start_mark(booted: Starter, *, is_same_boot: bool) -> None:
    clock = SetClock()
    before = await booted(clock)
    mark = await before.start_mark(CHANNEL)
    await before.close()
    if is_same_boot:
        clock.go(90 * DAY_S)
    else:
        clock = after_power_loss(clock, later_s=90 * DAY_S, behind_s=0.0)
    journal = await booted(clock)
    await noticed(journal)
    assert await journal.start_mark(CHANNEL) == mark
    await journal.close()


async def test_a_machine_that_stood_still_unseen_and_finds_itself_hours_later_moves_no_start_mark(
    journal: SqliteJournal, clock: SetClock
) -> None:
    """A virtual machine that was paused, its steady clock with it: what was told meanwhile is not from before the start."""
    mark = await journal.start_mark(CHANNEL)
    await runs(journal, clock, HOUR_S)
    await put(journal, message("m1", told_at=clock.now() - 1))
    clock.step(9 * HOUR_S)
    await noticed(journal)
    assert await journal.start_mark(CHANNEL) == mark


@pytest.mark.parametrize("behind_s", [2 * DAY_S, 50 * YEAR_S])
async def test_a_start_mark_of_a_clock_that_was_behind_at_first_is_put_right_with_it(
    journal: SqliteJournal, clock: SetClock, behind_s: float
) -> None:
    mark = await journal.start_mark(CHANNEL)
    await runs(journal, clock, SETTLES_S - 1)
    clock.step(behind_s)
    await noticed(journal)
    assert await journal.start_mark(CHANNEL) == about(mark + behind_s)


async def test_messages_tell_of_a_clock_that_was_behind_for_long(journal: SqliteJournal, clock: SetClock) -> None:
    """Nobody tells the machine the time but its operator, days later; customers' messages came from the future until then."""
    mark, behind_s = await journal.start_mark(CHANNEL), 90 * DAY_S
    await runs(journal, clock, 2 * DAY_S)
    await put(journal, message("m1", told_at=clock.now() + behind_s - 1))
    await runs(journal, clock, DAY_S)
    clock.step(behind_s)
    await noticed(journal)
    assert await journal.start_mark(CHANNEL) == about(mark + behind_s)


@pytest.mark.parametrize("age_s", [60.0, 8 * HOUR_S])
async def test_a_clock_that_was_ahead_for_a_while_moves_no_start_mark_once_it_is_right_again(
    journal: SqliteJournal, clock: SetClock, age_s: float
) -> None:
    """Not while it is ahead either: what was told then has true times."""
    mark = await journal.start_mark(CHANNEL)
    await runs(journal, clock, age_s)
    clock.step(5 * HOUR_S)
    await noticed(journal)
    ahead = await journal.start_mark(CHANNEL)
    await runs(journal, clock, 3 * HOUR_S)
    clock.step(-5 * HOUR_S)
    await noticed(journal)
    assert (ahead, await journal.start_mark(CHANNEL)) == (mark, mark)


@pytest.mark.parametrize("step_s", [5 * DAY_S, 50 * YEAR_S])
async def test_a_step_while_nobody_ran_is_seen_as_long_as_the_machine_is_not_started_anew(
    journal: SqliteJournal, opener: Opener, tmp_path: Path, clock: SetClock, step_s: float
) -> None:
    mark = await journal.start_mark(CHANNEL)
    await runs(journal, clock, 60)
    await journal.close()
    clock.go(100)
    clock.step(step_s)
    again = await opener(tmp_path / "journal.db")
    await again.mark_alive(clock.now())
    await again.settled_down()
    assert await again.start_mark(CHANNEL) == about(mark + step_s)


@pytest.mark.parametrize("step_s", [5 * DAY_S, 50 * YEAR_S])
async def test_a_step_that_two_bridges_see_moves_a_start_mark_once(
    journal: SqliteJournal, opener: Opener, tmp_path: Path, clock: SetClock, step_s: float
) -> None:
    other = await opener(tmp_path / "journal.db")
    mark = await journal.start_mark(CHANNEL)
    await runs(other, clock, 60)
    clock.step(step_s)
    await asyncio.gather(noticed(journal), noticed(other))
    await runs(other, clock, 2)
    assert await journal.start_mark(CHANNEL) == about(mark + step_s)


async def test_a_channel_that_is_made_known_right_after_a_step_begins_now(
    journal: SqliteJournal, clock: SetClock
) -> None:
    clock.step(5 * HOUR_S)
    name = type(CHANNEL)("second")
    await journal.introduce([type(CHANNEL_ROW)(name, None, CHANNEL_ROW.helpdesk)])
    await noticed(journal)
    assert await journal.start_mark(name) == clock.now()


async def test_a_restore_by_a_clock_that_was_behind_is_put_right_with_it(
    journal: SqliteJournal, opener: Opener, tmp_path: Path, clock: SetClock
) -> None:
    """What was told before it is looked for in the helpdesk; a restore that seems older would post it again."""
    await runs(journal, clock, DAY_S)
    await journal.backup_to(tmp_path / "copy.db")
    await journal.close()
    clock.step(-5 * DAY_S)
    clock.go(60)
    restore_journal(tmp_path / "copy.db", tmp_path / "journal.db", now=clock.now())
    mark = clock.now()
    again = await opener(tmp_path / "journal.db")
    await again.introduce([CHANNEL_ROW])
    await runs(again, clock, 60)
    clock.step(5 * DAY_S)
    await noticed(again)
    assert await again.start_mark(CHANNEL) == about(mark + 5 * DAY_S)
    row = again._executor.write(lambda connection: connection.execute("SELECT restored_at FROM channel").fetchall())
    assert await row == [(about(mark + 5 * DAY_S),)]


@pytest.mark.parametrize("ahead_s", [HOUR_S, 5 * HOUR_S, 40 * YEAR_S])
async def test_a_start_mark_ahead_of_the_clock_is_brought_to_now_once_a_message_shows_that_the_clock_is_right(
    journal: SqliteJournal, clock: SetClock, ahead_s: float
) -> None:
    """Not before: the clock may be behind for a moment, and what it would let in is history."""
    mark = await journal.start_mark(CHANNEL)
    await runs(journal, clock, 60)
    await put(journal, message("m1", told_at=clock.now() - ahead_s))
    clock.step(-ahead_s)
    await runs(journal, clock, 10)
    await put(journal, message("m2", told_at=clock.now() - HOUR_S), message("m3", told_at=clock.now() + HOUR_S))
    await runs(journal, clock, 10)
    assert await journal.start_mark(CHANNEL) == mark
    await put(journal, message("m4", told_at=clock.now() - 2))
    await runs(journal, clock, 10)
    assert await journal.start_mark(CHANNEL) == clock.now()


async def test_so_it_is_where_the_machine_was_started_anew_meanwhile(booted: Starter) -> None:
    """What came on time by the clock that was ahead, of another run of the machine, shows nothing of this one."""
    clock = SetClock()
    before = await booted(clock)
    mark = await before.start_mark(CHANNEL)
    await put(before, message("m1", told_at=clock.now()))
    await runs(before, clock, HOUR_S)
    await before.close()
    clock = after_power_loss(clock, later_s=600.0, behind_s=5 * HOUR_S)
    journal = await booted(clock)
    await runs(journal, clock, 60)
    assert await journal.start_mark(CHANNEL) == mark
    await put(journal, message("m2", told_at=clock.now()))
    await runs(journal, clock, 60)
    assert await journal.start_mark(CHANNEL) == clock.now()
    await journal.close()


@pytest.mark.parametrize("behind_s", [300.0 + 60, 5 * HOUR_S, 50 * YEAR_S])
async def test_what_storage_holds_when_a_clock_that_is_behind_makes_a_channel_known_is_from_before(
    journal: SqliteJournal, clock: SetClock, behind_s: float
) -> None:
    newest = clock.now() + behind_s
    await journal.raise_start_mark(CHANNEL, newest)
    clock.go(700)
    clock.step(behind_s)
    await noticed(journal)
    assert await journal.start_mark(CHANNEL) == newest


async def test_but_not_where_the_mark_is_no_work_of_that_clock(booted: Starter) -> None:
    """The clock was right, the machine is started anew, and its clock is behind: what came meanwhile is no history."""
    clock = SetClock()
    before = await booted(clock)
    mark = await before.start_mark(CHANNEL)
    await before.close()
    clock = after_power_loss(clock, later_s=DAY_S, behind_s=5 * HOUR_S)
    journal = await booted(clock)
    await journal.raise_start_mark(CHANNEL, clock.now() + 5 * HOUR_S)
    assert await journal.start_mark(CHANNEL) == mark
    await journal.close()


async def test_nor_where_reconcile_has_looked_or_the_mark_is_ahead(journal: SqliteJournal, clock: SetClock) -> None:
    mark = await journal.start_mark(CHANNEL)
    clock.step(-HOUR_S)
    await journal.raise_start_mark(CHANNEL, mark + HOUR_S)
    assert await journal.start_mark(CHANNEL) == mark
    clock.step(HOUR_S)
    clock.go(60)
    await journal.mark_looked(CHANNEL, clock.now())
    await journal.raise_start_mark(CHANNEL, clock.now() + HOUR_S)
    assert await journal.start_mark(CHANNEL) == mark


async def test_a_clock_is_right_where_something_came_on_time_since_it_was_set(
    journal: SqliteJournal, clock: SetClock
) -> None:
    said = [await journal.is_clock_right()]
    await put(journal, message("m1", told_at=clock.now() - 2))
    said.append(await journal.is_clock_right())
    clock.step(-HOUR_S)
    await runs(journal, clock, 1)
    said.append(await journal.is_clock_right())
    await put(journal, message("m2", told_at=clock.now() + HOUR_S))
    said.append(await journal.is_clock_right())
    assert said == [False, True, False, False]


async def test_who_asks_right_after_a_step_is_told_of_the_mark_that_goes_with_the_new_clock(
    journal: SqliteJournal, clock: SetClock
) -> None:
    """Reconcile asks, and nothing may have been written since the clock was set."""
    mark = await journal.start_mark(CHANNEL)
    clock.go(60)
    clock.step(50 * YEAR_S)
    assert await journal.start_mark(CHANNEL) == about(mark + 50 * YEAR_S)


async def test_a_steady_clock_that_is_set_back_brings_no_start_mark_ahead(
    journal: SqliteJournal, clock: SetClock
) -> None:
    """A machine that goes on from a copy of its memory; the wall clock is right."""
    mark = await journal.start_mark(CHANNEL)
    await runs(journal, clock, DAY_S)
    clock.at -= 3 * DAY_S
    clock.step(3 * DAY_S)
    await noticed(journal)
    assert await journal.start_mark(CHANNEL) == mark


@pytest.mark.parametrize("step_s", [-50 * YEAR_S, -5 * HOUR_S, 15 * HOUR_S, 3 * DAY_S])
async def test_a_start_mark_since_which_a_message_came_on_time_is_moved_by_no_step(
    journal: SqliteJournal, clock: SetClock, step_s: float
) -> None:
    """Be it a wrong clock, or a machine that stood still and was told something before its clock was set."""
    mark = await journal.start_mark(CHANNEL)
    clock.go(60)
    await put(journal, message("m1", told_at=clock.now() - 1))
    await runs(journal, clock, 60)
    await put(journal, message("m2", told_at=clock.now() + step_s))
    clock.step(step_s)
    await noticed(journal)
    stepped = await journal.start_mark(CHANNEL)
    await put(journal, message("m3", told_at=clock.now() - step_s))
    clock.step(-step_s)
    await noticed(journal)
    assert (stepped, await journal.start_mark(CHANNEL)) == (mark, mark)
