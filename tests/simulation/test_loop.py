"""The deterministic loop: virtual time, bounds, errors, and orders drawn from a seed."""

from __future__ import annotations

import asyncio
import random
import threading
import time

import pytest

from tests.simulation.loop import Outside, Stuck, Unhandled, run
from tests.simulation.process import Process


def now_s() -> float:
    return asyncio.get_running_loop().time()


async def note(notes: list[str], text: str, after_s: float = 0.0) -> None:
    await asyncio.sleep(after_s)
    notes.append(text)


# Time


def test_a_day_passes_at_once() -> None:
    async def story() -> float:
        await asyncio.sleep(86_400)
        return now_s()

    began = time.perf_counter()
    assert run(story()) == 86_400
    assert time.perf_counter() - began < 1


def test_timers_fire_in_the_order_of_their_times() -> None:
    async def story() -> list[str]:
        notes: list[str] = []
        await asyncio.gather(note(notes, "late", 3), note(notes, "early", 1), note(notes, "middle", 2))
        return notes

    assert run(story()) == ["early", "middle", "late"]


def test_a_timeout_ends_a_wait_at_its_virtual_time() -> None:
    async def story() -> float:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(7.5):
                await asyncio.Event().wait()
        return now_s()

    assert run(story()) == 7.5


def test_ten_thousand_cancelled_timers_cost_no_time() -> None:
    async def story() -> float:
        for _ in range(10_000):
            await asyncio.wait_for(asyncio.sleep(0), 60)
        return now_s()

    assert run(story()) == 0


# Bounds


def test_a_deadlock_is_told_with_the_place_that_waits() -> None:
    async def story() -> None:
        await asyncio.Event().wait()

    with pytest.raises(Stuck, match=r"nothing will ever happen again(.|\n)*story at .*locks\.py:\d+"):
        run(story())


def test_a_story_without_end_is_told() -> None:
    async def story() -> None:
        while True:
            await asyncio.sleep(30)

    with pytest.raises(Stuck, match="after 3600 virtual seconds"):
        run(story(), time_max_s=3600)


def test_a_story_that_spins_is_told() -> None:
    async def story() -> None:
        while True:
            await asyncio.sleep(0)

    with pytest.raises(Stuck, match="too many steps"):
        run(story(), steps_max=1000)


def test_a_socket_is_refused() -> None:
    async def story() -> None:
        await asyncio.open_connection("127.0.0.1", 1)

    with pytest.raises(Outside):
        run(story())


def test_another_thread_cannot_call_in() -> None:
    errors: list[Exception] = []

    def call(loop: asyncio.AbstractEventLoop) -> None:
        try:
            loop.call_soon_threadsafe(print)
        except Outside as error:
            errors.append(error)

    async def story() -> None:
        thread = threading.Thread(target=call, args=(asyncio.get_running_loop(),))
        thread.start()
        thread.join()

    run(story())
    assert len(errors) == 1


def test_work_for_a_thread_is_done_in_the_loops_own() -> None:
    async def story() -> int:
        return await asyncio.to_thread(threading.get_ident)

    assert run(story()) == threading.get_ident()


def test_work_for_a_thread_raises_to_who_waits_for_it() -> None:
    async def story() -> None:
        await asyncio.to_thread(int, "x")

    with pytest.raises(ValueError, match="invalid literal"):
        run(story())


# Errors


def test_what_the_story_raises_is_raised() -> None:
    async def story() -> None:
        raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        run(story())


def test_a_callback_that_raises_fails_the_run() -> None:
    async def story() -> None:
        asyncio.get_running_loop().call_soon(int, "x")
        await asyncio.sleep(1)

    with pytest.raises(Unhandled) as caught:
        run(story())
    assert isinstance(caught.value.__cause__, ValueError)


def test_a_process_whose_task_raises_fails_the_run() -> None:
    async def story() -> None:
        process = Process("bridge")
        process.spawn(asyncio.to_thread(int, "x"))
        await asyncio.sleep(1)

    with pytest.raises(Unhandled) as caught:
        run(story())
    assert isinstance(caught.value.__cause__, ValueError)


