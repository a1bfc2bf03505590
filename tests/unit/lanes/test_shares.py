"""Who may work how much at once."""

from unlost.journal.rows import Pool
from unlost.lanes.shares import Shares
from unlost.vocabulary.envelopes import Direction
from unlost.vocabulary.ids import ChannelName

A, B = ChannelName("a"), ChannelName("b")


def taken(shares: Shares, pool: Pool) -> int:
    count = 0
    while shares.room(pool):
        shares.take(pool)
        count += 1
    return count


def test_one_channel_of_several_gets_at_most_half_of_the_slots() -> None:
    shares = Shares(slots=40, channels=2, background=10, media=4)
    assert taken(shares, Pool(A, Direction.INBOUND)) == 20
    assert taken(shares, Pool(B, Direction.INBOUND)) == 20


def test_an_only_channel_may_use_every_slot() -> None:
    assert taken(Shares(slots=40, channels=1, background=10, media=4), Pool(A, Direction.INBOUND)) == 40


def test_background_work_gets_no_more_than_its_share() -> None:
    shares = Shares(slots=40, channels=1, background=10, media=4)
    assert taken(shares, Pool(A, Direction.CHORE)) == 10
    assert shares.room(Pool(A, Direction.INBOUND)) == 30


def test_look_ups_of_a_channel_go_one_at_a_time() -> None:
    shares = Shares(slots=40, channels=1, background=10, media=4)
    assert taken(shares, Pool(A, Direction.LOOK_UP)) == 1
    shares.give(Pool(A, Direction.LOOK_UP))
    assert shares.room(Pool(A, Direction.LOOK_UP)) == 1


def test_files_hold_no_more_than_their_own_slots_and_none_of_the_chores() -> None:
    shares = Shares(slots=40, channels=1, background=10, media=4)
    assert taken(shares, Pool(A, Direction.MEDIA)) == 4
    assert shares.room(Pool(A, Direction.CHORE)) == 10
    shares.give(Pool(A, Direction.MEDIA))
    assert shares.room(Pool(A, Direction.MEDIA)) == 1
