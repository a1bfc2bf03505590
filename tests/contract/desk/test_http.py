"""The desk over real HTTP: what only a wire can show."""

from __future__ import annotations

import hashlib
import hmac
import io
import json
from pathlib import Path

import aiohttp
import pytest

from tests.contract.desk.serving import SECRET, Door, opened_door, served
from unlost.desk.settings import DeskSettings


async def test_a_webhook_arrives_signed_over_its_raw_body(tmp_path: Path) -> None:
    """3.3: "`sha256=` + hex HMAC-SHA256(secret, timestamp + "." + raw body)"; JSON; a delivery id."""
    door = Door()
    async with opened_door(door) as url, served(tmp_path, webhook_url=url) as desk:
        await desk.conversation()
        headers, body = await door.next()
    signed = hmac.new(SECRET.encode(), headers["X-Chatwoot-Timestamp"].encode() + b"." + body, hashlib.sha256)
    assert headers["X-Chatwoot-Signature"] == f"sha256={signed.hexdigest()}"
    assert (headers["Content-Type"], json.loads(body)["event"]) == ("application/json", "conversation_created")
    assert len(headers["X-Chatwoot-Delivery"]) == 36


async def test_a_door_that_answers_badly_makes_the_message_failed(tmp_path: Path) -> None:
    """3.4: "external_error = error text (e.g. "500 Internal Server Error" …)"."""
    door = Door()
    async with opened_door(door) as url, served(tmp_path, webhook_url=url) as desk:
        path = await desk.conversation()
        door.status = 500
        await desk.call("POST", path, {"content": "hi", "message_type": "incoming"})
        message = await desk.message_when(path, "failed")
    assert message["content_attributes"]["external_error"] == "500 Internal Server Error"


async def test_a_door_that_is_silent_makes_the_message_failed(tmp_path: Path) -> None:
    """3.3: "timeout | … default **5 s**, used for connect and for each read" (shortened here)."""
    door = Door()
    async with opened_door(door) as url, served(tmp_path, webhook_url=url, webhook_timeout_s=0.2) as desk:
        path = await desk.conversation()
        door.talking.clear()
        await desk.call("POST", path, {"content": "hi"})
        message = await desk.message_when(path, "failed")
    assert message["content_attributes"]["external_error"].startswith("Net::ReadTimeout")


async def test_a_closed_door_makes_the_message_failed_and_is_not_tried_again(tmp_path: Path) -> None:
    """3.4: "no retry for any error": when the door opens later, only the update of the mark may knock."""
    async with served(tmp_path, webhook_url="http://127.0.0.1:1/hook") as desk:
        path = await desk.conversation()
        await desk.call("POST", path, {"content": "hi"})
        message = await desk.message_when(path, "failed")
    assert message["content_attributes"]["external_error"].startswith("Failed to open TCP connection")


def test_the_default_patience_of_a_webhook_is_five_seconds(tmp_path: Path) -> None:
    """3.3: "default **5 s**"."""
    assert DeskSettings(tmp_path, "t").webhook_timeout_s == 5.0


async def test_webhooks_wait_for_no_other(tmp_path: Path) -> None:
    """3.5: "**no ordering**, message_updated can overtake message_created": while the door is silent on one, the next knocks."""
    door = Door()
    async with opened_door(door) as url, served(tmp_path, webhook_url=url) as desk:
        path = await desk.conversation()
        door.talking.clear()
        _, message = await desk.call("POST", path, {"content": "hi"})
        _, created = await door.next_of("message_created")
        await desk.call("PATCH", f"{path}/{message['id']}", {"status": "read"})
        _, updated = await door.next_of("message_updated")
        assert not door.talking.is_set()
    assert (created["id"], updated["id"]) == (message["id"], message["id"])


