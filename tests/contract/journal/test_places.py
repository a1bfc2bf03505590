"""Effects in a chat follow the order in which the gateway tells them (hard case 8)."""

from tests.contract.journal.building import (
    ANA,
    ANA_LID,
    BEN,
    NOTHING,
    PAIR,
    SetClock,
    message,
    put,
    take,
    take_one,
    text_of,
)
from unlost.journal.sqlite_journal import SqliteJournal
from unlost.vocabulary.facts import Begun, Facts
from unlost.vocabulary.verdicts import Delivered, Postponed, Skipped, SkipReason


async def work_all(journal: SqliteJournal) -> list[str]:
    """Deliver whatever can be had, in the order in which it is handed out."""
    order: list[str] = []
    while claims := await take(journal):
        for claim in claims:
            order.append(text_of(claim))
            await journal.settle(claim, Delivered(), claim.facts, NOTHING)
    return order


async def test_without_a_wait_arrival_is_the_order(journal: SqliteJournal, clock: SetClock) -> None:
    at = clock.now()
    await put(journal, message("m2", told_at=at - 1), message("m1", told_at=at - 2), message("m3", told_at=at))
    assert await work_all(journal) == ["m2", "m1", "m3"]


async def test_one_entry_of_a_lane_is_worked_at_a_time(journal: SqliteJournal) -> None:
    await put(journal, message("m1"), message("m2"), message("b1", BEN))
    assert sorted(text_of(claim) for claim in await take(journal)) == ["b1", "m1"]
    assert await take(journal) == []


async def test_within_the_wait_whatsapps_time_is_the_order(journal: SqliteJournal, clock: SetClock) -> None:
    at = clock.now()
    for name, told_at in (("m2", at - 1), ("m1", at - 2), ("m3", at)):
        await put(journal, message(name, told_at=told_at, hold_s=0.5))
    assert await take(journal) == []
    clock.go(0.5)
    assert await work_all(journal) == ["m1", "m2", "m3"]


async def test_two_messages_of_one_second_keep_their_arrival(journal: SqliteJournal, clock: SetClock) -> None:
    at = clock.now()
    await put(journal, message("z", told_at=at, hold_s=0.5), message("a", told_at=at, hold_s=0.5))
    clock.go(0.5)
    assert await work_all(journal) == ["z", "a"]


async def test_nothing_is_due_before_its_wait_ends_and_then_it_is(journal: SqliteJournal, clock: SetClock) -> None:
    await put(journal, message("m1", hold_s=0.5))
    assert (await journal.dues()).next_lane_at == clock.now() + 0.5


async def test_who_is_told_later_waits_for_who_came_earlier_only_within_the_wait(
    journal: SqliteJournal, clock: SetClock
) -> None:
    """m1 was told first but came after m2's wait had ended: its place had passed, and it is counted as late."""
    at = clock.now()
    await put(journal, message("m2", told_at=at - 1, hold_s=0.5))
    clock.go(0.6)
    await put(journal, message("m1", told_at=at - 2, hold_s=0.5))
    first = await take_one(journal)
    await journal.settle(first, Delivered(), first.facts, NOTHING)
    second = await take_one(journal)
    assert (text_of(first), text_of(second)) == ("m2", "m1")
    assert (first.known.out_of_place, second.known.out_of_place) == (False, True)
    assert (await journal.counts())[0].late == 1


async def test_a_late_copy_that_stands_nowhere_is_not_counted_as_late(journal: SqliteJournal, clock: SetClock) -> None:
    """Each reconcile after a gap adds rows of the storage that turn out to be here: late for nobody."""
    at = clock.now()
    await put(journal, message("m2", told_at=at - 1, hold_s=0.5))
    clock.go(0.6)
    await put(journal, message("m1", told_at=at - 2, hold_s=0.5), message("m0", told_at=at - 3, hold_s=0.5))
    for verdict in (Delivered(), Skipped(SkipReason.DUPLICATE), Delivered()):
        claim = await take_one(journal)
        await journal.settle(claim, verdict, claim.facts, NOTHING)
    assert (await journal.counts(since=0))[0].late == 1


