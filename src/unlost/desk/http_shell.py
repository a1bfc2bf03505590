"""The HTTP side of the API: reads a request, lets its fault happen, asks the world, sends what is due."""

from __future__ import annotations

import asyncio
from asyncio import Transport
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import msgspec
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from unlost.desk.blobs import Blobs
from unlost.desk.faults import Fault, Faults, Kind
from unlost.desk.settings import DeskSettings
from unlost.desk.values import Reply, Request, Unreadable, Upload, nested, request_of
from unlost.desk.webhook_sender import WebhookSender
from unlost.desk.world import World

TRANSPORT = "desk.transport"
FORM_FIELDS_MAX = 200
FORM_FILES_MAX = 30
FIELD_BYTES_MAX = 1 << 20
TIMED_OUT = Reply(500, b'{"status":500,"error":"Internal Server Error"}')
BAD_REQUEST = Reply(400, b'{"status":400,"error":"Bad Request"}')


class TooLarge(Exception):
    """The body is larger than the settings allow."""


class Cut(Response):
    """No answer: the connection is broken off."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Abort the connection; where the server does not hand it out, answer 502 as a proxy would."""
        transport: Transport | None = (scope.get("extensions") or {}).get(TRANSPORT)
        if transport is None:
            await Response(status_code=502)(scope, receive, send)
            return
        transport.abort()
        while (await receive())["type"] != "http.disconnect":
            continue


class HttpShell:
    """Answers API calls over HTTP."""

    def __init__(
        self,
        settings: DeskSettings,
        world: World,
        blobs: Blobs,
        faults: Faults,
        sender: WebhookSender,
        clock: Callable[[], float],
    ) -> None:
        self._settings = settings
        self._world = world
        self._blobs = blobs
        self._faults = faults
        self._sender = sender
        self._clock = clock
        self.changed: Callable[[], None] = lambda: None

    async def answer(self, http: HttpRequest) -> Response:
        """One API call, with whatever fault waits for it."""
        try:
            request = await self.read(http)
        except TooLarge:
            return Response("Request Entity Too Large", 413, media_type="text/plain")
        except Unreadable:
            return _response(BAD_REQUEST)
        except ClientDisconnect:
            return Cut()
        fault = self._faults.take(request.method, request.path) if self._settings.enable_faults else None
        if fault is None:
            return _response(self.run(request))
        return await self._befall(fault, request)

    def run(self, request: Request, visible_at: float | None = None) -> Reply:
        """Let the world answer, queue the webhooks, tidy the blobs."""
        reply = self._world.handle(request, self._clock(), visible_at=visible_at)
        self._sender.send(reply.webhooks)
        for blob in reply.freed:
            self._blobs.drop(blob)
        if reply.status >= 400:
            self.drop(request)
        if request.method != "GET":
            self.changed()
        return reply

    def drop(self, request: Request) -> None:
        """Forget the files of a request that came to nothing."""
        for upload in request.uploads:
            self._blobs.drop(upload.blob)

    async def _befall(self, fault: Fault, request: Request) -> Response:
        limit_s = self._settings.request_limit_s
        match fault.kind:
            case Kind.LOSE:
                return Cut()
            case Kind.ANSWER:
                return _failure(fault)
            case Kind.HANG:
                await asyncio.sleep(limit_s)
                return _response(TIMED_OUT)
            case Kind.DELAY:
                await asyncio.sleep(min(fault.wait_s, limit_s))
                return _response(TIMED_OUT if fault.wait_s >= limit_s else self.run(request))
            case Kind.QUEUE:
                await asyncio.sleep(fault.wait_s)
                return _response(self.run(request))
            case Kind.COMMIT_ANSWER:
                self.run(request)
                return _failure(fault)
            case Kind.COMMIT_BREAK:
                self.run(request)
                return Cut()
            case Kind.COMMIT_HANG:
                self.run(request)
                await asyncio.sleep(limit_s)
                return _response(TIMED_OUT)
            case Kind.SLOW_COMMIT:
                wait_s = min(fault.wait_s, limit_s)
                reply = self.run(request, visible_at=self._clock() + wait_s)
                await asyncio.sleep(wait_s)
                self.changed()
                return _response(reply)
            case Kind.TELL_TWICE:
                reply = self.run(request)
                self._sender.send(msgspec.structs.replace(due, delivery=str(uuid4())) for due in reply.webhooks)
                return _response(reply)

    async def read(self, http: HttpRequest) -> Request:
        """The request with its body, its files kept as blobs. Raises `TooLarge`, `Unreadable`, `ClientDisconnect`."""
        headers = dict(http.headers.items())
        target = target_of(http.scope)
        client_ip = http.client.host if http.client else ""
        content_type = headers.get("content-type", "")
        bounded = HttpRequest(http.scope, _bounded(http.receive, self._settings.body_max_bytes))
        if not content_type.startswith("multipart/form-data"):
            return request_of(http.method, target, headers, await bounded.body(), client_ip)
        request = request_of(http.method, target, headers, b"", client_ip)
        fields, uploads = await self._read_form(bounded)
        return msgspec.structs.replace(request, body=fields, uploads=uploads)

    async def _read_form(self, http: HttpRequest) -> tuple[Mapping[str, Any], tuple[Upload, ...]]:
        try:
            form = await http.form(max_files=FORM_FILES_MAX, max_fields=FORM_FIELDS_MAX, max_part_size=FIELD_BYTES_MAX)
        except HTTPException as error:
            raise Unreadable(error.detail) from error
        try:
            parts = form.multi_items()
            # Rack passes over a part whose file name is empty: a file input that nobody used (lib/rack/multipart/parser.rb).
            files = [(name, part) for name, part in parts if isinstance(part, UploadFile) and part.filename]
            uploads = tuple([await asyncio.to_thread(self._keep, name, part) for name, part in files])
            return nested((name, part) for name, part in parts if isinstance(part, str)), uploads
        finally:
            await form.close()

    def _keep(self, field: str, part: UploadFile) -> Upload:
        content_type = part.content_type or "application/octet-stream"
        blob = self._blobs.keep(part.file, content_type)
        name = (part.filename or "file").replace("\\", "/").rpartition("/")[2][:255]
        return Upload(field, name or "file", content_type, part.size or 0, blob)


def target_of(scope: Scope) -> str:
    """Path and query as they stood on the wire."""
    raw: bytes = scope.get("raw_path") or quote(scope["path"]).encode()
    query: bytes = scope["query_string"]
    return (raw + b"?" + query if query else raw).decode("latin-1")


def _bounded(receive: Receive, bytes_max: int) -> Receive:
    """*receive* that raises `TooLarge` once more than *bytes_max* of body came."""
    taken = 0

    async def counted() -> Any:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > bytes_max:
            raise TooLarge
        return message

    return counted


def _response(reply: Reply) -> Response:
    response = Response(reply.body, reply.status)
    response.headers["content-type"] = reply.content_type
    return response


def _failure(fault: Fault) -> Response:
    if fault.status == 429:
        return Response("Retry later\n", 429, media_type="text/plain")
    return _response(Reply(fault.status, msgspec.json.encode({"error": "A fault was asked for"})))
