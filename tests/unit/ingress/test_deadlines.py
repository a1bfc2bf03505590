"""A bounded wait ends as a TimeoutError, and nothing else does."""

import asyncio

import pytest

from unlost.ingress.deadlines import Deadlines


async def test_a_wait_beyond_its_bound_ends_as_a_timeout() -> None:
    deadlines = Deadlines()
    with pytest.raises(TimeoutError), deadlines.within(0.01):
        await asyncio.Event().wait()
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0


async def test_a_wait_that_ends_in_time_leaves_nothing_behind() -> None:
    deadlines = Deadlines()
    with deadlines.within(0.01):
        await asyncio.sleep(0)
    await asyncio.sleep(0.15)
    assert deadlines._sweeping is None


async def test_of_two_waits_only_the_one_that_is_over_ends() -> None:
    deadlines = Deadlines()
    go_on = asyncio.Event()

    async def patient() -> str:
        with deadlines.within(60):
            await go_on.wait()
        return "done"

    waiting = asyncio.create_task(patient())
    with pytest.raises(TimeoutError), deadlines.within(0.01):
        await asyncio.Event().wait()
    go_on.set()
    assert await waiting == "done"


async def test_an_outer_cancellation_stays_one() -> None:
    deadlines = Deadlines()

    async def waiting() -> None:
        with deadlines.within(60):
            await asyncio.Event().wait()

    task = asyncio.create_task(waiting())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_an_error_inside_stays_itself() -> None:
    deadlines = Deadlines()
    with pytest.raises(KeyError), deadlines.within(60):
        raise KeyError