async def test_a_late_message_is_worked_at_once(journal: SqliteJournal, clock: SetClock) -> None:
    at = clock.now()
    await put(journal, message("m2", told_at=at))
    await work_all(journal)
    await put(journal, message("m1", told_at=at - 60, hold_s=16))
    assert text_of(await take_one(journal)) == "m1"


async def test_an_earlier_told_message_never_passes_a_begun_head(journal: SqliteJournal, clock: SetClock) -> None:
    at = clock.now()
    await put(journal, message("m2", told_at=at))
    head = await take_one(journal)
    begun = await journal.begin(head, head.facts, Begun("PostMessage", at), NOTHING)
    assert begun is not None
    await put(journal, message("m1", told_at=at - 60, hold_s=0.5))
    await journal.settle(begun, Postponed(5.0, "timeout", costs_attempt=False), begun.facts, NOTHING)
    clock.go(6)
    assert text_of(await take_one(journal)) == "m2"


async def test_a_postponed_head_holds_back_its_lane_and_no_other(journal: SqliteJournal, clock: SetClock) -> None:
    await put(journal, message("m1"), message("m2"), message("b1", BEN))
    for claim in await take(journal):
        if text_of(claim) == "m1":
            await journal.settle(claim, Postponed(30.0, "timeout", costs_attempt=True), claim.facts, NOTHING)
        else:
            await journal.settle(claim, Delivered(), Facts(), NOTHING)
    assert await take(journal) == []
    assert (await journal.dues()).next_lane_at == clock.now() + 30
    clock.go(30)
    claim = await take_one(journal)
    assert (text_of(claim), claim.attempts) == ("m1", 1)


async def test_what_arrives_behind_a_postponed_head_does_not_hurry_it(journal: SqliteJournal, clock: SetClock) -> None:
    await put(journal, message("m1"))
    claim = await take_one(journal)
    await journal.settle(claim, Postponed(30.0, "timeout", costs_attempt=False), claim.facts, NOTHING)
    await put(journal, message("m2"), message("m3", hold_s=0.5))
    assert (await journal.dues()).next_lane_at == clock.now() + 30
    assert await take(journal) == []


async def test_a_message_without_a_wait_lets_those_told_before_it_go_first(
    journal: SqliteJournal, clock: SetClock
) -> None:
    """After a gap the wait is 16 s, later none: m1 still stands before m2."""
    at = clock.now()
    await put(journal, message("m1", told_at=at - 2, hold_s=16), message("m2", told_at=at - 1))
    assert await work_all(journal) == ["m1", "m2"]


async def test_a_message_without_a_time_does_not_make_the_next_one_late(
    journal: SqliteJournal, clock: SetClock
) -> None:
    clock.at += 0.7
    await put(journal, message("m1", told_at=None), message("m2", told_at=float(int(clock.now()))))
    assert (await journal.counts())[0].late == 0


async def test_the_place_holds_when_the_clock_steps_back(journal: SqliteJournal, clock: SetClock) -> None:
    await put(journal, message("m1"))
    clock.go(-3600)
    await put(journal, message("m2"))
    clock.go(3600)
    assert await work_all(journal) == ["m1", "m2"]


async def test_a_busy_lane_goes_behind_the_others_after_each_entry(journal: SqliteJournal, clock: SetClock) -> None:
    """A backlog of one chat is no older than another chat's first message: they take turns."""
    await put(journal, *(message(f"m{number}") for number in range(3)))
    clock.go(1)
    await put(journal, message("b1", BEN))
    order = []
    for _ in range(4):
        (claim,) = await take(journal, limit=1)
        order.append(text_of(claim))
        clock.go(1)
        await journal.settle(claim, Delivered(), claim.facts, NOTHING)
    assert order == ["m0", "b1", "m1", "m2"]


async def test_waits_of_two_forms_of_a_chat_are_sorted_as_one(journal: SqliteJournal, clock: SetClock) -> None:
    at = clock.now()
    await put(journal, message("m2", ANA_LID, told_at=at - 1, hold_s=0.5))
    await put(journal, message("m1", ANA, told_at=at - 2, hold_s=0.5, pairings=(PAIR,)))
    clock.go(0.5)
    assert await work_all(journal) == ["m1", "m2"]
