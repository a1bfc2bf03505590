"""Since when a device stands as it does: noted at the look that sees it change."""

from types import SimpleNamespace
from typing import Any

from unlost.gateway.devices.standings import Standings
from unlost.gateway.engines.answers import Link
from unlost.gateway.engines.frames import StateName


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def device(slot: str, state: StateName) -> Any:
    """One that stands as its `state` says."""
    made = SimpleNamespace(slot=SimpleNamespace(id=slot), state=state)
    made.engine = SimpleNamespace(link=lambda: Link(made.state))
    return made


def test_it_begins_with_the_first_look_and_again_with_each_change() -> None:
    clock, one = Clock(), device("one", StateName.LOGGED_IN)
    devices: Any = [one]
    standings = Standings(devices, clock)
    seen = [standings.since("one")]
    for now, state in ((101.0, StateName.LOGGED_IN), (102.0, StateName.CRASHED), (103.0, StateName.LOGGED_IN)):
        clock.now, one.state = now, state
        standings.look()
        seen.append(standings.since("one"))
    clock.now = 104.0
    assert [*seen, standings.since("one")] == [100.0, 100.0, 102.0, 103.0, 103.0]


def test_a_device_that_was_removed_and_comes_again_begins_anew() -> None:
    clock, one = Clock(), device("one", StateName.LOGGED_IN)
    devices: Any = [one]
    standings = Standings(devices, clock)
    standings.look()
    devices.clear()
    standings.look()
    devices.append(one)
    clock.now = 200.0
    assert standings.since("one") == 200.0
