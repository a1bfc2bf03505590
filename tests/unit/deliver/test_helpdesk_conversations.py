"""Which facts the steps about conversations set."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.unit.chatwoot.scripted import answer, contact, conversation
from tests.unit.deliver.helpdesk import begun, scripted
from unlost.errors import Blocked, Unsure
from unlost.journal.rows import Learned
from unlost.transport import Answer
from unlost.vocabulary.facts import Begun, Facts
from unlost.vocabulary.ids import ContactId, ConversationId, HelpdeskMessageId
from unlost.vocabulary.steps import CloseTwin, CreateConversation, FindConversation, FindEmptyTwins, MarkSeen

ANA = ContactId(11)
FIND = FindConversation(ANA)
BY_MARKER = FindConversation(ANA, "m")
IN_ANY = FindConversation(ANA, resolved_too=True)
NEWER = [{"id": 1_000, "message_type": 0}]
CREATE = CreateConversation(ANA, "jid", "m")
MARKED = {"custom_attributes": {"unlost_key": "m"}}


def listed(*rows: dict[str, object]) -> Answer:
    return answer(200, {"payload": list(rows)})


async def test_the_newest_unresolved_conversation_goes_on() -> None:
    said = listed(conversation(1, status="resolved"), conversation(2, status="snoozed"), conversation(3))
    facts, _ = await scripted(said).to_helpdesk.perform(FIND, Facts())
    assert facts == Facts(conversation=ConversationId(2), conversations_searched=True)


async def test_a_resolved_one_goes_on_where_no_other_is_left() -> None:
    said = listed(conversation(1, inbox_id=8), conversation(2, status="resolved"))
    facts, _ = await scripted(said).to_helpdesk.perform(FIND, Facts())
    assert facts.conversation == 2


async def test_a_resolved_one_stays_so_where_each_matter_has_its_own() -> None:
    facts, _ = await scripted(listed(conversation(2, status="resolved")), reopen=False).to_helpdesk.perform(
        FIND, Facts()
    )
    assert facts == Facts(conversations_searched=True)


async def test_a_search_in_doubt_looks_into_a_resolved_one_too() -> None:
    said = listed(conversation(2, status="resolved", messages=NEWER))
    facts, _ = await scripted(said, reopen=False).to_helpdesk.perform(IN_ANY, begun("PostMessage"))
    assert (facts.conversation, facts.may_stand_in, facts.begun is None) == (2, (2,), False)


async def test_a_search_in_doubt_looks_into_all_that_show_a_message_above_or_none_and_goes_on_where_something_stands() -> (
    None
):
    older = [{"id": 1, "message_type": 0}]
    said = listed(
        conversation(4),
        conversation(3, messages=NEWER),
        conversation(2, messages=NEWER),
        conversation(1, messages=older),
    )
    facts, _ = await scripted(said).to_helpdesk.perform(IN_ANY, begun("PostMessage"))
    assert (facts.conversation, facts.may_stand_in) == (3, (3, 4, 2))


OTHER_FORM = replace(IN_ANY, other_sources=("lid",))


async def test_whoever_has_the_same_persons_other_form_may_hold_the_post_too() -> None:
    """Told under both before anybody knew that they are one; the chat itself goes on with its own contact."""
    own, others = listed(conversation(2, messages=NEWER)), listed(conversation(3, messages=NEWER))
    facts, _ = await scripted(own, answer(200, contact(12)), others).to_helpdesk.perform(
        OTHER_FORM, begun("PostMessage")
    )
    assert (facts.conversation, facts.may_stand_in) == (2, (2, 3))


@pytest.mark.parametrize(("is_source_searched", "places"), [(True, (3,)), (False, None)])
async def test_where_the_chat_s_own_contact_has_no_conversation_that_one_s_are_searched_alone(
    is_source_searched: bool, places: tuple[int, ...] | None
) -> None:
    """Once it is known who has the source_id: the journal that is gone may have gone on with him."""
    others = listed(conversation(3, messages=NEWER))
    doubt = replace(begun("PostMessage"), contact_by_source_searched=is_source_searched)
    facts, _ = await scripted(listed(), answer(200, contact(12)), others).to_helpdesk.perform(OTHER_FORM, doubt)
    assert (facts.conversation, facts.may_stand_in, facts.begun is None) == (None, places, False)


@pytest.mark.parametrize("owner", [answer(404), answer(200, contact(11))])
async def test_where_nobody_else_has_it_nothing_more_is_searched(owner: Answer) -> None:
    own = listed(conversation(2, messages=NEWER))
    facts, _ = await scripted(own, owner).to_helpdesk.perform(OTHER_FORM, begun("PostMessage"))
    assert facts.may_stand_in == (2,)


async def test_an_other_contact_that_an_agent_deleted_meanwhile_has_no_conversations() -> None:
    own = listed(conversation(2, messages=NEWER))
    said = (own, answer(200, contact(12)), answer(404), answer(200, {"id": 5}), answer(200, {"id": 7}))
    facts, _ = await scripted(*said).to_helpdesk.perform(OTHER_FORM, begun("PostMessage"))
    assert facts.may_stand_in == (2,)


async def test_where_all_that_may_hold_a_post_were_searched_it_is_absent() -> None:
    said = listed(conversation(2, messages=NEWER))
    doubt = replace(begun("PostMessage"), not_in=(ConversationId(2),))
    facts, _ = await scripted(said).to_helpdesk.perform(IN_ANY, doubt)
    assert (facts.begun, facts.absences, facts.not_in) == (None, 1, ())


async def test_and_may_come_still_into_what_was_searched() -> None:
    """Its request stood in the helpdesk's queue for longer than its limit (seed 4223852): sweeps look there."""
    intent = Begun("PostMessage", at=1.0, high_water=HelpdeskMessageId(60), by_gone_journal=True)
    doubt = Facts(begun=intent, not_in=(ConversationId(2),))
    facts, _ = await scripted(listed(conversation(2, messages=NEWER))).to_helpdesk.perform(IN_ANY, doubt)
    assert (facts.absences, facts.reposted_above, facts.absent_from, facts.gone_reposted) == (1, 60, (2,), True)


