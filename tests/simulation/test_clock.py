"""The wall clock of the simulation steps and drifts on command; the monotonic one does not."""

from __future__ import annotations

import asyncio

from tests.simulation.clock import EPOCH_S, VirtualClock
from tests.simulation.loop import run


def test_the_wall_clock_steps_and_the_other_does_not() -> None:
    async def story() -> tuple[float, float]:
        clock = VirtualClock(asyncio.get_running_loop())
        await asyncio.sleep(10)
        clock.step(-3600)
        await asyncio.sleep(10)
        return clock.now() - EPOCH_S, clock.monotonic()

    assert run(story()) == (20 - 3600, 20)


def test_the_wall_clock_drifts_from_the_moment_it_is_told_to() -> None:
    async def story() -> float:
        clock = VirtualClock(asyncio.get_running_loop())
        await asyncio.sleep(10)
        clock.drift(1.5)
        await asyncio.sleep(10)
        return clock.now() - EPOCH_S

    assert run(story()) == 25
