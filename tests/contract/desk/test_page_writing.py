"""Writing on the page: the same deeds as the API's, told by the same webhooks, and for the page alone."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.contract.desk.serving import TOKEN, Caller, Door, opened_door, served


async def token_on(desk: Caller) -> str:
    """What the page's own forms carry."""
    async with desk.client.get(f"{desk.base}/?c=1") as answer:
        found = re.search(r'name="token" value="(\w+)"', await answer.text())
    assert found is not None
    return found[1]


async def done(desk: Caller, deed: str, headers: dict[str, str] | None = None, **fields: Any) -> tuple[int, str]:
    """Status and body of a form that the page sends; `token` is filled in unless given."""
    form: dict[str, str] = {"token": await token_on(desk), "conversation": "1"} | fields
    url = f"{desk.base}/desk/do/{deed}"
    async with desk.client.post(url, data=form, headers=headers, allow_redirects=False) as answer:
        return answer.status, await answer.text()


async def messages(desk: Caller) -> list[Any]:
    """What stands in conversation 1."""
    listed: list[Any] = (await desk.call("GET", "conversations/1/messages"))[1]["payload"]
    return listed


async def test_what_is_written_is_told_by_webhook_as_an_agents_message(tmp_path: Path) -> None:
    door = Door()
    async with opened_door(door) as address, served(tmp_path, webhook_url=address) as desk:
        await desk.conversation()
        assert (await done(desk, "write", content="bom dia\r\nAna"))[0] == 303
        told = {"event": ""}
        while told["event"] != "message_created":
            told = json.loads((await door.next())[1])
        shown = {name: told[name] for name in ("content", "message_type", "private")}
        assert shown == {"content": "bom dia\nAna", "message_type": "outgoing", "private": False}


async def test_an_answer_names_the_message_it_answers(tmp_path: Path) -> None:
    async with served(tmp_path) as desk:
        path = await desk.conversation()
        _, asked = await desk.call("POST", path, {"content": "is it there?", "message_type": "incoming"})
        await done(desk, "write", content="yes", in_reply_to=str(asked["id"]))
        assert (await messages(desk))[-1]["content_attributes"]["in_reply_to"] == asked["id"]


async def test_a_note_is_private(tmp_path: Path) -> None:
    async with served(tmp_path) as desk:
        await desk.conversation()
        await done(desk, "write", content="careful", private="true")
        assert [one["private"] for one in await messages(desk)] == [True]


async def test_files_are_sent_and_an_unused_file_input_is_none(tmp_path: Path) -> None:
    async with served(tmp_path) as desk:
        await desk.conversation()
        form = aiohttp.FormData([("token", await token_on(desk)), ("conversation", "1"), ("content", "")])
        form.add_field("attachments[]", b"%PDF", filename="invoice.pdf", content_type="application/pdf")
        form.add_field("attachments[]", b"", filename="", content_type="application/octet-stream")
        async with desk.client.post(f"{desk.base}/desk/do/write", data=form, allow_redirects=False) as answer:
            assert answer.status == 303
        (message,) = await messages(desk)
        assert [one["content_type"] for one in message["attachments"]] == ["application/pdf"]


async def test_a_conversation_is_resolved_and_opened_again(tmp_path: Path) -> None:
    async with served(tmp_path) as desk:
        await desk.conversation()
        seen = []
        for status in ("resolved", "open"):
            await done(desk, "status", status=status)
            seen.append((await desk.call("GET", "conversations/1"))[1]["status"])
        assert seen == ["resolved", "open"]


async def test_a_failed_message_is_tried_again_and_a_message_taken_back(tmp_path: Path) -> None:
    async with served(tmp_path) as desk:
        await desk.conversation()
        await done(desk, "write", content="hi")
        await desk.call("PATCH", "conversations/1/messages/1", {"status": "failed", "external_error": "away"})
        await done(desk, "retry", message="1")
        assert (await messages(desk))[0]["status"] == "sent"
        await done(desk, "delete", message="1")
        assert (await messages(desk))[0]["content_attributes"]["deleted"] is True


async def test_what_was_read_is_unread_no_more(tmp_path: Path) -> None:
    async with served(tmp_path) as desk:
        path = await desk.conversation()
        await desk.call("POST", path, {"content": "hi", "message_type": "incoming"})
        await done(desk, "seen")
        assert (await desk.call("GET", "conversations/1"))[1]["unread_count"] == 0


