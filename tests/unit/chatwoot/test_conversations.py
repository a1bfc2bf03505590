"""Contract 1.4."""

from __future__ import annotations

import pytest

from tests.unit.chatwoot.scripted import ScriptedHttp, answer, client, conversation
from unlost.errors import Refused
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


INBOX = {"id": 7, "inbox_identifier": "a/b"}


async def test_typing_goes_to_the_public_api_under_the_inboxs_identifier_which_is_asked_for_once() -> None:
    http = ScriptedHttp(answer(200, INBOX), answer(200), answer(200))
    typing = client(http).typing
    await typing.show(ConversationId(2), "1@lid", is_typing=True)
    await typing.show(ConversationId(2), "1@lid", is_typing=False)
    path = "POST /public/api/v1/inboxes/a%2Fb/contacts/1%40lid/conversations/2/toggle_typing"
    assert http.asked == ["GET inboxes/7", path, path]
    assert [http.body(1), http.body(2)] == [{"typing_status": "on"}, {"typing_status": "off"}]


async def test_an_inbox_without_an_identifier_shows_no_typing() -> None:
    with pytest.raises(Refused):
        await client(ScriptedHttp(answer(200, {"id": 7}))).typing.show(ConversationId(2), "1@lid", is_typing=True)
