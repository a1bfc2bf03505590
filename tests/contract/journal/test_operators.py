"""What an operator sees and does: dead letters, traces, gaps, numbers (hard cases 3, 9, 25)."""

import asyncio

import pytest
from msgspec.structs import replace

from tests.contract.journal.building import (
    ANA,
    ANA_LID,
    BEN,
    CHANNEL,
    INBOUND,
    NOTHING,
    PAIR,
    SetClock,
    empty,
    helpdesk,
    link,
    message,
    put,
    reference,
    take,
    take_one,
    text_of,
)
from unlost.journal import gaps
from unlost.journal.rows import Arrival, Counts, Failure, GapCause, LaterEdit, Learned
from unlost.journal.sqlite_journal import SqliteJournal
from unlost.journal.views import LIST_MAX
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.envelopes import Envelope, Kind, Source
from unlost.vocabulary.facts import Begun, Facts, Refusal
from unlost.vocabulary.ids import ChannelName, ConversationId, EntryId, WhatsAppId
from unlost.vocabulary.links import ChatLink
from unlost.vocabulary.verdicts import Dead, Delivered, Postponed, Skipped, SkipReason


async def die(journal: SqliteJournal, id: str, facts: Facts | None = None) -> EntryId:
    """A message becomes a dead letter."""
    await put(journal, message(id))
    claim = await take_one(journal)
    await journal.settle(claim, Dead("refused"), facts or Facts(), NOTHING)
    return claim.entry


async def test_a_dead_letter_is_kept_and_listed(journal: SqliteJournal) -> None:
    entry = await die(journal, "m1")
    (letter,) = await journal.dead(channel=CHANNEL)
    assert (letter.id, letter.state, letter.reason) == (entry, "dead", "refused")
    assert await journal.dead(reason="other") == []


async def test_a_dead_letter_holds_back_nobody(journal: SqliteJournal) -> None:
    await put(journal, message("m1"), message("m2"))
    await journal.settle(await take_one(journal), Dead("refused"), Facts(), NOTHING)
    assert text_of(await take_one(journal)) == "m2"


async def test_a_retried_letter_goes_to_the_lanes_end_marked_late(journal: SqliteJournal) -> None:
    entry = await die(journal, "m1")
    await put(journal, message("m2"))
    assert await journal.retry([entry], "ana@example") == 1
    first = await take_one(journal)
    await journal.settle(first, Delivered(), Facts(), NOTHING)
    again = await take_one(journal)
    assert (text_of(first), text_of(again), again.known.out_of_place) == ("m2", "m1", True)


async def test_a_retry_forgets_refusals_and_keeps_what_was_begun(journal: SqliteJournal) -> None:
    begun = Begun("PostMessage", 1.0)
    entry = await die(journal, "m1", Facts(begun=begun, refusals=(Refusal("PostMessage", 422),), absences=3))
    await journal.retry([entry], "ana@example")
    assert (await take_one(journal)).facts == Facts(begun=begun)


async def test_only_dead_letters_can_be_retried_or_discarded(journal: SqliteJournal) -> None:
    (appended,) = await put(journal, message("m1"))
    assert await journal.retry([appended.entry], "who") == 0
    assert await journal.discard([appended.entry, EntryId(99)], "who") == 0


async def test_a_discarded_letter_says_who_did_it_and_does_not_come_in_again(journal: SqliteJournal) -> None:
    entry = await die(journal, "m1")
    assert await journal.discard([entry], "ana@example") == 1
    view = await journal.entry(entry)
    assert view is not None
    assert (view.state, view.verdict, view.failures[-1].text) == ("done", "discarded", "ana@example")
    (again,) = await put(journal, message("m1"))
    assert not again.is_new


async def test_what_was_received_is_shown_up_to_its_bound(journal: SqliteJournal) -> None:
    (appended,) = await put(journal, message("m1"))
    whole = await journal.body(appended.entry, limit_bytes=1000)
    assert whole is not None
    assert whole.size_bytes == len(whole.raw)
    begin = await journal.body(appended.entry, limit_bytes=1)
    assert begin is not None
    assert (begin.raw, begin.size_bytes) == (whole.raw[:1], whole.size_bytes)
    assert await journal.body(EntryId(99), limit_bytes=10) is None


async def test_more_letters_than_one_transaction_may_change_are_all_retried(journal: SqliteJournal) -> None:
    for number in range(3):
        await die(journal, f"m{number}")
    letters = [letter.id for letter in await journal.dead()]
    assert await journal.retry([*letters, *(EntryId(number) for number in range(1_000, 2_100))], "who") == 3


