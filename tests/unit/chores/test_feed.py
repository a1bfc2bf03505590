"""Gaps closed from the numbered feed: nothing missed, nothing asked for twice that is known, nothing believed of a hostile one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

import pytest

from unlost.chores.feed import AGAIN_S, HOLE_S, Feed, FeedEvent, FeedOutcome, FeedPage, FeedReader, Told
from unlost.errors import NotCommitted, TryLater
from unlost.journal.port import Journal
from unlost.vocabulary.ids import ChannelName

CHANNEL = ChannelName("support")


@dataclass
class Clock:
    at: float = 1000.0

    def now(self) -> float:
        return self.at

    def monotonic(self) -> float:
        return self.at


@dataclass
class SmallJournal:
    """Remembers how far the feed was kept."""

    stored: tuple[str, int] | None = None
    mark: float = 0.0

    async def told_through(self, channel: ChannelName) -> tuple[str, int] | None:
        return self.stored

    async def mark_told_through(self, channel: ChannelName, feed: str, number: int) -> None:
        self.stored = (feed, number)

    async def start_mark(self, channel: ChannelName) -> float:
        return self.mark


@dataclass
class SmallFeed:
    """Events from *oldest* on, three a page."""

    name: str = "a"
    oldest: int = 1
    newest: int = 0
    asked: list[int] = field(default_factory=list)
    broken: Exception | None = None
    exists: bool = True

    async def after(self, number: int) -> FeedPage | None:
        self.asked.append(number)
        if self.broken:
            raise self.broken
        if not self.exists:
            return None
        numbers = range(max(number + 1, self.oldest), self.newest + 1)[:3]
        events = tuple(FeedEvent(one, 1000.0 + one, b"%d" % one) for one in numbers)
        return FeedPage(self.name, self.oldest, self.newest, events)


@dataclass
class World:
    """A reader with all it stands on."""

    clock: Clock = field(default_factory=Clock)
    journal: SmallJournal = field(default_factory=SmallJournal)
    feed: SmallFeed = field(default_factory=SmallFeed)
    kept: list[bytes] = field(default_factory=list)
    full: bool = False

    def __post_init__(self) -> None:
        self.told = Told(self.clock)
        self.reader = FeedReader(
            CHANNEL, cast(Journal, self.journal), cast(Feed, self.feed), self.told, self.clock, self.keep
        )

    async def keep(self, bodies: Sequence[bytes]) -> int:
        if self.full:
            raise NotCommitted("full")
        new = [body for body in bodies if body not in self.kept]
        self.kept += new
        return len(new)

    def webhook(self, *numbers: int, feed: str = "a") -> None:
        for number in numbers:
            self.kept.append(b"%d" % number)
            self.told.kept(feed, number)


def world_at(through: int, newest: int, **changed: object) -> World:
    world = World(feed=SmallFeed(newest=newest), journal=SmallJournal(("a", through)))
    for name, value in changed.items():
        setattr(world.feed, name, value)
    world.told.reach("a", through)
    world.clock.at = 5000.0
    return world


async def test_at_the_first_look_ever_all_is_kept_that_was_told_since_the_channel_began() -> None:
    """The gateway may have been away at the first connection: what it told since is owed."""
    world = World(feed=SmallFeed(oldest=11, newest=40), journal=SmallJournal(mark=1035.0), clock=Clock(5000.0))
    assert await world.reader.close() == FeedOutcome(appended=6)
    assert (world.kept, world.journal.stored) == ([b"%d" % number for number in range(35, 41)], ("a", 40))


async def test_after_an_absence_all_that_is_missing_is_kept_in_order_over_all_pages() -> None:
    world = World(feed=SmallFeed(newest=8), journal=SmallJournal(("a", 1)))
    world.clock.at = 5000.0
    assert await world.reader.close() == FeedOutcome(appended=7)
    assert world.kept == [b"%d" % number for number in range(2, 9)]
    assert world.journal.stored == ("a", 8)


async def test_what_came_by_itself_is_kept_once() -> None:
    world = world_at(1, 5)
    world.webhook(3, 5)
    assert (await world.reader.close()).appended == 2
    assert sorted(world.kept) == [b"2", b"3", b"4", b"5"]


async def test_without_a_hole_the_feed_is_not_asked() -> None:
    world = world_at(1, 5)
    world.webhook(3, 2, 5, 4)
    world.clock.at += 100
    await world.reader.tend()
    assert (world.feed.asked, world.journal.stored) == ([], ("a", 5))


async def test_a_hole_that_lasts_is_fetched_and_one_that_closes_is_not() -> None:
    world = world_at(1, 3)
    world.webhook(3)
    await world.reader.tend()
    assert world.feed.asked == []
    world.clock.at += HOLE_S
    await world.reader.tend()
    assert (world.kept, world.journal.stored) == ([b"3", b"2"], ("a", 3))


async def test_a_hole_that_moves_on_is_as_young_as_its_last_move() -> None:
    world = world_at(1, 9)
    world.webhook(3, 5)
    world.clock.at += HOLE_S - 1
    world.webhook(2)
    world.clock.at += 1
    assert not world.told.has_hole()
    world.clock.at += HOLE_S
    assert world.told.has_hole()


async def test_a_gateway_that_does_not_answer_is_asked_again_at_a_pace() -> None:
    world = world_at(1, 3, broken=TryLater("away", cause="timeout", away=True))
    world.webhook(3)
    world.clock.at += HOLE_S
    for _ in range(3):
        await world.reader.tend()
    assert len(world.feed.asked) == 1
    world.feed.broken = None
    world.clock.at += AGAIN_S
    await world.reader.tend()
    assert world.journal.stored == ("a", 3)


async def test_what_could_not_be_kept_is_fetched_again() -> None:
    world = world_at(1, 3)
    world.full = True
    with pytest.raises(NotCommitted):
        await world.reader.close()
    world.full = False
    assert (await world.reader.close()).appended == 2


async def test_what_the_feed_holds_no_more_is_told_as_lost_and_the_rest_is_kept() -> None:
    world = world_at(1, 9, oldest=7)
    assert await world.reader.close() == FeedOutcome(appended=3, lost=5)
    assert world.journal.stored == ("a", 9)


async def test_another_feed_is_read_from_its_beginning() -> None:
    world = world_at(100, 4, name="b")
    world.webhook(4, feed="b")
    assert world.told.has_hole()
    assert (await world.reader.close()).appended == 3
    assert (world.journal.stored, world.told.has_hole()) == (("b", 4), False)


async def test_a_feed_whose_numbers_went_back_is_read_from_its_beginning() -> None:
    world = world_at(100, 4)
    await world.reader.close()
    assert (world.kept, world.journal.stored) == ([b"1", b"2", b"3", b"4"], ("a", 4))


async def test_nothing_is_taken_from_before_the_start_mark() -> None:
    world = world_at(0, 6)
    world.journal.mark = 1004.0
    assert (await world.reader.close()).appended == 3
    assert world.kept == [b"4", b"5", b"6"]


async def test_a_start_mark_that_lies_ahead_of_the_clock_hides_nothing_that_comes() -> None:
    world = world_at(0, 3)
    world.journal.mark, world.clock.at = 9e9, 1002.0
    await world.reader.close()
    assert world.kept == [b"2", b"3"]


async def test_a_gateway_without_a_feed_is_no_error() -> None:
    world = world_at(1, 3, exists=False)
    assert await world.reader.close() == FeedOutcome()


async def test_another_bridge_that_came_further_is_believed() -> None:
    world = world_at(1, 9)
    world.journal.stored = ("a", 9)
    assert await world.reader.close() == FeedOutcome()
    assert world.kept == []


async def test_a_feed_that_changes_its_name_with_each_page_is_given_up() -> None:
    world = world_at(1, 9)
    names = iter("bcdefg")

    async def after(number: int) -> FeedPage | None:
        return FeedPage(next(names), 1, 9, ())

    world.reader.feed = cast(Feed, type("Restless", (), {"after": staticmethod(after)})())
    assert (await world.reader.close()).error == "the feed changes while it is read"


async def test_a_number_out_of_all_proportion_only_makes_it_look() -> None:
    world = world_at(1, 2)
    world.told.kept("a", 10**14)
    world.clock.at += HOLE_S
    await world.reader.tend()
    assert (world.kept, world.journal.stored) == ([b"2"], ("a", 2))
