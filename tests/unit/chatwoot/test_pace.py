"""Contract 4, design section 7: per host, fair by channel, halved by a 429; per conversation below the flood guard."""

from __future__ import annotations

import pytest

from unlost.chatwoot.pace import ROOMS_MAX, Bucket, FairQueue, Rank, Rooms

ROOM = ("support", 21)


def granted(bucket: Bucket, start: float, end: float) -> int:
    """How many requests a greedy caller gets from *start* to *end*."""
    now, count = start, 0
    while now < end:
        wait_s = bucket.take(now)
        count += wait_s == 0.0
        now += wait_s
    return count


@pytest.mark.parametrize("per_min", [None, 0])
def test_without_a_limit_nobody_waits(per_min: int | None) -> None:
    bucket = Bucket(per_min)
    assert all(bucket.take(1.0) == 0.0 for _ in range(10_000))


@pytest.mark.parametrize("per_min", [60, 300, 3000])
def test_no_minute_sees_more_than_the_pace_and_a_greedy_one_nearly_all_of_it(per_min: int) -> None:
    assert 0.9 * per_min <= granted(Bucket(per_min), 0.0, 60.0) <= per_min


def test_a_429_halves_the_pace() -> None:
    bucket = Bucket(600)
    bucket.halve(0.0)
    assert bucket.per_min == 300


def test_all_that_was_in_flight_halves_it_once() -> None:
    bucket = Bucket(600)
    for _ in range(64):
        bucket.halve(1.0)
    assert bucket.per_min == 300


def test_a_429_after_429s_halves_it_again_but_never_to_nothing() -> None:
    bucket = Bucket(6400)
    for turn in range(100):
        bucket.halve(turn * 10.0)
    assert 100 <= (bucket.per_min or 0) < 300


def test_the_pace_recovers_by_a_tenth_of_the_whole_each_minute() -> None:
    bucket = Bucket(600)
    bucket.halve(0.0)
    bucket.take(60.0)
    assert bucket.per_min == pytest.approx(360)


def test_where_no_limit_was_told_a_429_means_half_of_the_shipped_one_and_then_none_again() -> None:
    bucket = Bucket(None)
    bucket.halve(0.0)
    assert bucket.per_min == 1500
    bucket.take(301.0)
    assert bucket.per_min is None


def test_a_clock_that_does_not_move_gives_nothing() -> None:
    bucket = Bucket(60)
    while bucket.take(5.0) == 0.0:
        pass
    assert bucket.take(5.0) > 0.0


def drained(queue: FairQueue[str]) -> list[str]:
    order = []
    while queue:
        order.append(queue.pop())
    return order


def test_channels_take_turns_whatever_one_of_them_piles_up() -> None:
    queue: FairQueue[str] = FairQueue()
    for number in range(4):
        queue.push(Rank.MESSAGE, "loud", f"loud{number}")
    queue.push(Rank.MESSAGE, "quiet", "quiet0")
    assert drained(queue) == ["loud0", "quiet0", "loud1", "loud2", "loud3"]


def test_chores_come_last() -> None:
    queue: FairQueue[str] = FairQueue()
    for rank in (Rank.CHORE, Rank.RECEIPT, Rank.MESSAGE):
        queue.push(rank, "one", rank.name)
    assert drained(queue) == ["MESSAGE", "RECEIPT", "CHORE"]


def test_receipts_get_a_tenth_however_many_messages_wait() -> None:
    queue: FairQueue[str] = FairQueue()
    for _ in range(100):
        queue.push(Rank.MESSAGE, "one", "message")
        queue.push(Rank.RECEIPT, "one", "receipt")
    assert [queue.pop() for _ in range(100)].count("receipt") == 10


def test_an_empty_queue_has_nobody() -> None:
    with pytest.raises(IndexError):
        FairQueue[str]().pop()


def test_no_minute_of_a_conversation_sees_150_posts() -> None:
    """A greedy poster over five minutes; every window of 60 s is counted."""
    rooms, now, posts = Rooms(), 0.0, []
    while now < 300:
        wait_s = rooms.take(ROOM, now)
        if wait_s == 0.0:
            posts.append(now)
        now += wait_s
    assert max(sum(1 for at in posts if start <= at < start + 60) for start in posts) < 150


def test_another_conversation_has_room_of_its_own() -> None:
    rooms = Rooms()
    while rooms.take(ROOM, 0.0) == 0.0:
        pass
    assert rooms.take(("support", 22), 0.0) == 0.0


def test_a_conversation_told_full_is_closed_until_then_and_no_longer() -> None:
    rooms = Rooms()
    rooms.close(ROOM, 20.0)
    assert (rooms.closed_s(ROOM, 5.0), rooms.closed_s(ROOM, 20.0), rooms.closed_s(("support", 22), 5.0)) == (
        15.0,
        0.0,
        0.0,
    )


def test_the_books_kept_of_conversations_are_bounded() -> None:
    rooms = Rooms()
    for number in range(ROOMS_MAX + 100):
        rooms.take(("support", number), 0.0)
        rooms.close(("support", number), 9.0)
    assert len(rooms._rooms) == len(rooms._closed) == ROOMS_MAX
