"""The routes, and what stands around them."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from unlost.gateway.rest.account import Account
from unlost.gateway.rest.answers import Refusal, refused
from unlost.gateway.rest.breaking import Breakable, ConnectionBroken, broken
from unlost.gateway.rest.chats import Chats
from unlost.gateway.rest.commands import Commands
from unlost.gateway.rest.counter import Counter
from unlost.gateway.rest.dead_letters import DeadLetters
from unlost.gateway.rest.events import Events
from unlost.gateway.rest.gate import ADMIN, Gate
from unlost.gateway.rest.people import People
from unlost.gateway.rest.statics import Statics
from unlost.gateway.versions import DEVICE_WEBHOOK_SINCE, ENVELOPE_SINCE, HEALTH_SINCE


def build(counter: Counter, refuse: Callable[[float], None], stop: Callable[[], None]) -> ASGIApp:
    """The REST API of *counter*; *refuse* and *stop* do what only the one who serves it can do."""
    people, chats, statics, commands = (
        People(counter),
        Chats(counter),
        Statics(counter),
        Commands(counter, refuse, stop),
    )
    routes = [
        *_account_routes(counter),
        Route("/user/info", people.info),
        Route("/user/avatar", people.avatar),
        Route("/group/info", people.group),
        Route("/chats", chats.chats),
        Route("/chat/{jid}/messages", chats.messages),
        Route("/message/{message_id}/download", chats.download),
        *DeadLetters(counter).routes(),
        *Events(counter).routes(),
        Route("/statics/media/{path:path}", statics.media),
        Route("/statics/avatars/{name}", statics.avatar),
        Route(f"{ADMIN}/faults", commands.show),
        Route(f"{ADMIN}/faults", commands.set, methods=["POST"]),
        Route(f"{ADMIN}/refuse", commands.refuse, methods=["POST"]),
        Route(f"{ADMIN}/stop", commands.stop, methods=["POST"]),
    ]
    app = Starlette(routes=routes, exception_handlers={Refusal: refused, ConnectionBroken: broken})
    return Breakable(Gate(app, counter.settings), counter.faults, ADMIN)


def _account_routes(counter: Counter) -> list[Route]:
    """The account's paths, of which older versions have fewer."""
    account = Account(counter)

    async def metrics(request: Request) -> Response:
        return Response(generate_latest(counter.counts.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    routes = [
        Route("/app/status", account.status),
        Route("/app/devices", account.app_devices),
        Route("/metrics", metrics),
        Route("/", account.front_page),
    ]
    if counter.version >= ENVELOPE_SINCE:
        routes += [Route("/app/info", account.info), Route("/devices", account.devices)]
    if counter.version >= DEVICE_WEBHOOK_SINCE:
        routes.append(Route("/devices/{device_id}/webhook", account.webhook))
        routes.append(Route("/devices/{device_id}/chatwoot/config", account.forwarder))
    if counter.version >= HEALTH_SINCE:
        routes.append(Route("/health", account.health))
    return routes
