"""Contract 1.5 to 1.7 and 4: what the client relies on about messages; each sentence of 1.6 that exactly-once stands on."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from msgspec.structs import replace

from tests.contract.chatwoot_client.conftest import JID, Helpdesk
from unlost.chatwoot.answers import Message
from unlost.chatwoot.messages import NewMessage
from unlost.errors import Refused, TryLater, Unsure
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.facts import Begun, Facts
from unlost.vocabulary.ids import ConversationId, HelpdeskMessageId
from unlost.vocabulary.links import Part
from unlost.vocabulary.steps import DeleteMessage, FindMessage, PostMessage, ReadStatuses, SetStatus

HELLO = NewMessage("hello", "incoming", "WAID:A", "k")


@pytest.fixture
async def chat(desk: Helpdesk) -> ConversationId:
    contact = await desk.client.contacts.create(source_id=JID, identifier=JID, name="Ana", phone="")
    return (await desk.client.conversations.create(contact.id, JID, marker="m", status="open")).id


def post_in(chat: ConversationId) -> PostMessage:
    return PostMessage(chat, "hello", Part.TEXT, "WAID:A", "k")


def search_in(chat: ConversationId, above: int = 0) -> FindMessage:
    return FindMessage(chat, "WAID:A", "k", HelpdeskMessageId(above), "hello", "incoming")


IN_DOUBT = Facts(begun=Begun("PostMessage", at=1.0))


async def seen(desk: Helpdesk, chat: ConversationId) -> list[Message]:
    return [one async for page in desk.client.messages.pages_above(chat, HelpdeskMessageId(0)) for one in page]


async def shown(desk: Helpdesk, chat: ConversationId) -> list[Any]:
    return list((await desk.see("GET", f"conversations/{chat}/messages"))["payload"])


async def test_our_own_keys_beside_the_text_survive(desk: Helpdesk, chat: ConversationId) -> None:
    message = replace(HELLO, sender=Address("5511@s.whatsapp.net"), forwarded=True)
    await desk.client.messages.post(chat, message)
    attributes = (await shown(desk, chat))[0]["content_attributes"]
    assert attributes["unlost_key"] == "k"
    assert (attributes["sender"], attributes["forwarded"]) == ("5511@s.whatsapp.net", True)


async def test_the_same_source_id_posted_twice_stands_twice(desk: Helpdesk, chat: ConversationId) -> None:
    """Chatwoot has no idempotency: only the search before a repeat keeps a message single."""
    first = await desk.client.messages.post(chat, HELLO)
    second = await desk.client.messages.post(chat, HELLO)
    assert second.id > first.id
    facts, _ = await desk.delivery.perform(search_in(chat), Facts())
    assert facts.copies == (first.id, second.id)


async def test_a_quote_by_number_points_at_its_message(desk: Helpdesk, chat: ConversationId) -> None:
    first = await desk.client.messages.post(chat, HELLO)
    await desk.client.messages.post(chat, replace(HELLO, source_id="WAID:B", reply_to=first.id))
    assert (await shown(desk, chat))[1]["content_attributes"]["in_reply_to"] == first.id


@pytest.mark.parametrize(
    "text", ["{{ contact.name }}", "a {% if x %}b{% endif %}", "`{{ x }}` and {{ x }}", "{", "{{{{", "}} {%"]
)
@pytest.mark.parametrize("private", [False, True])
async def test_what_the_phone_typed_is_what_agents_read(
    desk: Helpdesk, chat: ConversationId, text: str, private: bool
) -> None:
    await desk.client.messages.post(chat, replace(HELLO, text=text, direction="outgoing", private=private))
    assert (await shown(desk, chat))[0]["content"] == text


async def test_a_customers_braces_are_left_alone(desk: Helpdesk, chat: ConversationId) -> None:
    await desk.client.messages.post(chat, replace(HELLO, text="{{ contact.name }}"))
    assert (await shown(desk, chat))[0]["content"] == "{{ contact.name }}"


@pytest.mark.parametrize("fault", ["commit_answer", "commit_break"])
@pytest.mark.parametrize("status", [422, 500, 502])
async def test_a_post_that_failed_after_its_commit_is_unsure_and_found(
    desk: Helpdesk, chat: ConversationId, fault: str, status: int
) -> None:
    await desk.befall(fault, "/messages", method="POST", status=status)
    with pytest.raises(Unsure):
        await desk.delivery.perform(post_in(chat), IN_DOUBT)
    facts, _ = await desk.delivery.perform(search_in(chat), IN_DOUBT)
    assert facts.posted == (await seen(desk, chat))[0].id
    assert (facts.begun, facts.absences) == (None, 0)


async def test_a_post_that_was_lost_is_unsure_and_absent(desk: Helpdesk, chat: ConversationId) -> None:
    await desk.befall("lose", "/messages", method="POST")
    with pytest.raises(Unsure):
        await desk.delivery.perform(post_in(chat), IN_DOUBT)
    facts, _ = await desk.delivery.perform(search_in(chat), IN_DOUBT)
    assert (facts.posted, facts.begun, facts.absences) == (None, None, 1)


async def test_a_post_nobody_waited_for_is_unsure_and_runs_all_the_same(desk: Helpdesk, chat: ConversationId) -> None:
    await desk.befall("commit_hang", "/messages", method="POST")
    with pytest.raises(Unsure) as caught:
        await desk.other_client(call_timeout_s=0.2).messages.post(chat, HELLO)
    assert caught.value.cause == "timeout"
    assert len(await seen(desk, chat)) == 1


async def test_a_copy_that_came_after_the_search_is_there_for_the_sweep(desk: Helpdesk, chat: ConversationId) -> None:
    """The residual hole of contract 1.6, step 4: a request that waited before Puma runs after the look-up."""
    await desk.befall("queue", "/messages", method="POST", wait_s=0.5)
    with pytest.raises(Unsure):
        await desk.other_client(call_timeout_s=0.1).messages.post(chat, HELLO)
    absent, _ = await desk.delivery.perform(search_in(chat), IN_DOUBT)
    assert absent.posted is None
    kept = await desk.client.messages.post(chat, HELLO)
    while len(await seen(desk, chat)) < 2:
        await asyncio.sleep(0.02)  # until the late request has run; the test's time-out bounds it
    swept, _ = await desk.delivery.perform(replace(search_in(chat), text=""), Facts())
    late = [copy for copy in swept.copies or () if copy != kept.id]
    await desk.delivery.perform(DeleteMessage(chat, late[0]), Facts())
    again, _ = await desk.delivery.perform(replace(search_in(chat), text=""), Facts())
    assert again.copies == (kept.id,)


async def test_a_deletion_leaves_a_stub_with_its_source_id_and_without_our_key(
    desk: Helpdesk, chat: ConversationId
) -> None:
    posted = await desk.client.messages.post(chat, HELLO)
    await desk.client.messages.delete(chat, posted.id)
    [stub] = await seen(desk, chat)
    assert (stub.id, stub.source_id, stub.key, stub.deleted) == (posted.id, "WAID:A", "", True)


async def test_a_deletion_of_what_is_not_there_is_done(desk: Helpdesk, chat: ConversationId) -> None:
    facts, _ = await desk.delivery.perform(DeleteMessage(chat, HelpdeskMessageId(999)), Facts())
    assert facts.deleted == (999,)


async def test_a_status_may_go_anywhere_but_from_read_to_delivered_and_200_says_so(
    desk: Helpdesk, chat: ConversationId
) -> None:
    posted = await desk.client.messages.post(chat, HELLO)
    asked = ["read", "delivered", "sent", "failed", "delivered", "unheard-of"]
    answered = [await desk.client.messages.set_status(chat, posted.id, status, "why") for status in asked]
    assert answered == ["read", "read", "sent", "failed", "delivered", "delivered"]


async def test_a_reason_stays_only_while_the_message_is_failed(desk: Helpdesk, chat: ConversationId) -> None:
    posted = await desk.client.messages.post(chat, HELLO)
    await desk.delivery.perform(SetStatus(chat, posted.id, "failed", "not sent"), Facts())
    failed = (await shown(desk, chat))[0]["content_attributes"]["external_error"]
    await desk.delivery.perform(SetStatus(chat, posted.id, "sent"), Facts())
    mended = (await shown(desk, chat))[0]["content_attributes"]["external_error"]
    assert (failed, mended) == ("not sent", None)


async def test_statuses_are_read_back_by_id(desk: Helpdesk, chat: ConversationId) -> None:
    first = await desk.client.messages.post(chat, HELLO)
    await desk.client.messages.post(chat, HELLO)
    third = await desk.client.messages.post(chat, HELLO)
    await desk.client.messages.set_status(chat, third.id, "read", "")
    gone = HelpdeskMessageId(third.id + 5)
    facts, _ = await desk.delivery.perform(ReadStatuses(chat, (third.id, first.id, gone)), Facts())
    assert facts.statuses == ((first.id, "sent"), (third.id, "read"))


async def test_a_conversation_is_searched_to_its_end_over_pages_of_a_hundred(
    desk: Helpdesk, chat: ConversationId
) -> None:
    for number in range(120):
        await desk.see("POST", f"conversations/{chat}/messages", {"content": "x", "source_id": f"other-{number}"})
    last = await desk.client.messages.post(chat, HELLO)
    facts, learned = await desk.delivery.perform(search_in(chat), IN_DOUBT)
    assert (facts.posted, learned.high_water) == (last.id, last.id)


async def test_a_flooded_conversation_takes_no_post_no_mark_and_no_deletion(
    desk: Helpdesk, chat: ConversationId
) -> None:
    posted = await desk.client.messages.post(chat, HELLO)
    for number in range(199):
        await desk.see("POST", f"conversations/{chat}/messages", {"content": str(number)})
    for refused in (
        lambda: desk.other_client().messages.post(chat, HELLO),
        lambda: desk.other_client().messages.set_status(chat, posted.id, "read", ""),
        lambda: desk.other_client().messages.delete(chat, posted.id),
    ):
        with pytest.raises(TryLater) as caught:
            await refused()
        assert caught.value.cause == "flood"


async def test_a_text_beyond_the_limit_is_not_saved(desk: Helpdesk, chat: ConversationId) -> None:
    with pytest.raises(Unsure) as caught:
        await desk.client.messages.post(chat, replace(HELLO, text="x" * 150_001))
    assert caught.value.status == 422
    assert await seen(desk, chat) == []


async def test_a_text_at_the_limit_is_saved(desk: Helpdesk, chat: ConversationId) -> None:
    posted = await desk.client.messages.post(chat, replace(HELLO, text="😀" * 150_000))
    assert len(posted.text) == 150_000


async def test_hostile_text_is_saved_as_far_as_a_database_can(desk: Helpdesk, chat: ConversationId) -> None:
    posted = await desk.client.messages.post(chat, replace(HELLO, text="a\0b\ud800\u202ec"))
    assert posted.text == "a\ufffdb\ufffd\u202ec"


async def test_a_message_of_another_forwarder_with_our_source_id_is_heard_of(
    desk: Helpdesk, chat: ConversationId
) -> None:
    body = {"content": "hello", "message_type": "incoming", "source_id": "WAID:A"}
    made = await desk.see("POST", f"conversations/{chat}/messages", body)
    facts, _ = await desk.delivery.perform(search_in(chat), IN_DOUBT)
    assert facts.posted == made["id"]
    assert desk.heard == ["second_forwarder"]


async def test_a_conversation_that_is_gone_is_the_entrys_own_refusal(desk: Helpdesk) -> None:
    with pytest.raises(Refused) as caught:
        await desk.delivery.perform(post_in(ConversationId(999)), IN_DOUBT)
    assert caught.value.status == 404
