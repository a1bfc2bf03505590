"""Sends webhooks as Chatwoot's jobs do: once, several at a time, in no order, five seconds (contract 3.3 to 3.5)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

import aiohttp
import structlog

from unlost.desk.values import WebhookDue
from unlost.desk.world import World

WORKERS = 10  # Sidekiq's default threads
WAITING_MAX = 20_000  # due webhooks kept; more are dropped, as a Redis out of memory drops them
REDIRECTS_MAX = 10

log = structlog.get_logger("desk")


class WebhookSender:
    """Delivers what is due. `start` and `stop` bracket its life; `send` never waits."""

    def __init__(self, world: World, *, timeout_s: float, clock: Callable[[], float]) -> None:
        self._world = world
        self._timeout_s = timeout_s
        self._clock = clock
        self._due: asyncio.Queue[WebhookDue] = asyncio.Queue(WAITING_MAX)
        self._workers: list[asyncio.Task[None]] = []
        self._session: aiohttp.ClientSession | None = None
        self.changed: Callable[[], None] = lambda: None

    async def start(self) -> None:
        """Open the client and let the workers run."""
        timeout = aiohttp.ClientTimeout(sock_connect=self._timeout_s, sock_read=self._timeout_s, total=None)
        connector = aiohttp.TCPConnector(limit=WORKERS)
        self._session = aiohttp.ClientSession(timeout=timeout, connector=connector, auto_decompress=False)
        self._workers = [asyncio.create_task(self._work(self._session)) for _ in range(WORKERS)]

    async def stop(self) -> None:
        """Drop what is under way, as a kill would."""
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def send(self, due: Iterable[WebhookDue]) -> None:
        """Queue webhooks; those of a slow commit wait for its end first."""
        for one in due:
            wait_s = one.due_at - self._clock()
            if wait_s > 0:
                asyncio.get_running_loop().call_later(wait_s, self._queue, one)
            else:
                self._queue(one)

    def _queue(self, due: WebhookDue) -> None:
        try:
            self._due.put_nowait(due)
        except asyncio.QueueFull:
            log.warning("desk.webhook_dropped", event_name=due.event, subject=due.subject)

    async def _work(self, session: aiohttp.ClientSession) -> None:
        while True:
            due = await self._due.get()
            try:
                await self._deliver(session, due)
            except Exception:  # the top of the loop: one webhook's bug must not stop the others
                log.exception("desk.webhook_bug", event_name=due.event, subject=due.subject)

    async def _deliver(self, session: aiohttp.ClientSession, due: WebhookDue) -> None:
        now = self._clock()
        url, body = self._world.webhook_url(due), self._world.payload(due, now)
        if not url or body is None:
            return
        error = await self._attempt(session, url, body, self._world.webhook_headers(due, body, now))
        if error is None:
            return
        log.info("desk.webhook_failed", event_name=due.event, subject=due.subject, error=error)
        self.send(self._world.webhook_failed(due, error, self._clock()))
        self.changed()

    async def _attempt(
        self, session: aiohttp.ClientSession, url: str, body: bytes, headers: dict[str, str]
    ) -> str | None:
        """Make one attempt; None after any 2xx, else the error text as Chatwoot would keep it."""
        try:
            async with session.post(url, data=body, headers=headers, max_redirects=REDIRECTS_MAX) as answer:
                return None if 200 <= answer.status < 300 else f"{answer.status} {answer.reason}"
        except TimeoutError:
            return "Net::ReadTimeout with #<TCPSocket:(closed)>"
        except aiohttp.ClientConnectorError as error:
            return f"Failed to open TCP connection to {error.host}:{error.port} ({error.strerror or 'unreachable'})"
        except (aiohttp.ClientError, ValueError) as error:
            return f"{type(error).__name__}: end of file reached"
