"""The port over aiohttp, which takes about 25 MB and a quarter of a second to import: import this file where calls are made.

Facts of aiohttp 3.14 that this file leans on, each with a test: it repeats GET, PUT and DELETE by itself when a kept-alive
connection turns out closed, unless a middleware has turned the error into another; it tells a tracer of the headers before their
first byte is written; it unpacks bodies piece by piece.
"""

import asyncio
import errno
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import BinaryIO, NoReturn

import aiohttp
from aiohttp import hdrs
from yarl import URL

from unlost.errors import Cause
from unlost.transport import Answer, AnswerTooLarge, Call, TransportFailed, Upload

KEEP_ALIVE_S = 10  # below Puma's 20 s, so that we hang up first and seldom write into a closing connection
CONNECT_MAX_S = 10  # a SYN that is not answered by then has met a firewall
HEAD_MAX_BYTES = 32 * 1024  # of one answer header

# Nobody listens there, or no way leads there: no byte of the request can have been read.
UNREACHABLE = frozenset(
    {errno.ECONNREFUSED, errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN, errno.ENETDOWN, errno.EADDRNOTAVAIL}
)


@asynccontextmanager
async def open_http(*, connections_per_host: int, connections_max: int = 256) -> AsyncIterator["AiohttpHttp"]:
    """A client for the time of the block. Knows no proxy of the environment, no cookie and no redirect."""
    connector = aiohttp.TCPConnector(
        limit=connections_max, limit_per_host=connections_per_host, keepalive_timeout=KEEP_ALIVE_S
    )
    async with aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
        middlewares=(_sent_once,),
        trace_configs=[_watch_of_the_first_byte()],
        skip_auto_headers=(hdrs.USER_AGENT,),
        max_field_size=HEAD_MAX_BYTES,
        max_line_size=HEAD_MAX_BYTES,
    ) as session:
        yield AiohttpHttp(session)


class AiohttpHttp:
    """`Http` over one session: kept-alive connections are shared by all callers of a host."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def send(self, call: Call) -> Answer:
        """As `Http.send`. Asks for an unpacked body; a packed one is unpacked up to the same bound."""
        return await self._called(call, None)

    async def receive(self, call: Call, into: Callable[[bytes], None]) -> Answer:
        """As `Http.receive`."""
        return await self._called(call, into)

    async def _called(self, call: Call, into: Callable[[bytes], None] | None) -> Answer:
        url = _url(call.url)
        course = SimpleNamespace(began_to_write=False)
        try:
            with ExitStack() as opened:
                return await self._send(call, url, course, opened, into)
        except (aiohttp.ClientError, _Broken, OSError) as error:
            cause = error.__cause__ if isinstance(error, _Broken) else error
            raise TransportFailed(_cause_of(cause), nothing_sent=not course.began_to_write) from error

    async def _send(
        self, call: Call, url: URL, course: SimpleNamespace, opened: ExitStack, into: Callable[[bytes], None] | None
    ) -> Answer:
        connect_s = min(call.timeout_s, CONNECT_MAX_S)
        async with self._session.request(
            call.method,
            url,
            data=call.json if not call.uploads else _form(call, opened),
            headers=_headers(call),
            timeout=aiohttp.ClientTimeout(total=call.timeout_s, sock_connect=connect_s, sock_read=call.stall_s),
            allow_redirects=False,
            trace_request_ctx=course,
        ) as response:
            if into is not None and response.status == 200:
                await _hand_on(response, call.answer_max_bytes, into)
                return Answer(200, _lower(response), b"")
            return Answer(response.status, _lower(response), await _body(response, call.answer_max_bytes))


class _Broken(Exception):
    """The connection broke under a request; its cause says how. No error of aiohttp, so aiohttp does not send again."""


async def _sent_once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    try:
        return await handler(request)
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise _Broken from error


def _watch_of_the_first_byte() -> aiohttp.TraceConfig:
    """Sets `began_to_write` of a call right before its first byte may leave."""

    async def note(_session: object, course: SimpleNamespace, _headers: object) -> None:
        course.trace_request_ctx.began_to_write = True

    watch = aiohttp.TraceConfig()
    watch.on_request_headers_sent.append(note)
    return watch


def _url(written: str) -> URL:
    """A picture's address comes from outside: what would break the request's first line is not sent."""
    try:
        if written.isascii() and written.isprintable() and " " not in written:
            return URL(written, encoded=True)
    except ValueError:
        pass  # falls to the one raise below
    raise TransportFailed("broken", nothing_sent=True)


def _headers(call: Call) -> dict[str, str]:
    headers = {
        "user-agent": "unlost",
        "accept-encoding": "identity",
        **{name.lower(): text for name, text in call.headers.items()},
    }
    if call.json is not None:
        headers.setdefault("content-type", "application/json")
    return headers


def _form(call: Call, opened: ExitStack) -> aiohttp.FormData:
    """Names go out as UTF-8, as browsers write them: not everybody unescapes what is percent-encoded."""
    form = aiohttp.FormData(quote_fields=False)
    for name, text in call.fields.items():
        form.add_field(name, text)
    for upload in call.uploads:
        content = _content(upload, opened)
        form.add_field(upload.field, content, filename=upload.filename, content_type=upload.content_type)
    return form


def _content(upload: Upload, opened: ExitStack) -> bytes | BinaryIO:
    """A file is opened before anything is sent: that it is missing proves that nothing was done. Raises OSError."""
    return opened.enter_context(upload.content.open("rb")) if isinstance(upload.content, Path) else upload.content


async def _hand_on(response: aiohttp.ClientResponse, max_bytes: int, into: Callable[[bytes], None]) -> None:
    size_bytes = response.content_length or 0
    if size_bytes <= max_bytes:
        size_bytes = 0
        async for piece in response.content.iter_any():
            size_bytes += len(piece)
            if size_bytes > max_bytes:
                break
            into(piece)
    if size_bytes > max_bytes:
        response.close()  # the rest must not be read: the connection is of no more use
        raise AnswerTooLarge


def _lower(response: aiohttp.ClientResponse) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, text in response.headers.items():
        name = name.lower()
        headers[name] = f"{headers[name]}, {text}" if name in headers else text
    return headers


async def _body(response: aiohttp.ClientResponse, max_bytes: int) -> bytes:
    if (response.content_length or 0) > max_bytes:
        _too_much(response)
    pieces, size_bytes = [], 0
    async for piece in response.content.iter_any():
        size_bytes += len(piece)
        if size_bytes > max_bytes:
            _too_much(response)
        pieces.append(piece)
    return b"".join(pieces)


def _too_much(response: aiohttp.ClientResponse) -> NoReturn:
    response.close()  # the rest must not be read: the connection is of no more use
    raise _Broken


def _cause_of(error: BaseException | None) -> Cause:
    """The class of a failure, as section 9's counters name it."""
    match error:
        case aiohttp.ClientConnectorDNSError():
            return "dns"
        case aiohttp.ClientSSLError() | ssl.SSLError():
            return "tls"
        case asyncio.TimeoutError():
            return "timeout"
        case aiohttp.ClientConnectorError() if error.os_error.errno in UNREACHABLE:
            return "connection_refused"
        case aiohttp.ClientConnectorError() if error.os_error.errno == errno.ETIMEDOUT:
            return "timeout"
        case _:
            return "broken"
