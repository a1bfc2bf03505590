"""The port: opened, closed with every connection on it, and opened again on the same number."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp

from unlost.gateway.rest.breaking import BreakableProtocol

BACKLOG = 128
DRAIN_S = 15  # GOWA drains its HTTP server up to 15 s at a SIGTERM (its page, 2.3)
HUNG_DRAIN_S = 1  # one that hangs has nobody to wait for


class _Server(uvicorn.Server):
    """uvicorn's server without its signal handlers: whoever serves the gateway decides when it ends."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()


class Listener:
    """One host and port. Port 0 is any free one, kept from then on."""

    def __init__(self, app: ASGIApp, host: str, port: int) -> None:
        self._app = app
        self._host = host
        self.port = port
        self._kept: socket.socket | None = None
        self._server: _Server | None = None
        self._serving: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Listen. Raises OSError where the port is taken."""
        if self._kept is None:
            self._kept = _bound(self._host, self.port)
            self.port = self._kept.getsockname()[1]
        listening = _bound(self._host, self.port)
        try:
            listening.listen(BACKLOG)
        except OSError:
            listening.close()
            raise
        config = uvicorn.Config(
            self._app,
            http=BreakableProtocol,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=DRAIN_S,
        )
        self._server = _Server(config)
        self._serving = asyncio.create_task(self._server.serve([listening]))
        await self._server.up.wait()

    async def close(self, *, at_once: bool) -> None:
        """Stop listening; *at_once* resets what is under way, else it is answered first, up to DRAIN_S."""
        if self._server is None or self._serving is None:
            return
        self._server.should_exit = True
        if at_once:
            self._server.force_exit = True
            for connection in list(self._server.server_state.connections):
                connection.transport.abort()
        await asyncio.wait(
            [self._serving]
        )  # unlike a plain await, does not cut the shutdown short when cancelled itself
        self._server = None

    def let_go(self) -> None:
        """Give the port back; while it is only closed, connections are refused and nobody else gets it."""
        if self._kept is not None:
            self._kept.close()
            self._kept = None


def _bound(host: str, port: int) -> socket.socket:
    """A socket that has the port and does not listen yet; several of these may have it, one of them may listen."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # named, so that asyncio turns Nagle off
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError:
        bound.close()
        raise
    return bound
