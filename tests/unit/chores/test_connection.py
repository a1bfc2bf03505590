"""What our own gateway tells of its link to WhatsApp becomes gaps that begin and end when the link did."""

from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from unlost.chores.connection import Connection
from unlost.errors import NotCommitted
from unlost.gowa.readers import read_event
from unlost.journal.port import Journal
from unlost.journal.rows import GapCause
from unlost.vocabulary.envelopes import Source
from unlost.vocabulary.ids import ChannelName

NOON = 1_768_219_200.0  # 2026-01-12T12:00:00Z


@dataclass
class SmallJournal:
    """Gaps of one cause: [opened at, closed]."""

    gaps: list[list[Any]] = field(default_factory=list)
    full: bool = False

    async def open_gap(self, channel: ChannelName, cause: GapCause, *, since: float) -> int:
        assert cause is GapCause.WHATSAPP_AWAY
        if self.full:
            raise NotCommitted("full")
        if not self.gaps or self.gaps[-1][1]:
            self.gaps.append([since, False])
        self.gaps[-1][0] = min(self.gaps[-1][0], since)
        return len(self.gaps) - 1

    async def close_gap(self, gap: int) -> None:
        self.gaps[gap][1] = True


@dataclass
class Clock:
    at: float = NOON + 3600

    def now(self) -> float:
        return self.at

    def monotonic(self) -> float:
        return self.at


@dataclass
class World:
    journal: SmallJournal = field(default_factory=SmallJournal)
    clock: Clock = field(default_factory=Clock)
    returns: int = 0

    def __post_init__(self) -> None:
        self.connection = Connection(
            ChannelName("support"),
            cast(Journal, self.journal),
            self.clock,
            lambda body: read_event(Source.ENVELOPE, body, None),
            self._came_back,
        )

    def _came_back(self) -> None:
        self.returns += 1

    def tell(self, event: str, minute: int) -> None:
        body = b'{"event":"%b","device_id":"","payload":{},"timestamp":"2026-01-12T12:%02d:00Z"}'
        self.connection.turned(body % (event.encode(), minute))


@pytest.mark.parametrize("down", ["disconnect", "logout"])
async def test_a_gap_lasts_from_the_link_s_end_to_its_return(down: str) -> None:
    world = World()
    world.tell(down, 5)
    await world.connection.tend()
    assert world.journal.gaps == [[NOON + 300, False]]
    world.tell("connect", 9)
    await world.connection.tend()
    assert (world.journal.gaps, world.returns) == ([[NOON + 300, True]], 1)


async def test_what_is_heard_late_and_all_at_once_is_written_in_its_order() -> None:
    world = World()
    for event, minute in [("disconnect", 1), ("connect", 2), ("disconnect", 7), ("logout", 8)]:
        world.tell(event, minute)
    await world.connection.tend()
    assert world.journal.gaps == [[NOON + 60, True], [NOON + 420, False]]


async def test_what_the_journal_cannot_take_now_is_written_later() -> None:
    world = World()
    world.tell("disconnect", 1)
    world.journal.full = True
    with pytest.raises(NotCommitted):
        await world.connection.tend()
    world.journal.full = False
    await world.connection.tend()
    assert world.journal.gaps == [[NOON + 60, False]]


async def test_a_time_that_lies_ahead_is_now() -> None:
    world = World(clock=Clock(NOON))
    world.tell("disconnect", 30)
    await world.connection.tend()
    assert world.journal.gaps == [[NOON, False]]


async def test_a_flapping_link_takes_no_more_memory_than_its_bound() -> None:
    world = World()
    for _ in range(3_000):
        world.tell("disconnect", 1)
        world.tell("connect", 2)
    await world.connection.tend()
    assert all(closed for _, closed in world.journal.gaps)
    assert len(world.journal.gaps) <= 500
