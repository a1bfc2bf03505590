"""The door behind the real server: what only bytes on a connection can show."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
import uvicorn

from tests.unit.ingress.worlds import World, signature

BODY = json.dumps({"text": "x" * 200}).encode()


@pytest.fixture
async def world() -> World:
    return World()


@pytest.fixture
async def port(world: World) -> AsyncIterator[int]:
    config = uvicorn.Config(world.app, host="127.0.0.1", port=0, lifespan="off", log_config=None, http="httptools")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server._serve())  # `serve` would take the test runner's signals
    while not server.started:
        await asyncio.sleep(0.001)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    await serving


async def said(port: int, request: bytes) -> bytes:
    """All bytes of the answer, until the server hangs up or a second request is answered too."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    answer = await reader.readuntil(b"\n\r\n" if b"HEAD" in request[:4] else b"\r\n\r\n")
    length = int(answer.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    answer += await reader.readexactly(length)
    writer.write(b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    answer += await reader.read()
    writer.close()
    return answer


def webhook(*lines: str, body: bytes = BODY) -> bytes:
    head = ["POST /webhooks/gateway/support HTTP/1.1", "Host: a", f"X-Hub-Signature-256: {signature(BODY)}", *lines]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


async def test_a_chunked_body_as_gowa_7_sends_it_is_kept_whole(port: int, world: World) -> None:
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (BODY[:100], BODY[100:])) + b"0\r\n\r\n"
    answer = await said(port, webhook("Transfer-Encoding: chunked", body=chunks))
    assert answer.startswith(b"HTTP/1.1 200")
    assert [arrival.raw for _, arrival in world.journal.kept] == [BODY]


async def test_gos_client_finds_the_connection_closed(port: int) -> None:
    answer = await said(port, webhook(f"Content-Length: {len(BODY)}", "User-Agent: Go-http-client/1.1"))
    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.count(b"HTTP/1.1") == 1


async def test_others_may_send_the_next_webhook_on_the_same_connection(port: int) -> None:
    answer = await said(port, webhook(f"Content-Length: {len(BODY)}"))
    assert answer.count(b"HTTP/1.1 200") == 2


async def test_an_announced_giant_is_refused_before_it_is_sent(port: int) -> None:
    answer = await said(port, webhook("Content-Length: 99999999", body=b""))
    assert answer.startswith(b"HTTP/1.1 413")
    assert answer.count(b"HTTP/1.1") == 1
