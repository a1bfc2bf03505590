"""A webhook receiver double: keeps what it got, answers as told, hangs or closes its port."""

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web


@dataclass(frozen=True)
class Call:
    """One webhook as received."""

    headers: dict[str, str]
    body: bytes
    at_s: float

    @property
    def json(self) -> dict[str, Any]:
        value: dict[str, Any] = json.loads(self.body)
        return value

    @property
    def payload(self) -> dict[str, Any]:
        value: dict[str, Any] = self.json["payload"]
        return value

    @property
    def text(self) -> str:
        """The words in it, in either dialect."""
        told = self.json
        return str(told["payload"].get("body", "") if "payload" in told else told["message"]["text"])


class Receiver:
    """Listens on a free port of loopback while it is open."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.status: Callable[[Call], int] = lambda call: 200
        self.headers: dict[str, str] = {}
        self.hanging = False
        self.port = 0
        self._came = asyncio.Condition()
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/webhook"

    async def open(self) -> None:
        app = web.Application()
        app.router.add_post("/webhook", self._take)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def close(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def wait_for(self, count: int, within_s: float = 10.0) -> list[Call]:
        """The calls so far, once there are *count* of them."""
        async with asyncio.timeout(within_s), self._came:
            await self._came.wait_for(lambda: len(self.calls) >= count)
        return list(self.calls)

    def texts(self) -> list[str]:
        """The words of each call, in order of arrival."""
        return [call.text for call in self.calls]

    def counted(self) -> Counter[str]:
        return Counter(self.texts())

    async def _take(self, request: web.Request) -> web.Response:
        call = Call(dict(request.headers), await request.read(), asyncio.get_running_loop().time())
        self.calls.append(call)
        status = self.status(call)
        async with self._came:
            self._came.notify_all()
        while self.hanging:
            await asyncio.sleep(0.01)
        return web.Response(text="ok", status=status, headers=self.headers)
