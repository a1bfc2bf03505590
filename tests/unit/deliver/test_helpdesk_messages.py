"""Which facts the steps about messages set (contract 1.6, design section 4, hard cases 3(d), 16)."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from tests.unit.chatwoot.scripted import answer, message, page
from tests.unit.deliver.helpdesk import begun, scripted
from unlost.errors import Blocked, Refused, TryLater, Unsure
from unlost.journal.rows import Learned
from unlost.transport import TransportFailed
from unlost.vocabulary.facts import Facts
from unlost.vocabulary.ids import ConversationId, HelpdeskMessageId
from unlost.vocabulary.links import Part
from unlost.vocabulary.steps import (
    DeleteMessage,
    FindMessage,
    LookForDeleted,
    PostMessage,
    ReadStatuses,
    SetStatus,
    TellSecondForwarder,
)

CHAT = ConversationId(21)
POST = PostMessage(CHAT, "hello", Part.TEXT, "WAID:A", "k")
FIND = FindMessage(CHAT, "WAID:A", "k", HelpdeskMessageId(100), "hello", "incoming")
SWEEP = replace(FIND, text="")
DELETE = DeleteMessage(CHAT, HelpdeskMessageId(110))
OUR_TOKEN_OPENS = (answer(200, {"id": 5}), answer(200, {"id": 7}))


def ids(*numbers: int) -> tuple[HelpdeskMessageId, ...]:
    return tuple(HelpdeskMessageId(number) for number in numbers)


def copy(number: int, **fields: Any) -> dict[str, Any]:
    return message(number, **fields)


def keyless(number: int, **fields: Any) -> dict[str, Any]:
    return message(number, content_attributes={}, **fields)


def stub(number: int) -> dict[str, Any]:
    return message(number, content="This message was deleted", content_attributes={"deleted": True})


async def found(*rows: dict[str, Any], step: FindMessage = FIND, facts: Facts | None = None) -> Facts:
    before = begun("PostMessage") if facts is None else facts
    return (await scripted(page(*rows)).to_helpdesk.perform(step, before))[0]


async def test_a_post_is_no_longer_begun_and_teaches_its_id() -> None:
    facts, learned = await scripted(answer(200, message(101))).to_helpdesk.perform(POST, begun("PostMessage", 100))
    assert facts == Facts(posted=HelpdeskMessageId(101), posted_in=CHAT)
    assert learned == Learned(high_water=HelpdeskMessageId(101))


@pytest.mark.parametrize("number", [99, 100])
async def test_an_id_that_is_not_above_the_intents_high_water_blocks_the_channel(number: int) -> None:
    with pytest.raises(Blocked):
        await scripted(answer(200, message(number))).to_helpdesk.perform(POST, begun("PostMessage", 100))


@pytest.mark.parametrize("elsewhere", [{"conversation_id": 22}, {"inbox_id": 8}])
async def test_a_message_put_elsewhere_than_asked_for_blocks_the_channel(elsewhere: dict[str, int]) -> None:
    with pytest.raises(Blocked):
        await scripted(answer(200, message(101, **elsewhere))).to_helpdesk.perform(POST, begun("PostMessage"))


async def test_a_text_that_the_helpdesk_changed_is_heard_of() -> None:
    desk = scripted(answer(200, message(101, content="hel")))
    await desk.to_helpdesk.perform(POST, begun("PostMessage"))
    assert desk.heard == ["text_changed"]


async def test_a_text_that_is_kept_is_not_heard_of() -> None:
    desk = scripted(answer(200, message(101)))
    await desk.to_helpdesk.perform(POST, begun("PostMessage"))
    assert desk.heard == []


async def test_a_text_that_only_lost_its_nul_is_not_heard_of() -> None:
    desk = scripted(answer(200, message(101, content="a\ufffdb")))
    await desk.to_helpdesk.perform(replace(POST, text="a\0b"), begun("PostMessage"))
    assert desk.heard == []


async def test_a_post_in_doubt_that_is_found_stands() -> None:
    facts = await found(message(101, source_id=None, content_attributes={}), copy(102))
    assert (facts.posted, facts.begun, facts.copies, facts.absences) == (102, None, (102,), 0)


async def test_of_several_copies_the_oldest_is_adopted() -> None:
    facts = await found(copy(105), copy(103), copy(110))
    assert (facts.posted, facts.posted_in, facts.copies) == (103, CHAT, (103, 105, 110))


async def test_a_post_in_doubt_that_is_not_found_counts_and_remembers_where_it_began() -> None:
    facts = await found(message(101, source_id="WAID:B"))
    assert facts == Facts(copies=(), absences=1, reposted_above=HelpdeskMessageId(100), absent_from=(CHAT,))


async def test_the_first_intents_high_water_is_kept_through_later_ones() -> None:
    before = replace(begun("PostMessage", 200), reposted_above=HelpdeskMessageId(50), absences=1)
    facts = await found(facts=before)
    assert (facts.reposted_above, facts.absences) == (50, 2)


async def test_every_conversation_in_which_it_was_not_found_is_remembered_once() -> None:
    before = replace(begun("PostMessage"), absent_from=(CHAT, ConversationId(9)))
    assert (await found(facts=before)).absent_from == (9, CHAT)


def by_gone(facts: Facts) -> Facts:
    assert facts.begun is not None
    return replace(facts, begun=replace(facts.begun, by_gone_journal=True))


async def test_what_a_journal_that_is_gone_may_have_posted_is_in_doubt_until_all_its_places_are_known() -> None:
    facts = await found(facts=by_gone(begun("PostMessage")))
    assert (facts.begun is None, facts.absences, facts.not_in, facts.absent_from) == (False, 0, (CHAT,), ())


async def test_and_searched() -> None:
    other = ConversationId(9)
    doubt = replace(by_gone(begun("PostMessage")), may_stand_in=(other, CHAT), not_in=(other,))
    facts = await found(facts=doubt)
    assert (facts.begun, facts.absences, facts.may_stand_in, facts.not_in) == (None, 1, None, ())
    assert facts.absent_from == (other, CHAT)


async def test_one_of_several_places_that_is_gone_leaves_the_others_to_be_searched() -> None:
    other = ConversationId(9)
    doubt = replace(by_gone(begun("PostMessage")), may_stand_in=(CHAT, other))
    facts, _ = await scripted(answer(404), *OUR_TOKEN_OPENS).to_helpdesk.perform(FIND, doubt)
    assert (facts.begun is None, facts.not_in) == (False, (CHAT,))


async def test_a_place_that_our_token_does_not_open_is_not_gone() -> None:
    doubt = replace(by_gone(begun("PostMessage")), may_stand_in=(CHAT,))
    with pytest.raises(Blocked):
        await scripted(*[answer(404)] * 3).to_helpdesk.perform(FIND, doubt)


async def test_of_our_own_post_a_place_that_is_gone_is_for_the_interpreter() -> None:
    with pytest.raises(Refused):
        await scripted(answer(404), *OUR_TOKEN_OPENS).to_helpdesk.perform(FIND, begun("PostMessage"))


async def test_a_message_of_another_intent_with_our_source_id_is_not_ours() -> None:
    facts = await found(copy(101, content_attributes={"unlost_key": "other"}))
    assert facts.posted is None


OTHERS = {"content_attributes": {"unlost_key": "other"}}
OF_ANY_KEY = replace(FIND, any_key=True)
OURS = {"content_attributes": {"unlost_key": "of another pairing"}, "content": "in other words"}


@pytest.mark.parametrize(
    ("other", "copies"),
    [(OURS, ids(101, 102)), ({**OURS, "message_type": 1}, ids(101)), ({"content_attributes": {}}, ids(101))],
    ids=["ours", "of the other direction", "without a key"],
)
async def test_where_an_id_is_one_message_ours_is_a_copy_under_any_key_and_in_any_words(
    other: dict[str, Any], copies: tuple[HelpdeskMessageId, ...]
) -> None:
    facts = await found(copy(101), copy(102, **other), step=replace(SWEEP, any_text=True), facts=Facts())
    assert facts.copies == copies


async def test_a_journal_that_is_gone_may_have_named_it_otherwise_then_the_text_decides() -> None:
    assert (await found(copy(101, **OTHERS), step=OF_ANY_KEY)).posted == 101
    assert (await found(copy(101, content="else", **OTHERS), step=OF_ANY_KEY)).posted is None
    or_late = replace(OF_ANY_KEY, late_text="Sent earlier\nhello")
    assert (await found(copy(101, content="Sent earlier\nhello", **OTHERS), step=or_late)).posted == 101


async def test_without_a_word_a_file_under_the_same_id_is_what_a_journal_that_is_gone_posted() -> None:
    wordless = replace(OF_ANY_KEY, text="", late_text="Sent earlier")
    photo = {"id": 5, "file_type": "image", "data_url": "http://desk/5"}
    assert (await found(copy(101, content=None, attachments=[photo], **OTHERS), step=wordless)).posted == 101
    assert (await found(copy(101, content="else", attachments=[photo], **OTHERS), step=wordless)).posted is None
    assert (await found(copy(101, content=None, **OTHERS), step=wordless)).posted is None


async def test_what_had_no_content_is_the_twin_of_whatever_stands_under_another_key() -> None:
    facts = await found(copy(101, content="else", **OTHERS), step=replace(OF_ANY_KEY, any_words=True))
    assert (facts.content_stands, facts.posted, facts.begun, facts.absences) == (True, None, None, 0)


async def test_a_copy_without_any_key_is_adopted_where_direction_and_text_agree() -> None:
    assert (await found(keyless(101))).posted == 101


async def test_where_it_was_adopted_ours_may_still_come_and_is_swept() -> None:
    assert (await found(keyless(101))).reposted_above == 100
    assert (await found(copy(101))).reposted_above is None


@pytest.mark.parametrize("difference", [{"message_type": 1}, {"content": "hello!"}])
async def test_a_copy_without_any_key_is_left_where_they_do_not(difference: dict[str, Any]) -> None:
    assert (await found(keyless(101, **difference))).posted is None


async def test_our_own_copy_is_adopted_though_another_programs_stands_before_it() -> None:
    facts = await found(keyless(101), copy(105))
    assert (facts.posted, facts.copies) == (105, (105,))


async def test_a_sweep_never_takes_a_copy_without_our_key() -> None:
    facts = await found(keyless(101), copy(102), step=SWEEP, facts=Facts())
    assert facts.copies == (102,)


async def test_a_sweep_takes_no_foreign_message_without_text_either() -> None:
    facts = await found(keyless(101, content=None), step=SWEEP, facts=Facts())
    assert facts.copies == ()


async def test_a_sweep_that_finds_nothing_counts_no_absence() -> None:
    facts = await found(step=SWEEP, facts=Facts())
    assert facts == Facts(copies=())


async def test_a_message_with_our_source_id_and_no_key_means_a_second_forwarder() -> None:
    desk = scripted(page(keyless(101), keyless(102)))
    await desk.to_helpdesk.perform(FIND, begun("PostMessage"))
    assert desk.heard == ["second_forwarder"]


async def test_what_an_agent_deleted_means_no_second_forwarder() -> None:
    desk = scripted(page(stub(101)))
    await desk.to_helpdesk.perform(FIND, begun("PostMessage"))
    assert desk.heard == []


async def test_a_post_in_doubt_that_an_agent_deleted_meanwhile_is_not_posted_again() -> None:
    facts = await found(stub(101))
    assert (facts.posted, facts.begun, facts.copies) == (101, None, ())


async def test_a_standing_copy_comes_before_a_deleted_one() -> None:
    assert (await found(stub(101), copy(102))).posted == 102


async def test_a_search_teaches_the_highest_id_it_saw() -> None:
    _, learned = await scripted(page(copy(101), message(140, source_id=None))).to_helpdesk.perform(
        FIND, begun("PostMessage")
    )
    assert learned.high_water == 140


async def test_a_search_settles_a_deletion_in_doubt_and_counts_no_absence() -> None:
    for rows in ([copy(105)], []):
        facts = await found(*rows, step=SWEEP, facts=begun("DeleteMessage"))
        assert (facts.begun, facts.absences, facts.reposted_above) == (None, 0, None)


async def test_a_search_that_breaks_off_teaches_nothing() -> None:
    desk = scripted(page(*(copy(number) for number in range(101, 201))), TransportFailed("broken", nothing_sent=False))
    with pytest.raises(TryLater):
        await desk.to_helpdesk.perform(FIND, begun("PostMessage"))


async def test_a_deletion_is_no_longer_begun() -> None:
    facts, _ = await scripted(answer(200, {})).to_helpdesk.perform(DELETE, begun("DeleteMessage"))
    assert facts == Facts(deleted=ids(110))


async def test_a_message_that_is_gone_is_deleted() -> None:
    desk = scripted(answer(404))
    facts, _ = await desk.to_helpdesk.perform(DELETE, begun("DeleteMessage"))
    assert facts.deleted == (110,)
    assert len(desk.http.calls) == 1


LOOK = LookForDeleted(CHAT, HelpdeskMessageId(110))


@pytest.mark.parametrize("rows", [[stub(110)], []], ids=["stub", "nothing"])
async def test_a_deletion_in_doubt_was_done_where_the_message_is_gone(rows: list[dict[str, Any]]) -> None:
    facts, _ = await scripted(page(*rows)).to_helpdesk.perform(LOOK, begun("DeleteMessage"))
    assert facts == Facts(deleted=ids(110))


async def test_a_deletion_in_doubt_whose_message_stands_costs_an_attempt() -> None:
    facts, _ = await scripted(page(copy(110))).to_helpdesk.perform(LOOK, begun("DeleteMessage"))
    assert facts == Facts(absences=1)


async def test_statuses_are_those_of_what_stands() -> None:
    said = page(message(101, status="failed"), message(103, status="read"))
    facts, _ = await scripted(said).to_helpdesk.perform(ReadStatuses(CHAT, ids(101, 102, 103)), Facts())
    assert facts.statuses == ((101, "failed"), (103, "read"))


async def test_what_is_confirmed_is_what_stands_now() -> None:
    desk = scripted(answer(200, message(101, status="read")))
    facts, learned = await desk.to_helpdesk.perform(SetStatus(CHAT, HelpdeskMessageId(101), "delivered"), Facts())
    assert facts.patched == (101,)
    assert learned.confirmed == ((101, "read"),)


@pytest.mark.parametrize("status", [401, 403, 404])
async def test_a_refusal_is_the_entrys_own_where_the_token_still_opens_the_inbox(status: int) -> None:
    desk = scripted(answer(status), answer(200, {"id": 1}), answer(200, {"id": 7}))
    with pytest.raises(Refused) as caught:
        await desk.to_helpdesk.perform(POST, begun("PostMessage"))
    assert caught.value.status == status


@pytest.mark.parametrize("status", [401, 403, 404])
async def test_a_refusal_blocks_the_channel_where_the_token_does_not(status: int) -> None:
    desk = scripted(answer(status), answer(200, {"id": 1}), answer(404))
    with pytest.raises(Blocked) as caught:
        await desk.to_helpdesk.perform(POST, begun("PostMessage"))
    assert caught.value.status == status


async def test_a_refusal_that_cannot_be_told_apart_now_waits_because_nothing_was_done() -> None:
    with pytest.raises(TryLater):
        await scripted(answer(401), answer(502)).to_helpdesk.perform(POST, begun("PostMessage"))


async def test_a_422_is_looked_up_first_and_probes_nothing() -> None:
    desk = scripted(answer(422, {"error": "x"}))
    with pytest.raises(Unsure):
        await desk.to_helpdesk.perform(POST, begun("PostMessage"))
    assert len(desk.http.calls) == 1


async def test_a_second_forwarder_is_heard_of_without_a_call() -> None:
    helpdesk = scripted()
    facts, _ = await helpdesk.to_helpdesk.perform(TellSecondForwarder(), Facts())
    assert (facts, helpdesk.heard) == (Facts(forwarder_told=True), ["second_forwarder"])
