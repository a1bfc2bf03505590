"""The right to settle an entry: granted by its lane's row, fenced by a token, ended by a peer (hard cases 15, 18, 20)."""

import asyncio
from pathlib import Path

import pytest

from tests.contract.journal.building import (
    ANA,
    ANA_LID,
    BEN,
    CHANNEL,
    INBOUND,
    ME,
    NOTHING,
    PAIR,
    PEER,
    SetClock,
    link,
    message,
    put,
    take,
    take_one,
    text_of,
)
from tests.contract.journal.conftest import Opener
from unlost.errors import TryLater
from unlost.journal.rows import HolderId, Learned, Settled
from unlost.journal.sqlite_journal import SqliteJournal
from unlost.vocabulary.facts import Begun, Facts
from unlost.vocabulary.ids import ContactId, ConversationId, HelpdeskMessageId
from unlost.vocabulary.links import ChatLink
from unlost.vocabulary.verdicts import Delivered, Postponed


async def beat_of(journal: SqliteJournal, holder: HolderId) -> int:
    return next(row.beat for row in await journal.holders() if row.id == holder)


async def test_a_lane_claimed_by_one_is_not_handed_to_another(journal: SqliteJournal) -> None:
    await put(journal, message("m1"), message("m2"))
    await take_one(journal, holder=ME)
    assert await take(journal, holder=PEER) == []


async def test_a_process_that_is_not_enrolled_gets_nothing(journal: SqliteJournal) -> None:
    await put(journal, message("m1"))
    assert await take(journal, holder=HolderId("stranger")) == []


async def test_after_its_burial_a_holder_can_neither_begin_nor_remember_nor_settle(journal: SqliteJournal) -> None:
    await put(journal, message("m1"))
    claim = await take_one(journal)
    assert await journal.bury(ME, beat=await beat_of(journal, ME)) == 1
    assert await journal.begin(claim, Facts(), Begun("PostMessage", 0.0), NOTHING) is None
    assert await journal.remember(claim, Facts(user_name="x"), NOTHING) is None
    assert await journal.settle(claim, Delivered(), Facts(), NOTHING) is Settled.LOST


async def test_a_lost_settle_leaves_no_link(journal: SqliteJournal) -> None:
    await put(journal, message("m1"))
    claim = await take_one(journal)
    await journal.bury(ME, beat=await beat_of(journal, ME))
    await journal.settle(claim, Delivered(), Facts(), Learned(messages=(link("m1", 100),)))
    assert await journal.links_posted_since(CHANNEL, 0.0, limit=10) == []


async def test_a_thawed_holder_does_not_settle_what_its_heir_works(journal: SqliteJournal) -> None:
    await put(journal, message("m1"))
    frozen = await take_one(journal, holder=ME)
    await journal.bury(ME, beat=await beat_of(journal, ME))
    heir = await take_one(journal, holder=PEER)
    assert await journal.settle(frozen, Delivered(), Facts(), NOTHING) is Settled.LOST
    assert await journal.settle(heir, Delivered(), Facts(), NOTHING) is Settled.DONE


async def test_an_older_claim_of_the_same_holder_is_worth_nothing(journal: SqliteJournal) -> None:
    await put(journal, message("m1"))
    older = await take_one(journal)
    await journal.give_back([older])
    newer = await take_one(journal)
    assert await journal.settle(older, Delivered(), Facts(), NOTHING) is Settled.LOST
    assert await journal.settle(newer, Delivered(), Facts(), NOTHING) is Settled.DONE


async def test_a_holder_whose_beat_moved_is_not_buried(journal: SqliteJournal) -> None:
    await put(journal, message("m1"))
    seen = await beat_of(journal, ME)
    claim = await take_one(journal)
    assert await journal.beat(ME)
    assert await journal.bury(ME, beat=seen) == 0
    assert await journal.settle(claim, Delivered(), Facts(), NOTHING) is Settled.DONE


async def test_the_buried_hear_it_from_their_next_beat(journal: SqliteJournal) -> None:
    await journal.bury(ME, beat=await beat_of(journal, ME))
    assert not await journal.beat(ME)


async def test_a_begun_step_outlives_its_holder_with_the_high_water_of_its_begin(journal: SqliteJournal) -> None:
    await put(journal, message("m1"))
    claim = await take_one(journal)
    high = Learned(high_water=HelpdeskMessageId(41))
    begun = await journal.begin(claim, Facts(), Begun("PostMessage", 5.0), high)
    assert begun is not None
    await journal.bury(ME, beat=await beat_of(journal, ME))
    heir = await take_one(journal, holder=PEER)
    assert heir.facts.begun == Begun("PostMessage", 5.0, high_water=HelpdeskMessageId(41)) == begun.facts.begun


