"""The demo helpdesk as a process: an ASGI application over the world, and the server that runs it."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import socket
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from random import SystemRandom

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request as HttpRequest
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from unlost.desk.blob_links import DISK, REDIRECT, disk_path
from unlost.desk.blobs import Blobs, content_type_of, is_shown_inline, served_type
from unlost.desk.faults import BadFault, Faults, fault_of
from unlost.desk.http_shell import TRANSPORT, HttpShell
from unlost.desk.page import News, Page
from unlost.desk.page_guard import agent_token, page_token
from unlost.desk.page_writing import PageWriting
from unlost.desk.settings import DeskSettings
from unlost.desk.store import MemoryStore, SqliteStore, Store
from unlost.desk.turn import Rules
from unlost.desk.views import Views
from unlost.desk.webhook_sender import WebhookSender
from unlost.desk.world import Founding, World

SHUTDOWN_S = 3
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


class DeskProtocol(HttpToolsProtocol):
    """Hands the connection to the application, so that a fault can break it off."""

    def on_message_begin(self) -> None:
        """Start a request as always, with the transport beside it."""
        super().on_message_begin()
        self.scope["extensions"] = {TRANSPORT: self.transport}  # type: ignore[dict-item]  # an extension of our own


def world_of(settings: DeskSettings, store: Store) -> World:
    """The world these settings describe, founded."""
    rules = Rules(
        account_id=settings.account_id,
        public_url=settings.outside_url(),
        throttle=settings.throttle,
        throttle_loopback=settings.throttle_loopback,
    )
    world = World(store, SystemRandom(), rules)
    world.found(
        Founding(
            administrator_token=settings.token,
            agent_token=settings.agent_token or agent_token(settings.token),
            inbox_id=settings.inbox_id,
            inbox_name=settings.inbox_name,
            inbox_identifier=settings.inbox_identifier,
            webhook_url=settings.webhook_url,
            webhook_secret=settings.webhook_secret,
        )
    )
    return world


def build_app(settings: DeskSettings, *, clock: Callable[[], float] = time.time) -> Starlette:
    """The ASGI application. Opens its data folder now; sends webhooks only while its lifespan runs."""
    settings.data_folder.mkdir(parents=True, exist_ok=True)
    store: Store = MemoryStore() if settings.in_memory else SqliteStore(settings.data_folder / "desk.db")
    world = world_of(settings, store)
    blobs = Blobs(settings.data_folder / "blobs")
    faults = Faults(SystemRandom())
    sender = WebhookSender(world, timeout_s=settings.webhook_timeout_s, clock=clock)
    shell = HttpShell(settings, world, blobs, faults, sender, clock)
    news = News()
    shell.changed = sender.changed = news.tell
    page = Page(Views(world.tables), news, settings.password, page_token(settings.token), clock)
    writing = PageWriting(settings, shell, settings.agent_token or agent_token(settings.token))

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await sender.start()
        try:
            yield
        finally:
            await sender.stop()
            store.close()

    routes = [*page.routes(), *writing.routes(), *blob_routes(blobs)]
    if settings.enable_faults:
        routes += fault_routes(faults, settings.token)
    routes.append(Route("/{path:path}", shell.answer, methods=METHODS))
    app = Starlette(routes=routes, lifespan=lifespan)
    app.state.world = world
    app.state.news = news
    return app


def blob_routes(blobs: Blobs) -> list[Route]:
    """Stored files: the lasting address redirects to the one that serves."""

    async def redirect(http: HttpRequest) -> Response:
        name = http.path_params["name"]
        if blobs.path(name) is None:
            return Response(status_code=404)
        return RedirectResponse(disk_path(name, http.path_params["file"]), 302)

    async def serve_file(http: HttpRequest) -> Response:
        path = blobs.path(http.path_params["name"])
        if path is None:
            return Response(status_code=404)
        return file_response(path, http.path_params["file"])

    return [
        Route(f"{REDIRECT}/{{name}}/{{file:path}}", redirect),
        Route(f"{DISK}/{{name}}/{{file:path}}", serve_file),
    ]


def file_response(path: Path, file_name: str) -> Response:
    """A stored file, never run as a page, whatever its sender called it."""
    content_type = served_type(content_type_of(path.name))
    disposition = "inline" if is_shown_inline(content_type) else "attachment"
    headers = {
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "private, max-age=86400, immutable",  # a blob never changes, and its name is drawn
    }
    return FileResponse(
        path, media_type=content_type, filename=file_name, headers=headers, content_disposition_type=disposition
    )


def fault_routes(faults: Faults, token: str) -> list[Route]:
    """`/_desk/faults` for whoever holds the administrator's token: add one, list, clear."""

    async def switch(http: HttpRequest) -> Response:
        if not hmac.compare_digest(http.headers.get("api_access_token", "").encode(), token.encode()):
            return Response(status_code=401)
        try:
            if http.method == "POST":
                faults.add(fault_of(msgspec.json.decode(await http.body())))
            elif http.method == "DELETE":
                faults.clear()
        except (BadFault, msgspec.DecodeError) as error:
            return Response(str(error), 422, media_type="text/plain")
        shown = msgspec.json.encode({"waiting": faults.waiting(), "befallen": faults.befallen})
        return Response(shown, media_type="application/json")

    return [Route("/_desk/faults", switch, methods=["GET", "POST", "DELETE"])]


class DeskServer(uvicorn.Server):
    """Lets the watching pages go before it waits for open connections."""

    def __init__(self, config: uvicorn.Config, news: News) -> None:
        super().__init__(config)
        self._news = news

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop listening and end what is open."""
        self._news.end()
        await super().shutdown(sockets)


def server_of(settings: DeskSettings) -> uvicorn.Server:
    """A server that listens as the settings say; `await server.serve(sockets=…)` runs it."""
    app = build_app(settings)
    config = uvicorn.Config(
        app,
        host=settings.listen_host,
        port=settings.listen_port,
        http=DeskProtocol,
        ws="none",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=SHUTDOWN_S,
        proxy_headers=False,
    )
    return DeskServer(config, app.state.news)


async def serving(settings: DeskSettings, sockets: list[socket.socket] | None = None) -> None:
    """Serve until SIGINT or SIGTERM, on *sockets* where the caller has bound some already."""
    await server_of(settings).serve(sockets=sockets)


def serve(settings: DeskSettings) -> None:
    """Serve until SIGINT or SIGTERM, in an event loop of its own."""
    asyncio.run(serving(settings))
