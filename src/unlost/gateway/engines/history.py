"""How an engine lived: what ended it and when, and which calls rest because they ended it twice. For people; nothing is decided by it.

An engine supplies it with `history`; of one that does not, nothing is known. It begins with the gateway's own process.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import msgspec

from unlost.gateway.engines.deaths import Death, Reason

ENDINGS_MAX = 20  # a crash loop at its slowest fills that in twenty minutes; what is older stands in the log


class Ending(msgspec.Struct, frozen=True):
    """One end of an engine, after which it was begun again. *at*: epoch seconds; *calls*: the verbs that were under way.

    *head* is the panic's head or the last line said, quiet about people (`last_words`).
    """

    at: float
    reason: Reason
    head: str = ""
    calls: tuple[str, ...] = ()

    @property
    def first_line(self) -> str:
        """What it was about."""
        return self.head.partition("\n")[0]


class Resting(msgspec.Struct, frozen=True):
    """One call that is not given to the engine. *mark* tells it from others of its *verb*; *left_s*: until it may be again."""

    verb: str
    mark: str
    left_s: float


class History(msgspec.Struct, frozen=True):
    """*endings*: the newest first, at most ENDINGS_MAX of the *restarts* there were; *panics*: how many of all were panics."""

    restarts: int = 0
    panics: int = 0
    endings: tuple[Ending, ...] = ()
    resting: tuple[Resting, ...] = ()


@runtime_checkable
class HasHistory(Protocol):
    """An engine that knows how it lived."""

    def history(self) -> History:
        """Answers at once."""
        ...


class Chronicle:
    """Writes endings down, in memory."""

    def __init__(self) -> None:
        self._restarts = self._panics = 0
        self._endings: deque[Ending] = deque(maxlen=ENDINGS_MAX)

    def ended(self, death: Death, calls: Sequence[str], at: float) -> None:
        """One more. *calls* are names as the quarantine has them: a verb, then a hash."""
        self._restarts += 1
        self._panics += death.reason is Reason.PANIC
        verbs = tuple(dict.fromkeys(call.partition(" ")[0] for call in calls))
        self._endings.appendleft(Ending(at, death.reason, death.head, verbs))

    def history(self, resting: Sequence[tuple[str, float]] = ()) -> History:
        """All of it. *resting*: names of calls, and the seconds they still rest."""
        rests = tuple(Resting(*_parted(call), left_s) for call, left_s in resting)
        return History(self._restarts, self._panics, tuple(self._endings), rests)


def history_of(engine: object) -> History:
    """How *engine* lived; empty where it does not say."""
    return engine.history() if isinstance(engine, HasHistory) else History()


def _parted(call: str) -> tuple[str, str]:
    verb, _, mark = call.partition(" ")
    return verb, mark[:8]
