"""One HTTP call to a webhook's receiver, with GOWA's headers, and nothing after it."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import aiohttp

from unlost import __version__
from unlost.gateway.settings import Temper
from unlost.gateway.tries import Answer
from unlost.gateway.wire_json import signature, stamped_signature

RETRY_AFTER_MOST_S = 300.0  # a receiver that asks for more is asked again after this; five minutes is a long restart


@dataclass(frozen=True)
class EventName:
    """Under what an event stands in the feed, and in which."""

    feed: str
    number: int


@dataclass(frozen=True)
class Outcome:
    """What one call came to: the answer's *status*, if there was one, and the wait that the receiver asked for, if it did."""

    answer: Answer
    retry_after_s: float | None = None
    status: int | None = None

    def scaled(self, scale: float) -> Outcome:
        """With the wait in real seconds, each of the schedule's taking *scale* of them."""
        return self if self.retry_after_s is None else replace(self, retry_after_s=self.retry_after_s * scale)


class Poster:
    """Sends webhooks. In GOWA's temper each call has a connection of its own, as each of GOWA's has a transport."""

    def __init__(self, *, secret: str, temper: Temper, chunked: bool) -> None:
        self._secret = secret
        self._chunked = chunked
        self._gowa = temper is Temper.GOWA
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Make the session; must run on the loop that will send."""
        connector = aiohttp.TCPConnector(force_close=self._gowa, limit=0)
        self._session = aiohttp.ClientSession(
            connector=connector, skip_auto_headers=("Accept",), cookie_jar=aiohttp.DummyCookieJar()
        )

    async def close(self) -> None:
        """Drop all connections."""
        if self._session is not None:
            await self._session.close()

    async def post(self, url: str, body: bytes, wait_s: float, *, event: EventName | None = None) -> Outcome:
        """Send *body* once, as *event* of the feed where it is one: then with its number, and signed with the time too; the answer's own body is not read. Takes at most *wait_s*."""
        assert self._session is not None, "open() comes first"
        data = _pieces(body) if self._chunked else body
        try:
            async with (
                asyncio.timeout(wait_s),
                self._session.post(url, data=data, headers=self._headers(body, event)) as got,
            ):
                answer = Answer.ACCEPTED if 200 <= got.status < 300 else Answer.REFUSED
                return Outcome(answer, _retry_after_s(got.headers.get("Retry-After", "")), got.status)
        except TimeoutError:
            return Outcome(Answer.TIMED_OUT)
        except (aiohttp.ClientError, OSError):
            return Outcome(Answer.UNREACHABLE)

    def _headers(self, body: bytes, event: EventName | None) -> dict[str, str]:
        headers = {
            "Content-Type": "application/json",
            "X-Hub-Signature-256": signature(self._secret, body),
            "User-Agent": "Go-http-client/1.1" if self._gowa else f"unlost-gateway/{__version__}",
            "Accept-Encoding": "gzip",
        }
        if event is not None:
            stamp, number = str(int(time.time())), str(event.number)
            headers["X-Unlost-Feed"] = event.feed
            headers["X-Unlost-Event"] = number
            headers["X-Unlost-Timestamp"] = stamp
            signed = stamped_signature(self._secret, stamp, body, feed=event.feed, number=number)
            headers["X-Unlost-Signature"] = signed
        return headers


async def _pieces(body: bytes) -> AsyncIterator[bytes]:
    """The body as a stream of unknown length, which goes out chunked (v7.4.0 to v9.0.0)."""
    yield body


def _retry_after_s(header: str) -> float | None:
    with contextlib.suppress(ValueError):
        return min(max(0.0, float(header)), RETRY_AFTER_MOST_S)
    return None
