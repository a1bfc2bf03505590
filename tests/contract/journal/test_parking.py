"""Off the lane: empty events and references wait without holding anybody back (hard cases 7, 9)."""

from msgspec.structs import replace

from tests.contract.journal.building import (
    ANA,
    ANA_LID,
    BEN,
    GROUP,
    LOOK_UPS,
    NOTHING,
    PAIR,
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
from unlost.journal.rows import Claim, Learned
from unlost.journal.sqlite_journal import SqliteJournal
from unlost.vocabulary.envelopes import Direction, Kind
from unlost.vocabulary.facts import Begun, Facts
from unlost.vocabulary.ids import ContactId, ConversationId
from unlost.vocabulary.links import ChatLink, TargetState
from unlost.vocabulary.verdicts import Dead, Delivered, Parked, Postponed, SentOn, Skipped, SkipReason, Until

UNTIL_TARGET = Parked(Until.TARGET, 60.0)


async def deliver(journal: SqliteJournal, claim: Claim, learned: Learned = NOTHING) -> None:
    await journal.settle(claim, Delivered(), Facts(), learned)


async def park(journal: SqliteJournal) -> None:
    await journal.settle(await take_one(journal), UNTIL_TARGET, Facts(), NOTHING)


async def test_an_empty_event_waits_off_its_lane(journal: SqliteJournal, clock: SetClock) -> None:
    await put(journal, empty("m1"), message("m2"))
    assert text_of(await take_one(journal)) == "m2"
    assert (await journal.dues()).parked_at == clock.now() + 60


async def test_content_settles_the_empty_twin_that_came_before_it(journal: SqliteJournal) -> None:
    twin, _ = await put(journal, empty("m1"), message("m1"))
    view = await journal.entry(twin.entry)
    assert view is not None
    assert (view.state, view.verdict, view.reason) == ("done", "skipped", SkipReason.EMPTY_TWIN)


async def test_an_empty_twin_behind_its_content_is_settled_at_birth(journal: SqliteJournal) -> None:
    _, twin = await put(journal, message("m1"), empty("m1"))
    view = await journal.entry(twin.entry)
    assert view is not None
    assert view.reason == SkipReason.EMPTY_TWIN


async def test_content_of_any_kind_settles_the_twin(journal: SqliteJournal) -> None:
    """The first group message of a member is a reaction; its empty twin has kind `message`."""
    await put(journal, empty("r1"), reference(Kind.REACTION, "r1", "m1"))
    assert (await journal.counts())[0].parked == 0


async def test_another_members_empty_event_with_the_same_id_is_no_twin(journal: SqliteJournal) -> None:
    await put(journal, empty("m1", GROUP, sender=BEN), message("m1", GROUP, sender=ANA))
    assert (await journal.counts())[0].parked == 1


async def test_an_empty_event_does_not_shut_out_its_content(journal: SqliteJournal) -> None:
    first, second = await put(journal, empty("m1"), message("m1"))
    assert first.is_new
    assert second.is_new


async def test_noise_from_oneself_to_oneself_is_not_parked(journal: SqliteJournal) -> None:
    await put(journal, empty("m1", to_self=True))
    assert len(await take(journal)) == 1


async def test_an_empty_event_without_a_twin_comes_back_knowing_that_it_waited(
    journal: SqliteJournal, clock: SetClock
) -> None:
    await put(journal, empty("m1"))
    clock.go(60)
    assert await journal.release_due(limit=10) == 1
    assert (await take_one(journal)).facts.twin_wait_over


async def test_release_takes_no_more_than_its_limit(journal: SqliteJournal, clock: SetClock) -> None:
    await put(journal, *(empty(f"m{number}") for number in range(3)))
    clock.go(60)
    assert [await journal.release_due(limit=2) for _ in range(3)] == [2, 1, 0]


async def test_an_empty_event_sent_on_asks_beside_its_chat_and_comes_back(
    journal: SqliteJournal, clock: SetClock
) -> None:
    await put(journal, empty("m1"))
    clock.go(60)
    await journal.release_due(limit=10)
    await journal.settle(await take_one(journal), SentOn(Direction.LOOK_UP), Facts(twin_wait_over=True), NOTHING)
    await put(journal, message("m2"))
    assert text_of(await take_one(journal)) == "m2"
    asking = await take_one(journal, LOOK_UPS)
    assert (asking.chat, asking.facts.twin_wait_over) == (ANA, True)
    await journal.settle(asking, SentOn(Direction.INBOUND), Facts(storage_asked=True), NOTHING)
    assert await take(journal, LOOK_UPS) == []


async def test_a_reference_re_enters_right_behind_its_target(journal: SqliteJournal) -> None:
    await put(journal, reference(Kind.EDIT, "e1", "m1"))
    await park(journal)
    await put(journal, message("m1"), message("m2"))
    await deliver(journal, await take_one(journal), Learned(messages=(link("m1", 100),)))
    edit = await take_one(journal)
    assert edit.kind is Kind.EDIT
    assert [target.message for target in edit.known.target] == [100]
    await deliver(journal, edit)
    assert text_of(await take_one(journal)) == "m2"


async def test_several_references_re_enter_as_they_were_told(journal: SqliteJournal, clock: SetClock) -> None:
    at = clock.now()
    await put(journal, reference(Kind.REVOKE, "x", "m1", told_at=at - 1))
    await park(journal)
    await put(journal, reference(Kind.EDIT, "e", "m1", told_at=at - 2))
    await park(journal)
    await put(journal, message("m1", told_at=at))
    await deliver(journal, await take_one(journal), Learned(messages=(link("m1", 100),)))
    kinds = []
    for _ in range(2):
        claim = await take_one(journal)
        kinds.append(claim.kind)
        await deliver(journal, claim)
    assert kinds == [Kind.EDIT, Kind.REVOKE]


async def test_a_reference_does_not_pass_an_entry_that_was_begun(journal: SqliteJournal, clock: SetClock) -> None:
    """The target stands in a place that has passed; between it and the lane's end a post was begun."""
    await put(journal, reference(Kind.EDIT, "e1", "m1", told_at=clock.now()))
    await park(journal)
    await put(journal, message("m1"), message("m2"))
    target = await take_one(journal)
    await journal.settle(target, SentOn(Direction.LOOK_UP), Facts(), NOTHING)
    head = await take_one(journal)
    begun = await journal.begin(head, Facts(), Begun("PostMessage", 0.0), NOTHING)
    assert begun is not None
    await journal.settle(begun, Postponed(0.0, "timeout", costs_attempt=False), begun.facts, NOTHING)
    elsewhere = await take_one(journal, LOOK_UPS)
    await deliver(journal, elsewhere, Learned(messages=(link("m1", 100),)))
    assert text_of(await take_one(journal)) == "m2"


async def test_a_reference_of_another_chat_is_not_released(journal: SqliteJournal) -> None:
    await put(journal, reference(Kind.EDIT, "e1", "m1", BEN))
    await park(journal)
    await put(journal, message("m1", ANA))
    await deliver(journal, await take_one(journal), Learned(messages=(link("m1", 100),)))
    assert await take(journal) == []


async def test_a_target_that_ends_dead_releases_what_waits_for_it(journal: SqliteJournal) -> None:
    await put(journal, reference(Kind.EDIT, "e1", "m1"))
    await park(journal)
    await put(journal, message("m1"))
    await journal.settle(await take_one(journal), Dead("refused"), Facts(), NOTHING)
    assert (await take_one(journal)).known.target_state is TargetState.DEAD


async def test_a_target_that_is_skipped_releases_what_waits_for_it(journal: SqliteJournal) -> None:
    await put(journal, reference(Kind.EDIT, "e1", "m1"))
    await park(journal)
    await put(journal, message("m1"))
    await journal.settle(await take_one(journal), Skipped(SkipReason.IGNORED), Facts(), NOTHING)
    assert (await take_one(journal)).known.target_state is TargetState.SETTLED


async def test_a_waiting_target_is_known_as_pending(journal: SqliteJournal) -> None:
    await put(journal, reference(Kind.EDIT, "e1", "m1"), message("m1"))
    claim = await take_one(journal)
    assert (claim.kind, claim.known.target_state) == (Kind.EDIT, TargetState.PENDING)


async def test_a_target_linked_between_claim_and_parking_releases_at_once(journal: SqliteJournal) -> None:
    """The message was delivered under its LID meanwhile; the pairing came with its settle: nothing else would wake the edit."""

    await put(journal, reference(Kind.EDIT, "e1", "m1", ANA), message("m1", ANA_LID))
    claims = {claim.kind: claim for claim in await take(journal)}
    await deliver(journal, claims[Kind.MESSAGE], Learned(messages=(link("m1", 100, ANA_LID),), pairings=(PAIR,)))
    await journal.settle(claims[Kind.EDIT], UNTIL_TARGET, Facts(), NOTHING)
    assert (await take_one(journal)).known.target_state is TargetState.LINKED


async def test_a_reference_whose_target_never_comes_comes_back_knowing_that_it_waited(
    journal: SqliteJournal, clock: SetClock
) -> None:
    await put(journal, reference(Kind.EDIT, "e1", "m1"))
    await park(journal)
    clock.go(60)
    await journal.release_due(limit=10)
    assert (await take_one(journal)).facts.target_wait_over


async def test_parking_is_counted_from_arrival(journal: SqliteJournal, clock: SetClock) -> None:
    await put(journal, reference(Kind.EDIT, "e1", "m1"))
    arrived_at = clock.now()
    clock.go(45)
    await park(journal)
    assert (await journal.dues()).parked_at == arrived_at + 60


async def revoked(journal: SqliteJournal) -> bool:
    return (await take_one(journal)).known.is_revoked


async def test_a_deletion_that_ended_without_its_message_is_told_with_the_message(
    journal: SqliteJournal, clock: SetClock
) -> None:
    await put(journal, reference(Kind.REVOKE, "r1", "m1"))
    await journal.settle(await take_one(journal), Skipped(SkipReason.TARGET_MISSING), Facts(), NOTHING)
    await put(journal, message("m1"))
    assert await revoked(journal)


async def test_a_deletion_that_still_waits_says_nothing_yet(journal: SqliteJournal) -> None:
    await put(journal, reference(Kind.REVOKE, "r1", "m1"))
    await park(journal)
    await put(journal, message("m1"))
    assert not await revoked(journal)


async def test_another_s_deletion_of_the_same_id_says_nothing(journal: SqliteJournal) -> None:
    await put(journal, reference(Kind.REVOKE, "r1", "m1", BEN))
    await journal.settle(await take_one(journal), Skipped(SkipReason.TARGET_MISSING), Facts(), NOTHING)
    await put(journal, message("m1"))
    assert not await revoked(journal)


async def test_another_member_s_deletion_of_the_same_id_says_nothing_in_a_group_either(journal: SqliteJournal) -> None:
    told = reference(Kind.REVOKE, "r1", "m1", GROUP)
    await put(journal, replace(told, envelope=replace(told.envelope, sender=BEN)))
    await journal.settle(await take_one(journal), Skipped(SkipReason.TARGET_MISSING), Facts(), NOTHING)
    await put(journal, message("m1", GROUP, sender=ANA))
    assert not await revoked(journal)


async def test_a_deletion_told_under_the_lid_is_the_phone_s(journal: SqliteJournal) -> None:
    await put(journal, reference(Kind.REVOKE, "r1", "m1", ANA_LID))
    await journal.settle(await take_one(journal), Skipped(SkipReason.TARGET_MISSING), Facts(), NOTHING)
    await put(journal, message("m1", pairings=(PAIR,)))
    assert await revoked(journal)


async def skipped_under_its_lid(journal: SqliteJournal, told_at: float) -> None:
    """m1 stands under its chat's number, and was told under the chat's LID too; nothing has paired the two."""
    await put(journal, message("m1", ANA, told_at=told_at))
    stands = replace(link("m1", 100, ANA), told_at=told_at)
    await deliver(
        journal,
        await take_one(journal),
        Learned(chat=ChatLink(ANA, ContactId(5), ConversationId(7)), messages=(stands,)),
    )
    await put(journal, message("m1", ANA_LID, told_at=told_at))
    await journal.settle(await take_one(journal), Skipped(SkipReason.DUPLICATE), Facts(), NOTHING)


async def test_a_reference_under_the_form_that_was_left_out_as_duplicate_finds_what_stands(
    journal: SqliteJournal, clock: SetClock
) -> None:
    await skipped_under_its_lid(journal, clock.now())
    await put(journal, reference(Kind.REVOKE, "r1", "m1", ANA_LID))
    known = (await take_one(journal)).known
    assert [one.message for one in known.target] == [100]
    assert (known.target_state, known.chat) == (TargetState.LINKED, ChatLink(ANA, ContactId(5), ConversationId(7)))


LID_S = ChatLink(ANA_LID, ContactId(6), ConversationId(12))


async def test_where_the_place_under_its_own_form_is_gone_it_makes_its_own_anew(
    journal: SqliteJournal, clock: SetClock
) -> None:
    """Taking the other form's instead it would be told for ever, at full speed, that its own row has news."""
    await put(journal, message("m0", ANA_LID))
    await deliver(journal, await take_one(journal), Learned(chat=LID_S))
    await skipped_under_its_lid(journal, clock.now())
    await put(journal, reference(Kind.REACTION, "r1", "m1", ANA_LID))
    claim = await take_one(journal)
    assert claim.known.chat == LID_S
    healed = await journal.remember(claim, Facts(healed=True), Learned(forget_conversation=True))
    assert healed is not None
    assert healed.known.chat == replace(LID_S, conversation=None)
    assert await journal.begin(healed, healed.facts, Begun("CreateContact", 0.0), NOTHING) is not None


async def test_where_the_other_form_has_no_place_either_its_own_contact_is_known(
    journal: SqliteJournal, clock: SetClock
) -> None:
    own = replace(LID_S, conversation=None)
    await put(journal, message("m0", ANA_LID))
    await deliver(journal, await take_one(journal), Learned(chat=own))
    await skipped_under_its_lid(journal, clock.now())
    await put(journal, reference(Kind.REACTION, "r1", "m1", ANA_LID))
    await journal.forget([ANA])
    claim = await take_one(journal)
    assert (claim.known.target_state, claim.known.chat) == (TargetState.LINKED, own)


async def test_two_messages_that_a_duplicate_may_have_been_are_neither_s_target(
    journal: SqliteJournal, clock: SetClock
) -> None:
    """An id is its sender's choice: who copies one must not have another's reference meant for it."""
    await put(journal, message("m1", BEN, told_at=clock.now()))
    copied = replace(link("m1", 101, BEN), told_at=clock.now())
    await deliver(journal, await take_one(journal), Learned(messages=(copied,)))
    await skipped_under_its_lid(journal, clock.now())
    await put(journal, reference(Kind.REVOKE, "r1", "m1", ANA_LID))
    known = (await take_one(journal)).known
    assert (known.target, known.target_state) == ((), TargetState.SETTLED)


async def test_a_reference_under_a_form_in_which_its_target_never_came_finds_nothing(
    journal: SqliteJournal, clock: SetClock
) -> None:
    await put(journal, message("m1", ANA, told_at=clock.now()))
    stands = replace(link("m1", 100, ANA), told_at=clock.now())
    await deliver(journal, await take_one(journal), Learned(messages=(stands,)))
    await put(journal, reference(Kind.REVOKE, "r1", "m1", ANA_LID))
    assert (await take_one(journal)).known.target_state is TargetState.UNKNOWN
