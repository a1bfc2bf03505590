"""What storage has and the journal has not comes in once, oldest first, and a gap is closed only by a whole look."""

from dataclasses import replace
from itertools import count

import pytest

from tests.unit.chores.worlds import DAY_S, KEPT_S, NOW, World
from unlost.chores import reconcile
from unlost.errors import Blocked, Refused, TryLater, UnlostError
from unlost.journal.rows import GapCause
from unlost.vocabulary.envelopes import Kind


@pytest.fixture
def world() -> World:
    return World()


async def test_what_is_missing_comes_in_oldest_first(world: World) -> None:
    for number in (2, 0, 1):
        world.storage.write(f"m{number}", told_at=NOW - 100 + number)
    outcome = await world.run()
    assert (world.journal.kept, outcome.appended) == (["m0", "m1", "m2"], 3)


async def test_a_start_looks_from_where_the_last_run_ended(world: World) -> None:
    world.storage.write("m1", told_at=NOW - 10)
    await world.run()
    world.clock.at += DAY_S
    world.storage.write("pruned", told_at=NOW - 2 * DAY_S)
    world.storage.touched["c"] = world.clock.now()
    await world.run()
    assert world.journal.kept == ["m1"]


async def test_a_run_that_was_asked_to_begin_later_leaves_what_lies_before_for_the_next(world: World) -> None:
    await world.run()
    world.clock.at += DAY_S
    world.storage.write("missed", told_at=NOW + 100)
    await world.run(since=world.clock.now() - 10)
    await world.run()
    assert world.journal.kept == ["missed"]


@pytest.mark.parametrize("since", [None, 0.0])
async def test_nothing_comes_in_that_pruned_door_keys_cannot_keep_out(world: World, since: float | None) -> None:
    world.journal.mark = 0.0
    world.storage.write("pruned", told_at=NOW - KEPT_S + 60, stored_at=NOW)
    world.storage.write("kept", told_at=NOW - KEPT_S + 2 * DAY_S)
    await world.run(since)
    assert world.journal.kept == ["kept"]


async def test_nothing_comes_in_from_before_the_start_mark(world: World) -> None:
    world.journal.gap(NOW - 60, NOW)
    world.storage.write("before", told_at=world.journal.mark - 1, stored_at=NOW)
    await world.run(since=0.0)
    assert world.journal.kept == []


async def test_a_chat_that_is_written_to_between_two_pages_is_looked_at(world: World) -> None:
    for number in range(250):
        world.storage.write(f"m{number}", f"c{number}", told_at=NOW - 100 - number)
    world.storage.between = lambda: world.storage.touched.update(c170=NOW + 1)
    await world.run()
    assert "m170" in world.journal.kept


@pytest.mark.parametrize(("ago_s", "is_whole"), [(0.7, True), (-5.0, True), (5.0, False)])
async def test_only_a_chat_from_before_the_run_that_shows_late_says_that_others_may_be_hidden(
    world: World, ago_s: float, is_whole: bool
) -> None:
    """New customers write all day; storage's times are whole seconds."""
    world.clock.at = NOW + 0.7
    world.journal.gap(NOW - 60, NOW)
    for number in range(150):
        world.storage.write(f"m{number}", f"c{number}", told_at=NOW - 100 - number)
    fresh = count()
    world.storage.between = lambda: world.storage.write(
        name := f"n{next(fresh)}", name, told_at=float(int(NOW + 0.7 - ago_s))
    )
    outcome = await world.run()
    assert (outcome.error is None, world.journal.open_gaps) == (is_whole, [] if is_whole else [1])
    if is_whole:
        assert {f"m{number}" for number in range(150)} <= set(world.journal.kept)


async def test_a_chat_that_others_push_to_another_page_in_each_pass_is_looked_at(world: World) -> None:
    """WhatsApp's queue moves chats to the list's end while it is read, and new customers write between two passes."""
    world.journal.gap(NOW - 60, NOW)
    for number in range(150):
        world.storage.write(f"m{number}", f"c{number}", told_at=NOW - 100 - number)
    reads, touched = count(), world.storage.touched

    def between() -> None:
        read = next(reads)
        if read % 2:
            world.storage.write(f"n{read}", f"n{read}", told_at=NOW + 1)
        else:
            in_front = sorted(touched, key=lambda jid: touched[jid], reverse=True)
            touched[in_front[5]] = NOW - 1_000 - read

    world.storage.between = between
    await world.run()
    assert "m100" in world.journal.kept


async def test_after_a_gap_what_whatsapp_delivered_late_comes_in(world: World) -> None:
    world.journal.looked = NOW - 1_000
    world.journal.gap(NOW - 300, NOW)
    world.storage.write("offline", told_at=NOW - 5 * DAY_S, stored_at=NOW - 100)
    world.storage.write("old", told_at=NOW - 5 * DAY_S)
    await world.run()
    assert (world.journal.kept, world.journal.open_gaps) == (["offline"], [])


