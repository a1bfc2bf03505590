"""The wall clock steps: what was due stays due, waits keep their length (hard case 15), what is new stays new (hard case 19).

Due times are epoch seconds. After a step back all of them would lie further ahead by that much, and a backlog would wait it out.
A step forward ends waits early, which does no harm; but what was written a moment ago looks old, so the last one is remembered.
"""

from unlost.clock import Clock
from unlost.journal.turn import Turn

STEP_MIN_S = 1.0  # less is what clocks that are kept right do all the time
IDS_PER_SLICE = 2_000
KEPT_FORWARD_MAX = 2_000
"""Of what a clock that was far behind wrote: it is not far behind for long."""
LEAPT_FROM = "leapt_from"
LEAPT_TO = "leapt_to"


class StepWatch:
    """Notices steps by comparing the wall clock with the one that never steps."""

    def __init__(self, clock: Clock, last_known: float | None) -> None:
        self._clock = clock
        self._wall = clock.now()
        self._steady = clock.monotonic()
        self._before_start_s = 0.0 if last_known is None else max(0.0, last_known - self._wall)

    def stepped_s(self) -> float:
        """Seconds the wall clock was set forward since the last look, below 0 where it was set back, 0 for less than STEP_MIN_S.

        The first look tells of a step back before it, too; of one forward nobody can tell it from the time that nobody ran.
        """
        wall, steady = self._clock.now(), self._clock.monotonic()
        step_s = (wall - self._wall) - (steady - self._steady) - self._before_start_s
        self._wall, self._steady, self._before_start_s = wall, steady, 0.0
        return step_s if abs(step_s) >= STEP_MIN_S else 0.0


def bring_back_entries(turn: Turn, step_s: float, after: int) -> int | None:
    """Bring the next slice of entries behind id *after* back by *step_s*, none before now; where to go on, or None.

    Done twice (two processes notice one step) a wait ends early, and nothing else.
    """
    return _bring_back(turn, ("step_waiting", "step_parked"), step_s, after, turn.value("entry_last", {}))


def bring_back_lanes(turn: Turn, step_s: float, after: int) -> int | None:
    """The same for lanes, once all entries have been brought back: whoever looks at a lane gives it its head's due time again."""
    return _bring_back(turn, ("step_lanes",), step_s, after, turn.value("lane_last", {}))


def _bring_back(turn: Turn, queries: tuple[str, ...], step_s: float, after: int, last: int | None) -> int | None:
    until = after + IDS_PER_SLICE
    for query in queries:
        turn.run(query, {"after": after, "until": until, "now": turn.now, "step": step_s})
    return until if last is not None and until < last else None


def bring_forward(turn: Turn, step_s: float) -> None:
    """What a clock wrote last before it was set forward by *step_s*, far, is not pruned for that: else it could come in again.

    Not safe to repeat. Where the machine stood still instead, something is kept for longer.
    """
    last = {"until": turn.now - step_s, "step": step_s, "limit": KEPT_FORWARD_MAX}
    turn.run("step_doors", last)
    for (channel,) in turn.all("channel_names", {}):
        turn.run("step_links", {**last, "channel": channel})


def note_leap(turn: Turn, step_s: float) -> None:
    """The wall clock was set forward by *step_s* just now. Two processes that notice one step write the same."""
    turn.run("meta_put", {"key": LEAPT_FROM, "value": turn.now - step_s})
    turn.run("meta_put", {"key": LEAPT_TO, "value": turn.now})


def stretch_before_leap(turn: Turn, since: float) -> tuple[float, float] | None:
    """What was written no longer ago than *since*, though its times are older: from, and up to; None where all of that is newer.

    The last leap alone is known: of two within the time that is asked about, the first still ages what lies before it.
    """
    leapt_from, leapt_to = turn.value("meta_get", {"key": LEAPT_FROM}), turn.value("meta_get", {"key": LEAPT_TO})
    if leapt_from is None or leapt_to is None or since >= leapt_to:
        return None
    return since - (leapt_to - leapt_from), min(leapt_from, since)
