"""Simulated processes: the killed run no other line, the frozen wait for their thaw."""

from __future__ import annotations

import asyncio
import gc
import warnings
from collections.abc import AsyncIterator

import pytest

from tests.simulation.loop import run
from tests.simulation.process import Process, current_process


def now_s() -> float:
    return asyncio.get_running_loop().time()


async def note(notes: list[str], text: str, after_s: float = 0.0) -> None:
    await asyncio.sleep(after_s)
    notes.append(text)


async def every_second(notes: list[str]) -> None:
    try:
        while True:
            await asyncio.sleep(1)
            notes.append(f"{now_s():.0f}")
    finally:
        notes.append("finally")


def test_a_killed_process_runs_no_other_line() -> None:
    async def story() -> list[str]:
        notes: list[str] = []
        process = Process("bridge")
        process.spawn(every_second(notes))
        await asyncio.sleep(2.5)
        process.kill()
        await asyncio.sleep(10)
        gc.collect()
        return list(notes)

    assert run(story()) == ["1", "2"]


def test_the_dead_are_not_collected_while_the_run_goes_on() -> None:
    """A coroutine that is collected runs its finally blocks, and this one is held by nothing else."""

    async def waits(notes: list[str]) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            notes.append("finally")

    async def story() -> list[str]:
        notes: list[str] = []
        process = Process("bridge")
        process.spawn(waits(notes))
        await asyncio.sleep(1)
        process.kill()
        gc.collect()
        return list(notes)

    assert run(story()) == []


def test_everything_a_process_started_dies_with_it() -> None:
    """By each way asyncio has of starting something, at any depth."""

    async def everything(notes: list[str]) -> None:
        asyncio.get_running_loop().call_later(5, notes.append, "timer")
        asyncio.ensure_future(asyncio.sleep(5)).add_done_callback(lambda _: notes.append("future"))
        async with asyncio.timeout(60), asyncio.TaskGroup() as group:
            group.create_task(note(notes, "group", 5))
            await asyncio.gather(note(notes, "gather", 5), asyncio.wait_for(note(notes, "wait_for", 5), 50))
            notes.append("after")

    async def story() -> list[str]:
        notes: list[str] = []
        process = Process("bridge")
        process.spawn(everything(notes))
        await asyncio.sleep(4)
        process.kill()
        await asyncio.sleep(100)
        return list(notes)

    assert run(story()) == []


def test_a_step_that_was_ready_when_its_process_died_is_not_run() -> None:
    async def story() -> list[str]:
        notes: list[str] = []
        process = Process("bridge")
        process.spawn(note(notes, "never"))
        process.kill()
        await asyncio.sleep(1)
        return notes

    assert run(story()) == []


def test_a_process_that_kills_itself_ends_at_its_next_await() -> None:
    async def suicide(notes: list[str]) -> None:
        process = current_process()
        assert process is not None
        process.kill()
        notes.append("same step")
        await asyncio.sleep(0)
        notes.append("next step")

    async def story() -> list[str]:
        notes: list[str] = []
        Process("bridge").spawn(suicide(notes))
        await asyncio.sleep(1)
        return list(notes)

    assert run(story()) == ["same step"]


def test_a_death_leaves_others_alive() -> None:
    async def story() -> list[str]:
        notes: list[str] = []
        first, second = Process("first"), Process("second")
        first.spawn(note(notes, "first", 2))
        second.spawn(note(notes, "second", 2))
        await asyncio.sleep(1)
        first.kill()
        await asyncio.sleep(5)
        return notes

    assert run(story()) == ["second"]


def test_what_another_process_answers_does_not_wake_the_dead() -> None:
    async def story() -> list[str]:
        notes: list[str] = []
        answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()

        async def asks() -> None:
            notes.append(await answer)

        process = Process("bridge")
        process.spawn(asks())
        await asyncio.sleep(1)
        process.kill()
        answer.set_result("too late")
        await asyncio.sleep(1)
        return notes

    assert run(story()) == []


def test_the_dead_cannot_spawn() -> None:
    async def story() -> None:
        process = Process("bridge")
        process.kill()
        process.spawn(asyncio.sleep(0))

    with pytest.raises(RuntimeError, match="bridge is dead"):
        run(story())


