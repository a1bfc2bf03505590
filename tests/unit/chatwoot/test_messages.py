"""Contract 1.5 to 1.7."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.chatwoot.scripted import ScriptedHttp, answer, client, message, page
from unlost.chatwoot.answers import Message
from unlost.chatwoot.messages import NewMessage, body_of
from unlost.errors import TryLater
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.ids import ConversationId, HelpdeskMessageId

CHAT = ConversationId(21)
HELLO = NewMessage(text="{{ hello }}", direction="incoming", source_id="WAID:A", key="k")


def ids(*numbers: int) -> tuple[HelpdeskMessageId, ...]:
    return tuple(HelpdeskMessageId(number) for number in numbers)


async def all_above(http: ScriptedHttp, above: int) -> list[Message]:
    return [one async for shown in client(http).messages.pages_above(CHAT, above) for one in shown]


def test_an_incoming_message_says_what_the_customer_said() -> None:
    assert body_of(HELLO) == {
        "content": "{{ hello }}",
        "message_type": "incoming",
        "private": False,
        "source_id": "WAID:A",
        "content_attributes": {"unlost_key": "k"},
    }


def test_a_message_typed_on_the_phone_is_an_echo_and_past_liquid() -> None:
    body = body_of(NewMessage(text="{{ hello }}", direction="outgoing", source_id="WAID:A", key="k"))
    assert body["content"] == '{{ "{{" }} hello }}'
    assert body["content_attributes"] == {"unlost_key": "k", "external_echo": True}


def test_a_note_of_ours_is_no_echo_of_the_phone() -> None:
    body = body_of(NewMessage(text="x", direction="outgoing", source_id="WAID:A#note", key="k", private=True))
    assert body["private"] is True
    assert "external_echo" not in body["content_attributes"]


def test_what_a_message_answers_and_who_wrote_it_in_a_group_stands_beside_its_text() -> None:
    body = body_of(
        NewMessage(
            text="x",
            direction="incoming",
            source_id="s",
            key="k",
            reply_to=HelpdeskMessageId(9),
            sender=Address("5511@s.whatsapp.net"),
            forwarded=True,
            view_once=True,
        )
    )
    expected: dict[str, Any] = {"unlost_key": "k", "in_reply_to": 9, "sender": "5511@s.whatsapp.net"}
    assert body["content_attributes"] == expected | {"forwarded": True, "view_once": True}


async def test_what_was_posted_comes_back_as_it_was_saved() -> None:
    saved = await client(ScriptedHttp(answer(200, message(40)))).messages.post(CHAT, HELLO)
    assert (saved.id, saved.conversation, saved.inbox_id, saved.key) == (40, 21, 7, "k")


async def test_messages_are_paged_until_a_page_is_short() -> None:
    first = [message(number) for number in range(101, 201)]
    http = ScriptedHttp(page(*first), page(message(200), message(201)))
    assert {one.id for one in await all_above(http, 100)} == set(range(101, 202))
    assert http.asked[0] == "GET conversations/21/messages?after=100"


async def test_a_page_that_is_short_by_one_is_the_last() -> None:
    http = ScriptedHttp(page(*(message(number) for number in range(101, 200))))
    assert len(await all_above(http, 100)) == 99


async def test_pages_overlap_because_neighbours_may_stand_the_wrong_way_round_at_an_end() -> None:
    http = ScriptedHttp(page(*(message(number) for number in range(101, 201))), page())
    await all_above(http, 100)
    assert http.asked[1] == "GET conversations/21/messages?after=191"


async def test_an_endless_conversation_proves_no_absence() -> None:
    full = [page(*(message(number) for number in range(1, 101))) for _ in range(2)]
    with pytest.raises(TryLater):
        async for _ in client(ScriptedHttp(*full)).messages.pages_above(CHAT, HelpdeskMessageId(0), pages_max=2):
            pass


async def test_one_message_is_read_back_by_a_span_of_one() -> None:
    http = ScriptedHttp(page(message(31)))
    assert [one.id for one in await client(http).messages.read_back(CHAT, ids(31))] == [31]
    assert http.asked == ["GET conversations/21/messages?after=31&before=32"]


async def test_several_messages_are_read_back_in_one_call_and_the_gone_are_left_out() -> None:
    http = ScriptedHttp(page(message(31), message(32), message(35)))
    assert [one.id for one in await client(http).messages.read_back(CHAT, ids(35, 31, 33))] == [31, 35]
    assert http.asked == ["GET conversations/21/messages?after=31&before=36"]


async def test_a_crowded_span_is_read_back_in_more_calls() -> None:
    crowd = page(*(message(number) for number in range(1, 1001)))
    http = ScriptedHttp(crowd, page(message(5000)))
    assert [one.id for one in await client(http).messages.read_back(CHAT, ids(1, 5000))] == [1, 5000]


async def test_a_status_the_helpdesk_did_not_take_is_told_as_it_stands() -> None:
    http = ScriptedHttp(answer(200, message(31, status="read")))
    assert await client(http).messages.set_status(CHAT, HelpdeskMessageId(31), "delivered", "") == "read"
    assert http.body() == {"status": "delivered"}


async def test_a_reason_is_given_only_with_failed() -> None:
    http = ScriptedHttp(answer(200, message(31, status="failed")), answer(200, message(31)))
    helpdesk = client(http).messages
    await helpdesk.set_status(CHAT, HelpdeskMessageId(31), "failed", "not sent")
    await helpdesk.set_status(CHAT, HelpdeskMessageId(31), "sent", "not sent")
    assert [http.body(0), http.body(1)] == [{"status": "failed", "external_error": "not sent"}, {"status": "sent"}]


@pytest.mark.parametrize("attributes", [None, "text", [], {"unlost_key": 3}, {}])
async def test_attributes_of_any_shape_hold_no_key_of_ours(attributes: object) -> None:
    saved = await client(ScriptedHttp(answer(200, message(content_attributes=attributes)))).messages.post(CHAT, HELLO)
    assert saved.key == ""
