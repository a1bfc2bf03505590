"""A running helpdesk on loopback, and the client and delivery that talk to it as to any Chatwoot."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.unit.spool.pictures import png
from unlost.chatwoot.client import ChatwootClient
from unlost.chatwoot.pace import Rank
from unlost.chatwoot.turns import HostPace
from unlost.clock import SystemClock
from unlost.deliver.helpdesk_conversations import ConversationPolicy
from unlost.deliver.helpdesk_messages import Hearing
from unlost.deliver.to_helpdesk import ToHelpdesk
from unlost.desk.server import server_of
from unlost.desk.settings import DeskSettings
from unlost.spool import Shelf, Spool
from unlost.transport import Answer, Call, Http
from unlost.transport.over_aiohttp import open_http
from unlost.vocabulary.ids import ChannelName

TOKEN = "administrator-token"
JID = "5511987654321@s.whatsapp.net"
PNG = png()


@dataclass
class Helpdesk:
    """*client* and *delivery* are what is tested; `see` asks the helpdesk itself, past them."""

    url: str
    http: Http
    heard: list[str]
    client: ChatwootClient
    delivery: ToHelpdesk
    shelf: Shelf

    def other_client(self, **changed: Any) -> ChatwootClient:
        """A client with other settings."""
        settings: dict[str, Any] = {
            "url": self.url,
            "account_id": 1,
            "inbox_id": 1,
            "token": TOKEN,
            "call_timeout_s": 10,
        }
        pace = HostPace(SystemClock(), per_min=None).turns("support", Rank.MESSAGE)
        return ChatwootClient(self.http, pace=pace, **(settings | changed))

    async def see(self, method: str, path: str, body: Any = None) -> Any:
        """One call below the account, which must succeed."""
        said = await self._call(method, f"/api/v1/accounts/1/{path}", body)
        assert said.status == 200, (said.status, said.body)
        return msgspec.json.decode(said.body) if said.body else None

    async def befall(self, kind: str, path: str, **fault: Any) -> None:
        """Let this happen to the next request of *path*."""
        said = await self._call("POST", "/_desk/faults", {"kind": kind, "path": path} | fault)
        assert said.status == 200

    async def _call(self, method: str, path: str, body: Any) -> Answer:
        raw = None if body is None else msgspec.json.encode(body)
        return await self.http.send(Call(method, self.url + path, 10, {"api_access_token": TOKEN}, json=raw))


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Helpdesk]:
    """Founded and empty; its request limit is a second, so that a client with less time loses patience first."""
    # With its protocol named asyncio switches Nagle's algorithm off; without, every answer waits 40 ms for an acknowledgement.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    settings = DeskSettings(tmp_path, TOKEN, request_limit_s=1.0, enable_faults=True, in_memory=True)
    server = server_of(settings)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        async with open_http(connections_per_host=16) as http:
            shelf = Spool(tmp_path / "files", 1_000_000).of(ChannelName("support"))
            yield _helpdesk(f"http://127.0.0.1:{listener.getsockname()[1]}", http, shelf)
    finally:
        server.should_exit = True
        with contextlib.suppress(asyncio.CancelledError):
            await serving
        listener.close()


def _helpdesk(url: str, http: Http, shelf: Shelf) -> Helpdesk:
    heard: list[str] = []
    pace = HostPace(SystemClock(), per_min=None).turns("support", Rank.MESSAGE)
    client = ChatwootClient(http, url=url, account_id=1, inbox_id=1, token=TOKEN, call_timeout_s=10, pace=pace)
    hearing = Hearing(lambda: heard.append("second_forwarder"), lambda: heard.append("text_changed"))
    delivery = ToHelpdesk(client, ConversationPolicy("open", reopen=True), _picture, hearing, shelf)
    return Helpdesk(url, http, heard, client, delivery, shelf)


async def _picture(url: str) -> tuple[str, bytes]:
    return "image/png", PNG
