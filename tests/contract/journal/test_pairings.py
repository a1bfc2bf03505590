"""LID and phone number: one person, one lane, and nothing moved (hard case 11)."""

import pytest

from tests.contract.journal.building import (
    ANA,
    ANA_LID,
    BEN,
    CHANNEL,
    LOOK_UPS,
    ME,
    NOTHING,
    PAIR,
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
from unlost.errors import TryLater
from unlost.journal.rows import Claim, Learned, Settled
from unlost.journal.sqlite_journal import SqliteJournal
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.envelopes import Direction, Kind, Pairing
from unlost.vocabulary.facts import Begun, Facts
from unlost.vocabulary.ids import ContactId, ConversationId
from unlost.vocabulary.links import ChatLink, TargetState
from unlost.vocabulary.verdicts import Dead, Delivered, Parked, Postponed, SentOn, Until


async def deliver(journal: SqliteJournal, learned: Learned = NOTHING) -> str:
    claim = await take_one(journal)
    await journal.settle(claim, Delivered(), Facts(), learned)
    return text_of(claim)


async def test_two_forms_of_a_chat_are_one_lane_once_they_are_known_as_one(journal: SqliteJournal) -> None:
    await put(journal, message("m1", ANA_LID), message("m2", ANA, pairings=(PAIR,)), message("m3", ANA_LID))
    assert [await deliver(journal) for _ in range(3)] == ["m1", "m2", "m3"]


async def test_neither_form_is_handed_out_while_a_lease_is_held_in_either(journal: SqliteJournal) -> None:
    """Both were leased when the pairing was learned: the third entry waits for both."""
    await put(journal, message("m1", ANA_LID), message("m2", ANA), message("m3", ANA))
    claims = {text_of(claim): claim for claim in await take(journal)}
    assert await journal.remember(claims["m2"], Facts(), Learned(pairings=(PAIR,))) is not None
    await journal.settle(claims["m2"], Delivered(), Facts(), NOTHING)
    assert await take(journal) == []
    assert await journal.settle(claims["m1"], Delivered(), Facts(), NOTHING) is Settled.DONE
    assert text_of(await take_one(journal)) == "m3"


async def test_a_settle_that_teaches_the_pairing_of_two_leased_lanes_stands(journal: SqliteJournal) -> None:
    """Measured in an earlier draft: moving entries broke the unique index and rolled back the verdict of a posted message."""
    await put(journal, message("m1", ANA_LID), message("m2", ANA))
    first, second = await take(journal)
    assert await journal.settle(first, Delivered(), Facts(), Learned(pairings=(PAIR,))) is Settled.DONE
    assert await journal.settle(second, Delivered(), Facts(), NOTHING) is Settled.DONE


async def test_what_was_postponed_in_the_absorbed_lane_keeps_its_place(journal: SqliteJournal, clock: SetClock) -> None:
    await put(journal, message("m1", ANA_LID))
    claim = await take_one(journal)
    await journal.settle(claim, Postponed(5.0, "timeout", costs_attempt=False), Facts(), NOTHING)
    await put(journal, message("m2", ANA, pairings=(PAIR,)))
    assert await take(journal) == []
    clock.go(5)
    assert [await deliver(journal) for _ in range(2)] == ["m1", "m2"]


async def test_a_pairing_that_contradicts_a_known_one_joins_nothing(journal: SqliteJournal) -> None:
    other_phone = Pairing(lid=ANA_LID, phone=BEN)
    other_lid = Pairing(lid=Address("999999999999999@lid"), phone=ANA)
    await put(journal, message("m1", ANA, pairings=(PAIR,)), message("b1", BEN, pairings=(other_phone, other_lid)))
    await put(journal, message("x1", Address("999999999999999@lid")))
    assert sorted(text_of(claim) for claim in await take(journal)) == ["b1", "m1", "x1"]


async def test_a_contradiction_is_there_for_a_person_to_see(journal: SqliteJournal) -> None:
    await put(journal, message("m1", ANA, pairings=(PAIR, Pairing(lid=ANA_LID, phone=BEN))))
    assert [(row.lid, row.phone) for row in await journal.contradictions()] == [(ANA_LID, BEN)]


async def test_the_surviving_forms_link_wins(journal: SqliteJournal) -> None:
    await put(journal, message("m1", ANA_LID), message("m2", ANA))
    for claim in await take(journal):
        number = 1 if text_of(claim) == "m1" else 2
        written = ChatLink(claim.chat, ContactId(number), ConversationId(number))
        await journal.settle(claim, Delivered(), Facts(), Learned(chat=written))
    await put(journal, message("m3", ANA_LID, pairings=(PAIR,)))
    claim = await take_one(journal)
    assert claim.chat == ANA
    assert claim.known.chat == ChatLink(ANA, ContactId(2), ConversationId(2))


async def test_an_absorbed_forms_link_is_taken_over_where_the_survivor_has_none(journal: SqliteJournal) -> None:
    await put(journal, message("m1", ANA_LID))
    await deliver(journal, Learned(chat=ChatLink(ANA_LID, ContactId(1), ConversationId(1), name="Ana \x00")))
    await put(journal, message("m2", ANA, pairings=(PAIR,)))
    assert (await take_one(journal)).known.chat == ChatLink(ANA, ContactId(1), ConversationId(1), name="Ana \x00")


async def test_an_absorbed_forms_link_is_taken_over_beside_a_claim_on_the_survivors_row(journal: SqliteJournal) -> None:
    """Whoever claimed it may die before he has made anything; the chat is the same as before then."""
    written = ChatLink(ANA_LID, ContactId(1), ConversationId(1))
    await put(journal, message("m1", ANA_LID))
    await deliver(journal, Learned(chat=written))
    await put(journal, message("m2", ANA))
    claim = await take_one(journal)
    assert await journal.begin(claim, Facts(), Begun("CreateContact", 0.0), NOTHING) is not None
    await put(journal, message("m3", ANA_LID, pairings=(PAIR,)))
    with pytest.raises(TryLater):  # the row has what he is about to create
        await journal.begin(claim, Facts(), Begun("CreateConversation", 0.0), NOTHING)
    await journal.settle(claim, Postponed(0.0, "interrupted", costs_attempt=False), Facts(), NOTHING)
    assert (await take_one(journal)).known.chat == ChatLink(ANA, ContactId(1), ConversationId(1))


@pytest.mark.parametrize(
    ("learned", "stands"),
    [
        (ChatLink(ANA, ContactId(1), name="Ana"), ChatLink(ANA, ContactId(1), ConversationId(7), name="Ana")),
        (ChatLink(ANA, ContactId(2), name="Ana"), ChatLink(ANA, ContactId(1), ConversationId(7))),
        (ChatLink(ANA, ContactId(2), ConversationId(8)), ChatLink(ANA, ContactId(2), ConversationId(8))),
    ],
    ids=["the same contact", "another contact", "another conversation"],
)
async def test_who_knew_of_no_conversation_takes_none_away(
    journal: SqliteJournal, learned: ChatLink, stands: ChatLink
) -> None:
    await put(journal, message("m1"))
    await deliver(journal, Learned(chat=ChatLink(ANA, ContactId(1), ConversationId(7))))
    await put(journal, message("m2"))
    await deliver(journal, Learned(chat=learned))
    await put(journal, message("m3"))
    assert (await take_one(journal)).known.chat == stands


async def test_a_link_written_under_the_lid_is_found_under_the_phone(journal: SqliteJournal) -> None:
    await put(journal, message("m1", ANA_LID))
    await deliver(journal, Learned(messages=(link("m1", 100, ANA_LID),)))
    await put(journal, reference(Kind.REACTION, "r1", "m1", ANA))
    unpaired = await take_one(journal)
    assert unpaired.known.target_state is TargetState.UNKNOWN
    paired = await journal.remember(unpaired, Facts(), Learned(pairings=(PAIR,)))
    assert paired is not None
    assert [found.message for found in paired.known.target] == [100]


async def test_the_second_form_of_a_message_sees_the_firsts_link_and_the_pairing(journal: SqliteJournal) -> None:
    await put(journal, message("m1", ANA_LID))
    await deliver(journal, Learned(messages=(link("m1", 100, ANA_LID),)))
    await put(journal, message("m1", ANA, pairings=(PAIR,)))
    known = (await take_one(journal)).known
    assert [found.chat for found in known.own] == [ANA_LID]
    assert known.paired == ((ANA_LID, ANA),)


async def test_content_in_one_form_settles_a_twin_in_the_other(journal: SqliteJournal) -> None:
    await put(journal, empty("m1", ANA_LID), message("m1", ANA, pairings=(PAIR,)))
    assert await deliver(journal) == "m1"
    assert (await journal.counts())[0].parked == 0


async def test_a_pairing_learned_after_both_forms_came_settles_the_twin_with_its_content(
    journal: SqliteJournal,
) -> None:
    await put(journal, empty("m1", ANA_LID), message("m1", ANA))
    await deliver(journal, Learned(pairings=(PAIR,)))
    assert (await journal.counts())[0].skipped == 1


async def test_a_reference_parked_under_the_lid_is_released_by_its_target_under_the_phone(
    journal: SqliteJournal,
) -> None:
    await put(journal, reference(Kind.EDIT, "e1", "m1", ANA_LID))
    claim = await take_one(journal)
    await journal.settle(claim, Parked(Until.TARGET, 60.0), Facts(), NOTHING)
    await put(journal, message("m1", ANA, pairings=(PAIR,)))
    await deliver(journal, Learned(messages=(link("m1", 100),)))
    assert (await take_one(journal)).known.target_state is TargetState.LINKED


async def test_after_a_join_an_entry_that_was_begun_is_not_passed_by_the_other_lanes_head(
    journal: SqliteJournal,
) -> None:
    """Found by random histories: both were leased when the pairing came, one was begun, and their holder died."""
    await put(journal, message("m1", ANA), message("m2", ANA_LID))
    claims = {text_of(claim): claim for claim in await take(journal)}
    await journal.begin(claims["m2"], Facts(), Begun("PostMessage", 0.0), Learned(pairings=(PAIR,)))
    (me,) = [row for row in await journal.holders() if row.id == ME]
    await journal.bury(ME, beat=me.beat)
    assert text_of(await take_one(journal, holder=PEER)) == "m2"


POST = Begun("PostMessage", 0.0)


async def both_forms(journal: SqliteJournal, id: str = "m1", other: str = "m1") -> tuple[Claim, Claim]:
    """One id in two lanes that nobody has paired; both are leased."""
    await put(journal, message(id, ANA_LID), message(other, ANA))
    first, second = sorted(await take(journal), key=lambda claim: claim.entry)
    return first, second


async def test_of_a_message_in_both_forms_unpaired_the_older_entry_posts_first(journal: SqliteJournal) -> None:
    older, newer = await both_forms(journal)
    with pytest.raises(TryLater):
        await journal.begin(newer, Facts(), POST, NOTHING)
    assert await journal.begin(older, Facts(), POST, NOTHING) is not None


async def test_while_a_post_of_one_form_is_in_doubt_the_other_waits(journal: SqliteJournal) -> None:
    older, newer = await both_forms(journal)
    await journal.settle(newer, Postponed(0.0, "busy", costs_attempt=False), Facts(), NOTHING)
    begun = await journal.begin(older, Facts(), POST, NOTHING)
    assert begun is not None
    await journal.settle(begun, Postponed(20.0, "timeout", costs_attempt=False), begun.facts, NOTHING)
    with pytest.raises(TryLater):
        await journal.begin(await take_one(journal), Facts(), POST, NOTHING)


async def test_the_other_waits_for_a_post_in_doubt_where_their_lanes_were_joined_since_its_claim(
    journal: SqliteJournal,
) -> None:
    """Met by seed 1000704: what held two unpaired forms apart let go of them the moment they were known as one."""
    older, newer = await both_forms(journal)
    begun = await journal.begin(older, Facts(), POST, NOTHING)
    assert begun is not None
    await journal.settle(begun, Postponed(20.0, "timeout", costs_attempt=False), begun.facts, NOTHING)
    await put(journal, message("m2", ANA, pairings=(PAIR,)))
    with pytest.raises(TryLater):
        await journal.begin(newer, Facts(), POST, NOTHING)


async def test_nor_is_it_passed_by_who_learned_of_the_join_in_between(journal: SqliteJournal) -> None:
    older, newer = await both_forms(journal)
    begun = await journal.begin(older, Facts(), POST, NOTHING)
    assert begun is not None
    await journal.settle(begun, Postponed(20.0, "timeout", costs_attempt=False), begun.facts, NOTHING)
    taught = await journal.remember(newer, Facts(), Learned(pairings=(PAIR,)))
    assert taught is not None
    with pytest.raises(TryLater):
        await journal.begin(taught, Facts(), POST, NOTHING)


async def test_what_was_linked_since_the_claim_is_seen_before_a_post_is_begun(journal: SqliteJournal) -> None:
    older, newer = await both_forms(journal)
    await journal.settle(older, Delivered(), Facts(), Learned(messages=(link("m1", 100, ANA_LID),)))
    with pytest.raises(TryLater):
        await journal.begin(newer, Facts(), POST, NOTHING)
    await journal.give_back([newer])
    again = await take_one(journal)
    assert len(again.known.own) == 1
    assert await journal.begin(again, Facts(), POST, NOTHING) is not None


@pytest.mark.parametrize("chat", [ANA, ANA_LID], ids=["number", "lid"])
async def test_that_a_link_of_its_id_is_this_chats_is_seen_before_a_post_is_begun(
    journal: SqliteJournal, chat: Address
) -> None:
    """Unpaired and with other words it was no duplicate; the pairing came between claim and begin."""
    other = ANA_LID if chat == ANA else ANA
    await put(journal, message("m1", other))
    await deliver(journal, Learned(messages=(link("m1", 100, other),)))
    await put(journal, message("m1", chat))
    claim = await take_one(journal)
    await put(journal, message("m2", BEN, pairings=(PAIR,)))
    with pytest.raises(TryLater):
        await journal.begin(claim, Facts(), POST, NOTHING)
    await journal.give_back([claim])
    again = next(one for one in await take(journal) if text_of(one) == "m1")
    assert await journal.begin(again, Facts(), POST, NOTHING) is not None


async def test_other_messages_of_both_forms_are_posted_side_by_side(journal: SqliteJournal) -> None:
    for claim in await both_forms(journal, other="m2"):
        assert await journal.begin(claim, Facts(), POST, NOTHING) is not None


async def put_off(journal: SqliteJournal) -> None:
    await journal.settle(await take_one(journal), Postponed(5.0, "timeout", costs_attempt=False), Facts(), NOTHING)


async def late_ones(journal: SqliteJournal, clock: SetClock) -> list[tuple[str, bool]]:
    """What waits, as it is handed out, and whether it is known to come late."""
    clock.go(5)
    told = []
    while claims := await take(journal):
        (claim,) = claims
        told.append((text_of(claim), claim.known.out_of_place))
        await journal.settle(claim, Delivered(), Facts(), NOTHING)
    return told


@pytest.mark.parametrize(("waiting", "delivered"), [(ANA_LID, ANA), (ANA, ANA_LID)], ids=["lid waits", "number waits"])
@pytest.mark.parametrize(("ahead_s", "is_late"), [(5.0, True), (-5.0, False)])
async def test_what_waits_at_a_join_is_late_where_the_other_form_has_delivered_what_was_told_later(
    journal: SqliteJournal, clock: SetClock, waiting: Address, delivered: Address, ahead_s: float, is_late: bool
) -> None:
    """Found by killing: from the join on both stand in one conversation, and nothing said that they are out of order there."""
    told_at = clock.now() - 60.0
    await put(journal, message("m1", waiting, told_at=told_at))
    await put_off(journal)
    await put(journal, message("m2", delivered, told_at=told_at + ahead_s))
    await deliver(journal)
    await put(journal, message("m3", ANA, told_at=told_at + 10.0, pairings=(PAIR,)))
    assert await late_ones(journal, clock) == [("m1", is_late), ("m3", False)]


async def test_what_waits_at_a_join_is_late_where_what_was_told_later_stands_before_it(
    journal: SqliteJournal, clock: SetClock
) -> None:
    """Both wait: the union goes by place, which is that of their coming."""
    told_at = clock.now() - 60.0
    for name, chat, after_s in (("m1", ANA, 20.0), ("m2", ANA_LID, 10.0), ("m3", ANA, 30.0), ("m4", ANA_LID, 40.0)):
        clock.go(1)
        await put(journal, message(name, chat, told_at=told_at + after_s))
    await put(journal, message("m5", ANA, told_at=told_at + 50.0, pairings=(PAIR,)))
    assert await late_ones(journal, clock) == [("m1", False), ("m2", True), ("m3", False), ("m4", False), ("m5", False)]


async def test_what_waits_at_a_join_is_late_where_a_begun_one_told_later_passes_it(
    journal: SqliteJournal, clock: SetClock
) -> None:
    told_at = clock.now() - 60.0
    await put(journal, message("m1", ANA_LID, told_at=told_at))
    await put_off(journal)
    await put(journal, message("m2", ANA, told_at=told_at + 5.0))
    begun = await journal.begin(await take_one(journal), Facts(), POST, NOTHING)
    assert begun is not None
    await journal.settle(begun, Postponed(5.0, "timeout", costs_attempt=False), begun.facts, NOTHING)
    await put(journal, message("m3", ANA, told_at=told_at + 10.0, pairings=(PAIR,)))
    assert await late_ones(journal, clock) == [("m2", False), ("m1", True), ("m3", False)]


async def test_what_is_begun_at_a_join_is_late_where_a_begun_one_told_later_may_stand_already(
    journal: SqliteJournal, clock: SetClock
) -> None:
    """Seed 4219346: one waits for its contact, the other for what became of its post; the older goes first, and stands behind."""
    told_at = clock.now() - 60.0
    for name, chat, step in (("m1", ANA_LID, Begun("CreateContact", 0.0)), ("m2", ANA, POST)):
        await put(journal, message(name, chat, told_at=told_at + int(name[1:])))
        (claim,) = [one for one in await take(journal) if text_of(one) == name]
        begun = await journal.begin(claim, Facts(), step, NOTHING)
        assert begun is not None
        await journal.settle(begun, Postponed(5.0, "timeout", costs_attempt=False), begun.facts, NOTHING)
    await put(journal, message("m3", ANA, told_at=told_at + 10.0, pairings=(PAIR,)))
    assert await late_ones(journal, clock) == [("m1", True), ("m2", False), ("m3", False)]


async def test_what_a_retried_letter_in_doubt_passes_is_late(journal: SqliteJournal, clock: SetClock) -> None:
    """It was no part of the join: a dead letter keeps its doubt, and what is in doubt goes first."""
    told_at = clock.now() - 60.0
    await put(journal, message("m2", ANA_LID, told_at=told_at + 5.0))
    begun = await journal.begin(await take_one(journal), Facts(), POST, NOTHING)
    assert begun is not None
    await journal.settle(begun, Dead("the helpdesk refused the search"), begun.facts, NOTHING)
    await put(journal, message("m1", ANA, told_at=told_at))
    await put_off(journal)
    await put(journal, message("m3", ANA, told_at=told_at + 10.0, pairings=(PAIR,)))
    await journal.retry([begun.entry], "ana")
    assert await late_ones(journal, clock) == [("m2", True), ("m1", True), ("m3", False)]


async def test_of_two_that_were_kept_in_one_call_the_first_goes_first_and_is_not_late(
    journal: SqliteJournal, clock: SetClock
) -> None:
    """The second's place is behind the first's, though their lanes are two."""
    told_at = clock.now() - 60.0
    two = [message("m1", ANA_LID, told_at=told_at), message("m2", ANA, told_at=told_at + 5.0)]
    await journal.append(CHANNEL, two)
    await put(journal, message("m3", ANA, told_at=told_at + 10.0, pairings=(PAIR,)))
    assert await late_ones(journal, clock) == [("m1", False), ("m2", False), ("m3", False)]


async def test_of_many_that_were_kept_in_one_call_none_is_late_at_a_join(
    journal: SqliteJournal, clock: SetClock
) -> None:
    """As a feed brings them: the last of one lane is not before the second of the other."""
    told_at = clock.now() - 60.0
    names = [("m1", ANA_LID), ("m2", ANA_LID), ("m3", ANA_LID), ("m4", ANA)]
    await journal.append(CHANNEL, [message(name, chat, told_at=told_at + int(name[1:])) for name, chat in names])
    await put(journal, message("m5", ANA, told_at=told_at + 10.0, pairings=(PAIR,)))
    assert await late_ones(journal, clock) == [(f"m{number}", False) for number in range(1, 6)]


async def test_what_comes_late_by_a_join_stays_so_wherever_it_is_sent_on_and_is_counted_once(
    journal: SqliteJournal, clock: SetClock
) -> None:
    told_at = clock.now() - 60.0
    await put(journal, message("m1", ANA_LID, told_at=told_at))
    await put_off(journal)
    await put(journal, message("m2", ANA, told_at=told_at + 5.0))
    await deliver(journal)
    await put(journal, message("b1", BEN, pairings=(PAIR,)))
    await deliver(journal)
    clock.go(5)
    await journal.settle(await take_one(journal), SentOn(Direction.LOOK_UP), Facts(), NOTHING)
    asking = await take_one(journal, LOOK_UPS)
    assert asking.known.out_of_place
    await journal.settle(asking, SentOn(Direction.INBOUND), Facts(), NOTHING)
    assert await late_ones(journal, clock) == [("m1", True)]
    assert (await journal.counts())[0].late == 1


async def two_in_hand(journal: SqliteJournal, clock: SetClock) -> tuple[Claim, Claim]:
    told_at = clock.now() - 60.0
    await put(journal, message("m1", ANA_LID, told_at=told_at), message("m2", ANA, told_at=told_at + 5.0))
    earlier, later = sorted(await take(journal), key=lambda claim: claim.entry)
    return earlier, later


async def test_who_is_in_hand_at_a_join_knows_that_it_is_late_once_it_looks_again(
    journal: SqliteJournal, clock: SetClock
) -> None:
    earlier, later = await two_in_hand(journal, clock)
    await journal.settle(later, Delivered(), Facts(), NOTHING)
    again = await journal.remember(earlier, Facts(), Learned(pairings=(PAIR,)))
    assert again is not None
    assert again.known.out_of_place


async def test_who_is_in_hand_at_a_join_beside_what_was_told_later_looks_again_before_it_posts(
    journal: SqliteJournal, clock: SetClock
) -> None:
    """Nobody holds the later one back: it may be posted first."""
    earlier, later = await two_in_hand(journal, clock)
    await put(journal, message("m3", BEN, pairings=(PAIR,)))
    with pytest.raises(TryLater):
        await journal.begin(earlier, Facts(), POST, NOTHING)
    again = await journal.remember(earlier, Facts(), NOTHING)
    assert again is not None
    assert again.known.out_of_place
    assert await journal.begin(again, Facts(), POST, NOTHING) is not None
    assert await journal.begin(later, Facts(), POST, NOTHING) is not None


async def test_who_is_in_hand_at_a_join_is_late_too_where_what_was_told_later_stands_before_it(
    journal: SqliteJournal, clock: SetClock
) -> None:
    """Seed 4212227: put back since, it went behind m2, as its place has it. That m3 is in hand makes m1 late, in hand beside it."""
    told_at = clock.now() - 60.0
    for name, chat, after_s in (("m1", ANA, 0.0), ("m2", ANA, 20.0), ("m3", ANA_LID, 10.0)):
        clock.go(1)
        await put(journal, message(name, chat, told_at=told_at + after_s))
    for claim in await take(journal):
        await journal.remember(claim, Facts(), Learned(pairings=(PAIR,)))
        await journal.settle(claim, Postponed(5.0, "timeout", costs_attempt=False), Facts(), NOTHING)
    assert await late_ones(journal, clock) == [("m1", True), ("m2", False), ("m3", True)]


async def test_a_time_that_nobody_believes_makes_nothing_late_at_a_join(
    journal: SqliteJournal, clock: SetClock
) -> None:
    await put(journal, message("m1", ANA_LID, told_at=clock.now() - 60.0))
    await put_off(journal)
    await put(journal, message("m2", ANA, told_at=clock.now() + 10_000.0))
    await deliver(journal)
    await put(journal, message("m3", ANA, pairings=(PAIR,)))
    assert await late_ones(journal, clock) == [("m1", False), ("m3", False)]