async def test_a_message_may_be_told_twice_under_two_delivery_ids(tmp_path: Path) -> None:
    """3.5: "EventDispatcherJob re-run … -> new delivery id", "**Dedupe on (event=message_created, message id)**"."""
    door = Door()
    async with opened_door(door) as url, served(tmp_path, webhook_url=url) as desk:
        path = await desk.conversation()
        await desk.fault(kind="tell_twice", method="POST", path="/messages")
        _, message = await desk.call("POST", path, {"content": "hi"})
        told = [await door.next_of("message_created") for _ in range(2)]
    assert [body["id"] for _, body in told] == [message["id"]] * 2
    assert len({headers["X-Chatwoot-Delivery"] for headers, _ in told}) == 2


async def test_a_file_is_stored_and_served_after_a_redirect(tmp_path: Path) -> None:
    """3.8: data_url "answers a redirect to a short-lived storage URL", "unauthenticated"."""
    async with served(tmp_path) as desk:
        path = await desk.conversation()
        form = aiohttp.FormData(quote_fields=False)
        form.add_field("content", "see")
        form.add_field(
            "attachments[]", io.BytesIO(b"%PDF" * 500_000), filename="a b.pdf", content_type="application/pdf"
        )
        async with desk.client.post(f"{desk.base}/api/v1/accounts/1/{path}", data=form) as answer:
            (file,) = (await answer.json())["attachments"]
        assert (file["file_type"], file["file_size"], file["extension"]) == ("file", 2_000_000, "pdf")
        async with aiohttp.ClientSession() as stranger:
            async with stranger.get(file["data_url"], allow_redirects=False) as answer:
                assert answer.status == 302
            async with stranger.get(file["data_url"]) as answer:
                assert (await answer.read(), answer.content_type) == (b"%PDF" * 500_000, "application/pdf")
                assert answer.headers["Content-Disposition"].startswith("attachment")
        await desk.call("DELETE", f"{path}/1")
        async with desk.client.get(file["data_url"]) as answer:
            assert answer.status == 404


async def test_an_avatar_is_stored_and_served(tmp_path: Path) -> None:
    """1.2: "multipart `avatar` on PUT/POST … is synchronous and sure"."""
    async with served(tmp_path) as desk:
        await desk.conversation()
        form = aiohttp.FormData()
        form.add_field("avatar", b"\x89PNG picture", filename="a.png", content_type="image/png")
        async with desk.client.put(f"{desk.base}/api/v1/accounts/1/contacts/1", data=form) as answer:
            thumbnail = (await answer.json())["payload"]["thumbnail"]
        async with desk.client.get(thumbnail) as answer:
            assert (await answer.read(), answer.content_type) == (b"\x89PNG picture", "image/png")


async def test_a_body_above_the_limit_is_413(tmp_path: Path) -> None:
    async with served(tmp_path, body_max_bytes=10_000) as desk:
        path = await desk.conversation()
        status, _ = await desk.call("POST", path, {"content": "x" * 20_000})
        assert status == 413
        assert (await desk.call("GET", path))[1]["payload"] == []


async def test_a_body_that_is_no_json_is_400(tmp_path: Path) -> None:
    """Rails answers 400 when its parser fails."""
    async with served(tmp_path) as desk:
        url = f"{desk.base}/api/v1/accounts/1/contacts"
        async with desk.client.post(url, data=b"{", headers={"Content-Type": "application/json"}) as answer:
            assert answer.status == 400


@pytest.mark.parametrize(("kind", "stands"), [("lose", False), ("commit_break", True)])
async def test_a_connection_can_break_before_or_after_the_commit(tmp_path: Path, kind: str, stands: bool) -> None:
    """1.6: "Anything else but a clean 401/403/404/429 -> *unknown*": the client sees the same both times."""
    async with served(tmp_path) as desk:
        path = await desk.conversation()
        await desk.fault(kind=kind, path="/messages", method="POST")
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await desk.call("POST", path, {"content": "hi"})
        assert len((await desk.call("GET", path))[1]["payload"]) == stands