async def test_the_pages_script_is_answered_without_a_redirect(tmp_path: Path) -> None:
    async with served(tmp_path) as desk:
        await desk.conversation()
        assert (await done(desk, "write", {"Accept": "application/json"}, content="hi"))[0] == 204


@pytest.mark.parametrize(
    ("deed", "fields", "status", "words"),
    [
        ("write", {"content": " \n"}, 422, "Write something"),
        ("write", {"content": "x" * 150_001}, 422, "too long"),
        ("write", {"content": "a\0b"}, 422, "null byte"),
        ("write", {"content": "hi", "conversation": "99"}, 404, "not there"),
        ("write", {"content": "hi", "conversation": "1/messages/1"}, 303, ""),
        ("status", {"status": "snoozed"}, 422, "resolved or opened"),
        ("delete", {"message": "7"}, 404, "not there"),
        ("drop", {}, 404, "no such form"),
    ],
)
async def test_what_cannot_be_done_says_why(
    tmp_path: Path, deed: str, fields: dict[str, str], status: int, words: str
) -> None:
    async with served(tmp_path) as desk:
        await desk.conversation()
        answered, text = await done(desk, deed, {}, **fields)
        assert (answered, words in text) == (status, True)


@pytest.mark.parametrize(
    ("headers", "fields"),
    [
        ({}, {"token": ""}),
        ({}, {"token": TOKEN}),
        ({"Origin": "http://evil.example"}, {}),
        ({"Origin": "null"}, {}),
        ({"Sec-Fetch-Site": "cross-site"}, {}),
        ({"Sec-Fetch-Site": "same-site"}, {}),
        ({"Host": "rebound.example"}, {}),
        ({"Host": "rebound.example", "Origin": "http://rebound.example"}, {}),
        ({"X-Forwarded-For": "10.0.0.1"}, {}),
    ],
    ids=["no token", "the API's token", "foreign", "null", "cross-site", "other port", "rebound", "rebound origin", "proxy"],
)  # fmt: skip
async def test_no_other_page_can_write(tmp_path: Path, headers: dict[str, str], fields: dict[str, str]) -> None:
    async with served(tmp_path) as desk:
        await desk.conversation()
        assert (await done(desk, "write", headers, content="forged", **fields))[0] == 403
        assert await messages(desk) == []


async def test_a_forged_form_leaves_no_file_behind(tmp_path: Path) -> None:
    async with served(tmp_path) as desk:
        await desk.conversation()
        form = aiohttp.FormData({"token": "wrong", "conversation": "1"})
        form.add_field("attachments[]", b"x" * 1000, filename="a.bin", content_type="application/octet-stream")
        async with desk.client.post(f"{desk.base}/desk/do/write", data=form) as answer:
            assert answer.status == 403
        assert list((tmp_path / "blobs").iterdir()) == []


async def test_the_pages_own_origin_may_write(tmp_path: Path) -> None:
    async with served(tmp_path) as desk:
        await desk.conversation()
        headers = {"Origin": desk.base, "Sec-Fetch-Site": "same-origin"}
        assert (await done(desk, "write", headers, content="hi"))[0] == 303


async def test_behind_a_proxy_the_public_address_may_write_with_the_password(tmp_path: Path) -> None:
    async with served(tmp_path, password="s3cret", public_url="https://desk.example/") as desk:
        await desk.conversation()
        desk.client.headers["Authorization"] = aiohttp.encode_basic_auth("desk", "s3cret")
        outside = {"Origin": "https://desk.example", "X-Forwarded-For": "10.0.0.1"}
        assert (await done(desk, "write", outside, content="hi"))[0] == 303
        del desk.client.headers["Authorization"]
        async with desk.client.post(f"{desk.base}/desk/do/write", data={"content": "hi"}, headers=outside) as answer:
            assert answer.status == 401


async def test_a_get_writes_nothing(tmp_path: Path) -> None:
    async with served(tmp_path) as desk:
        await desk.conversation()
        query = f"token={await token_on(desk)}&conversation=1&content=hi"
        async with desk.client.get(f"{desk.base}/desk/do/write?{query}") as answer:
            assert answer.status in (404, 405)
        assert await messages(desk) == []


async def test_a_form_above_the_limit_is_413(tmp_path: Path) -> None:
    async with served(tmp_path, body_max_bytes=10_000) as desk:
        await desk.conversation()
        assert (await done(desk, "write", content="x" * 20_000))[0] == 413
