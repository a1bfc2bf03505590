"""Contract 1.5 and 5: files are posted in one form with everything a message has, under the same rules of once."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from msgspec.structs import replace

from tests.contract.chatwoot_client.conftest import JID, PNG, Helpdesk
from unlost.errors import Refused, Unsure
from unlost.transport import Call
from unlost.vocabulary.attachments import SPOOL_MISSING, InlineFile, SpooledFile
from unlost.vocabulary.facts import Begun, Facts
from unlost.vocabulary.ids import ConversationId, HelpdeskMessageId
from unlost.vocabulary.links import Part
from unlost.vocabulary.steps import FindMessage, PostMessage

SPOOLED = "0123456789abcdef-0"
PHOTO = SpooledFile(SPOOLED, "Foto März.png", "image/png", len(PNG))
CARD = InlineFile("Ana.vcf", "text/vcard", b"BEGIN:VCARD\nEND:VCARD")
IN_DOUBT = Facts(begun=Begun("PostMessage", at=1.0))


@pytest.fixture
async def chat(desk: Helpdesk) -> ConversationId:
    contact = await desk.client.contacts.create(source_id=JID, identifier=JID, name="Ana", phone="")
    with desk.shelf.begin(SPOOLED) as spooling:
        spooling.write(PNG)
        await spooling.keep()
    return (await desk.client.conversations.create(contact.id, JID, marker="m", status="open")).id


def post_in(chat: ConversationId, text: str = "olá", **more: Any) -> PostMessage:
    return replace(PostMessage(chat, text, Part.TEXT, "WAID:A", "k", files=(PHOTO,)), **more)


def search_in(chat: ConversationId) -> FindMessage:
    return FindMessage(chat, "WAID:A", "k", HelpdeskMessageId(0), "olá", "incoming")


async def shown(desk: Helpdesk, chat: ConversationId) -> list[Any]:
    return list((await desk.see("GET", f"conversations/{chat}/messages?after=0"))["payload"])


async def bytes_of(desk: Helpdesk, attachment: dict[str, Any]) -> bytes:
    """Behind its redirect, as a browser follows it; this desk does not know its own address."""
    told = await desk.http.send(Call("GET", desk.url + urlsplit(attachment["data_url"]).path, 10))
    return (await desk.http.send(Call("GET", desk.url + urlsplit(told.headers["location"]).path, 10))).body


async def test_a_file_stands_with_its_text_name_and_type(desk: Helpdesk, chat: ConversationId) -> None:
    facts, _ = await desk.delivery.perform(post_in(chat), Facts())
    (message,) = await shown(desk, chat)
    (attachment,) = message["attachments"]
    assert (message["content"], message["source_id"], message["message_type"]) == ("olá", "WAID:A", 0)
    assert (attachment["file_type"], attachment["file_size"]) == ("image", len(PNG))
    assert attachment["data_url"].endswith(quote("Foto März.png"))
    assert await bytes_of(desk, attachment) == PNG
    assert (facts.posted, facts.file_stands) == (message["id"], True)


async def test_what_stands_beside_a_text_stands_beside_a_file(desk: Helpdesk, chat: ConversationId) -> None:
    first = await desk.delivery.perform(post_in(chat, source_id="WAID:0", files=()), Facts())
    await desk.delivery.perform(post_in(chat, reply_to=first[0].posted, forwarded=True, late=True), Facts())
    attributes = (await shown(desk, chat))[1]["content_attributes"]
    assert attributes["unlost_key"] == "k"
    assert attributes["in_reply_to"] == first[0].posted
    assert (attributes["forwarded"], attributes["unlost_late"]) == (True, True)


async def test_a_file_needs_no_words(desk: Helpdesk, chat: ConversationId) -> None:
    await desk.delivery.perform(post_in(chat, ""), Facts())
    (message,) = await shown(desk, chat)
    assert not message["content"]
    assert len(message["attachments"]) == 1


async def test_what_the_phone_sent_is_outgoing_and_no_template(desk: Helpdesk, chat: ConversationId) -> None:
    await desk.delivery.perform(post_in(chat, "{{ contact.name }}", direction="outgoing"), Facts())
    (message,) = await shown(desk, chat)
    assert (message["content"], message["message_type"]) == ("{{ contact.name }}", 1)
    assert message["content_attributes"]["external_echo"] is True


async def test_a_private_note_with_a_file_stays_private(desk: Helpdesk, chat: ConversationId) -> None:
    await desk.delivery.perform(post_in(chat, direction="outgoing", private=True), Facts())
    assert (await shown(desk, chat))[0]["private"] is True


async def test_bytes_that_came_with_the_webhook_go_as_a_file_too(desk: Helpdesk, chat: ConversationId) -> None:
    await desk.delivery.perform(post_in(chat, files=(CARD, PHOTO)), Facts())
    card, photo = (await shown(desk, chat))[0]["attachments"]
    assert await bytes_of(desk, card) == CARD.content
    assert (card["data_url"].endswith("Ana.vcf"), photo["file_type"]) == (True, "image")


async def test_a_post_whose_answer_was_lost_is_found_with_its_file(desk: Helpdesk, chat: ConversationId) -> None:
    await desk.befall("commit_break", f"/api/v1/accounts/1/conversations/{chat}/messages")
    with pytest.raises(Unsure):
        await desk.delivery.perform(post_in(chat), IN_DOUBT)
    facts, _ = await desk.delivery.perform(search_in(chat), IN_DOUBT)
    (message,) = await shown(desk, chat)
    assert (facts.posted, facts.file_stands) == (message["id"], True)


async def test_a_copy_without_the_file_does_not_count_as_having_it(desk: Helpdesk, chat: ConversationId) -> None:
    await desk.delivery.perform(post_in(chat, files=()), Facts())
    facts, _ = await desk.delivery.perform(search_in(chat), IN_DOUBT)
    assert (facts.posted is not None, facts.file_stands) == (True, False)


async def test_under_what_an_agent_deleted_no_file_follows(desk: Helpdesk, chat: ConversationId) -> None:
    posted, _ = await desk.delivery.perform(post_in(chat, files=()), Facts())
    assert posted.posted is not None
    await desk.client.messages.delete(chat, posted.posted)
    facts, _ = await desk.delivery.perform(search_in(chat), IN_DOUBT)
    assert (facts.posted, facts.file_stands) == (posted.posted, True)


async def test_a_file_that_is_not_in_the_spool_is_not_posted_without(desk: Helpdesk, chat: ConversationId) -> None:
    desk.shelf.drop(SPOOLED)
    with pytest.raises(Refused) as refused:
        await desk.delivery.perform(post_in(chat), Facts())
    assert refused.value.fields == (SPOOL_MISSING,)
    assert await shown(desk, chat) == []


async def test_a_line_that_says_why_there_is_none_settles_the_file(desk: Helpdesk, chat: ConversationId) -> None:
    facts, _ = await desk.delivery.perform(post_in(chat, files=(), settles_file=True), Facts())
    assert facts.file_stands
