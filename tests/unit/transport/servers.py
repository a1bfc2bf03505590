"""Loopback servers that misbehave on purpose, each in one way."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Behave = Callable[["Served", asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Seen: Yes\r\n\r\nok"


@dataclass
class Served:
    """What a server has seen."""

    base: str
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0


async def head_of(served: Served, reader: asyncio.StreamReader) -> bytes:
    """Read one request's head and count it."""
    head = await reader.readuntil(b"\r\n\r\n")
    served.requests.append(head)
    return head


@asynccontextmanager
async def serving(behave: Behave, tls: ssl.SSLContext | None = None) -> AsyncIterator[Served]:
    """Each connection is handed to *behave*; its end closes the connection."""
    served = Served("")

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        served.connections += 1
        try:
            await behave(served, reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=tls)
    port = server.sockets[0].getsockname()[1]
    served.base = f"{'https' if tls else 'http'}://127.0.0.1:{port}"
    try:
        yield served
    finally:
        server.close()
        await server.wait_closed()


def answering(answer: bytes) -> Behave:
    """Answers every request alike and keeps the connection open."""

    async def behave(served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            await head_of(served, reader)
            writer.write(answer)
            await writer.drain()

    return behave
