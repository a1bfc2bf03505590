"""The TLS end of every host: the web socket, media up and down, pictures."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable

from aiohttp import web

from tests.fake_whatsapp import avatars, media
from tests.fake_whatsapp.certificates import Tls
from tests.fake_whatsapp.loopback import HOST
from tests.fake_whatsapp.world import World

SERVED = ("web.whatsapp.com", media.HOST, avatars.HOST)
UPLOAD_BYTES_MAX = 100 * 1024 * 1024
"""WhatsApp's own limit for most media."""

OnSocket = Callable[[web.WebSocketResponse], Awaitable[None]]


def served(host: str) -> bool:
    """Whether the proxy leads there at all."""
    return host in SERVED


class Hosts:
    """One TLS port on loopback; which host was meant is not looked at, since their paths differ."""

    def __init__(self, world: World, tls: Tls, on_socket: OnSocket) -> None:
        self._world, self._tls, self._on_socket = world, tls, on_socket
        self._runner: web.AppRunner | None = None
        self.port = 0

    async def open(self) -> None:
        app = web.Application(client_max_size=UPLOAD_BYTES_MAX)
        app.router.add_get("/ws/chat", self._socket)
        app.router.add_get("/{path:.*}", self._download)
        app.router.add_post("/mms/{purpose}/{token}", self._upload)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, 0, ssl_context=self._tls.context)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def close(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(max_msg_size=0, compress=False)
        await socket.prepare(request)
        await self._on_socket(socket)
        return socket

    async def _download(self, request: web.Request) -> web.Response:
        if self._world.media.status != 200:
            return web.Response(status=self._world.media.status)
        held = self._world.media.get(request.path)
        if held is not None:
            return web.Response(body=held, content_type="application/octet-stream")
        avatar = self._world.avatars.at(request.path)
        if avatar is not None:
            return web.Response(body=avatar.jpeg, content_type="image/jpeg")
        return web.Response(status=404)

    async def _upload(self, request: web.Request) -> web.Response:
        if self._world.media.status != 200:
            return web.Response(status=self._world.media.status)
        await self._world.media.opened.wait()
        path = self._world.media.upload(request.match_info["purpose"], await request.read())
        direct = media.direct(path)
        told = {"url": f"https://{media.HOST}{direct}", "direct_path": direct, "handle": "fake-handle"}
        return web.Response(text=json.dumps(told), content_type="application/json")
