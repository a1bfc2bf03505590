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