async def test_what_whatsapps_queue_brings_after_a_gap_was_closed_comes_in(world: World) -> None:
    """The gateway came back, wrote it down, and died before its webhook went; it was up again before anybody saw."""
    world.journal.gap(NOW - DAY_S, NOW)
    await world.run()
    assert world.journal.open_gaps == []
    for minutes in (1, 20, 50):
        world.storage.write(f"m{minutes}", told_at=NOW - DAY_S / 2 + minutes, stored_at=NOW + minutes * 60)
    while world.clock.now() < NOW + 3_600:
        world.clock.at += 300
        await world.run()
    assert world.journal.kept == ["m1", "m20", "m50"]


async def test_a_body_too_large_makes_no_later_look_reach_back(world: World) -> None:
    """A stranger can send one an hour; WhatsApp keeps nothing back for it."""
    world.journal.gap(NOW - 60, NOW)
    world.journal.rows[0] = replace(world.journal.rows[0], cause=GapCause.TOO_LARGE)
    world.storage.write("m0", told_at=NOW)
    await world.run()
    world.clock.at += 300
    world.storage.write("m1", told_at=world.clock.now())
    await world.run()
    assert world.storage.pages_asked[1:] == [("c", NOW - reconcile.OVERLAP_S, 0)]


async def test_nor_does_a_look_reach_back_all_night_because_nobody_writes(world: World) -> None:
    world.storage.write("m1", told_at=NOW - 10)
    world.journal.gap(NOW - 60, NOW)
    looking = world.reconcile()
    for at in (NOW, NOW + reconcile.QUEUE_S, NOW + 2 * reconcile.QUEUE_S, NOW + 3 * reconcile.QUEUE_S):
        world.clock.at = at
        await world.run_of(looking)
    asked = [since for _, since, _ in world.storage.pages_asked]
    assert asked == [world.journal.mark] * 3 + [NOW - 10 - reconcile.OVERLAP_S]


@pytest.mark.parametrize("chats", [1, 10])
async def test_a_storage_of_which_nothing_can_be_read_floods_nobody_with_dead_letters(world: World, chats: int) -> None:
    """A gateway that writes its rows otherwise from now on."""
    world.journal.gap(NOW - 60, NOW)
    for number in range(reconcile.UNREAD_MAX):
        world.storage.write(f"u{number}", f"c{number % chats}", told_at=NOW - 100 - number, kind=Kind.UNREADABLE)
    outcome = await world.run()
    assert "none of so many messages can be read" in (outcome.error or "")
    assert (world.journal.kept, world.journal.rows[0].reconciled_at) == ([], None)
    world.storage.write("m1", "other", told_at=NOW - 5)
    await world.run()
    assert (await world.run()).error is None
    assert len(world.journal.kept) == reconcile.UNREAD_MAX + 1


async def test_a_few_that_cannot_be_read_are_kept_though_nothing_else_is_there(world: World) -> None:
    for number in range(reconcile.UNREAD_MAX - 1):
        world.storage.write(f"u{number}", told_at=NOW - 100 - number, kind=Kind.UNREADABLE)
    assert (await world.run()).error is None
    assert len(world.journal.kept) == reconcile.UNREAD_MAX - 1


async def test_once_whatsapps_queue_is_through_a_look_reads_no_more_than_is_new(world: World) -> None:
    world.journal.gap(NOW - DAY_S, NOW)
    await world.run()
    through = NOW + reconcile.QUEUE_S + reconcile.OVERLAP_S + 1
    for at in (through, through + 300):
        world.clock.at = at
        world.storage.write(f"m{at}", told_at=at)
        await world.run()
    asked = [since for _, since, _ in world.storage.pages_asked]
    assert asked == [world.journal.mark, through - reconcile.OVERLAP_S]


async def test_a_look_by_the_clock_reads_no_more_than_is_new(world: World) -> None:
    world.journal.looked = NOW - 300
    world.storage.write("m1", told_at=NOW - 10)
    await world.run()
    assert world.storage.pages_asked == [("c", NOW - 300 - reconcile.OVERLAP_S, 0)]


async def test_a_start_mark_in_the_future_closes_no_gap_unlooked(world: World) -> None:
    world.journal.mark = NOW + DAY_S
    world.journal.gap(NOW - 600, NOW - 60)
    await world.run()
    assert world.journal.open_gaps == [1]


async def test_a_gap_across_the_start_mark_is_closed_by_a_look_from_the_mark_on(world: World) -> None:
    world.journal.gap(world.journal.mark - 60, world.journal.mark + 60)
    await world.run()
    assert world.journal.open_gaps == []


async def test_a_gap_is_not_closed_by_a_look_that_began_behind_it(world: World) -> None:
    world.journal.gap(NOW - 600, NOW - 300)
    await world.run(since=NOW - 100)
    assert world.journal.open_gaps == [1]