async def test_a_verb_for_all_that_match_touches_more_than_a_list_shows(journal: SqliteJournal) -> None:
    chats = [Address(f"62811{number:07}@s.whatsapp.net") for number in range(LIST_MAX + 5)]
    await put(journal, *(message(f"m{number}", chat) for number, chat in enumerate(chats)))
    while claims := await take(journal):
        await asyncio.gather(*(journal.settle(claim, Dead("refused"), claim.facts, NOTHING) for claim in claims))
    assert len(await journal.dead(limit=10_000)) == LIST_MAX
    all_of_them = await journal.dead_ids(channel=CHANNEL, reason="refused", since=None, limit=10_000)
    assert await journal.discard(all_of_them, "who") == LIST_MAX + 5
    assert await journal.dead_ids(channel=None, reason=None, since=None, limit=10_000) == []


async def test_an_entry_is_traced_by_its_message_id_with_its_links(journal: SqliteJournal) -> None:
    await put(journal, message("m1"))
    await journal.settle(await take_one(journal), Delivered(), Facts(), Learned(messages=(link("m1", 100),)))
    (view,) = await journal.trace(whatsapp_id=WhatsAppId("m1"))
    assert [found.message for found in view.links] == [100]
    assert await journal.entry(view.id) == view


async def test_a_trace_shows_the_failed_attempts(journal: SqliteJournal) -> None:
    await put(journal, message("m1"))
    verdict = Postponed(1.0, "timeout", costs_attempt=True)
    await journal.settle(await take_one(journal), verdict, Facts(), NOTHING, Failure("PostMessage", "timeout"))
    (view,) = await journal.trace(whatsapp_id=WhatsAppId("m1"))
    assert [(failed.step, failed.cause) for failed in view.failures] == [("PostMessage", "timeout")]


async def test_of_very_many_failed_attempts_the_first_and_the_last_are_kept(journal: SqliteJournal) -> None:
    await put(journal, message("m1"))
    for number in range(50):
        failure = Failure("PostMessage", "blocked", str(number))
        await journal.settle(
            await take_one(journal), Postponed(0.0, "blocked", costs_attempt=False), Facts(), NOTHING, failure
        )
    (view,) = await journal.trace(whatsapp_id=WhatsAppId("m1"))
    assert [int(failed.text) for failed in view.failures] == [*range(20), *range(30, 50)]


async def test_a_chat_is_traced_in_all_its_forms(journal: SqliteJournal) -> None:
    await put(journal, message("m1", ANA_LID), message("m2", ANA, pairings=(PAIR,)), message("b1", BEN))
    assert [view.whatsapp_id for view in await journal.trace(chats=[ANA])] == ["m1", "m2"]
    assert [view.whatsapp_id for view in await journal.trace(chats=[ANA_LID])] == ["m1", "m2"]


async def test_a_conversation_is_traced_through_its_links(journal: SqliteJournal) -> None:
    await put(journal, message("m1"), message("b1", BEN))
    await journal.settle(
        (await take(journal))[0], Delivered(), Facts(), Learned(messages=(link("m1", 100, conversation=7),))
    )
    assert [view.whatsapp_id for view in await journal.trace(conversation=7)] == ["m1"]


async def test_a_conversation_is_traced_with_what_the_helpdesk_told_of_it(journal: SqliteJournal) -> None:
    await put(journal, message("m1"), helpdesk(Kind.HELPDESK_MESSAGE_CREATED, "55"))
    assert [view.whatsapp_id for view in await journal.trace(conversation=7)] == ["55"]


async def test_a_conversation_is_traced_with_what_waits_to_stand_in_it(journal: SqliteJournal) -> None:
    await put(journal, message("m1"), message("m2"), message("b1", BEN))
    learned = Learned(chat=ChatLink(ANA, conversation=ConversationId(7)), messages=(link("m1", 100, conversation=7),))
    await journal.settle((await take(journal))[0], Delivered(), Facts(), learned)
    assert [view.whatsapp_id for view in await journal.trace(conversation=7)] == ["m1", "m2"]


async def test_a_trace_keeps_to_its_time(journal: SqliteJournal, clock: SetClock) -> None:
    for name in ("m1", "m2", "m3"):
        await put(journal, message(name))
        clock.go(60)
    since, until = clock.now() - 130, clock.now() - 70
    assert [view.whatsapp_id for view in await journal.trace(chats=[ANA], since=since, until=until)] == ["m2"]
    assert [view.whatsapp_id for view in await journal.trace(since=since, until=until)] == ["m2"]


async def test_counts_follow_every_change(journal: SqliteJournal, clock: SetClock) -> None:
    first_at = clock.now()
    await put(journal, message("m1"), message("m2"), empty("m3"), message("b1", BEN))
    for claim in await take(journal):
        if text_of(claim) == "b1":
            await journal.settle(claim, Delivered(), Facts(), NOTHING)
    expected = Counts(CHANNEL, 1, 1, 1, 0, delivered=1, skipped=0, late=0, oldest_waiting_at=first_at)
    assert await journal.counts() == [expected]


