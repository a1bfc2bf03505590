"""Pages and API as one ASGI app. Who may come near is decided at the door; who may see a page, by its session."""

from collections.abc import Awaitable, Callable
from functools import partial

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.routing import Route

from unlost.console import dead_letters, deeds, entrance, overview, search, story
from unlost.console.api import api_routes
from unlost.console.pulse import WATCHERS_MAX
from unlost.console.rendering import FOLDER
from unlost.console.site import HEADERS, NotFound, Site
from unlost.console.visits import Visit

STATIC = {
    "console.css": "text/css",
    "console.js": "text/javascript",
    "htmx.min.js": "text/javascript",
    "sse.min.js": "text/javascript",
    "icon.svg": "image/svg+xml",
    "LICENSES.txt": "text/plain",
}

Handler = Callable[[Site, Visit], Awaitable[Response]]


def build_console(site: Site) -> Starlette:
    """Everything behind the door that is no webhook."""

    def reads(path: str, handler: Handler, *, for_all: bool = False) -> Route:
        return site.reads(path, partial(handler, site), for_all=for_all)

    def changes(path: str, handler: Handler, *, for_all: bool = False) -> Route:
        return site.changes(path, partial(handler, site), for_all=for_all)

    return Starlette(
        routes=[
            *api_routes(site.operator),
            reads("/", overview.show),
            reads("/login", entrance.show, for_all=True),
            changes("/login", entrance.log_in, for_all=True),
            changes("/logout", entrance.log_out),
            reads("/find", search.show),
            reads("/entries/{id}", story.show),
            reads("/dead", dead_letters.show),
            changes("/dead/preview", dead_letters.preview),
            changes("/dead/act", dead_letters.act),
            changes("/channels/{channel}/pause", deeds.pause),
            changes("/channels/{channel}/resume", deeds.resume),
            changes("/channels/{channel}/reconcile", deeds.reconcile),
            reads("/live", _live),
            Route("/static/{name}", _static),
            Route("/api/{rest:path}", _no_verb),
            reads("/{rest:path}", _nothing),
        ]
    )


async def _live(site: Site, _visit: Visit) -> Response:
    """Ticks for open pages, until the bridge stops."""
    if site.pulse.is_over or site.pulse.watchers >= WATCHERS_MAX:
        return Response("too many pages are open\n", 503, {"Retry-After": "10"}, "text/plain")
    return StreamingResponse(site.pulse.stream(), headers={"X-Accel-Buffering": "no"}, media_type="text/event-stream")


async def _nothing(_site: Site, _visit: Visit) -> Response:
    raise NotFound


async def _no_verb(_: Request) -> Response:
    return Response(b'{"error":"no such verb; /api/v1/openapi.json lists them"}', 404, media_type="application/json")


async def _static(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in STATIC:
        return Response("there is nothing here\n", 404, media_type="text/plain")
    headers = HEADERS | {"Cache-Control": "no-cache"}
    return FileResponse(FOLDER / name, headers=headers, media_type=STATIC[name])