async def test_the_high_water_id_only_rises(journal: SqliteJournal) -> None:
    await put(journal, message("m1"))
    claim = await take_one(journal)
    for height in (41, 7):
        await journal.remember(claim, Facts(), Learned(high_water=HelpdeskMessageId(height)))
    begun = await journal.begin(claim, Facts(), Begun("PostMessage", 0.0), NOTHING)
    assert begun is not None
    assert begun.facts.begun is not None
    assert begun.facts.begun.high_water == 41


async def test_where_a_person_accepts_the_helpdesks_new_ids_what_is_in_doubt_is_looked_for_among_all(
    journal: SqliteJournal,
) -> None:
    await put(journal, message("m1"), message("b1", BEN))
    doubtful, new = await take(journal)
    begun = await journal.begin(doubtful, Facts(), Begun("PostMessage", 0.0), Learned(high_water=HelpdeskMessageId(41)))
    assert begun is not None
    await journal.settle(begun, Postponed(0.0, "blocked", costs_attempt=False), begun.facts, NOTHING)
    await journal.accept_ids(CHANNEL)
    again, first = await take_one(journal), await journal.begin(new, Facts(), Begun("PostMessage", 0.0), NOTHING)
    assert first is not None
    heights = [claim.facts.begun.high_water for claim in (again, first) if claim.facts.begun is not None]
    assert heights == [0, 0]


async def test_what_was_begun_is_had_before_all_that_only_waited(journal: SqliteJournal, clock: SetClock) -> None:
    """Its doubt's wait ends while other lanes have been due for longer."""
    await put(journal, message("m1"))
    claim = await take_one(journal)
    begun = Begun("PostMessage", 0.0)
    held = await journal.begin(claim, Facts(begun=begun), begun, NOTHING)
    assert held is not None
    await put(journal, message("m2", BEN))
    await journal.settle(held, Postponed(2.0, "timeout", costs_attempt=False), held.facts, NOTHING)
    clock.go(3.0)
    assert [text_of(found) for found in await take(journal, limit=1)] == ["m1"]
    assert [text_of(found) for found in await take(journal, limit=2)] == ["m2"]


async def test_what_costs_an_attempt_and_no_wait_is_had_again_before_what_came_later(
    journal: SqliteJournal, clock: SetClock
) -> None:
    """A begun step that was looked for and is not there: made anew, not behind the whole backlog."""
    await put(journal, message("m1"))
    clock.go(1.0)
    await put(journal, message("m2", BEN))
    (claim,) = await take(journal, limit=1)
    clock.go(1.0)
    await journal.settle(claim, Postponed(0.0, "absent", costs_attempt=True), claim.facts, NOTHING)
    assert [text_of(found) for found in await take(journal, limit=1)] == ["m1"]


async def test_an_attempt_that_vanished_counts_as_a_crash_and_one_given_back_does_not(journal: SqliteJournal) -> None:
    await put(journal, message("m1"), message("b1", BEN))
    vanished, returned = await take(journal)
    await journal.give_back([returned])
    await journal.bury(ME, beat=await beat_of(journal, ME))
    crashes = {text_of(claim): claim.crashes for claim in await take(journal, holder=PEER)}
    assert crashes == {text_of(vanished): 1, text_of(returned): 0}


async def test_what_is_given_back_is_had_again_at_once_begun_step_and_all(journal: SqliteJournal) -> None:
    await put(journal, message("m1"))
    claim = await take_one(journal)
    begun = await journal.begin(claim, Facts(), Begun("PostMessage", 0.0), NOTHING)
    assert begun is not None
    await journal.give_back([begun])
    again = await take_one(journal, holder=PEER)
    assert (again.attempts, again.facts.begun is not None) == (0, True)


async def test_a_retired_process_holds_nothing(journal: SqliteJournal) -> None:
    await put(journal, message("m1"))
    await take_one(journal)
    await journal.retire(ME)
    assert (await take_one(journal, holder=PEER)).crashes == 0
    assert [row.id for row in await journal.holders()] == [PEER]


async def crash_twice(journal: SqliteJournal) -> None:
    """Two workers die over the head of Ana's lane."""
    for name in ("first", "second"):
        victim = HolderId(name)
        await journal.enrol(victim, "host", f"/locks/{name}")
        await take_one(journal, holder=victim)
        await journal.bury(victim, beat=await beat_of(journal, victim))


