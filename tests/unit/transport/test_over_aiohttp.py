"""Every call goes out once, and every failure has its name. Over loopback."""

import asyncio
import gzip
import socket
import ssl

import aiohttp
import pytest

from tests.unit.transport.servers import OK, Served, answering, head_of, serving
from unlost.transport import Call, TransportFailed, Upload
from unlost.transport.over_aiohttp import AiohttpHttp, open_http


def get(url: str, *, timeout_s: float = 5, answer_max_bytes: int = 1_000_000) -> Call:
    return Call("GET", url, timeout_s=timeout_s, answer_max_bytes=answer_max_bytes)


async def failure(http: AiohttpHttp, call: Call) -> tuple[str, bool]:
    with pytest.raises(TransportFailed) as raised:
        await http.send(call)
    return raised.value.cause, raised.value.nothing_sent


async def test_any_status_is_an_answer(http: AiohttpHttp) -> None:
    async with serving(answering(b"HTTP/1.1 503 No\r\nContent-Length: 4\r\nRetry-After: 5\r\n\r\nbusy")) as served:
        answer = await http.send(get(served.base))
    assert (answer.status, answer.headers["retry-after"], answer.body) == (503, "5", b"busy")


async def test_a_redirect_is_an_answer_too(http: AiohttpHttp) -> None:
    async with serving(answering(b"HTTP/1.1 302 Go\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n")) as served:
        answer = await http.send(get(served.base))
    assert answer.status == 302
    assert len(served.requests) == 1


async def test_the_path_goes_out_as_it_was_written(http: AiohttpHttp) -> None:
    async with serving(answering(OK)) as served:
        await http.send(get(f"{served.base}/chat/12%40g.us/messages?a=%2B1&b=x%20y"))
    assert served.requests[0].startswith(b"GET /chat/12%40g.us/messages?a=%2B1&b=x%20y HTTP/1.1\r\n")


async def test_no_cookie_is_ever_sent_back(http: AiohttpHttp) -> None:
    async with serving(answering(OK.replace(b"X-Seen: Yes", b"Set-Cookie: a=b; Path=/"))) as served:
        await http.send(get(served.base))
        await http.send(get(served.base))
    assert b"cookie" not in served.requests[1].lower()


