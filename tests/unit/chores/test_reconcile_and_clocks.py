"""A wall clock that was wrong for a while hides nothing from reconcile and lets nothing in."""

import pytest

from tests.unit.chores.worlds import DAY_S, NOW, World

HOUR_S = 3600.0


@pytest.fixture
def world() -> World:
    return World()


def write_live(world: World, id: str, chat: str, *, ahead_s: float) -> None:
    """A message that is told and stored just now, by WhatsApp's clock, while ours is ahead by *ahead_s*."""
    world.storage.write(id, chat, told_at=world.clock.now() - ahead_s)


@pytest.mark.parametrize("ahead_s", [5 * HOUR_S, 300 * DAY_S])
async def test_what_was_missed_while_the_clock_ran_ahead_comes_in_at_once_and_after_it_was_put_right(
    world: World, ahead_s: float
) -> None:
    """What the clock says is no measure: reconcile has looked as far as the newest message that it saw."""
    world.storage.write("m0", told_at=NOW - 10)
    await world.run()
    world.clock.at += ahead_s
    await world.run()
    for number in range(1, 4):
        world.clock.at += HOUR_S
        write_live(world, f"m{number}", f"c{number}", ahead_s=ahead_s)
        await world.run()
    ahead = list(world.journal.kept)
    world.clock.at += HOUR_S
    write_live(world, "m4", "c4", ahead_s=ahead_s)
    world.clock.at += HOUR_S - ahead_s
    await world.run()
    assert (ahead, world.journal.kept) == (["m0", "m1", "m2", "m3"], ["m0", "m1", "m2", "m3", "m4"])


async def test_a_gap_noted_by_a_clock_that_ran_ahead_is_closed_by_a_look_at_all_that_was_told_in_it(
    world: World,
) -> None:
    world.storage.write("m0", told_at=NOW - 10)
    await world.run()
    world.clock.at += 5 * HOUR_S
    await world.run()
    world.journal.gap(world.clock.now(), world.clock.now() + HOUR_S)
    write_live(world, "m1", "c1", ahead_s=5 * HOUR_S - 60)
    world.clock.at += HOUR_S
    await world.run()
    assert (world.journal.kept, world.journal.open_gaps) == (["m0", "m1"], [])


async def test_a_storage_without_any_chat_moves_no_mark(world: World) -> None:
    """Nothing says how late it is."""
    await world.run()
    assert world.journal.looked is None


async def test_a_time_in_the_future_does_not_blind_reconcile(world: World) -> None:
    world.storage.write("m0", told_at=NOW - 10)
    world.storage.write("odd", "odd", told_at=NOW + 900 * DAY_S)
    await world.run()
    assert world.journal.looked == NOW - 10


def write_history(world: World) -> None:
    """Two chats, last written to before the channel was connected."""
    for number in range(4):
        world.storage.write(f"old{number}", f"c{number % 2}", told_at=NOW - 40 * DAY_S + number)


@pytest.mark.parametrize("mark_s", [0.0, 50 * DAY_S])
async def test_while_the_clock_is_days_behind_nothing_is_taken_and_no_gap_is_closed(
    world: World, mark_s: float
) -> None:
    """As of a machine that forgot the time: with a start mark of that clock all history would be new, with an older one what was pruned."""
    write_history(world)
    world.clock.at = NOW - 60 * DAY_S
    world.journal.mark = world.clock.now() - mark_s
    world.journal.gap(world.clock.now() - 60, world.clock.now())
    outcome = await world.run()
    assert (world.journal.kept, world.journal.open_gaps, world.journal.looked) == ([], [1], None)
    assert outcome.error is not None
    assert "clock" in outcome.error


async def test_once_the_clock_is_right_again_all_is_looked_at_from_the_start_mark_on(world: World) -> None:
    write_history(world)
    world.storage.write("missed", told_at=world.journal.mark + 1)
    world.journal.gap(NOW - 60, NOW)
    world.clock.at = 60.0
    await world.run()
    world.clock.at = NOW + 60
    await world.run()
    assert (world.journal.kept, world.journal.open_gaps) == (["missed"], [])


async def test_one_chat_with_a_time_in_the_future_says_nothing_of_the_clock(world: World) -> None:
    world.storage.write("odd", "odd", told_at=NOW + 900 * DAY_S)
    world.storage.write("m0", told_at=NOW - 10)
    outcome = await world.run()
    assert (outcome.error, world.journal.open_gaps) == (None, [])


@pytest.mark.parametrize("behind_s", [HOUR_S, 60 * DAY_S])
async def test_what_storage_holds_when_a_clock_that_is_behind_makes_a_channel_known_never_comes_in(
    world: World, behind_s: float
) -> None:
    """A machine without a clock of its own: the first look comes before the time does, or right after."""
    world.journal.mark_is_this_clocks = True
    for number in range(4):
        world.storage.write(f"old{number}", f"c{number % 2}", told_at=NOW - 10 - number)
    world.journal.mark = world.clock.at = NOW - behind_s
    first = await world.run()
    assert "clock" in (first.error or "")
    world.clock.at = NOW + 700
    world.storage.write("new", "c1", told_at=NOW + 600)
    assert (await world.run()).error is None
    assert world.journal.kept == ["new"]


async def test_a_clock_that_a_message_shows_to_be_right_is_not_doubted_for_nonsense_in_storage(world: World) -> None:
    world.journal.is_right = True
    world.journal.mark_is_this_clocks = True
    for number in range(2):
        world.storage.write(f"odd{number}", f"odd{number}", told_at=NOW + 900 * DAY_S)
    world.storage.write("m0", told_at=NOW - 10)
    outcome = await world.run()
    assert (outcome.error, "m0" in world.journal.kept) == (None, True)


async def test_a_start_mark_ahead_of_the_clock_lets_nothing_in_from_before_it(world: World) -> None:
    """The clock may be behind for a moment, by less than shows."""
    world.journal.mark = NOW + 1800
    world.storage.write("before", told_at=NOW + 900)
    await world.run()
    assert world.journal.kept == []


async def test_what_a_start_mark_of_a_clock_that_was_ahead_hid_comes_in_once_both_are_put_right(world: World) -> None:
    world.journal.mark = NOW + 5 * HOUR_S
    world.clock.at = world.journal.mark + HOUR_S
    write_live(world, "m1", "c1", ahead_s=5 * HOUR_S + 1800)
    write_live(world, "m2", "c2", ahead_s=5 * HOUR_S)
    await world.run()
    hidden = list(world.journal.kept)
    world.journal.mark -= 5 * HOUR_S
    world.clock.at -= 5 * HOUR_S
    await world.run()
    assert (hidden, sorted(world.journal.kept)) == ([], ["m1", "m2"])