def test_a_task_outside_is_cancelled_when_the_story_ends() -> None:
    notes: list[str] = []

    async def waits() -> None:
        try:
            await asyncio.sleep(9)
        finally:
            notes.append("cleaned")

    async def story() -> asyncio.Task[None]:
        task = asyncio.create_task(waits())
        await asyncio.sleep(1)
        return task

    assert run(story()).cancelled()
    assert notes == ["cleaned"]


# Order


async def race(turns: int) -> str:
    notes: list[str] = []

    async def runner(name: str) -> None:
        for _ in range(turns):
            await asyncio.sleep(0)
            notes.append(name)

    await asyncio.gather(*(runner(name) for name in "abcd"))
    return "".join(notes)


def test_without_a_seed_the_order_is_first_in_first_out() -> None:
    assert run(race(3)) == "abcdabcdabcd"


def test_one_seed_gives_one_order() -> None:
    assert run(race(20), rng=random.Random(5)) == run(race(20), rng=random.Random(5))


def test_seeds_give_different_orders() -> None:
    assert len({run(race(3), rng=random.Random(seed)) for seed in range(20)}) > 15


def test_shuffling_leaves_other_callbacks_in_their_order() -> None:
    async def story() -> list[int]:
        notes: list[int] = []
        for n in range(10):
            asyncio.get_running_loop().call_soon(notes.append, n)
            asyncio.create_task(asyncio.sleep(0))  # noqa: RUF006  # it only has to be ready beside the callbacks
        await asyncio.sleep(1)
        return notes

    assert all(run(story(), rng=random.Random(seed)) == list(range(10)) for seed in range(20))


def test_the_order_in_which_tasks_became_ready_makes_no_difference_to_a_seed() -> None:
    """What wakes them may follow the addresses of objects: here their order is turned round instead."""

    async def story(backwards: bool) -> list[int]:
        notes: list[int] = []
        loop = asyncio.get_running_loop()
        answers: list[asyncio.Future[int]] = [loop.create_future() for _ in range(20)]

        async def waits(answer: asyncio.Future[int]) -> None:
            notes.append(await answer)

        tasks = [asyncio.create_task(waits(answer)) for answer in answers]
        await asyncio.sleep(1)
        for n in reversed(range(20)) if backwards else range(20):
            answers[n].set_result(n)
        await asyncio.gather(*tasks)
        return notes

    assert run(story(False), rng=random.Random(3)) == run(story(True), rng=random.Random(3))


def test_a_set_of_tasks_has_the_order_of_their_birth() -> None:
    """A TaskGroup cancels the members of a set, whose order is that of their hashes."""

    async def waits(notes: list[int], n: int) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            notes.append(n)

    async def story() -> list[int]:
        notes: list[int] = []
        with pytest.raises(ExceptionGroup):  # noqa: PT012  # the group raises at its end
            async with asyncio.TaskGroup() as group:
                for n in range(20):
                    group.create_task(waits(notes, n))
                await asyncio.sleep(1)
                raise LookupError
        return notes

    assert run(story()) == list(range(20))


def test_queues_locks_and_semaphores_hold_under_every_order() -> None:
    async def story() -> tuple[int, int]:
        queue: asyncio.Queue[int] = asyncio.Queue(2)
        lock, slots, inside, most = asyncio.Lock(), asyncio.Semaphore(2), 0, 0

        async def worker() -> int:
            nonlocal inside, most
            total = 0
            for _ in range(5):
                async with slots:
                    inside += 1
                    most = max(most, inside)
                    await asyncio.sleep(0)
                    inside -= 1
                async with lock:
                    total += await queue.get()
            return total

        async def feeder() -> None:
            for n in range(20):
                await queue.put(n)

        *totals, _ = await asyncio.gather(*(worker() for _ in range(4)), feeder())
        return sum(total or 0 for total in totals), most

    assert {run(story(), rng=random.Random(seed)) for seed in range(50)} == {(190, 2)}
