"""Calls that ended a worker: after the first time such a call is worked alone, after the second it rests.

Several calls may be under way when a worker ends, and only one of them did it. All are suspects; a suspect that comes again
is given to the worker with nothing beside it, so the second end names it, and a good answer clears it.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict

SUSPECTS_MAX = 1000  # hostile callers may vary the arguments; the oldest is forgotten first
DEATHS_MAX = 2
REST_S = 86_400.0  # a day, as long as any negative answer is remembered


class Quarantine:
    """Deaths by call, with the time of the last. *now* is any steady clock."""

    def __init__(self) -> None:
        self._deaths: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def is_suspect(self, call: str, now: float) -> bool:
        """True if it must be worked alone."""
        return self._count(call, now) > 0

    def rests(self, call: str, now: float) -> bool:
        """True if it must not be worked at all."""
        return self._count(call, now) >= DEATHS_MAX

    def died_in(self, calls: list[str], now: float) -> list[str]:
        """A worker ended with these under way; returns those that rest from now on."""
        for call in calls:
            self._deaths[call] = (self._count(call, now) + 1, now)
            self._deaths.move_to_end(call)
        while len(self._deaths) > SUSPECTS_MAX:
            self._deaths.popitem(last=False)
        return [call for call in calls if self.rests(call, now)]

    def resting(self, now: float) -> list[tuple[str, float]]:
        """The calls that rest, and for how many seconds more."""
        return [(call, at + REST_S - now) for call, (_, at) in self._deaths.items() if self.rests(call, now)]

    def survived(self, call: str) -> None:
        """It came back, so it was not the one."""
        self._deaths.pop(call, None)

    def _count(self, call: str, now: float) -> int:
        deaths, at = self._deaths.get(call, (0, now))
        return deaths if now - at < REST_S else 0


def name_of(verb: str, args: bytes) -> str:
    """The call's name: the verb in clear, the arguments as a hash, for they may hold people's words."""
    return f"{verb} {hashlib.sha256(args).hexdigest()[:32]}"
