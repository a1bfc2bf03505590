"""Waits between attempts."""

import pytest

from unlost.lanes.backoff import Schedule, wait_s


@pytest.mark.parametrize(
    ("attempt", "least", "most"), [(1, 5, 10), (2, 10, 20), (3, 20, 40), (9, 300, 600), (5000, 300, 600)]
)
def test_a_wait_doubles_stays_under_the_ceiling_and_never_falls_below_half(
    attempt: int, least: float, most: float
) -> None:
    assert wait_s(attempt, base_s=10, ceiling_s=600, spread=0.0) == least
    assert wait_s(attempt, base_s=10, ceiling_s=600, spread=1.0) == most


def test_the_linear_schedule_is_base_times_n() -> None:
    schedule = Schedule(attempts_max=5, shape="linear", base_s=10)
    assert [schedule.wait_s(n, spread=0.3) for n in range(1, 6)] == [10, 20, 30, 40, 50]
