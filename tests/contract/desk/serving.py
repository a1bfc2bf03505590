"""A desk served over real HTTP on a free port, and a bridge's door that answers as it is told."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from unlost.desk.server import server_of
from unlost.desk.settings import DeskSettings

TOKEN = "administrator-token"
SECRET = "webhook-secret"
PATIENCE_S = 10.0


class Door:
    """A webhook door: keeps what arrives and answers *status*, but nothing while it is not *talking*. *url*: once it is open."""

    def __init__(self) -> None:
        self.url = ""
        self.status = 200
        self.talking = asyncio.Event()
        self.talking.set()
        self.came: asyncio.Queue[tuple[dict[str, str], bytes]] = asyncio.Queue()

    async def answer(self, request: web.Request) -> web.Response:
        """One webhook."""
        await self.came.put((dict(request.headers), await request.read()))
        await self.talking.wait()
        return web.Response(status=self.status, text="ok")

    async def next(self) -> tuple[dict[str, str], bytes]:
        """The next webhook that arrived."""
        return await asyncio.wait_for(self.came.get(), PATIENCE_S)

    async def next_of(self, event: str) -> tuple[dict[str, str], Any]:
        """The next one that tells of *event*, its body read; what comes before it is passed over."""
        while True:
            headers, body = await self.next()
            told = json.loads(body)
            if told["event"] == event:
                return headers, told


class Caller:
    """Calls the served desk as a bridge does."""

    def __init__(self, base: str, client: aiohttp.ClientSession) -> None:
        self.base = base
        self.client = client

    async def call(self, method: str, path: str, body: object = None, **more: Any) -> tuple[int, Any]:
        """Status and decoded body of one call below the account's path, or anywhere with a leading slash."""
        url = self.base + (path if path.startswith("/") else f"/api/v1/accounts/1/{path}")
        async with self.client.request(method, url, json=body, **more) as answer:
            if answer.content_type == "application/json":
                return answer.status, await answer.json()
            return answer.status, await answer.text()

    async def fault(self, **fault: Any) -> None:
        """Let a fault wait for the next request it fits."""
        status, _ = await self.call("POST", "/_desk/faults", fault)
        assert status == 200

    async def conversation(self) -> str:
        """The messages' path of a new conversation."""
        _, contact = await self.call("POST", "contacts", {"name": "Ana", "inbox_id": 1, "source_id": "a@x"})
        body = {"inbox_id": 1, "source_id": "a@x", "contact_id": contact["payload"]["contact"]["id"]}
        _, conversation = await self.call("POST", "conversations", body)
        return f"conversations/{conversation['id']}/messages"

    async def message_when(self, path: str, status: str) -> Any:
        """The newest message once it has *status*, within ten seconds."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                _, listed = await self.call("GET", path)
                if listed["payload"] and listed["payload"][-1]["status"] == status:
                    return listed["payload"][-1]
                await asyncio.sleep(0.02)


@contextlib.asynccontextmanager
async def opened_door(door: Door) -> AsyncIterator[str]:
    """Serve *door*; its address."""
    app = web.Application()
    app.router.add_post("/hook", door.answer)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    finally:
        door.talking.set()
        await runner.cleanup()


@contextlib.asynccontextmanager
async def served(data_folder: Path, **settings: Any) -> AsyncIterator[Caller]:
    """A desk on a free port, stopped at the end."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        chosen: dict[str, Any] = {"enable_faults": True, "request_limit_s": 1.0, "webhook_secret": SECRET} | settings
        server = server_of(DeskSettings(data_folder, TOKEN, listen_port=port, **chosen))
        running = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not server.started:
                    await asyncio.sleep(0.01)
            async with aiohttp.ClientSession(headers={"api_access_token": TOKEN}) as client:
                yield Caller(f"http://127.0.0.1:{port}", client)
        finally:
            server.should_exit = True
            await running
