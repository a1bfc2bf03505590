"""The ASGI app in front of everything: webhooks are kept here; all else is passed on to whoever may see it."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from starlette.types import ASGIApp, Receive, Scope, Send

from unlost.clock import Clock
from unlost.errors import NotCommitted
from unlost.ingress import answers
from unlost.ingress.access import refusal, refusal_of_page
from unlost.ingress.answers import Said, answer, answer_kept
from unlost.ingress.body import BodyTooLarge, Headers, NoRoom, Room, SenderGone, Share, announced_bytes, read_body
from unlost.ingress.deadlines import Deadlines
from unlost.ingress.doors import Door
from unlost.ingress.gaps import GapKeeper
from unlost.ingress.keeping import Keeping, NotKept, NotSigned
from unlost.ingress.paths import Doors
from unlost.telemetry.doors import Side, TakenCounter, WebhookRefused
from unlost.telemetry.log import Telemetry
from unlost.telemetry.metrics import CONTENT_TYPE

LINES_EVERY_S = 1.0  # of refusals of one kind: they are counted all, but a stranger shall not fill the log
API = "/api/"  # asked with the password as a bearer token; every other page asks for it by itself
READY_FOR_S = 1.0  # an answer of /readyz holds so long: it costs a commit, and anyone may ask


Taken = Door | Said | None
"""The door that kept a body, or why none did; None where nobody waits for an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorLimits:
    """See [limits] in the settings, where each has its reason."""

    body_max_bytes: int
    body_wait_s: float
    commit_wait_s: float
    concurrency: int
    held_max_bytes: int