async def test_a_proxy_of_the_environment_is_not_used(http: AiohttpHttp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    async with serving(answering(OK)) as served:
        assert (await http.send(get(served.base))).status == 200


async def test_json_is_sent_as_it_stands(http: AiohttpHttp) -> None:
    bodies = []

    async def behave(served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert b"content-type: application/json" in (await head_of(served, reader)).lower()
        bodies.append(await reader.readexactly(8))
        writer.write(OK)

    async with serving(behave) as served:
        await http.send(Call("POST", served.base, timeout_s=5, json=b'{"a": 1}', headers={"Api-Access-Token": "t"}))
    assert bodies == [b'{"a": 1}']
    assert b"api-access-token: t" in served.requests[0].lower()


async def test_uploads_go_out_as_a_form(http: AiohttpHttp) -> None:
    forms = []

    async def behave(served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await head_of(served, reader)).lower()
        assert b"content-type: multipart/form-data; boundary=" in head
        forms.append(await reader.readexactly(int(head.split(b"content-length: ")[1].split(b"\r\n")[0])))
        writer.write(OK)

    upload = Upload("avatar", "avatar.jpg", "image/jpeg", b"\xff\xd8 picture")
    async with serving(behave) as served:
        await http.send(Call("PUT", served.base, timeout_s=5, uploads=(upload,)))
    assert b'name="avatar"; filename="avatar.jpg"' in forms[0]
    assert b"\xff\xd8 picture" in forms[0]


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT", "POST"])
async def test_a_call_on_a_kept_connection_that_breaks_is_sent_once(http: AiohttpHttp, method: str) -> None:
    """The server answers the first request, and hangs up upon the second of the same connection."""

    async def behave(served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await head_of(served, reader)
        writer.write(OK)
        await head_of(served, reader)

    async with serving(behave) as served:
        await http.send(get(served.base))
        assert await failure(http, Call(method, served.base, timeout_s=5)) == ("broken", False)
    assert len(served.requests) == 2
    assert served.connections == 1


async def test_without_our_middleware_aiohttp_would_send_twice() -> None:
    """The check of the check above: should it fail one day, aiohttp has changed and `_sent_once` may go."""

    async def behave(served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await head_of(served, reader)

    async with serving(behave) as served, aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ServerDisconnectedError):
            await session.get(served.base)
    assert len(served.requests) == 2


async def test_refused_is_told_and_nothing_was_sent(http: AiohttpHttp) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        assert await failure(http, get(f"http://127.0.0.1:{port}/")) == ("connection_refused", True)


async def test_a_name_that_does_not_resolve_is_dns(http: AiohttpHttp) -> None:
    assert await failure(http, get("http://no-such-host.invalid/")) == ("dns", True)


async def test_plain_http_where_tls_was_asked_for_is_tls(http: AiohttpHttp) -> None:
    async def behave(_served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    async with serving(behave) as served:
        cause = await failure(http, get(served.base.replace("http://", "https://")))
    assert cause == ("tls", True)


async def test_a_certificate_nobody_vouches_for_is_tls(http: AiohttpHttp, untrusted: ssl.SSLContext) -> None:
    async with serving(answering(OK), tls=untrusted) as served:
        assert await failure(http, get(served.base)) == ("tls", True)
    assert served.requests == []


async def test_no_answer_in_time_is_a_timeout_of_unknown_outcome(http: AiohttpHttp) -> None:
    async def behave(served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await head_of(served, reader)
        await reader.read()

    async with serving(behave) as served:
        assert await failure(http, get(served.base, timeout_s=0.1)) == ("timeout", False)


async def test_a_body_that_trickles_is_cut_at_the_total_timeout(http: AiohttpHttp) -> None:
    async def behave(served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await head_of(served, reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
        while not reader.at_eof():
            writer.write(b".")
            await writer.drain()
            await asyncio.wait([asyncio.ensure_future(reader.read(1))], timeout=0.02)

    async with serving(behave) as served:
        assert await failure(http, get(served.base, timeout_s=0.2)) == ("timeout", False)


async def test_waiting_for_a_free_connection_counts_and_has_sent_nothing() -> None:
    async def behave(served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await head_of(served, reader)
        await reader.read()

    async with open_http(connections_per_host=1) as http, serving(behave) as served:
        first = asyncio.create_task(failure(http, get(served.base, timeout_s=0.4)))
        while not served.requests:
            await asyncio.sleep(0)
        assert await failure(http, get(served.base, timeout_s=0.1)) == ("timeout", True)
        assert await first == ("timeout", False)


async def test_half_an_answer_is_broken(http: AiohttpHttp) -> None:
    async def behave(served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await head_of(served, reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")

    async with serving(behave) as served:
        assert await failure(http, get(served.base)) == ("broken", False)


@pytest.mark.parametrize(
    "answer", [b"SSH-2.0-OpenSSH\r\n\r\n", b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100_000 + b"\r\n\r\n"]
)
async def test_what_is_no_http_is_broken(http: AiohttpHttp, answer: bytes) -> None:
    async with serving(answering(answer)) as served:
        assert await failure(http, get(served.base)) == ("broken", False)


@pytest.mark.parametrize(
    "head", [b"Content-Length: 2000", b"Transfer-Encoding: chunked"], ids=["with a length", "in chunks"]
)
async def test_an_answer_beyond_its_bound_is_not_read(http: AiohttpHttp, head: bytes) -> None:
    body = b"7d0\r\n" + b"x" * 2000 + b"\r\n0\r\n\r\n" if b"chunked" in head else b"x" * 2000
    async with serving(answering(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n\r\n" + body)) as served:
        assert await failure(http, get(served.base, answer_max_bytes=1999)) == ("broken", False)
        assert len((await http.send(get(served.base, answer_max_bytes=2000))).body) == 2000


async def test_a_packed_body_is_unpacked_up_to_its_bound(http: AiohttpHttp) -> None:
    small, bomb = gzip.compress(b"ok"), gzip.compress(b"\0" * 50_000_000)

    def packed(body: bytes) -> bytes:
        return b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body) + body

    async with serving(answering(packed(small))) as served:
        assert (await http.send(get(served.base))).body == b"ok"
        assert b"accept-encoding: identity" in served.requests[0].lower()
    async with serving(answering(packed(bomb))) as served:
        assert await failure(http, get(served.base)) == ("broken", False)


@pytest.mark.parametrize(
    "url", ["http://a b/", "http://a/\r\nX: y", "http://[", "ftp://127.0.0.1/", "http://ä/", "nothing"]
)
async def test_an_address_that_is_none_is_not_called(http: AiohttpHttp, url: str) -> None:
    assert await failure(http, get(url)) == ("broken", True)


async def test_a_cancelled_call_leaves_the_client_whole(http: AiohttpHttp) -> None:
    async def behave(served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if b"/hang" in await head_of(served, reader):
            await reader.read()
        writer.write(OK)

    async with serving(behave) as served:
        hanging = asyncio.create_task(http.send(get(f"{served.base}/hang")))
        while not served.requests:
            await asyncio.sleep(0)
        hanging.cancel()
        with pytest.raises(asyncio.CancelledError):
            await hanging
        assert (await http.send(get(served.base))).body == b"ok"