async def test_where_nothing_is_listed_a_named_conversation_that_was_searched_is_the_last_word() -> None:
    intent = Begun("PostMessage", at=1.0, conversation=ConversationId(2))
    doubt = Facts(begun=intent, not_in=(ConversationId(2),))
    facts, _ = await scripted(listed()).to_helpdesk.perform(IN_ANY, doubt)
    assert (facts.begun, facts.absences) == (None, 1)


async def test_where_there_is_no_conversation_no_post_stands_that_names_none() -> None:
    doubt = replace(begun("PostMessage"), contact_by_source_searched=True)
    facts, _ = await scripted(listed()).to_helpdesk.perform(FIND, doubt)
    assert (facts.begun, facts.absences) == (None, 1)


async def test_but_it_may_stand_with_another_contact_until_it_is_known_who_has_the_source_id() -> None:
    facts, _ = await scripted(listed()).to_helpdesk.perform(IN_ANY, begun("PostMessage"))
    assert (facts.begun is None, facts.absences, facts.conversations_searched) == (False, 0, True)


async def test_the_listing_teaches_the_highest_message_id_it_shows() -> None:
    said = listed(conversation(1, messages=[{"id": 70, "message_type": 0}]), conversation(2, messages=[{"id": 90}]))
    _, learned = await scripted(said).to_helpdesk.perform(FIND, Facts())
    assert learned == Learned(high_water=HelpdeskMessageId(90))


async def test_with_a_marker_only_the_one_made_under_it_is_found() -> None:
    said = listed(conversation(1), conversation(2, **MARKED))
    facts, _ = await scripted(said).to_helpdesk.perform(BY_MARKER, begun("CreateConversation"))
    assert (facts.conversation, facts.begun, facts.absences) == (2, None, 0)


