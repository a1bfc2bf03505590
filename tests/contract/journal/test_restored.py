"""What a journal that a copy replaced may have posted is in doubt when it is told again (hard case 3)."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.contract.journal.building import (
    ANA_LID,
    BEN,
    CHANNEL,
    ME,
    NOTHING,
    PAIR,
    SetClock,
    message,
    put,
    reference,
    take,
    take_one,
    text_of,
)
from tests.contract.journal.conftest import Opener
from unlost.errors import TryLater
from unlost.journal.copying import restore_journal
from unlost.journal.rows import Arrival, Claim, Learned
from unlost.journal.sqlite_journal import SqliteJournal
from unlost.vocabulary.envelopes import Kind
from unlost.vocabulary.facts import Begun, Facts, Refusal
from unlost.vocabulary.ids import HelpdeskMessageId
from unlost.vocabulary.verdicts import Delivered, Postponed

Restore = Callable[[], Awaitable[SqliteJournal]]
KNOWN, POSTED_SINCE = HelpdeskMessageId(41), HelpdeskMessageId(90)


@pytest.fixture
def restore(journal: SqliteJournal, opener: Opener, tmp_path: Path, clock: SetClock) -> Restore:
    """Copy the journal, which knows a helpdesk's ids up to KNOWN; a day later put the copy in its place."""

    async def restored() -> SqliteJournal:
        await put(journal, message("m0"))
        await journal.settle(await take_one(journal), Delivered(), Facts(), Learned(high_water=KNOWN))
        await journal.backup_to(tmp_path / "copy.db")
        await journal.close()
        clock.go(86_400.0)
        restore_journal(tmp_path / "copy.db", tmp_path / "journal.db", now=clock.now())
        again = await opener(tmp_path / "journal.db")
        await again.enrol(ME, "host", "/lock")
        return again

    return restored


async def begun_of(journal: SqliteJournal, told_at: float | None) -> Begun | None:
    await put(journal, message("m1", told_at=told_at))
    return (await take_one(journal)).facts.begun


@pytest.mark.parametrize("before_s", [3_600.0, 0.0, -299.0], ids=["an hour before", "in its second", "clocks differ"])
async def test_what_was_told_before_the_restore_is_in_doubt(restore: Restore, clock: SetClock, before_s: float) -> None:
    again = await restore()
    begun = await begun_of(again, clock.now() - before_s)
    assert begun == Begun("PostMessage", clock.now(), KNOWN, part="text", by_gone_journal=True)


async def test_what_was_told_well_after_the_restore_is_not_in_doubt(restore: Restore, clock: SetClock) -> None:
    again = await restore()
    clock.go(301.0)
    assert await begun_of(again, clock.now()) is None


async def test_what_has_no_time_counts_as_told_when_it_came(restore: Restore, clock: SetClock) -> None:
    again = await restore()
    clock.go(301.0)
    assert await begun_of(again, None) is None


async def test_a_journal_that_was_never_restored_doubts_nothing(journal: SqliteJournal, clock: SetClock) -> None:
    assert await begun_of(journal, clock.now() - 3_600.0) is None


async def test_it_is_looked_for_above_the_ids_of_the_copy_whatever_was_posted_since(
    restore: Restore, clock: SetClock
) -> None:
    again = await restore()
    await put(again, message("m9"))
    await again.settle(await take_one(again), Delivered(), Facts(), Learned(high_water=POSTED_SINCE))
    begun = await begun_of(again, clock.now())
    assert begun is not None
    assert begun.high_water == KNOWN


async def test_after_two_restores_it_is_looked_for_above_what_the_first_copy_knew(
    restore: Restore, opener: Opener, tmp_path: Path, clock: SetClock
) -> None:
    """What waits, and what is told again: the first journal that is gone may have posted either."""
    again = await restore()
    await put(again, message("m8", told_at=clock.now() - 60.0))
    await put(again, message("m9", BEN))
    learned = Learned(high_water=POSTED_SINCE)
    claims = {text_of(claim): claim for claim in await take(again)}
    await again.settle(claims["m9"], Delivered(), Facts(), learned)
    await again.backup_to(tmp_path / "second.db")
    await again.close()
    clock.go(60.0)
    restore_journal(tmp_path / "second.db", tmp_path / "journal.db", now=clock.now())
    last = await opener(tmp_path / "journal.db")
    await last.enrol(ME, "host", "/lock")
    await put(last, message("m10", BEN, told_at=clock.now() - 3_600.0))
    begun = {text_of(claim): claim.facts.begun for claim in await take(last)}
    assert {name: step.high_water for name, step in begun.items() if step is not None} == {"m8": KNOWN, "m10": KNOWN}


async def test_where_the_helpdesk_s_ids_began_anew_it_is_looked_for_among_all(
    restore: Restore, clock: SetClock
) -> None:
    again = await restore()
    await again.accept_ids(CHANNEL)
    begun = await begun_of(again, clock.now())
    assert begun is not None
    assert begun.high_water == 0


