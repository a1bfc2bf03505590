"""The road with a stretch that some do not survive: reading a body is where a program meets what its author did not think of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any

from unlost.assemble.bridge import Bridge
from unlost.journal.rows import Claim
from unlost.road import Road
from unlost.vocabulary.events import Event


@dataclass(frozen=True, slots=True)
class ReadingRoad(Road):
    """`Road`; *reads* hears of each claim before its body is read, and may end its process."""

    reads: Callable[[Claim], None]

    def read(self, claim: Claim) -> Event:
        """As the road's."""
        self.reads(claim)
        return Road.read(self, claim)


def watch_reading(bridge: Bridge, reads: Callable[[Claim], None]) -> None:
    """From now on."""
    walker = bridge.runner.walker
    road: Any = walker.road
    parts = {part.name: getattr(road, part.name) for part in fields(road)}
    bridge.runner.walker = replace(walker, road=ReadingRoad(**parts, reads=reads))