def test_an_error_in_a_dying_step_is_not_reported() -> None:
    async def dies() -> None:
        process = current_process()
        assert process is not None
        process.kill()
        raise OSError("the disk is gone")

    async def story() -> str:
        Process("bridge").spawn(dies())
        await asyncio.sleep(1)
        return "done"

    assert run(story()) == "done"


def test_an_error_in_the_callback_that_a_process_died_in_is_not_reported() -> None:
    def dies() -> None:
        process = current_process()
        assert process is not None
        process.kill()
        raise OSError("the disk is gone")

    async def lives() -> None:
        asyncio.get_running_loop().call_soon(dies)
        await asyncio.sleep(9)

    async def story() -> str:
        Process("bridge").spawn(lives())
        await asyncio.sleep(1)
        return "done"

    assert run(story()) == "done"


def test_the_dead_are_buried_without_a_word() -> None:
    """Awaits in finally blocks, tasks, futures and generators of the dead raise no warning when they are collected."""

    async def numbers() -> AsyncIterator[int]:
        try:
            while True:
                await asyncio.sleep(1)
                yield 1
        finally:
            await asyncio.sleep(1)

    async def clings() -> None:
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(asyncio.sleep(99))
                async for _ in numbers():
                    pass
        finally:
            await asyncio.gather(asyncio.sleep(1), asyncio.sleep(2))

    async def dies_starting_something() -> None:
        process = current_process()
        assert process is not None
        await asyncio.sleep(3)
        process.kill()
        asyncio.create_task(asyncio.sleep(1))  # noqa: RUF006  # nothing but the loop shall hold it

    async def story() -> None:
        process = Process("bridge")
        process.spawn(clings())
        process.spawn(dies_starting_something())
        await asyncio.sleep(4)
        gc.collect()

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        run(story())
        gc.collect()


def test_a_run_leaves_no_frames_of_the_dead() -> None:
    class Witness:
        pass

    async def holds(witness: Witness) -> None:
        await asyncio.sleep(99)
        del witness

    async def story() -> None:
        process = Process("bridge")
        process.spawn(holds(Witness()))
        await asyncio.sleep(1)
        process.kill()

    run(story())
    gc.collect()
    assert not any(isinstance(thing, Witness) for thing in gc.get_objects())


def test_a_frozen_process_does_nothing_until_it_thaws() -> None:
    async def story() -> list[str]:
        notes: list[str] = []
        process = Process("bridge")
        process.spawn(every_second(notes))
        await asyncio.sleep(2.5)
        process.freeze(for_s=10)
        await asyncio.sleep(11.5)
        return list(notes)

    assert run(story()) == ["1", "2", "12", "14"]


def test_a_process_that_freezes_itself_thaws() -> None:
    async def freezes() -> float:
        process = current_process()
        assert process is not None
        process.freeze(for_s=5)
        await asyncio.sleep(0)
        return now_s()

    async def story() -> float:
        return await Process("bridge").spawn(freezes())

    assert run(story()) == 5


def test_time_goes_on_for_a_frozen_process() -> None:
    """A wait that ended in the ice ends at the thaw, and its timeout is then late."""

    async def waits() -> float:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.Event().wait(), 5)
        return now_s()

    async def story() -> float:
        process = Process("bridge")
        task = process.spawn(waits())
        await asyncio.sleep(1)
        process.freeze(for_s=60)
        return await task

    assert run(story()) == 61


def test_an_answer_that_came_in_the_ice_is_seen_before_the_timers() -> None:
    async def story() -> list[str]:
        notes: list[str] = []
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[str] = loop.create_future()

        async def asks() -> None:
            loop.call_later(2, notes.append, "timer")
            notes.append(await answer)

        process = Process("bridge")
        process.spawn(asks())
        await asyncio.sleep(1)
        process.freeze(for_s=10)
        loop.call_later(5, answer.set_result, "answer")
        await asyncio.sleep(20)
        return notes

    assert run(story()) == ["answer", "timer"]


def test_a_process_killed_in_the_ice_never_thaws() -> None:
    async def story() -> list[str]:
        notes: list[str] = []
        process = Process("bridge")
        process.spawn(every_second(notes))
        process.freeze(for_s=5)
        await asyncio.sleep(2)
        process.kill()
        await asyncio.sleep(10)
        return list(notes)

    assert run(story()) == []
