"""The pages' routes. Who may come near is decided at the gate."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.routing import Route

from unlost.gateway.devices.standings import Standings
from unlost.gateway.pages import deeds, device, overview
from unlost.gateway.pages.pulse import WATCHERS_MAX, Pulse
from unlost.gateway.pages.rendering import FOLDER
from unlost.gateway.pages.site import HEADERS, NotFound, Site
from unlost.gateway.pages.visits import Visit
from unlost.gateway.rest.counter import Counter

STATIC = {
    "gateway.css": "text/css",
    "gateway.js": "text/javascript",
    "htmx.min.js": "text/javascript",
    "sse.min.js": "text/javascript",
    "icon.svg": "image/svg+xml",
    "LICENSES.txt": "text/plain",
}
DEVICE = "/ui/devices/{key}"

Handler = Callable[[Site, Visit], Awaitable[Response]]


class Pages:
    """One per gateway. `end` lets every open page's stream go, before the server waits for its connections."""

    def __init__(self, counter: Counter, standings: Standings) -> None:
        self._pulse = Pulse(counter, standings)
        self._site = Site(counter, self._pulse)

    def end(self) -> None:
        """The gateway stops."""
        self._pulse.end()

    def routes(self) -> list[Route]:
        """All of them."""
        return [
            self._reads("/", overview.show),
            self._changes("/ui/devices", deeds.add),
            self._reads(DEVICE, device.show),
            self._reads(f"{DEVICE}/state", device.state),
            self._changes(f"{DEVICE}/qr", device.qr),
            self._changes(f"{DEVICE}/code", device.code),
            self._reads(f"{DEVICE}/ask/{{verb}}", deeds.ask_first),
            self._changes(f"{DEVICE}/reconnect", deeds.reconnect),
            self._changes(f"{DEVICE}/logout", deeds.logout),
            self._changes(f"{DEVICE}/remove", deeds.remove),
            self._reads("/ui/live", _live),
            Route("/ui/static/{name}", _static, methods=["GET"]),
            self._reads("/ui/{rest:path}", _nothing),
        ]

    def _reads(self, path: str, handler: Handler) -> Route:
        return self._site.reads(path, partial(handler, self._site))

    def _changes(self, path: str, handler: Handler) -> Route:
        return self._site.changes(path, partial(handler, self._site))


async def _live(site: Site, _visit: Visit) -> Response:
    """Ticks for open pages, until the gateway stops."""
    if site.pulse.is_over or site.pulse.watchers >= WATCHERS_MAX:
        return Response("too many pages are open\n", 503, {"Retry-After": "10"}, "text/plain")
    return StreamingResponse(site.pulse.stream(), headers={"X-Accel-Buffering": "no"}, media_type="text/event-stream")


async def _nothing(_site: Site, _visit: Visit) -> Response:
    raise NotFound


async def _static(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in STATIC:
        return Response("there is nothing here\n", 404, media_type="text/plain")
    return FileResponse(FOLDER / name, headers=HEADERS | {"Cache-Control": "no-cache"}, media_type=STATIC[name])
