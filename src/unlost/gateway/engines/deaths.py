"""How a worker ended, and how long the next one waits."""

from __future__ import annotations

import signal
from collections import deque
from dataclasses import dataclass
from enum import StrEnum

from unlost.gateway.engines.last_words import LastWords


class Reason(StrEnum):
    """The ways a worker ends; each is a label of its own among the counters."""

    PANIC = "panic"  # the engine's runtime announced its own end
    ABORT = "abort"  # SIGABRT without a word
    KILLED = "killed"  # SIGKILL from outside: the kernel short of memory, or a person
    SIGNAL = "signal"
    EXIT = "exit"
    HANG = "hang"  # no pulse, so the supervisor ended it
    GARBLED = "garbled"  # it spoke what is no frame, so the supervisor ended it
    NEVER_BEGAN = "never_began"  # the program could not be run, or said no hello
    TOLD = "told"  # it said why before it left, which is no fault of the program
    WANTED = "wanted"  # the gateway asked for it


FAULTS = frozenset(Reason) - {Reason.TOLD, Reason.WANTED}


@dataclass(frozen=True)
class Death:
    """One end: why, the exit code (negative for a signal), and the head of the panic or the last line said."""

    reason: Reason
    code: int
    head: str = ""

    @property
    def first_line(self) -> str:
        """What may be shown to a caller."""
        return self.head.partition("\n")[0]


def death_of(code: int, words: LastWords, ended_by_us: Reason | None, told: bool) -> Death:
    """The reason behind *code*. *told*: the worker announced a state that it cannot live in, and then left."""
    if ended_by_us is not None:
        return Death(ended_by_us, code, words.head)
    if words.panicked:
        return Death(Reason.PANIC, code, words.head)
    by_signal = {-signal.SIGABRT: Reason.ABORT, -signal.SIGKILL: Reason.KILLED}
    if code < 0:
        return Death(by_signal.get(code, Reason.SIGNAL), code, words.head)
    return Death(Reason.TOLD if told else Reason.EXIT, code, words.head)


@dataclass(frozen=True, kw_only=True)
class Pace:
    """The supervisor's times. A worker that was well for *steady_s* is forgiven what went before.

    - *hang_checks* looks, *look_every_s* apart, without one pulse between them are a hang: counted in looks, so that a gateway
      that was itself stopped for a while ends nobody. *stuck_checks* looks in one turn of the callback thread are one, too.
    - *linking_s* after somebody last wanted to link a device, nobody is there any more: its worker rests.
    - *loop_deaths* faults within *loop_within_s* are a crash loop: said once, and the rest is the longest from then on.
    """

    restart_first_s: float = 0.5
    restart_most_s: float = 60.0
    steady_s: float = 60.0
    hello_s: float = 30.0  # importing the engine takes half a second; a machine that swaps takes longer
    look_every_s: float = 5.0
    hang_checks: int = 3
    stuck_checks: int = 12
    loop_deaths: int = 5
    loop_within_s: float = 300.0
    linking_s: float = 300.0  # a person fetches the phone, finds the menu, scans


class Backoff:
    """Waits between one worker and the next: doubling from the first to the longest. *now* is any steady clock."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._in_a_row = 0
        self._faults: deque[float] = deque(maxlen=pace.loop_deaths)

    @property
    def looping(self) -> bool:
        """True while the last faults stand so close together that starting again cannot be the cure."""
        faults, pace = self._faults, self._pace
        return len(faults) == pace.loop_deaths and faults[-1] - faults[0] <= pace.loop_within_s

    def after(self, death: Death, *, lived_s: float, rest_s: float, now: float) -> float:
        """Seconds until the next start. *rest_s* is what the worker asked for when it told why it left."""
        if death.reason is Reason.WANTED:
            self._in_a_row = 0
            self._faults.clear()
            return 0.0
        if lived_s >= self._pace.steady_s:
            self._in_a_row = 0
        if death.reason in FAULTS:
            self._faults.append(now)
        self._in_a_row += 1
        if self.looping:
            return max(rest_s, self._pace.restart_most_s)
        doubled = self._pace.restart_first_s * 2.0 ** min(self._in_a_row - 1, 20)
        return max(rest_s, min(doubled, self._pace.restart_most_s))
