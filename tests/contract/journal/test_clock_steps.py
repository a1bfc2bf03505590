"""The wall clock is set: what was due stays due, no wait gets longer (hard case 15), nothing looks older (hard case 19)."""

import asyncio
from math import inf
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.contract.journal.building import (
    BEN,
    CHANNEL,
    ME,
    NOTHING,
    PEER,
    SetClock,
    empty,
    link,
    message,
    put,
    reference,
    take,
    take_one,
    text_of,
)
from tests.contract.journal.conftest import Opener
from unlost.errors import NotCommitted
from unlost.journal import clock_steps
from unlost.journal.batch import Operation
from unlost.journal.rows import Learned
from unlost.journal.sqlite_journal import SqliteJournal
from unlost.vocabulary.attachments import ToldFile
from unlost.vocabulary.envelopes import Kind
from unlost.vocabulary.facts import Facts
from unlost.vocabulary.verdicts import Delivered, Held, Parked, Postponed, Until


async def test_when_the_clock_is_set_back_what_was_due_stays_due(journal: SqliteJournal, clock: SetClock) -> None:
    await put(journal, message("m1"))
    clock.step(-3600)
    await settle_down(journal)
    assert text_of(await take_one(journal)) == "m1"


async def test_a_clock_set_back_while_the_disk_is_full_delays_nothing(
    journal: SqliteJournal, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await put(journal, message("m1"))
    write, refusals = journal._executor.write, [NotCommitted("the disk is full", cause="bug")] * 3

    async def refused_at_first(operation: Operation) -> object:
        if refusals:
            raise refusals.pop()
        return await write(operation)

    monkeypatch.setattr(journal._executor, "write", refused_at_first)
    clock.step(-3600)
    with pytest.raises(NotCommitted):
        await journal.beat(ME)
    await journal.settled_down()
    assert text_of(await take_one(journal)) == "m1"


async def test_when_the_clock_is_set_back_a_backoff_keeps_its_length(journal: SqliteJournal, clock: SetClock) -> None:
    await put(journal, message("m1"))
    await journal.settle(await take_one(journal), Postponed(30.0, "timeout", costs_attempt=False), Facts(), NOTHING)
    clock.step(-3600)
    await settle_down(journal)
    assert (await journal.dues()).next_lane_at == pytest.approx(clock.now() + 30)


async def test_when_the_clock_is_set_back_parked_entries_and_reorder_waits_keep_theirs(
    journal: SqliteJournal, clock: SetClock
) -> None:
    await put(journal, empty("m1"), message("b1", BEN, hold_s=16))
    clock.step(-3600)
    await settle_down(journal)
    clock.go(16)
    assert text_of(await take_one(journal)) == "b1"
    assert (await journal.dues()).parked_at == pytest.approx(clock.now() + 44)


async def test_when_the_clock_is_set_back_what_was_found_absent_is_made_anew_at_once(
    journal: SqliteJournal, clock: SetClock
) -> None:
    await put(journal, message("m1"))
    claim = await take_one(journal)
    clock.step(-3600)
    await settle_down(journal)
    await journal.settle(claim, Postponed(0.0, "absent", costs_attempt=True), claim.facts, NOTHING)
    assert text_of(await take_one(journal)) == "m1"


async def test_when_the_clock_is_set_back_nothing_is_parked_for_longer(journal: SqliteJournal, clock: SetClock) -> None:
    await put(journal, reference(Kind.EDIT, "e1", "m1"))
    claim = await take_one(journal)
    clock.step(-3600)
    await settle_down(journal)
    await journal.settle(claim, Parked(Until.TARGET, 60.0), claim.facts, NOTHING)
    assert (await journal.dues()).parked_at == pytest.approx(clock.now() + 60)


async def test_when_the_clock_is_set_back_no_message_waits_longer_for_its_file(
    journal: SqliteJournal, clock: SetClock
) -> None:
    photo = message("m1")
    envelope = replace(photo.envelope, file=ToldFile("statics/media/a.jpg"), hangs="image")
    await put(journal, replace(photo, envelope=envelope))
    claim = await take_one(journal)
    clock.step(-3600)
    await settle_down(journal)
    await journal.settle(claim, Held(20.0), claim.facts, NOTHING)
    assert (await journal.dues()).next_lane_at == pytest.approx(clock.now() + 20)
    clock.go(20)
    assert (await take_one(journal)).known.age_s == inf


async def test_a_clock_set_back_while_nobody_ran_delays_nothing(
    journal: SqliteJournal, opener: Opener, tmp_path: Path, clock: SetClock
) -> None:
    await put(journal, message("m1"))
    await journal.mark_alive(clock.now())
    await journal.close()
    clock.step(-3600)
    again = await opener(tmp_path / "journal.db")
    await again.enrol(ME, "host", "/lock")
    await settle_down(again)
    assert text_of(await take_one(again)) == "m1"


async def test_when_the_clock_is_set_back_a_claim_in_between_takes_no_lane_away(
    journal: SqliteJournal, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a journal that has grown a lane's id is low and what waits in it stands high: they come back in transactions apart."""
    for number in range(20):
        await posted(journal, f"old{number}", 100 + number)
    await put(journal, message("m1"))
    monkeypatch.setattr(clock_steps, "IDS_PER_SLICE", 1)
    clock.step(-3600)
    await journal.beat(ME)
    had = []
    while journal._side_work:
        had += await take(journal)
        await asyncio.sleep(0)
    assert [text_of(claim) for claim in (*had, *await take(journal))] == ["m1"]


@pytest.mark.parametrize("is_dead", [False, True], ids=["given back", "its holder died"])
async def test_when_the_clock_is_set_back_what_was_at_work_is_due_when_it_is_put_back(
    journal: SqliteJournal, clock: SetClock, *, is_dead: bool
) -> None:
    await put(journal, message("m1"))
    claim = await take_one(journal)
    clock.step(-3600)
    await settle_down(journal)
    if is_dead:
        (me,) = [row for row in await journal.holders() if row.id == ME]
        await journal.bury(ME, beat=me.beat)
    else:
        await journal.give_back([claim])
    assert text_of(await take_one(journal, holder=PEER)) == "m1"


async def test_a_kill_while_due_times_come_back_leaves_none_of_them_ahead(
    journal: SqliteJournal, opener: Opener, tmp_path: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await put(journal, message("m1"))
    await journal.mark_alive(clock.now())
    killed = asyncio.Event()

    async def insisting(verb: object) -> None:
        await killed.wait()
        raise NotCommitted("killed", cause="bug")

    monkeypatch.setattr(journal, "_insisting", insisting)
    clock.step(-3600)
    alive_at = [await journal.mark_alive(clock.now()) for _ in range(2)]
    killed.set()
    await journal.close()
    assert alive_at == [clock.now() + 3600] * 2
    again = await opener(tmp_path / "journal.db")
    await again.enrol(ME, "host", "/lock")
    await settle_down(again)
    assert text_of(await take_one(again)) == "m1"
    await again.mark_alive(clock.now())
    assert await again.mark_alive(clock.now()) == clock.now()


async def posted(journal: SqliteJournal, name: str, number: int) -> None:
    await put(journal, message(name))
    await journal.settle(await take_one(journal), Delivered(), Facts(), Learned(messages=(link(name, number),)))


@pytest.mark.parametrize("step_s", [2.0, 30.0, 3600.0])
async def test_when_the_clock_is_set_forward_what_was_just_posted_is_as_new_as_it_was(
    journal: SqliteJournal, clock: SetClock, step_s: float
) -> None:
    for name, number in (("m1", 100), ("m2", 101)):
        await posted(journal, name, number)
        clock.go(60)
    clock.step(step_s)
    await settle_down(journal)
    clock.go(10)
    await posted(journal, "m3", 102)
    found = [row.message for row in await journal.links_posted_since(CHANNEL, clock.now() - 80, limit=10)]
    assert found == [101, 102]
    assert [row.message for row in await journal.links_posted_since(CHANNEL, clock.now() - 5, limit=10)] == [102]


async def settle_down(journal: SqliteJournal) -> None:
    """A first write notices the step; what it sets going is done when nothing is under way any more."""
    await journal.beat(ME)
    await journal.settled_down()


async def test_what_came_while_the_clock_was_years_behind_is_still_known_once_it_is_right(
    journal: SqliteJournal, clock: SetClock
) -> None:
    """Pruning takes it for years old, and the gateway's storage tells it again."""
    await journal.mark_alive(clock.now())
    clock.go(60)
    await posted(journal, "m1", 100)
    clock.step(2 * 365 * 86_400.0)
    await settle_down(journal)
    await journal.prune(keep_days=30, keep_links_days=400)
    assert [(await journal.append(CHANNEL, [message("m1")]))[0].is_new] == [False]
    assert [row.message for row in await journal.links_posted_since(CHANNEL, clock.now() - 60, limit=10)] == [100]


async def test_what_reconcile_looks_at_again_is_not_pruned_by_a_clock_that_is_years_ahead(
    journal: SqliteJournal, clock: SetClock
) -> None:
    """From the machine's start on: no step is seen."""
    await posted(journal, "m1", 100)
    await journal.mark_looked(CHANNEL, clock.now())
    clock.go(500 * 86_400.0)
    await journal.prune(keep_days=30, keep_links_days=400)
    clock.step(-500 * 86_400.0)
    await settle_down(journal)
    assert [(await journal.append(CHANNEL, [message("m1")]))[0].is_new] == [False]
