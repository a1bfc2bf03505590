"""How long the runner sleeps where nothing rings."""

import pytest

from unlost.journal.rows import Dues, Pool
from unlost.lanes import runner
from unlost.lanes.runner import rest_s
from unlost.vocabulary.envelopes import Direction
from unlost.vocabulary.ids import ChannelName

NOW = 1_000.0
IDLE_WAIT_S, DUE_WAIT_S = 1.0, 0.05
INBOUND, LOOK_UPS = (Pool(ChannelName("support"), direction) for direction in (Direction.INBOUND, Direction.LOOK_UP))


@pytest.fixture(autouse=True)
def the_programs_own_tempo(monkeypatch: pytest.MonkeyPatch) -> None:
    """Simulated schedules in the same process change it."""
    monkeypatch.setattr(runner, "IDLE_WAIT_S", IDLE_WAIT_S)
    monkeypatch.setattr(runner, "DUE_WAIT_S", DUE_WAIT_S)


@pytest.mark.parametrize(
    ("at", "is_at_work", "wait_s"),
    [
        ({}, False, IDLE_WAIT_S),
        ({INBOUND: NOW + 0.25}, False, 0.25),
        ({INBOUND: NOW + 60.0}, True, IDLE_WAIT_S),
        ({LOOK_UPS: NOW - 5.0}, False, DUE_WAIT_S),
        ({LOOK_UPS: NOW - 5.0}, True, IDLE_WAIT_S),
        ({LOOK_UPS: NOW - 5.0, INBOUND: NOW + 0.25}, True, 0.25),
        ({LOOK_UPS: NOW - 5.0, INBOUND: NOW + 0.01}, False, 0.01),
    ],
)
def test_it_ends_with_the_next_lane_that_falls_due_whatever_else_cannot_be_had(
    at: dict[Pool, float], is_at_work: bool, wait_s: float
) -> None:
    assert rest_s(Dues(NOW, at, {}, None), NOW, is_at_work=is_at_work) == pytest.approx(wait_s)


def test_a_lane_that_fell_due_since_the_look_is_not_waited_for() -> None:
    assert rest_s(Dues(NOW, {INBOUND: NOW + 0.25}, {}, None), NOW + 1.0, is_at_work=True) == 0.0
