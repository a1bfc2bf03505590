"""Who may call: basic auth, no page of another site, and only devices there are (GOWA page, 3.1)."""

from __future__ import annotations

import base64
import hmac
import ipaddress
from collections.abc import Callable
from urllib.parse import unquote, urlsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from unlost.gateway.rest.answers import Refusal, json_answer
from unlost.gateway.settings import GatewaySettings
from unlost.gateway.wire_rest import failure

ADMIN = "/_gateway"
OPEN_PREFIXES = ("/statics/", ADMIN)
OPEN_PATHS = {"/health"}
DEVICELESS_PATHS = {"/", "/app/info", "/metrics", "/health"}
DEVICELESS_PREFIXES = ("/devices", "/statics/", "/chatwoot/", "/ui/", ADMIN)
CHANGING_GETS = {"/app/login", "/app/login-with-code", "/app/logout", "/app/reconnect"}  # GOWA's own way of saying so


class Gate:
    """Stands before every call. Basic-auth refusals are plain text, all others the envelope.

    *meant* finds the device a call names, and raises Refusal where there is none.
    """

    def __init__(self, app: ASGIApp, settings: GatewaySettings, meant: Callable[[Request], object]) -> None:
        self._app = app
        self._settings = settings
        self._meant = meant

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._refusal(Request(scope)) if scope["type"] == "http" else None
        await (self._app if refusal is None else refusal)(scope, receive, send)

    def _refusal(self, request: Request) -> Response | None:
        path = request.url.path
        if path.startswith(ADMIN) and not (self._settings.enable_faults and _is_loopback(request)):
            return PlainTextResponse(f"Cannot {request.method} {path}", 404)
        is_open = path in OPEN_PATHS or path.startswith(OPEN_PREFIXES)
        if not is_open and not self._settings.password and not (_is_loopback(request) and _means_loopback(request)):
            words = "without a [gateway] password only this machine may ask; set one"
            return json_answer(failure("FORBIDDEN", words), 403)
        if not is_open and not self._knows(request):
            return PlainTextResponse("Unauthorized", 401, {"WWW-Authenticate": "basic realm=Restricted"})
        if _changes(request) and _comes_from_another_page(request):
            return json_answer(failure("FORBIDDEN", "a page of another site may not ask this"), 403)
        if path in DEVICELESS_PATHS or path.startswith(DEVICELESS_PREFIXES):
            return None
        return self._device_refusal(request)

    def _knows(self, request: Request) -> bool:
        """True where there is no password; with one, where the caller told it, under the settings' name if they have one."""
        if not self._settings.password:
            return True
        kind, _, encoded = request.headers.get("authorization", "").partition(" ")
        try:
            name, _, word = base64.b64decode(encoded, validate=True).partition(b":")
        except ValueError:  # binascii.Error is one
            return False
        wanted = self._settings.username.encode() or name
        is_right = hmac.compare_digest(name, wanted) & hmac.compare_digest(word, self._settings.password.encode())
        return kind.lower() == "basic" and is_right

    def _device_refusal(self, request: Request) -> Response | None:
        try:
            self._meant(request)
        except Refusal as error:
            return json_answer(failure(error.code, str(error)), error.status)
        return None


def named_device(request: Request) -> str:
    """The device a caller names, in the header or the query; empty for none."""
    return unquote(request.headers.get("x-device-id", "")) or request.query_params.get("device_id", "")


def _changes(request: Request) -> bool:
    return request.method not in ("GET", "HEAD") or request.url.path in CHANGING_GETS


def _comes_from_another_page(request: Request) -> bool:
    """True for what a browser sends on another page's behalf, with the password it remembers: a forged send."""
    if request.headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
        return True
    origin = request.headers.get("origin", "")
    return bool(origin) and urlsplit(origin).netloc != request.headers.get("host", "")


def _means_loopback(request: Request) -> bool:
    """True if the caller took this for its own machine: a page whose name leads here says its own name instead."""
    return (request.url.hostname or "") in ("localhost", "127.0.0.1", "::1")


def _is_loopback(request: Request) -> bool:
    peer = request.client.host if request.client else ""
    try:
        return ipaddress.ip_address(peer).is_loopback
    except ValueError:
        return False