@pytest.mark.parametrize(
    "facts", [Facts(absences=1), Facts(refusals=(Refusal("FindMessage", 404),))], ids=["absent", "its place was gone"]
)
async def test_a_search_that_ended_is_not_made_again(restore: Restore, clock: SetClock, facts: Facts) -> None:
    again = await restore()
    await put(again, message("m1", told_at=clock.now()))
    await again.settle(await take_one(again), Postponed(0.0, "timeout", costs_attempt=False), facts, NOTHING)
    assert (await take_one(again)).facts.begun is None


@pytest.mark.parametrize("step", ["FetchFile", "AskDownload", "AskStorage"])
async def test_what_the_gateway_refused_was_no_search(restore: Restore, clock: SetClock, step: str) -> None:
    """A file whose path was gone, fetched again: it may stand in the helpdesk all the same."""
    again = await restore()
    await put(again, message("m1", told_at=clock.now()))
    facts = Facts(refusals=(Refusal(step, 404),))
    await again.settle(await take_one(again), Postponed(0.0, "timeout", costs_attempt=False), facts, NOTHING)
    begun = (await take_one(again)).facts.begun
    assert begun is not None
    assert begun.by_gone_journal


async def test_a_restore_by_a_clock_that_ran_ahead_counts_from_when_a_message_shows_that_it_is_right(
    restore: Restore, clock: SetClock
) -> None:
    again = await restore()
    await again.mark_alive(clock.now())
    clock.step(-3_600.0)
    await again.mark_alive(clock.now())
    await again.settled_down()
    await put(again, message("live", chat=BEN, told_at=clock.now()))
    await again.mark_alive(clock.now())
    await again.settle(await take_one(again), Delivered(), Facts(), NOTHING)
    clock.go(301.0)
    assert await begun_of(again, clock.now()) is None


@pytest.mark.parametrize(("before_s", "is_out"), [(60.0, True), (0.0, False)], ids=["before", "in its second"])
async def test_what_was_told_before_the_restore_and_comes_after_it_has_no_place(
    restore: Restore, clock: SetClock, before_s: float, is_out: bool
) -> None:
    """What was told after it may stand in the helpdesk: nobody knows any more."""
    again = await restore()
    await put(again, message("m1", told_at=clock.now() - before_s))
    assert (await take_one(again)).known.out_of_place is is_out


async def test_what_the_copy_had_keeps_its_place(
    journal: SqliteJournal, opener: Opener, tmp_path: Path, clock: SetClock
) -> None:
    await put(journal, message("m1", told_at=clock.now()))
    await journal.backup_to(tmp_path / "copy.db")
    await journal.close()
    clock.go(60.0)
    restore_journal(tmp_path / "copy.db", tmp_path / "journal.db", now=clock.now())
    again = await opener(tmp_path / "journal.db")
    await again.enrol(ME, "host", "/lock")
    assert not (await take_one(again)).known.out_of_place


CROSSED = (message("a"), message("b"), message("b", ANA_LID), message("a", ANA_LID))


@pytest.mark.parametrize("at_once", [1, 9], ids=["one by one", "at once"])
@pytest.mark.parametrize(
    "bodies",
    [
        (message("a"), reference(Kind.EDIT, "a", "a")),
        CROSSED,
        (*CROSSED, message("c", pairings=(PAIR,))),
        (message("a"), message("a", ANA_LID)),
        (message("a"), message("a", ANA_LID), message("c", pairings=(PAIR,))),
    ],
    ids=["one lane", "crossed", "crossed and joined", "two lanes", "two lanes, joined"],
)
async def test_of_what_a_restore_left_in_doubt_none_waits_for_what_waits_behind_it(
    journal: SqliteJournal, opener: Opener, tmp_path: Path, clock: SetClock, bodies: tuple[Arrival, ...], at_once: int
) -> None:
    """A restore marks whole lanes as begun. One id stands twice: whoever may go first, in the end all of it has gone."""
    await put(journal, *bodies)
    await journal.backup_to(tmp_path / "copy.db")
    await journal.close()
    restore_journal(tmp_path / "copy.db", tmp_path / "journal.db", now=clock.now())
    again = await opener(tmp_path / "journal.db")
    await again.enrol(ME, "host", "/lock")
    for _ in range(4 * len(bodies)):
        for claim in await take(again, limit=at_once):
            await post_after_search(again, claim)
        clock.go(1.0)
    assert (await again.counts())[0].waiting == 0


async def post_after_search(journal: SqliteJournal, claim: Claim) -> None:
    """Looked for and absent where it is in doubt; then posted, unless it has to wait."""
    searched = await journal.remember(claim, Facts(absences=1), NOTHING)
    assert searched is not None
    try:
        begun = await journal.begin(searched, searched.facts, Begun("PostMessage", 0.0), NOTHING)
    except TryLater as error:
        await journal.settle(
            searched, Postponed(error.wait_s or 0.0, error.cause, costs_attempt=False), searched.facts, NOTHING
        )
        return
    assert begun is not None
    await journal.settle(begun, Delivered(), Facts(), NOTHING)