async def test_an_open_gap_grows_and_stays_one(journal: SqliteJournal, clock: SetClock) -> None:
    at = clock.now()
    gap = await journal.open_gap(CHANNEL, GapCause.DOOR_CLOSED)
    assert await journal.open_gap(CHANNEL, GapCause.DOOR_CLOSED, since=at - 30) == gap
    await journal.close_gap(gap)
    (row,) = await journal.gaps(open_only=True)
    assert (row.opened_at, row.closed_at, row.reconciled_at) == (at - 30, at, None)


async def test_a_gap_is_listed_until_reconcile_has_looked_behind_it(journal: SqliteJournal) -> None:
    gap = await journal.open_gap(CHANNEL, GapCause.NOT_COMMITTED)
    await journal.gap_reconciled(gap)
    assert await journal.gaps(open_only=True) == []
    assert len(await journal.gaps(open_only=False)) == 1


async def test_a_gap_after_a_closed_one_is_another(journal: SqliteJournal) -> None:
    first = await journal.open_gap(CHANNEL, GapCause.DOOR_CLOSED)
    await journal.close_gap(first)
    assert await journal.open_gap(CHANNEL, GapCause.DOOR_CLOSED) != first


async def test_a_channels_many_gaps_hide_no_others_and_none_of_its_newest(
    journal: SqliteJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gaps, "GAPS_MAX", 3)
    other = ChannelName("sales")
    made = []
    for channel in (CHANNEL, CHANNEL, CHANNEL, CHANNEL, other):
        made.append(await journal.open_gap(channel, GapCause.NOT_COMMITTED))
        await journal.close_gap(made[-1])
    assert [gap.id for gap in await journal.gaps(open_only=True)] == made[1:]


async def test_bodies_too_large_are_one_gap_until_reconcile_has_looked_behind_it(
    journal: SqliteJournal, clock: SetClock
) -> None:
    made = []
    for _ in range(3):
        made.append(await journal.open_gap(CHANNEL, GapCause.TOO_LARGE))
        await journal.close_gap(made[-1])
        clock.go(60)
    (row,) = await journal.gaps(open_only=True)
    assert (row.opened_at, row.closed_at) == (clock.now() - 180, clock.now() - 60)
    await journal.gap_reconciled(row.id)
    assert await journal.open_gap(CHANNEL, GapCause.TOO_LARGE) != row.id


async def test_a_channels_last_gap_is_known_however_many_others_have(
    journal: SqliteJournal, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gaps, "GAPS_MAX", 2)
    assert await journal.last_gap_end(CHANNEL) is None
    await journal.close_gap(await journal.open_gap(CHANNEL, GapCause.GATEWAY_RESTARTED))
    ended_at = clock.now()
    clock.go(60)
    await journal.close_gap(await journal.open_gap(CHANNEL, GapCause.TOO_LARGE))
    for _ in range(3):
        await journal.close_gap(await journal.open_gap(ChannelName("other"), GapCause.GATEWAY_RESTARTED))
    assert await journal.last_gap_end(CHANNEL) == ended_at


async def test_gaps_that_were_reconciled_long_ago_go_and_open_ones_stay(
    journal: SqliteJournal, clock: SetClock
) -> None:
    gaps = [await journal.open_gap(CHANNEL, cause) for cause in (GapCause.DOOR_CLOSED, GapCause.NOT_COMMITTED)]
    for gap in gaps:
        await journal.close_gap(gap)
    await journal.gap_reconciled(gaps[-1])
    clock.go(401 * 86_400)
    await journal.prune(keep_days=30, keep_links_days=400)
    assert [row.cause for row in await journal.gaps(open_only=False)] == [GapCause.DOOR_CLOSED]


async def test_showing_that_it_can_be_written_says_nothing_of_the_door(journal: SqliteJournal) -> None:
    await journal.mark_alive(5.0)
    await journal.prove_writable()
    assert await journal.mark_alive(9.0) == 5.0


async def test_the_door_remembers_when_it_was_open_last(journal: SqliteJournal) -> None:
    assert await journal.mark_alive(5.0) is None
    assert await journal.mark_alive(9.0) == 5.0


async def test_links_written_or_confirmed_since_are_found_for_the_rescue(
    journal: SqliteJournal, clock: SetClock
) -> None:
    await put(journal, message("m1"), message("m2"))
    for name, number in (("m1", 100), ("m2", 101)):
        await journal.settle(await take_one(journal), Delivered(), Facts(), Learned(messages=(link(name, number),)))
        clock.go(60)
    found = await journal.links_posted_since(CHANNEL, clock.now() - 70, limit=10)
    assert [row.message for row in found] == [101]


