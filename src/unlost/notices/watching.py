"""From numbers to turns: a trouble began, a trouble is over."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from unlost.notices.numbers import Numbers
from unlost.notices.troubles import Found, Trouble

SETTLES_AFTER_S = 60.0
"""After a start gauges stand at 0 until the first look at the sides: what was told before is not over because of that."""


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """One trouble of one channel, side, or of the program."""

    name: str
    subject: str


@dataclass(frozen=True, slots=True)
class Turn:
    """*at*: epoch seconds; of a begin, when it was first seen and not when its wait was over."""

    key: Key
    began: bool
    at: float
    says: str = ""


@dataclass(slots=True)
class Watcher:
    """*standing*: what people were told before a restart, and is taken to stand until it is seen otherwise."""

    troubles: Sequence[Trouble]
    started_s: float
    standing: set[Key] = field(default_factory=set)
    _seen: dict[Key, tuple[float, float]] = field(default_factory=dict)

    def look(self, numbers: Numbers, tick_s: float) -> list[Turn]:
        """What turned with these numbers. *tick_s* is of a clock that does not step."""
        found = dict(self._found(numbers))
        self._seen = {key: self._seen.get(key, (tick_s, numbers.at)) for key in found}
        begun = list(self._begun(found, tick_s))
        over = self._over(found, numbers.at) if tick_s - self.started_s >= SETTLES_AFTER_S else []
        self.standing |= {turn.key for turn in begun}
        self.standing -= {turn.key for turn in over}
        return [*begun, *over]

    def _found(self, numbers: Numbers) -> Iterator[tuple[Key, Found]]:
        for trouble in self.troubles:
            for found in trouble.find(numbers):
                yield Key(trouble.name, found.subject), found

    def _begun(self, found: dict[Key, Found], tick_s: float) -> Iterator[Turn]:
        waits_s = {trouble.name: trouble.for_s for trouble in self.troubles}
        for key, what in found.items():
            since_s, at = self._seen[key]
            if key not in self.standing and tick_s - since_s >= waits_s[key.name]:
                yield Turn(key, began=True, at=at, says=what.says)

    def _over(self, found: Iterable[Key], at: float) -> list[Turn]:
        return [Turn(key, began=False, at=at) for key in sorted(self.standing.difference(found))]
