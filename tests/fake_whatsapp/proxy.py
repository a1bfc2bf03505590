"""An HTTP CONNECT proxy on loopback that knows one way: whatever host is asked for, this machine's own port."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from tests.fake_whatsapp.loopback import HOST

REQUEST_BYTES_MAX = 16_384
PIECE_BYTES = 65_536


class Proxy:
    """Answers CONNECT for hosts that *serves* says yes to, and 403 for all else; dials nothing but *port*."""

    def __init__(self, port: int, serves: Callable[[str], bool]) -> None:
        self._port, self._serves = port, serves
        self._server: asyncio.Server | None = None
        self.asked: list[str] = []
        """Every host asked for, with its port, in order."""

    @property
    def url(self) -> str:
        assert self._server is not None, "the proxy is open"
        return f"http://{HOST}:{self._server.sockets[0].getsockname()[1]}"

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._connected, HOST, 0, limit=REQUEST_BYTES_MAX)

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._answer(reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # the client went away, or sent no request; nobody waits for an answer
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        method, target = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split(" ")[:2]
        self.asked.append(target)
        if method != "CONNECT" or not self._serves(target.rpartition(":")[0]):
            writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
            return await writer.drain()
        far_reader, far_writer = await asyncio.open_connection(HOST, self._port)
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        await asyncio.gather(_carry(reader, far_writer), _carry(far_reader, writer))
        return None


async def _carry(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    """Pass on what comes until either end closes."""
    try:
        while piece := await source.read(PIECE_BYTES):
            target.write(piece)
            await target.drain()
    except OSError:
        pass  # one end closed hard; the other is closed below
    finally:
        target.close()
