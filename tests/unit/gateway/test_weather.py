"""Faults drawn from a seed."""

import asyncio

from unlost.gateway.faults import Faults
from unlost.gateway.population.fate import Chances, Fate, Twin, fate_of
from unlost.gateway.weather import LASTING, Kind, Squall, blow, forecast


def test_a_seed_always_brings_the_same_weather() -> None:
    assert tuple(forecast(4, for_s=60, every_s=2)) == tuple(forecast(4, for_s=60, every_s=2))


def test_another_seed_brings_other_weather() -> None:
    assert tuple(forecast(4, for_s=60, every_s=2)) != tuple(forecast(5, for_s=60, every_s=2))


def test_a_lasting_squall_is_over_before_the_next_begins() -> None:
    squalls = tuple(forecast(9, for_s=2000, every_s=2))
    ends = [one.at_s + one.lasts_s for one in squalls[:-1]]
    assert all(end < after.at_s for end, after in zip(ends, squalls[1:], strict=True))


def test_every_kind_of_fault_comes_up() -> None:
    assert {one.kind for one in tuple(forecast(1, for_s=400, every_s=2))} == set(Kind)


async def test_squalls_are_put_in_force_and_taken_back() -> None:
    faults, refused = Faults(), list[float]()
    squalls = [Squall(0.0, Kind.HANGING, lasts_s=0.0), Squall(0.0, Kind.PANICS, count=2), Squall(0.0, Kind.REFUSE, 1.5)]
    async with asyncio.timeout(5):
        await blow(squalls, faults, refused.append)
    assert (faults.hanging, faults.panics, refused) == (False, 2, [1.5])


def test_a_lasting_kind_is_a_boolean_fault() -> None:
    booleans = {name for name, value in Faults().shown().items() if isinstance(value, bool)}
    assert {kind.value for kind in LASTING - {Kind.REFUSE}} <= booleans


def test_without_chances_nothing_goes_wrong() -> None:
    assert fate_of("1", Chances(), seed=1, in_group=True) == Fate()


def test_certain_faults_strike_always() -> None:
    fate = fate_of("1", Chances(copy=1, twin=1, webhook_lost=1, unrecoverable=1), seed=1, in_group=True)
    assert (fate.copies, fate.twin is Twin.NONE, fate.webhook_lost, fate.unrecoverable) == (1, False, True, True)


def test_only_groups_have_twins() -> None:
    assert fate_of("1", Chances(twin=1), seed=1, in_group=False).twin is Twin.NONE


def test_a_chance_strikes_about_as_often_as_it_says() -> None:
    struck = sum(fate_of(str(n), Chances(webhook_lost=0.2), seed=3, in_group=False).webhook_lost for n in range(5000))
    assert 900 < struck < 1100