@dataclass(slots=True, kw_only=True)
class DoorApp:
    """One per program. *can_commit*: makes something durable, or says False. *inner*: pages and API, behind the access rule.

    Answers while everything else is starting or draining: it needs nothing but the journal.
    """

    doors: Doors
    keeping: Keeping
    gaps: GapKeeper
    limits: DoorLimits
    clock: Clock
    telemetry: Telemetry
    can_commit: Callable[[], Awaitable[bool]]
    inner: ASGIApp
    password: str
    public_url: str
    deadlines: Deadlines = field(default_factory=Deadlines)
    room: Room = field(init=False)
    _taken_at: dict[tuple[str, Side], TakenCounter] = field(init=False)
    _inside: int = 0
    _line_at: dict[tuple[str, int], float] = field(default_factory=dict)
    _ready: tuple[float, bool] = (float("-inf"), False)

    def __post_init__(self) -> None:
        self.room = Room(self.limits.held_max_bytes)
        self._taken_at = {
            (door.channel, door.side): TakenCounter(
                self.telemetry.metrics, door.channel, door.side, opened_at=self.clock.now()
            )
            for door in self.doors.doors
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI calls it."""
        if scope["type"] != "http":
            await self._pass_on(scope, receive, send)
            return
        path = self.doors.own_path(scope["path"])
        if path.startswith("/webhooks/"):
            await self._webhook(path, scope, receive, send)
        elif path in ("/healthz", "/readyz", "/metrics"):
            await self._page(path, scope, send)
        else:
            await self._pass_on(scope, receive, send)

    # --- webhooks -----------------------------------------------------------------------------------------------------

    async def _webhook(self, path: str, scope: Scope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        doors = self.doors.at(path)
        if not doors or scope["method"] != "POST":
            said = answers.ONLY_POST if doors else answers.NO_SUCH_CHANNEL
            await self._refuse(send, said, doors, path, hang_up=True)
            return
        headers = dict(scope["headers"])
        taken = await self._taken(doors, headers, receive)
        if taken is None:
            return
        if isinstance(taken, Said):
            await self._refuse(send, taken, doors, path, hang_up=_is_go(headers))
            self.telemetry.metrics.webhook_seconds.labels(doors[0].side).observe(time.perf_counter() - began)
            return
        await answer_kept(send, hang_up=_is_go(headers))
        self._taken_at[taken.channel, taken.side].count(time.perf_counter() - began, self.clock.now())

    async def _taken(self, doors: tuple[Door, ...], headers: Headers, receive: Receive) -> Taken:
        if announced_bytes(headers) > self.limits.body_max_bytes:
            return answers.TOO_LARGE
        if self._inside >= self.limits.concurrency:
            return answers.TOO_MANY
        self._inside += 1
        share = Share(self.room)
        try:
            return await self._read_and_kept(doors, headers, receive, share)
        finally:
            self._inside -= 1
            share.give_back()

    async def _read_and_kept(self, doors: tuple[Door, ...], headers: Headers, receive: Receive, share: Share) -> Taken:
        try:
            with self.deadlines.within(self.limits.body_wait_s):
                body = await read_body(receive, share, max_bytes=self.limits.body_max_bytes)
            return await self.keeping.keep(doors, body, headers)
        except TimeoutError:
            return answers.TOO_SLOW
        except BodyTooLarge:
            return answers.TOO_LARGE
        except NoRoom:
            return answers.TOO_MANY
        except SenderGone:
            return None
        except NotSigned:
            return answers.NOT_SIGNED
        except NotKept:
            return answers.NOT_KEPT

    async def _refuse(self, send: Send, said: Said, doors: tuple[Door, ...], path: str, *, hang_up: bool) -> None:
        if doors and said is answers.TOO_LARGE:
            self.gaps.too_large(doors[0].channel)
        elif doors and said is answers.TOO_MANY:
            self.keeping.not_kept(doors[0])
        side = doors[0].side if doors else "helpdesk" if path.startswith("/webhooks/helpdesk/") else "gateway"
        refused = WebhookRefused(doors[0].channel if doors else "", side, said.status, said.text.rstrip())
        now = self.clock.monotonic()
        if now - self._line_at.get((refused.channel, said.status), float("-inf")) >= LINES_EVERY_S:
            self._line_at[refused.channel, said.status] = now
            self.telemetry.tell(refused)
        else:
            refused.count(self.telemetry.metrics)
        await answer(send, said, hang_up=hang_up)

    # --- all else -----------------------------------------------------------------------------------------------------

    async def _page(self, path: str, scope: Scope, send: Send) -> None:
        if scope["method"] not in ("GET", "HEAD"):
            await answer(send, answers.ONLY_GET)
        elif path == "/healthz":
            await answer(send, Said(200, "ok\n"))
        elif path == "/readyz":
            is_ready = await self._is_ready()
            await answer(send, Said(200, "ok\n") if is_ready else Said(503, "the journal cannot be written\n"))
        else:
            refused = refusal(scope, password=self.password, public_url=self.public_url)
            page = refused or Said(200, self.telemetry.metrics.page().decode())
            await answer(send, page, content_type=CONTENT_TYPE.encode() if page is not refused else answers.TEXT)

    async def _is_ready(self) -> bool:
        asked_at, is_ready = self._ready
        if self.clock.monotonic() - asked_at < READY_FOR_S:
            return is_ready
        try:
            async with asyncio.timeout(self.limits.commit_wait_s):
                is_ready = await self.can_commit()
        except (TimeoutError, NotCommitted):
            is_ready = False
        self._ready = (self.clock.monotonic(), is_ready)
        return is_ready

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        """To pages and API. Lifespan is none of the door's business: the program that builds it starts and stops it."""
        if scope["type"] not in ("http", "websocket"):
            return
        path = self.doors.own_path(scope["path"])
        decide = refusal if path.startswith(API) or scope["type"] != "http" else refusal_of_page
        refused = decide(scope, password=self.password, public_url=self.public_url)
        if refused is None:
            await self.inner({**scope, "path": path}, receive, send)
        elif scope["type"] == "http":
            await answer(send, refused)
        else:
            await send({"type": "websocket.close", "code": 1008})


def _is_go(headers: Headers) -> bool:
    """GOWA opens a transport per delivery and never closes an idle one (from 7.10.0 on): the answer hangs up for it."""
    return headers.get(b"user-agent", b"").startswith(b"Go-http-client")
