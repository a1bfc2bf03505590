"""How much of the spool each channel may fill."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from unlost.spool.rooms import room_bytes
from unlost.vocabulary.ids import ChannelName

A, B, C = (ChannelName(name) for name in "abc")


@pytest.mark.parametrize(
    ("used", "room"),
    [
        ({}, 80),
        ({A: 50}, 30),
        ({B: 10}, 80),
        ({B: 60}, 30),
        ({A: 80, B: 10, C: 10}, 0),
        ({A: 90}, -10),
    ],
    ids=["empty", "what it has", "another's own", "another has more", "full", "there is more than there should be"],
)
def test_a_channel_has_what_the_others_neither_have_nor_may_have_as_their_own(
    used: dict[ChannelName, int], room: int
) -> None:
    assert room_bytes(A, used, {A: 10, B: 10, C: 10}, 100) == room


@given(some.lists(some.tuples(some.sampled_from((A, B, C)), some.integers(0, 100), some.booleans()), max_size=50))
def test_whatever_comes_and_goes_a_channel_has_no_less_than_its_own(turns: list[tuple[ChannelName, int, bool]]) -> None:
    own, used = {A: 30, B: 20, C: 10}, {A: 0, B: 0, C: 0}
    for channel, size_bytes, goes in turns:
        room = room_bytes(channel, used, own, 100)
        used[channel] = (
            used[channel] - min(size_bytes, used[channel]) if goes else used[channel] + min(size_bytes, room)
        )
        assert sum(used.values()) <= 100
        assert all(room_bytes(each, used, own, 100) + used[each] >= own[each] for each in own)