@pytest.mark.parametrize("status", [422, 500, 502])
async def test_an_error_does_not_mean_that_nothing_was_done(tmp_path: Path, status: int) -> None:
    """0: "A 4xx/5xx from POST messages does not mean "not created""."""
    async with served(tmp_path) as desk:
        path = await desk.conversation()
        await desk.fault(kind="commit_answer", path="/messages", status=status)
        assert (await desk.call("POST", path, {"content": "hi"}))[0] == status
        assert len((await desk.call("GET", path))[1]["payload"]) == 1


async def test_a_request_that_hangs_ends_at_the_request_limit(tmp_path: Path) -> None:
    """1.0: "rack-timeout 15 s service time in production" (shortened here): then 500."""
    async with served(tmp_path, request_limit_s=0.1) as desk:
        path = await desk.conversation()
        await desk.fault(kind="hang", path="/messages")
        assert (await desk.call("POST", path, {"content": "hi"}))[0] == 500
        assert (await desk.call("GET", path))[1]["payload"] == []


async def test_a_queued_request_runs_after_its_client_has_gone(tmp_path: Path) -> None:
    """1.6: "a request stuck in a proxy/Puma backlog may still run after the check"."""
    async with served(tmp_path, request_limit_s=0.05) as desk:
        path = await desk.conversation()
        await desk.fault(kind="queue", path="/messages", method="POST", wait_s=0.5)
        with pytest.raises(TimeoutError):
            await desk.call("POST", path, {"content": "late"}, timeout=aiohttp.ClientTimeout(total=0.1))
        assert (await desk.call("GET", path))[1]["payload"] == []
        assert (await desk.message_when(path, "sent"))["content"] == "late"


async def test_a_slow_commit_hides_an_id_until_it_ends(tmp_path: Path) -> None:
    """3.6: "a message with a lower id can become visible after a higher one"."""
    async with served(tmp_path) as desk:
        path = await desk.conversation()
        await desk.fault(kind="slow_commit", path="/messages", method="POST", wait_s=0.4)
        with pytest.raises(TimeoutError):
            await desk.call("POST", path, {"content": "slow"}, timeout=aiohttp.ClientTimeout(total=0.1))
        await desk.call("POST", path, {"content": "quick"})
        assert [one["id"] for one in (await desk.call("GET", path))[1]["payload"]] == [2]
        await desk.fault(kind="delay", path="/messages", method="GET", wait_s=0.5)
        assert [one["id"] for one in (await desk.call("GET", path))[1]["payload"]] == [1, 2]


async def test_a_desk_can_be_away(tmp_path: Path) -> None:
    async with served(tmp_path) as desk:
        await desk.fault(kind="answer", status=503, times=None)
        assert [(await desk.call("GET", "/api"))[0] for _ in range(3)] == [503] * 3
        await desk.call("DELETE", "/_desk/faults")
        assert (await desk.call("GET", "/api"))[0] == 200


async def test_faults_need_the_token_and_the_switch(tmp_path: Path) -> None:
    async with served(tmp_path / "on") as desk:
        wrong = {"api_access_token": "wrong"}
        assert (await desk.call("POST", "/_desk/faults", {"kind": "lose"}, headers=wrong))[0] == 401
        assert (await desk.call("POST", "/_desk/faults", {"kind": "unheard of"}))[0] == 422
    async with served(tmp_path / "off", enable_faults=False) as desk:
        assert (await desk.call("POST", "/_desk/faults", {"kind": "lose"}))[0] == 404


async def test_the_page_is_served_with_a_policy_that_runs_no_foreign_script(tmp_path: Path) -> None:
    async with served(tmp_path) as desk:
        await desk.conversation()
        async with desk.client.get(f"{desk.base}/") as answer:
            assert "Ana" in await answer.text()
            assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'")
        for part in ("/desk/static/desk.css", "/desk/static/desk.js", "/desk/parts?c=1"):
            assert (await desk.call("GET", part))[0] == 200
        async with desk.client.get(f"{desk.base}/", headers={"Host": "rebound.example"}) as answer:
            assert answer.status == 403
