"""What every call has in common."""

from __future__ import annotations

import pytest

from tests.unit.chatwoot.scripted import OpenTurns, ScriptedHttp, answer, client, contact, message, page
from unlost.chatwoot.messages import NewMessage
from unlost.errors import Refused, TryLater, Unsure
from unlost.transport import TransportFailed
from unlost.vocabulary.ids import ConversationId, HelpdeskMessageId

HELLO = NewMessage(text="hello", direction="incoming", source_id="WAID:A", key="k")
CHAT = ConversationId(21)


async def test_the_token_travels_in_the_spelling_no_proxy_drops() -> None:
    http = ScriptedHttp(page())
    await client(http).messages.read_back(CHAT, [HelpdeskMessageId(31)])
    assert http.calls[0].headers["api-access-token"] == "secret-token"


async def test_the_url_keeps_the_sub_path_the_helpdesk_lives_under() -> None:
    http = ScriptedHttp(answer(200, {"version": "4.16.2"}))
    await client(http).probe_host()
    assert http.calls[0].url == "http://127.0.0.1:1/sub/api"


async def test_a_once_only_call_has_the_whole_time_out() -> None:
    http = ScriptedHttp(answer(200, message()))
    await client(http).messages.post(CHAT, HELLO)
    assert http.calls[0].timeout_s == 20


async def test_a_repeatable_call_waits_for_its_turn() -> None:
    turns = OpenTurns()
    await client(ScriptedHttp(answer(200, contact())), turns).contacts.by_source("s")
    assert turns.taken == 1


async def test_a_once_only_call_waits_for_nothing_because_it_is_begun() -> None:
    """Its turn, and room in its conversation, are waited for before the step is written down."""
    turns = OpenTurns()
    await client(ScriptedHttp(answer(200, message())), turns).messages.post(CHAT, HELLO)
    assert (turns.taken, turns.rooms) == (0, 0)


async def test_a_429_is_told_to_the_pace() -> None:
    turns = OpenTurns()
    with pytest.raises(TryLater):
        await client(ScriptedHttp(answer(429)), turns).messages.post(CHAT, HELLO)
    assert turns.too_many == 1


async def test_a_flooded_conversation_is_told_to_its_own_pace_and_not_to_the_hosts() -> None:
    turns = OpenTurns()
    with pytest.raises(TryLater):
        await client(ScriptedHttp(answer(422, {"error": "Too many messages"})), turns).messages.post(CHAT, HELLO)
    assert (turns.too_many, turns.flooded) == (0, [CHAT])


async def test_a_mark_and_a_deletion_in_a_flooded_conversation_are_told_too() -> None:
    turns = OpenTurns()
    said = answer(422, {"message": "Too many messages", "attributes": ["base"]})
    helpdesk = client(ScriptedHttp(said, said), turns).messages
    with pytest.raises(TryLater):
        await helpdesk.set_status(CHAT, HelpdeskMessageId(31), "read", "")
    with pytest.raises(TryLater):
        await helpdesk.delete(CHAT, HelpdeskMessageId(31))
    assert turns.flooded == [CHAT, CHAT]


@pytest.mark.parametrize("body", [b"", b"<html>ok</html>", b"{}", b'{"id":0}', b"[" * 100_000, b"\xff", b'{"id":"31"}'])
async def test_a_post_answered_200_with_something_else_than_a_message_is_unsure(body: bytes) -> None:
    with pytest.raises(Unsure):
        await client(ScriptedHttp(answer(200, body))).messages.post(CHAT, HELLO)


@pytest.mark.parametrize("body", [b"", b"<html>ok</html>", b"{}", b'{"payload":[{}]}', b"[" * 100_000])
async def test_a_list_answered_200_with_something_else_is_tried_later(body: bytes) -> None:
    with pytest.raises(TryLater):
        await client(ScriptedHttp(answer(200, body))).messages.read_back(CHAT, [HelpdeskMessageId(31)])


async def test_every_call_is_counted_by_name_and_outcome() -> None:
    seen: list[tuple[str, str]] = []
    http = ScriptedHttp(answer(200, message()), TransportFailed("timeout", nothing_sent=False), answer(502))
    helpdesk = client(http, observed=seen)
    await helpdesk.messages.post(CHAT, HELLO)
    for _ in range(2):
        with pytest.raises(Unsure):
            await helpdesk.messages.post(CHAT, HELLO)
    assert seen == [("post_message", "ok"), ("post_message", "timeout"), ("post_message", "http_5xx")]


async def test_nul_and_lone_surrogates_are_replaced_before_they_are_sent() -> None:
    http = ScriptedHttp(answer(200, message()))
    await client(http).messages.post(CHAT, NewMessage("a\0b\ud800c😀", "incoming", "s\0", "k"))
    assert (http.body()["content"], http.body()["source_id"]) == ("a\ufffdb\ufffdc😀", "s\ufffd")


@pytest.mark.parametrize(
    ("script", "works"),
    [
        ([answer(200, {"id": 1, "accounts": []}), answer(200, {"id": 7})], True),
        ([answer(401)], False),
        ([answer(200, {"id": 1}), answer(404)], False),
        ([answer(200, {"id": 1}), answer(403)], False),
    ],
)
async def test_a_token_is_good_where_it_knows_its_user_and_opens_our_inbox(script: list[object], works: bool) -> None:
    assert await client(ScriptedHttp(*script)).probe_token() is works  # type: ignore[arg-type]  # a table of answers


async def test_a_helpdesk_that_does_not_answer_says_nothing_about_the_token() -> None:
    with pytest.raises(TryLater):
        await client(ScriptedHttp(TransportFailed("connection_refused", nothing_sent=True))).probe_token()


async def test_the_profile_tells_our_role_in_our_account() -> None:
    body = {"id": 5, "accounts": [{"id": 1, "role": "agent"}, {"id": 3, "role": "administrator"}]}
    assert (await client(ScriptedHttp(answer(200, body))).profile()).role == "administrator"


async def test_an_inbox_of_another_account_is_refused() -> None:
    with pytest.raises(Refused):
        await client(ScriptedHttp(answer(404, {"error": "Resource could not be found"}))).inbox()
