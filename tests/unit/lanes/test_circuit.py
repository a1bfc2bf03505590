"""A circuit belongs to a host."""

import asyncio

import pytest

from unlost.lanes.circuit import Circuit
from unlost.vocabulary.ids import LaneId


class HandClock:
    """Moves only by hand."""

    def __init__(self) -> None:
        self.at = 100.0

    def now(self) -> float:
        return self.at

    def monotonic(self) -> float:
        return self.at


class Host:
    """Answers probes as told."""

    def __init__(self, answers: bool = True) -> None:
        self.answers = answers
        self.probes = 0
        self.running = 0

    async def probe(self) -> bool:
        self.probes += 1
        self.running += 1
        assert self.running == 1, "one probe at a time"
        await asyncio.sleep(0)
        self.running -= 1
        return self.answers


def circuit(host: Host, clock: HandClock) -> tuple[Circuit, list[bool]]:
    changes: list[bool] = []
    return Circuit("host", host.probe, clock, changes.append), changes


async def test_a_failed_probe_opens_it_and_clears_the_entry_of_blame() -> None:
    made, changes = circuit(Host(answers=False), HandClock())
    assert await made.suspect(LaneId(1)) is True
    assert made.is_open
    assert changes == [True]


async def test_one_failing_lane_of_a_host_that_answers_opens_nothing() -> None:
    made, _ = circuit(Host(), HandClock())
    for _ in range(10):
        assert await made.suspect(LaneId(1)) is False
    assert not made.is_open


async def test_failures_in_three_lanes_open_it_although_the_probe_passes() -> None:
    made, _ = circuit(Host(), HandClock())
    assert [await made.suspect(LaneId(n)) for n in (1, 2, 3)] == [False, False, True]


async def test_a_success_between_makes_three_failing_lanes_harmless() -> None:
    made, _ = circuit(Host(), HandClock())
    await made.suspect(LaneId(1))
    await made.suspect(LaneId(2))
    made.succeeded(LaneId(9))
    assert await made.suspect(LaneId(3)) is False


async def test_a_hundred_suspicions_at_once_share_one_probe() -> None:
    host = Host(answers=False)
    made, _ = circuit(host, HandClock())
    await asyncio.gather(*(made.suspect(LaneId(n)) for n in range(100)))
    assert host.probes == 1


@pytest.mark.parametrize("back_after_probes", [0, 3])
async def test_the_first_good_probe_closes_it(back_after_probes: int) -> None:
    host, clock = Host(answers=False), HandClock()
    made, changes = circuit(host, clock)
    await made.suspect(LaneId(1))
    for _ in range(back_after_probes):
        clock.at += 16
        await made.watch()
        assert made.is_open
    host.answers = True
    clock.at += 16
    await made.watch()
    assert not made.is_open
    assert changes == [True, False]


async def test_an_open_circuit_is_probed_with_pace() -> None:
    host, clock = Host(answers=False), HandClock()
    made, _ = circuit(host, clock)
    await made.suspect(LaneId(1))
    for _ in range(1000):
        clock.at += 0.1
        await made.watch()
    assert host.probes <= 1 + 100 / 8 + 4
