"""What one address was told, and what it is still to be told: begin and end of each trouble, each at most once an hour.

A trouble that comes and goes within the hour is counted, and told with the next notice about it; so nothing is forgotten while a
notice service is away, and the ledger holds no more than one line a trouble.
"""

from dataclasses import dataclass, field, replace
from typing import Literal

from unlost.notices.watching import Key, Turn

EVERY_S = 3600.0
ITEMS_MAX = 20
"""In one notice: what a phone still shows; the rest comes with the next."""

What = Literal["began", "ended", "passed"]


@dataclass(frozen=True, slots=True)
class Line:
    """One trouble. *ended_at* None: it stands. *untold*: begins not told yet, the first at *first_at*. *believed*: who reads
    our notices takes it to stand."""

    began_at: float
    ended_at: float | None
    says: str
    untold: int
    first_at: float
    believed: bool = False
    begin_told_at: float | None = None
    end_told_at: float | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to tell. *times*: how often it began since the last notice about it; *passed*: it came and went untold."""

    key: Key
    what: What
    line: Line
    times: int


@dataclass(slots=True)
class Ledger:
    """Of one address."""

    lines: dict[Key, Line] = field(default_factory=dict)

    def take(self, turn: Turn) -> None:
        """Write a turn down."""
        line = self.lines.get(turn.key)
        if not turn.began:
            if line is not None:
                self.lines[turn.key] = replace(line, ended_at=turn.at)
        elif line is None:
            self.lines[turn.key] = Line(turn.at, None, turn.says, 1, turn.at)
        else:
            first_at = line.first_at if line.untold else turn.at
            self.lines[turn.key] = replace(
                line, began_at=turn.at, ended_at=None, says=turn.says, untold=line.untold + 1, first_at=first_at
            )

    def due(self, now: float) -> list[Item]:
        """What may be told now; at most `ITEMS_MAX`, the rest next time."""
        whats = ((key, line, _due(line, now)) for key, line in sorted(self.lines.items()))
        return [Item(key, what, line, line.untold) for key, line, what in whats if what][:ITEMS_MAX]

    def told(self, item: Item, now: float) -> None:
        """It was handed over. What turned meanwhile stays to be told."""
        line = self.lines[item.key]
        line = replace(line, untold=line.untold - item.times, first_at=line.began_at, believed=item.what == "began")
        if item.what != "ended":
            line = replace(line, begin_told_at=now)
        if item.what != "began":
            line = replace(line, end_told_at=now)
        self.lines[item.key] = line

    def forget_what_is_over(self, now: float) -> None:
        """Lines that have nothing more to say, and hold nothing back."""
        self.lines = {key: line for key, line in self.lines.items() if not _is_closed(line, now)}


def _due(line: Line, now: float) -> What | None:
    stands = line.ended_at is None
    if line.believed and not stands:
        return "ended" if _may(line.end_told_at, now) else None
    if line.untold and _may(line.begin_told_at, now):
        return "began" if stands else "passed"
    return None


def _may(told_at: float | None, now: float) -> bool:
    """An hour is over, whichever way the clock stepped."""
    return told_at is None or abs(now - told_at) >= EVERY_S


def _is_closed(line: Line, now: float) -> bool:
    is_quiet = line.ended_at is not None and not line.believed and not line.untold
    return is_quiet and _may(line.begin_told_at, now) and _may(line.end_told_at, now)
