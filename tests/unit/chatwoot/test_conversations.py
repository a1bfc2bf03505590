"""Contract 1.4."""

from __future__ import annotations

from tests.unit.chatwoot.scripted import ScriptedHttp, answer, client, conversation
from unlost.vocabulary.ids import ContactId, ConversationId


async def test_a_contacts_conversations_in_other_inboxes_are_not_ours() -> None:
    http = ScriptedHttp(answer(200, {"payload": [conversation(1, inbox_id=8), conversation(2)]}))
    assert [one.id for one in await client(http).conversations.of_contact(ContactId(11))] == [2]


async def test_a_conversation_is_created_with_all_three_names_its_marker_and_its_status() -> None:
    http = ScriptedHttp(answer(200, conversation(22)))
    await client(http).conversations.create(ContactId(11), "jid", marker="m", status="pending")
    assert http.body() == {
        "source_id": "jid",
        "inbox_id": 7,
        "contact_id": 11,
        "status": "pending",
        "custom_attributes": {"unlost_key": "m"},
    }


async def test_a_conversation_with_nothing_but_activity_is_empty() -> None:
    rows = [
        conversation(1, messages=[]),
        conversation(2, messages=[{"id": 5, "message_type": 2}]),
        conversation(3, messages=[{"id": 6, "message_type": 0}]),
    ]
    http = ScriptedHttp(answer(200, {"payload": rows}))
    found = await client(http).conversations.of_contact(ContactId(11))
    assert [(one.is_empty, one.newest) for one in found] == [(True, 0), (True, 5), (False, 6)]


async def test_closing_and_labelling_and_seeing_are_calls_of_their_own() -> None:
    http = ScriptedHttp(answer(200, {}), answer(200, {}), answer(200, {}))
    helpdesk = client(http).conversations
    await helpdesk.set_status(ConversationId(2), "resolved")
    await helpdesk.set_labels(ConversationId(2), ("twin",))
    await helpdesk.mark_seen(ConversationId(2))
    assert http.asked == [
        "POST conversations/2/toggle_status",
        "POST conversations/2/labels",
        "POST conversations/2/update_last_seen",
    ]