async def test_of_a_chat_with_very_much_only_a_part_is_held_and_all_comes_in_in_order(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconcile, "HELD_ROWS_MAX", 150)
    names = [f"m{number:03}" for number in range(500)]
    for number, name in enumerate(names):
        world.storage.write(name, told_at=NOW - 1_000 + number)
    outcome = await world.run()
    assert (world.journal.kept, outcome.appended, outcome.error) == (names, 500, None)


async def test_a_chat_that_is_read_anew_comes_in_once_and_in_order(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconcile, "HELD_ROWS_MAX", 150)
    names = [f"m{number:03}" for number in range(250)]
    for number, name in enumerate(names):
        world.storage.write(name, told_at=NOW - 1_000 + number)
    world.storage.begins_anew = 2
    outcome = await world.run()
    assert (world.journal.kept, outcome.looked_at, outcome.appended) == (names, 250, 250)


async def test_a_gap_that_a_clock_put_behind_the_start_mark_is_closed(world: World) -> None:
    """Behind the floor there is nothing to be had, and nothing else would ever close it."""
    world.journal.gap(world.journal.mark - 600, world.journal.mark - 300)
    await world.run()
    assert world.journal.open_gaps == []


def broken() -> TryLater:
    return TryLater("messages: broken", cause="broken", away=False)


def write_chats(world: World, chats: int) -> list[str]:
    """One message each, the newest chat first."""
    names = [f"62811000{number:04}@s.whatsapp.net" for number in range(chats)]
    for number, name in enumerate(names):
        world.storage.write(f"m{number}", name, told_at=NOW - 10 - number)
    return names


@pytest.mark.parametrize("error", [broken(), Refused("messages: answered 400")])
async def test_a_chat_that_cannot_be_read_holds_up_no_other_and_leaves_the_gap_open(
    world: World, error: UnlostError
) -> None:
    names = write_chats(world, 3)
    world.journal.gap(NOW - 60, NOW)
    world.storage.fails[names[0]] = error
    outcome = await world.run()
    assert (world.journal.kept, outcome.looked_at, outcome.appended) == (["m1", "m2"], 2, 2)
    assert (world.journal.open_gaps, world.journal.looked) == ([1], None)


async def test_the_error_says_how_many_chats_failed_and_shows_the_first_without_its_number(world: World) -> None:
    names = write_chats(world, 4)
    world.storage.fails = {names[1]: broken(), names[2]: broken()}
    outcome = await world.run()
    assert outcome.error == "chats that could not be read: 2, first …0001: messages: broken"


@pytest.mark.parametrize(
    "error",
    [TryLater("messages: connection_refused", cause="connection_refused", away=True), Blocked("messages: 401")],
)
async def test_a_gateway_that_is_away_is_asked_for_no_other_chat(world: World, error: UnlostError) -> None:
    names = write_chats(world, 3)
    world.storage.fails[names[1]] = error
    outcome = await world.run()
    assert ([jid for jid, *_ in world.storage.pages_asked], outcome.error) == (names[:2], str(error))
    assert (outcome.looked_at, outcome.appended) == (1, 1)


async def test_a_gateway_that_fails_at_one_chat_after_the_other_is_not_asked_for_all(world: World) -> None:
    names = write_chats(world, 50)
    world.storage.fails = {name: broken() for name in names}
    await world.run()
    assert len(world.storage.pages_asked) == reconcile.FAILURES_IN_A_ROW_MAX


async def test_many_chats_that_cannot_be_read_one_after_the_other_are_asked_last_the_next_time(world: World) -> None:
    names = write_chats(world, 25)
    world.storage.fails = {name: broken() for name in names[:20]}
    looking = world.reconcile()
    for _ in range(3):
        await world.run_of(looking)
    assert sorted(world.journal.kept) == ["m20", "m21", "m22", "m23", "m24"]


async def test_a_chat_that_brings_the_gateway_down_keeps_no_other_from_being_read_the_next_time(world: World) -> None:
    """It breaks off at that chat, and refuses the next call, since it is being started again."""
    names = write_chats(world, 3)
    looking = world.reconcile()
    refused = TryLater("messages: connection_refused", cause="connection_refused", away=True)
    world.storage.fails = {names[0]: broken(), names[1]: refused}
    await world.run_of(looking)
    del world.storage.fails[names[1]]
    await world.run_of(looking)
    assert [jid for jid, *_ in world.storage.pages_asked[2:]] == [names[1], names[2], names[0]]


async def test_a_chat_that_can_be_read_again_closes_the_gap(world: World) -> None:
    names = write_chats(world, 3)
    world.journal.gap(NOW - 60, NOW)
    looking = world.reconcile()
    world.storage.fails[names[0]] = broken()
    await world.run_of(looking)
    world.storage.fails.clear()
    outcome = await world.run_of(looking)
    assert (outcome.error, outcome.appended, world.journal.open_gaps) == (None, 1, [])