async def test_a_process_that_comes_again_was_frozen_and_no_entrys_crash(journal: SqliteJournal) -> None:
    """However long the freeze, and however often: an entry that merely was in hand is not suspect for it."""
    await put(journal, message("m1"))
    for _ in range(3):
        await take_one(journal)
        await journal.bury(ME, beat=await beat_of(journal, ME))
        assert not await journal.beat(ME)
        await journal.enrol(ME, "host", "/locks/me")
    assert (await take_one(journal)).crashes == 0


async def test_a_lane_that_was_worked_alone_for_a_freeze_is_worked_as_before(journal: SqliteJournal) -> None:
    await put(journal, message("m1"))
    await crash_twice(journal)
    assert await take(journal) == []
    assert not await journal.beat(HolderId("second"))
    assert (await take_one(journal)).crashes == 1


async def test_an_entry_with_two_crashes_is_handed_out_only_alone(journal: SqliteJournal) -> None:
    await put(journal, message("bomb", ANA))
    assert not (await journal.dues()).has_suspect(INBOUND)
    await crash_twice(journal)
    assert (await journal.dues()).has_suspect(INBOUND)
    assert await take(journal) == []
    (claim,) = await journal.claim(ME, INBOUND, limit=9, alone=True)
    assert (text_of(claim), claim.crashes) == ("bomb", 2)


async def test_nothing_is_handed_out_alone_while_other_work_is_in_hand(journal: SqliteJournal) -> None:
    await put(journal, message("bomb", ANA))
    await crash_twice(journal)
    await put(journal, message("b1", BEN))
    other = await take_one(journal)
    assert await journal.claim(ME, INBOUND, limit=9, alone=True) == []
    await journal.settle(other, Delivered(), Facts(), NOTHING)
    assert len(await journal.claim(ME, INBOUND, limit=9, alone=True)) == 1


async def test_while_a_suspect_is_worked_its_worker_gets_nothing_else(journal: SqliteJournal) -> None:
    await put(journal, message("bomb", ANA))
    await crash_twice(journal)
    await put(journal, message("b1", BEN))
    await journal.claim(ME, INBOUND, limit=9, alone=True)
    assert await take(journal, holder=ME) == []
    assert len(await take(journal, holder=PEER)) == 1


async def test_a_suspect_delays_no_other_chat(journal: SqliteJournal) -> None:
    await put(journal, message("bomb", ANA))
    await crash_twice(journal)
    await put(journal, message("b1", BEN))
    assert text_of(await take_one(journal)) == "b1"


async def test_a_suspect_that_is_forgiven_is_handed_out_among_others_for_one_attempt(journal: SqliteJournal) -> None:
    await put(journal, message("bomb", ANA))
    await crash_twice(journal)
    (claim,) = await journal.claim(ME, INBOUND, limit=9, alone=True)
    await journal.forgive(claim)
    again = await take_one(journal)
    assert (again.entry, again.crashes, again.attempts) == (claim.entry, 0, claim.attempts + 1)


async def test_a_suspect_that_is_held_no_more_is_not_forgiven(journal: SqliteJournal) -> None:
    await put(journal, message("bomb", ANA))
    await crash_twice(journal)
    (claim,) = await journal.claim(ME, INBOUND, limit=9, alone=True)
    await journal.bury(ME, beat=await beat_of(journal, ME))
    (again,) = await journal.claim(PEER, INBOUND, limit=9, alone=True)
    await journal.forgive(claim)
    assert await journal.settle(again, Delivered(), Facts(), NOTHING) is Settled.DONE


async def test_the_chats_row_is_claimed_before_anything_is_created_for_it(journal: SqliteJournal) -> None:
    """Two lanes that write one chat's row: its LID's and its phone's, leased before the pairing was known (hard case 6)."""

    await put(journal, message("m1", ANA), message("m2", ANA_LID))
    first, second = await take(journal)
    assert await journal.remember(first, Facts(), Learned(pairings=(PAIR,))) is not None
    assert await journal.begin(first, Facts(), Begun("CreateContact", 0.0), NOTHING) is not None
    with pytest.raises(TryLater):
        await journal.begin(second, Facts(), Begun("CreateContact", 0.0), NOTHING)


