"""Connections that hang or break, which is how a gateway dies in the middle of a call."""

from __future__ import annotations

import socket
import struct
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from unlost.gateway.faults import Faults
from unlost.gateway.rest.answers import plain_error

TRANSPORT = "unlost.transport"
LINGER_NOT = struct.pack("ii", 1, 0)  # close() then sends a reset, as the kernel does for a process that is killed


class BreakableProtocol(HttpToolsProtocol):
    """uvicorn's protocol, which lets a request reach its own connection."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        state: dict[str, Any] = self.scope["state"]
        state[TRANSPORT] = self.transport


class ConnectionBroken(Exception):
    """The connection of this request is to be reset; nobody is left to answer then."""


class Silence(Response):
    """No answer at all: the connection is reset instead."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        transport = scope["state"].get(TRANSPORT)
        assert transport is not None, "served by another protocol than BreakableProtocol"
        raw = transport.get_extra_info("socket")
        if raw is not None:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
        transport.abort()
        while (await receive())["type"] != "http.disconnect":
            pass  # until the server knows that the connection is gone, and so asks for no answer


async def broken(request: Request, error: Exception) -> Response:
    """An Exception handler of the application."""
    return Silence()


def break_if_told(faults: Faults, what: str = "break_lookups") -> None:
    """Raise ConnectionBroken if a call of this kind is to break now."""
    if faults.spend(what):
        raise ConnectionBroken


def fail_if_told(faults: Faults) -> None:
    """Raise a plain error if a file is not to be had now."""
    if faults.spend("fail_files"):
        raise plain_error("failed to download media")


class Breakable:
    """Around the whole application: while the gateway hangs requests are held, and reset when that ends."""

    def __init__(self, app: ASGIApp, faults: Faults, free_prefix: str) -> None:
        self._app = app
        self._faults = faults
        self._free_prefix = free_prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        free = scope["type"] != "http" or scope["path"].startswith(self._free_prefix)
        hung = not free and await self._faults.while_hanging()
        await (Silence() if hung else self._app)(scope, receive, send)
