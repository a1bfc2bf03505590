"""Contract 1.4: what the client relies on about conversations."""

from __future__ import annotations

import pytest

from tests.contract.chatwoot_client.conftest import JID, Helpdesk
from unlost.chatwoot.messages import NewMessage
from unlost.errors import Refused, Unsure
from unlost.vocabulary.facts import Begun, Facts
from unlost.vocabulary.ids import ContactId, ConversationId
from unlost.vocabulary.steps import (
    AddAttributes,
    CloseTwin,
    CreateConversation,
    FindConversation,
    FindEmptyTwins,
    ShowTyping,
)

HELLO = NewMessage("hello", "incoming", "WAID:A", "k")


@pytest.fixture
async def ana(desk: Helpdesk) -> ContactId:
    made = await desk.client.contacts.create(source_id=JID, identifier=JID, name="Ana", phone="")
    return made.id


async def test_a_created_conversation_is_found_again_by_its_marker(desk: Helpdesk, ana: ContactId) -> None:
    made, _ = await desk.delivery.perform(CreateConversation(ana, JID, "m"), Facts())
    await desk.delivery.perform(CreateConversation(ana, JID, "other"), Facts())
    found, _ = await desk.delivery.perform(FindConversation(ana, "m"), Facts())
    assert found.conversation == made.conversation


async def test_a_conversation_made_behind_a_lost_answer_is_found_by_its_marker(desk: Helpdesk, ana: ContactId) -> None:
    await desk.befall("commit_break", "/conversations", method="POST")
    with pytest.raises(Unsure):
        await desk.delivery.perform(CreateConversation(ana, JID, "m"), Facts())
    facts = Facts(begun=Begun("CreateConversation", at=1.0))
    found, _ = await desk.delivery.perform(FindConversation(ana, "m"), facts)
    assert found.conversation is not None
    assert (found.begun, found.absences) == (None, 0)


async def test_a_conversation_that_was_never_made_is_not_found(desk: Helpdesk, ana: ContactId) -> None:
    await desk.befall("lose", "/conversations", method="POST")
    with pytest.raises(Unsure):
        await desk.delivery.perform(CreateConversation(ana, JID, "m"), Facts())
    facts = Facts(begun=Begun("CreateConversation", at=1.0))
    found, _ = await desk.delivery.perform(FindConversation(ana, "m"), facts)
    assert (found.conversation, found.absences) == (None, 1)


async def test_a_source_id_of_anothers_contact_makes_no_conversation(desk: Helpdesk, ana: ContactId) -> None:
    other = await desk.client.contacts.create(source_id="other", identifier="other", name="Bia", phone="")
    with pytest.raises(Unsure) as caught:
        await desk.client.conversations.create(other.id, JID, marker="m", status="open")
    assert caught.value.status == 422
    assert await desk.client.conversations.of_contact(other.id) == ()


@pytest.mark.parametrize("status", ["open", "pending"])
async def test_a_conversation_has_the_status_it_was_made_with(desk: Helpdesk, ana: ContactId, status: str) -> None:
    assert (await desk.client.conversations.create(ana, JID, marker="m", status=status)).status == status


async def test_an_agent_started_conversation_is_found_though_its_source_id_is_no_jid(desk: Helpdesk) -> None:
    made = await desk.see("POST", "contacts", {"name": "Ana", "identifier": JID, "inbox_id": 1, "source_id": "uuid"})
    contact = ContactId(made["payload"]["contact"]["id"])
    begun = await desk.see("POST", "conversations", {"source_id": "uuid", "inbox_id": 1, "contact_id": contact})
    found, _ = await desk.delivery.perform(FindConversation(contact), Facts())
    assert found.conversation == begun["id"]


async def test_an_incoming_message_reopens_what_was_resolved(desk: Helpdesk, ana: ContactId) -> None:
    made = await desk.client.conversations.create(ana, JID, marker="m", status="open")
    await desk.client.conversations.set_status(made.id, "resolved")
    await desk.client.messages.post(made.id, HELLO)
    assert (await desk.see("GET", f"conversations/{made.id}"))["status"] == "open"


async def test_the_listing_tells_the_newest_message_so_a_search_need_not_begin_at_zero(
    desk: Helpdesk, ana: ContactId
) -> None:
    made = await desk.client.conversations.create(ana, JID, marker="m", status="open")
    posted = await desk.client.messages.post(made.id, HELLO)
    _, learned = await desk.delivery.perform(FindConversation(ana), Facts())
    assert learned.high_water == posted.id


async def test_an_empty_late_twin_is_found_closed_and_not_found_again(desk: Helpdesk, ana: ContactId) -> None:
    kept = await desk.client.conversations.create(ana, JID, marker="m", status="open")
    twin = await desk.client.conversations.create(ana, JID, marker="m", status="open")
    used = await desk.client.conversations.create(ana, JID, marker="m", status="open")
    await desk.client.messages.post(used.id, HELLO)
    search = FindEmptyTwins(ana, "m", kept.id)
    facts, _ = await desk.delivery.perform(search, Facts())
    assert facts.empty_twins == (twin.id,)
    await desk.delivery.perform(CloseTwin(twin.id), facts)
    again, _ = await desk.delivery.perform(search, Facts())
    assert again.empty_twins == ()
    assert (await desk.see("GET", f"conversations/{twin.id}"))["labels"] == ["late-twin"]


async def test_a_twin_that_an_agent_deleted_is_closed(desk: Helpdesk) -> None:
    facts, _ = await desk.delivery.perform(CloseTwin(ConversationId(999)), Facts())
    assert facts.closed_twins == (999,)


async def test_what_the_phone_has_read_is_seen_by_agents(desk: Helpdesk, ana: ContactId) -> None:
    made = await desk.client.conversations.create(ana, JID, marker="m", status="open")
    await desk.client.messages.post(made.id, HELLO)
    await desk.client.conversations.mark_seen(made.id)
    assert (await desk.see("GET", f"conversations/{made.id}"))["unread_count"] == 0


async def test_attributes_are_added_beside_our_marker_and_what_agents_wrote(desk: Helpdesk, ana: ContactId) -> None:
    made, _ = await desk.delivery.perform(CreateConversation(ana, JID, "m"), Facts())
    assert made.conversation is not None
    before = await desk.client.conversations.attributes(made.conversation)
    await desk.client.conversations.set_attributes(made.conversation, {**before, "plan": "gold"})
    step = AddAttributes(made.conversation, (("referral_ref", "r"),))
    facts, _ = await desk.delivery.perform(step, Facts())
    assert facts == Facts(attributes_added=True)
    shown = await desk.client.conversations.attributes(made.conversation)
    assert shown == {"unlost_key": "m", "plan": "gold", "referral_ref": "r"}
    found, _ = await desk.delivery.perform(FindConversation(ana, "m"), Facts())
    assert found.conversation == made.conversation


async def test_a_customer_s_typing_is_shown_where_he_is_known_by_that_source_id(desk: Helpdesk, ana: ContactId) -> None:
    made, _ = await desk.delivery.perform(CreateConversation(ana, JID, "m"), Facts())
    assert made.conversation is not None
    facts, _ = await desk.delivery.perform(ShowTyping(made.conversation, JID, is_typing=True), Facts())
    assert facts == Facts(typing_shown=True)
    with pytest.raises(Refused):
        await desk.delivery.perform(ShowTyping(made.conversation, "other", is_typing=True), Facts())