async def test_who_waited_for_the_chats_row_sees_the_link_and_creates_nothing(journal: SqliteJournal) -> None:

    await put(journal, message("m1", ANA), message("m2", ANA_LID))
    first, second = await take(journal)
    await journal.remember(first, Facts(), Learned(pairings=(PAIR,)))
    begun = await journal.begin(first, Facts(), Begun("CreateContact", 0.0), NOTHING)
    assert begun is not None
    written = ChatLink(ANA, ContactId(5), ConversationId(7))
    await journal.settle(begun, Delivered(), Facts(), Learned(chat=written))
    with pytest.raises(TryLater):
        await journal.begin(second, Facts(), Begun("CreateContact", 0.0), NOTHING)
    await journal.settle(second, Postponed(0.0, "busy", costs_attempt=False), Facts(), NOTHING)
    assert (await take_one(journal)).known.chat == written


async def test_a_dead_holders_claim_on_the_chats_row_binds_nobody(journal: SqliteJournal) -> None:
    await put(journal, message("m1"))
    claim = await take_one(journal)
    await journal.begin(claim, Facts(), Begun("CreateConversation", 0.0), NOTHING)
    await journal.bury(ME, beat=await beat_of(journal, ME))
    heir = await take_one(journal, holder=PEER)
    assert await journal.begin(heir, Facts(), Begun("CreateConversation", 0.0), NOTHING) is not None


async def test_a_paused_pool_hands_out_nothing_until_it_is_resumed(journal: SqliteJournal) -> None:
    await put(journal, message("m1"))
    await journal.pause(INBOUND, "wrong token", blocked=True)
    assert await take(journal) == []
    assert (await journal.dues()).next_lane_at is None
    await journal.resume(INBOUND)
    assert len(await take(journal)) == 1


async def test_the_programs_pause_does_not_weaken_a_persons(journal: SqliteJournal) -> None:
    await journal.pause(INBOUND, "holiday", blocked=False)
    await journal.pause(INBOUND, "wrong token", blocked=True)
    (pause,) = await journal.pauses()
    assert (pause.blocked, pause.reason) == (False, "holiday")


async def test_a_block_by_credentials_says_so_until_it_is_resumed(journal: SqliteJournal) -> None:
    await journal.pause(INBOUND, "wrong token", blocked=True, by_credentials=True)
    (pause,) = await journal.pauses()
    assert (pause.blocked, pause.by_credentials) == (True, True)
    await journal.resume(INBOUND)
    await journal.pause(INBOUND, "another inbox", blocked=True)
    (pause,) = await journal.pauses()
    assert not pause.by_credentials


@pytest.mark.parametrize("order", [("wrong token", "another inbox"), ("another inbox", "wrong token")])
async def test_a_block_that_ends_by_itself_does_not_weaken_one_that_does_not(
    journal: SqliteJournal, order: tuple[str, str]
) -> None:
    for reason in order:
        await journal.pause(INBOUND, reason, blocked=True, by_credentials=reason == "wrong token")
    (pause,) = await journal.pauses()
    assert (pause.reason, pause.by_credentials) == ("another inbox", False)


async def test_two_bridges_on_one_file_never_hold_one_lane(
    opener: Opener, journal: SqliteJournal, tmp_path: Path
) -> None:
    second = await opener(tmp_path / "journal.db")
    await put(journal, message("m1"), message("m2"), message("b1", BEN))
    mine, theirs = await take(journal, holder=ME), await take(second, holder=PEER)
    assert len(mine) == 2
    assert theirs == []


async def test_work_appended_by_another_process_ends_the_wait(
    opener: Opener, journal: SqliteJournal, tmp_path: Path
) -> None:

    second = await opener(tmp_path / "journal.db")
    await journal.wait_for_work(0.01)
    await journal.dues()
    waiting = asyncio.ensure_future(journal.wait_for_work(30.0))
    await asyncio.sleep(0)
    await put(second, message("m1"))
    await asyncio.wait_for(waiting, 10.0)


async def test_work_appended_between_a_look_and_a_wait_is_not_slept_through(
    journal: SqliteJournal, clock: SetClock
) -> None:

    assert (await journal.dues()).next_lane_at is None
    await put(journal, message("m1"))
    await asyncio.wait_for(asyncio.ensure_future(journal.wait_for_work(30.0)), 10.0)


async def test_who_sleeps_is_woken_when_a_wait_ends_and_not_before(journal: SqliteJournal) -> None:
    waiting = asyncio.ensure_future(journal.wait_for_work(30.0))
    await put(journal, message("m1", hold_s=0.2))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    await asyncio.wait_for(waiting, 10.0)
