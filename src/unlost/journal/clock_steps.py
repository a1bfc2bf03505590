"""The wall clock steps back: what was due stays due, waits keep their length (hard case 15).

Due times are epoch seconds. After a step back all of them would lie further ahead by that much, and a backlog would wait it out.
A step forward ends waits early, which does no harm.
"""

from unlost.clock import Clock
from unlost.journal.turn import Turn

STEP_MIN_S = 1.0  # less is what clocks that are kept right do all the time
IDS_PER_SLICE = 2_000


class StepWatch:
    """Notices steps by comparing the wall clock with the one that never steps."""

    def __init__(self, clock: Clock, last_known: float | None) -> None:
        self._clock = clock
        self._wall = clock.now()
        self._steady = clock.monotonic()
        self._before_start_s = 0.0 if last_known is None else max(0.0, last_known - self._wall)

    def stepped_back_s(self) -> float:
        """Seconds the wall clock has gone back since the last look, 0 for less than STEP_MIN_S; the first look tells of before."""
        wall, steady = self._clock.now(), self._clock.monotonic()
        back_s = (steady - self._steady) - (wall - self._wall) + self._before_start_s
        self._wall, self._steady, self._before_start_s = wall, steady, 0.0
        return back_s if back_s >= STEP_MIN_S else 0.0


def bring_back_some(turn: Turn, step_s: float, after: int) -> int | None:
    """Bring the next slice of lanes and entries behind id *after* back by *step_s*, none before now; where to go on, or None.

    Done twice (two processes notice one step) a wait ends early, and nothing else.
    """
    turn.run("step_marks", {"now": turn.now})
    names = {"after": after, "until": after + IDS_PER_SLICE, "now": turn.now, "step": step_s}
    turn.run("step_lanes", names)
    turn.run("step_waiting", names)
    turn.run("step_parked", names)
    last = turn.value("step_last", {})
    until = after + IDS_PER_SLICE
    return until if last is not None and until < last else None
