"""Nobody sleeps through a ring between a look and a wait."""

import asyncio

import pytest

from unlost.journal.bell import Bell


async def test_a_ring_wakes_all_who_sleep() -> None:
    bell = Bell()
    sleepers = [asyncio.ensure_future(bell.wait(30.0)) for _ in range(2)]
    await asyncio.sleep(0)
    bell.ring()
    assert await asyncio.gather(*sleepers) == [True, True]


async def test_a_ring_after_the_note_ends_the_next_wait_even_in_a_task_of_its_own() -> None:
    bell = Bell()
    bell.take_note()
    bell.ring()
    assert await asyncio.ensure_future(bell.wait(30.0))


async def test_a_ring_before_the_note_does_not() -> None:
    bell = Bell()
    bell.ring()
    bell.take_note()
    assert not await bell.wait(0.0)


async def test_one_who_heard_a_ring_sleeps_until_the_next() -> None:
    bell = Bell()
    bell.take_note()
    bell.ring()
    assert await bell.wait(0.0)
    assert not await bell.wait(0.0)


async def test_what_one_task_heard_is_news_to_another() -> None:
    bell = Bell()
    bell.take_note()
    bell.ring()
    first, second = asyncio.ensure_future(bell.wait(0.0)), asyncio.ensure_future(bell.wait(0.0))
    assert list(await asyncio.gather(first, second)) == [True, True]


async def test_a_later_ring_comes_at_its_time() -> None:
    bell = Bell()
    bell.ring_in(0.03)
    assert not await bell.wait(0.0)
    assert await bell.wait(30.0)


async def test_a_ring_whose_time_has_come_is_heard_at_once() -> None:
    bell = Bell()
    bell.take_note()
    bell.ring_in(-1.0)
    assert await bell.wait(0.0)


@pytest.mark.parametrize("waits_s", [(30.0, 0.01), (0.01, 30.0)])
async def test_of_several_later_rings_the_first_is_heard(waits_s: tuple[float, float]) -> None:
    bell = Bell()
    for wait_s in waits_s:
        bell.ring_in(wait_s)
    assert await bell.wait(5.0)
    bell.ring_in(0.01)
    assert await bell.wait(5.0), "and after it another one"


async def test_a_bell_that_fell_silent_rings_no_more_by_itself() -> None:
    bell = Bell()
    bell.ring_in(0.01)
    bell.fall_silent()
    assert not await bell.wait(0.05)
