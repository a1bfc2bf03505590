"""The page at `/`: conversations as they arrive, rendered here and kept fresh over server-sent events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import msgspec
from jinja2 import Environment, FileSystemLoader
from starlette.requests import Request as HttpRequest
from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.routing import Route

from unlost.desk.page_guard import refusal
from unlost.desk.turn import as_int
from unlost.desk.views import Views

FOLDER = Path(__file__).parent / "pages"
STATIC = frozenset({"desk.css", "desk.js", "desk.svg"})
PARTS = ("totals", "list", "top", "bubbles")
WATCHERS_MAX = 50
PACE_S = 0.3  # a page is told of changes no more often than this
HEARTBEAT_S = 15.0
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # with no-referrer a form's Origin would be null, and not told from a foreign one
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class News:
    """Wakes every watching page when something changed."""

    def __init__(self) -> None:
        self._changed = asyncio.Event()
        self.edition = 0
        self.watchers = 0
        self.is_over = False

    def tell(self) -> None:
        """Something changed."""
        self.edition += 1
        self._changed.set()
        self._changed = asyncio.Event()

    def end(self) -> None:
        """Nothing more will change: every watching page is let go."""
        self.is_over = True
        self.tell()

    async def after(self, edition: int, wait_s: float) -> bool:
        """Whether something changed since *edition*, or does within *wait_s*."""
        if self.edition != edition:
            return True
        try:
            await asyncio.wait_for(self._changed.wait(), wait_s)
        except TimeoutError:
            return False
        return True


class Page:
    """Answers the page, its parts, its live stream and its files. *token* is what its forms carry."""

    def __init__(self, views: Views, news: News, password: str, token: str, clock: Callable[[], float]) -> None:
        self._views = views
        self._news = news
        self._password = password
        self._token = token
        self._clock = clock
        self._templates = Environment(loader=FileSystemLoader(FOLDER), autoescape=True, auto_reload=False)

    def routes(self) -> list[Route]:
        """Where the page stands."""
        return [
            Route("/", self.show),
            Route("/desk/parts", self.parts),
            Route("/desk/live", self.live),
            Route("/desk/static/{name}", self.static),
        ]

    async def show(self, http: HttpRequest) -> Response:
        """The whole page; `?c=` chooses a conversation, else wide screens get the newest; `&reply=` a message to answer,
        `&before=` older messages."""
        refused = refusal(http, self._password)
        if refused is not None:
            return refused
        asked = as_int(http.query_params.get("c")) or None
        quote = self._views.quote(asked or 0, as_int(http.query_params.get("reply")))
        filled = self._filled(http) | {"is_asked": asked is not None, "token": self._token, "reply": quote}
        html = self._templates.get_template("page.html").render(filled)
        return Response(html, headers=HEADERS, media_type="text/html")

    async def parts(self, http: HttpRequest) -> Response:
        """What changes on the page, as HTML in JSON."""
        refused = refusal(http, self._password)
        if refused is not None:
            return refused
        filled = self._filled(http)
        parts = {name: self._templates.get_template(f"{name}.html").render(filled) for name in PARTS}
        return Response(msgspec.json.encode(parts), headers=HEADERS, media_type="application/json")

    def _filled(self, http: HttpRequest) -> dict[str, object]:
        asked = as_int(http.query_params.get("c")) or None
        before = as_int(http.query_params.get("before")) or None
        now = self._clock()
        cards = self._views.cards(asked, now)
        chosen = asked or (cards[0].id if cards else None)
        thread = self._views.thread(chosen, now, before) if chosen is not None else None
        totals = self._views.totals(now)
        return {"cards": cards, "thread": thread, "chosen": chosen, "before": before, "totals": totals}

    async def live(self, http: HttpRequest) -> Response:
        """Server-sent events: one each time something changed, at most three a second."""
        refused = refusal(http, self._password)
        if refused is not None:
            return refused
        if self._news.watchers >= WATCHERS_MAX:
            return Response("Too many pages are open\n", 503, {"Retry-After": "10"}, "text/plain")
        return StreamingResponse(self._stream(), headers=HEADERS, media_type="text/event-stream")

    async def _stream(self) -> AsyncIterator[bytes]:
        self._news.watchers += 1
        try:
            told = self._news.edition
            yield b"retry: 1000\ndata: hello\n\n"
            while not self._news.is_over:
                changed = await self._news.after(told, HEARTBEAT_S)
                told = self._news.edition  # what changes during the pause below is told after it
                yield b"data: changed\n\n" if changed else b": quiet\n\n"
                await asyncio.sleep(PACE_S)
        finally:
            self._news.watchers -= 1

    async def static(self, http: HttpRequest) -> Response:
        """The style and the script."""
        name = http.path_params["name"]
        if name not in STATIC:
            return Response(status_code=404)
        return FileResponse(FOLDER / name, headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "no-cache"})
