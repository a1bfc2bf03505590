"""A whole gateway with the real engine: linked, told, asked and sent through over HTTP."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.contract.gateway.engines.joined import BOB, joined, until
from tests.contract.gateway.engines.real import WAIT_S, needs_engine
from tests.contract.gateway.receiver import Call, Receiver

pytestmark = needs_engine

if TYPE_CHECKING:
    from tests.fake_whatsapp.peer import Peer
    from tests.fake_whatsapp.server import FakeWhatsApp


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[FakeWhatsApp]:
    from tests.fake_whatsapp.server import FakeWhatsApp

    async with FakeWhatsApp(tmp_path) as running:
        yield running


@pytest.fixture
def bob(server: FakeWhatsApp) -> Peer:
    from tests.fake_whatsapp.peer import Peer

    return server.people.add(Peer(BOB))


async def test_linked_by_its_qr_it_tells_and_sends(
    server: FakeWhatsApp, disk: Path, receiver: Receiver, bob: Peer
) -> None:
    async with joined(server, disk, receiver) as made:
        assert (await made.get("/app/status"))[1]["results"]["is_logged_in"] is False
        account = await made.link(server)
        id_ = await server.push_text(bob, account, "hello é")
        await made.told("hello é")
        await server.acknowledged(id_, WAIT_S)
        (call,) = [one for one in receiver.calls if one.json["event"] == "message"]
        assert is_signed(call)
        _, page = await made.get("/events", after="0")
        kept = [json.loads(one["body"]) for one in page["results"]["data"]]
        assert [one["payload"]["id"] for one in kept if one["event"] == "message"] == [id_]
        status, answered = await made.post("/send/message", key="one", phone=BOB, message="hello back")
        again = await made.post("/send/message", key="one", phone=BOB, message="hello back")
        assert (status, (status, answered)) == (200, again)
        await until(lambda: server.read != [])
        assert [one.text for one in server.read if one.reader is bob] == ["hello back"]
        _, chats = await made.get(f"/chat/{BOB}/messages")
        assert [one["content"] for one in chats["results"]["data"]] == ["hello back", "hello é"]


def is_signed(call: Call) -> bool:
    wanted = hmac.new(b"secret", call.body, hashlib.sha256).hexdigest()
    return call.headers["X-Hub-Signature-256"] == f"sha256={wanted}"
