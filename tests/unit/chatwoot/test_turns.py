"""Waiting by the pace."""

from __future__ import annotations

import asyncio

import pytest

from unlost.chatwoot.pace import ROOM_BURST, Rank
from unlost.chatwoot.turns import HostPace
from unlost.clock import SystemClock
from unlost.errors import TryLater


class FrozenClock(SystemClock):
    """Stands still: who has to wait waits for ever."""

    def monotonic(self) -> float:
        return 100.0


async def test_within_the_pace_nobody_waits() -> None:
    turns = HostPace(FrozenClock(), per_min=6000).turns("one", Rank.MESSAGE)
    for _ in range(300):
        await turns.wait_turn()


async def test_who_has_waited_gets_a_turn_when_time_has_passed() -> None:
    turns = HostPace(SystemClock(), per_min=60_000).turns("one", Rank.CHORE)
    await asyncio.gather(*(turns.wait_turn() for _ in range(3_050)))


async def test_who_gave_up_waiting_takes_nobodys_turn() -> None:
    pace = HostPace(SystemClock(), per_min=1200)
    turns = pace.turns("one", Rank.MESSAGE)
    for _ in range(60):
        await turns.wait_turn()
    impatient = asyncio.ensure_future(turns.wait_turn())
    patient = asyncio.ensure_future(turns.wait_turn())
    await asyncio.sleep(0)
    impatient.cancel()
    await asyncio.wait_for(patient, 5)


async def test_a_full_conversation_takes_no_post_until_the_minute_is_over() -> None:
    turns = HostPace(FrozenClock(), per_min=None).turns("one", Rank.MESSAGE)
    turns.told_flooded(21)
    with pytest.raises(TryLater) as caught:
        await turns.wait_room(21)
    assert (caught.value.cause, caught.value.wait_s) == ("flood", 20.0)


async def test_a_full_conversation_takes_no_mark_either() -> None:
    turns = HostPace(FrozenClock(), per_min=None).turns("one", Rank.MESSAGE)
    turns.told_flooded(21)
    with pytest.raises(TryLater):
        turns.check_open(21)


async def test_a_full_conversation_stops_no_other() -> None:
    turns = HostPace(FrozenClock(), per_min=None).turns("one", Rank.MESSAGE)
    turns.told_flooded(21)
    turns.check_open(22)
    await turns.wait_room(22)


async def test_a_conversation_we_have_filled_ourselves_waits_half_a_second_and_then_goes_back() -> None:
    turns = HostPace(FrozenClock(), per_min=None).turns("one", Rank.MESSAGE)
    for _ in range(int(ROOM_BURST)):
        await turns.wait_room(21)
    with pytest.raises(TryLater) as caught:
        await turns.wait_room(21)
    assert caught.value.cause == "flood"


async def test_a_429_slows_every_channel_of_the_host() -> None:
    pace = HostPace(FrozenClock(), per_min=600)
    pace.turns("one", Rank.MESSAGE).told_too_many()
    assert pace.per_min == 300