async def test_an_open_pool_is_no_pause(journal: SqliteJournal) -> None:
    assert await journal.pauses() == []
    await journal.resume(INBOUND)
    assert await journal.pauses() == []


async def test_an_edit_of_a_dead_letter_is_at_hand_when_the_letter_is_retried(journal: SqliteJournal) -> None:
    entry = await die(journal, "m1")
    edit = reference(Kind.EDIT, "e1", "m1")
    await put(journal, edit)
    await journal.settle(await take_one(journal), Skipped(SkipReason.TARGET_MISSING), Facts(), NOTHING)
    await journal.retry([entry], "who")
    claim = await take_one(journal)
    assert claim.edited_by == LaterEdit(edit.envelope.source, Kind.EDIT, edit.raw)


async def test_another_senders_edit_changes_no_dead_letter(journal: SqliteJournal) -> None:
    entry = await die(journal, "m1")
    edit = reference(Kind.EDIT, "e1", "m1")
    await put(journal, replace(edit, envelope=replace(edit.envelope, sender=BEN)))
    await journal.settle(await take_one(journal), Skipped(SkipReason.TARGET_MISSING), Facts(), NOTHING)
    await journal.retry([entry], "who")
    assert (await take_one(journal)).edited_by is None


async def test_how_far_reconcile_has_looked_is_remembered_and_never_goes_back(
    journal: SqliteJournal, clock: SetClock
) -> None:
    assert await journal.looked_until(CHANNEL) is None
    for at in (clock.now() - 10, clock.now() - 20):
        await journal.mark_looked(CHANNEL, at)
    assert await journal.looked_until(CHANNEL) == clock.now() - 10


async def test_a_look_written_by_a_clock_that_ran_ahead_is_put_right(journal: SqliteJournal, clock: SetClock) -> None:
    await journal.mark_looked(CHANNEL, clock.now() + 86_400)
    await journal.mark_looked(CHANNEL, clock.now())
    assert await journal.looked_until(CHANNEL) == clock.now()


async def test_how_far_a_feed_was_kept_is_remembered_and_goes_back_only_where_it_began_anew(
    journal: SqliteJournal,
) -> None:
    assert await journal.told_through(CHANNEL) is None
    for feed, number, stands in [("a", 7, 7), ("a", 5, 7), ("a", 9, 9), ("b", 2, 2), ("b", 4, 4), ("b", 0, 0)]:
        await journal.mark_told_through(CHANNEL, feed, number)
        assert await journal.told_through(CHANNEL) == (feed, stands)


async def test_each_channel_s_feed_is_its_own(journal: SqliteJournal) -> None:
    await journal.mark_told_through(CHANNEL, "a", 7)
    assert await journal.told_through(ChannelName(f"{CHANNEL}2")) is None


UNREADABLE = Arrival(Envelope(source=Source.ENVELOPE, kind=Kind.UNREADABLE, chat=None), b"a body of tomorrow")


async def read_again(journal: SqliteJournal, envelope: Envelope) -> EntryId:
    """A dead letter that nobody could read is retried, and can be read now."""
    await put(journal, UNREADABLE)
    await journal.settle(await take_one(journal), Dead("unreadable"), Facts(), NOTHING)
    (letter,) = await journal.dead()
    await journal.retry([letter.id], "who")
    claim = await take_one(journal)
    await journal.settle(claim, Skipped(SkipReason.DUPLICATE, again=envelope), Facts(), NOTHING)
    return claim.entry


async def test_a_letter_that_can_be_read_now_comes_in_through_the_door(journal: SqliteJournal) -> None:
    old = await read_again(journal, message("m1").envelope)
    again = await take_one(journal)
    assert (again.entry != old, again.chat, again.raw) == (True, ANA, UNREADABLE.raw)
    view = await journal.entry(old)
    assert view is not None
    assert view.state == "done"


async def test_one_that_came_in_otherwise_meanwhile_does_not_come_twice(journal: SqliteJournal) -> None:
    await put(journal, message("m1"))
    await journal.settle(await take_one(journal), Delivered(), Facts(), NOTHING)
    await read_again(journal, message("m1").envelope)
    assert await take(journal) == []


async def test_one_that_can_be_read_and_not_kept_ends_dead(journal: SqliteJournal) -> None:
    too_long = replace(message("m1").envelope, id=WhatsAppId("x" * 5_000))
    await read_again(journal, too_long)
    for claim in await take(journal):
        await journal.settle(claim, Skipped(SkipReason.DUPLICATE, again=too_long), Facts(), NOTHING)
    assert [letter.reason for letter in await journal.dead()] == ["unreadable"]
    assert await take(journal) == []