async def test_a_marker_that_is_not_there_settles_the_doubt_and_counts() -> None:
    facts, _ = await scripted(listed(conversation(1))).to_helpdesk.perform(BY_MARKER, begun("CreateConversation", 60))
    assert (facts.conversation, facts.begun, facts.absences) == (None, None, 1)
    assert facts.conversation_reposted_above == 60


async def test_a_search_without_doubt_counts_no_absence() -> None:
    facts, _ = await scripted(listed()).to_helpdesk.perform(FIND, Facts())
    assert (facts.absences, facts.conversation_reposted_above) == (0, None)


@pytest.mark.parametrize(("rows", "above"), [((), 60), ((conversation(1),), None)], ids=["none", "one"])
async def test_where_there_is_none_the_journal_that_is_gone_may_have_begun_one_that_comes_late(
    rows: tuple[dict[str, object], ...], above: int | None
) -> None:
    """Its request ran after our search (seed 4201859): sweeps look for the twin."""
    intent = Begun("PostMessage", at=1.0, high_water=HelpdeskMessageId(60), by_gone_journal=True)
    facts, _ = await scripted(listed(*rows)).to_helpdesk.perform(IN_ANY, Facts(begun=intent))
    assert facts.conversation_reposted_above == above


async def test_a_created_conversation_is_no_longer_begun_and_has_the_policys_status() -> None:
    desk = scripted(answer(200, conversation(5, **MARKED)), new_status="pending")
    facts, _ = await desk.to_helpdesk.perform(CREATE, begun("CreateConversation"))
    assert facts == Facts(conversation=ConversationId(5))
    assert desk.http.body()["status"] == "pending"


async def test_a_conversation_made_in_another_inbox_blocks_the_channel() -> None:
    with pytest.raises(Blocked):
        await scripted(answer(200, conversation(5, inbox_id=8))).to_helpdesk.perform(
            CREATE, begun("CreateConversation")
        )


async def test_a_source_id_of_anothers_is_looked_for_before_it_counts_as_refused() -> None:
    said = answer(422, {"error": "source_id should be unique"})
    with pytest.raises(Unsure) as caught:
        await scripted(said).to_helpdesk.perform(CREATE, begun("CreateConversation"))
    assert caught.value.status == 422


async def test_twins_are_empty_marked_open_and_not_the_one_to_keep() -> None:
    told = {"messages": [{"id": 9, "message_type": 0}]}
    said = listed(
        conversation(1, **MARKED),
        conversation(2, **MARKED),
        conversation(3, **MARKED, **told),
        conversation(4, **MARKED, status="resolved"),
        conversation(5),
    )
    facts, _ = await scripted(said).to_helpdesk.perform(FindEmptyTwins(ANA, "m", ConversationId(1)), Facts())
    assert facts == Facts(empty_twins=(ConversationId(2),))


async def test_a_twin_is_labelled_and_then_resolved() -> None:
    desk = scripted(answer(200, {}), answer(200, {}))
    facts, _ = await desk.to_helpdesk.perform(CloseTwin(ConversationId(2)), Facts(closed_twins=(ConversationId(1),)))
    assert facts.closed_twins == (1, 2)
    assert desk.http.asked == ["POST conversations/2/labels", "POST conversations/2/toggle_status"]


async def test_a_twin_that_is_gone_is_closed() -> None:
    facts, _ = await scripted(answer(404)).to_helpdesk.perform(CloseTwin(ConversationId(2)), Facts())
    assert facts.closed_twins == (2,)


async def test_what_the_phone_has_read_is_seen() -> None:
    facts, _ = await scripted(answer(200, {})).to_helpdesk.perform(MarkSeen(ConversationId(2)), Facts())
    assert facts == Facts(marked_seen=True)
