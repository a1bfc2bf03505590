"""Who may call: basic auth, and which device is meant (GOWA page, 3.1)."""

from __future__ import annotations

import base64
import binascii
import hmac
import ipaddress
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from unlost.gateway.rest.answers import json_answer
from unlost.gateway.settings import GatewaySettings
from unlost.gateway.versions import ENVELOPE_SINCE, STATUS_JID_SINCE
from unlost.gateway.wire_rest import failure

ADMIN = "/_gateway"
OPEN_PREFIXES = ("/statics/", ADMIN)
OPEN_PATHS = {"/health"}
DEVICELESS_PATHS = {"/", "/app/info", "/metrics", "/health"}
DEVICELESS_PREFIXES = ("/devices", "/statics/", ADMIN)


class Gate:
    """Stands before every call. Basic-auth refusals are plain text, all others the envelope."""

    def __init__(self, app: ASGIApp, settings: GatewaySettings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._refusal(Request(scope)) if scope["type"] == "http" else None
        await (self._app if refusal is None else refusal)(scope, receive, send)

    def _refusal(self, request: Request) -> Response | None:
        path = request.url.path
        if path.startswith(ADMIN) and not (self._settings.enable_faults and _is_loopback(request)):
            return PlainTextResponse(f"Cannot {request.method} {path}", 404)
        if path not in OPEN_PATHS and not path.startswith(OPEN_PREFIXES) and not self._knows(request):
            return PlainTextResponse("Unauthorized", 401, {"WWW-Authenticate": "basic realm=Restricted"})
        if path in DEVICELESS_PATHS or path.startswith(DEVICELESS_PREFIXES):
            return None
        return self._device_refusal(request)

    def _knows(self, request: Request) -> bool:
        if not self._settings.username:
            return True
        kind, _, encoded = request.headers.get("authorization", "").partition(" ")
        try:
            told = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            return False
        expected = f"{self._settings.username}:{self._settings.password}".encode()
        return kind.lower() == "basic" and hmac.compare_digest(told, expected)

    def _device_refusal(self, request: Request) -> Response | None:
        """None if the named device is ours, or none is named: with exactly one device none need be."""
        version, device = self._settings.spoken_version, self._settings.linked_device
        named = unquote(request.headers.get("x-device-id", "")) or request.query_params.get("device_id", "")
        if version < ENVELOPE_SINCE or not named:
            return None
        ours = {device.session or device.jid} | ({device.jid} if version >= STATUS_JID_SINCE else set())
        if named in ours:
            return None
        return json_answer(failure("DEVICE_NOT_FOUND", f"device {named} not found"), 404)


def _is_loopback(request: Request) -> bool:
    peer = request.client.host if request.client else ""
    try:
        return ipaddress.ip_address(peer).is_loopback
    except ValueError:
        return False
