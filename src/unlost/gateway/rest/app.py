"""The routes, and what stands around them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

import apsw
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from unlost.gateway.events import MediaKind
from unlost.gateway.rest.account import Account
from unlost.gateway.rest.answers import Refusal, failed, refused, unkept
from unlost.gateway.rest.bodies import let_go
from unlost.gateway.rest.breaking import Breakable, ConnectionBroken, broken
from unlost.gateway.rest.chats import Chats
from unlost.gateway.rest.commands import Commands
from unlost.gateway.rest.counter import Counter
from unlost.gateway.rest.dead_letters import DeadLetters
from unlost.gateway.rest.events import Events
from unlost.gateway.rest.gate import ADMIN, Gate
from unlost.gateway.rest.groups import Groups
from unlost.gateway.rest.logins import Logins
from unlost.gateway.rest.messages import Messages
from unlost.gateway.rest.people import People
from unlost.gateway.rest.sends import Sending
from unlost.gateway.rest.slots import Slots
from unlost.gateway.rest.statics import Statics
from unlost.gateway.rest.unable import unable_routes
from unlost.gateway.versions import DEVICE_WEBHOOK_SINCE, ENVELOPE_SINCE, HEALTH_SINCE

Handler = Callable[[Request], Awaitable[Response]]


def build(
    counter: Counter, refuse: Callable[[float], None], stop: Callable[[], None], pages: Sequence[Route] = ()
) -> ASGIApp:
    """The REST API of *counter*, and *pages*; *refuse* and *stop* do what only the one who serves it can do."""
    logins = Logins(counter)
    routes = [
        *pages,
        *_account_routes(counter, logins),
        *_device_routes(counter, logins),
        *_look_up_routes(counter),
        *_send_routes(Sending(counter)),
        *_message_routes(Messages(counter)),
        *_static_routes(counter, logins),
        *_command_routes(Commands(counter, refuse, stop)),
        *DeadLetters(counter).routes(),
        *Events(counter).routes(),
        *unable_routes(counter.version),
    ]
    handlers = {Refusal: refused, ConnectionBroken: broken, apsw.Error: unkept, Exception: failed}
    app = Starlette(routes=routes, exception_handlers=handlers)
    return Breakable(Gate(app, counter.settings, counter.device), counter.faults, ADMIN)


def _account_routes(counter: Counter, logins: Logins) -> list[Route]:
    """The account's paths, of which older versions have fewer."""
    account = Account(counter)

    async def metrics(request: Request) -> Response:
        return Response(generate_latest(counter.counts.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    routes = [
        Route("/app/status", account.status),
        Route("/app/devices", account.app_devices),
        Route("/app/login", logins.app_login),
        Route("/app/login-with-code", logins.app_code),
        Route("/app/logout", logins.app_logout),
        Route("/app/reconnect", logins.app_reconnect),
        Route("/metrics", metrics),
    ]
    if counter.version >= ENVELOPE_SINCE:
        routes.append(Route("/app/info", account.info))
    if counter.version >= HEALTH_SINCE:
        routes.append(Route("/health", account.health))
    return routes


def _device_routes(counter: Counter, logins: Logins) -> list[Route]:
    slots, slot = Slots(counter), "/devices/{device_id}"
    if counter.version < ENVELOPE_SINCE:
        return []
    routes = [
        Route("/devices", slots.all, methods=["GET"]),
        _post("/devices", slots.add),
        Route(slot, slots.one, methods=["GET"]),
        Route(slot, slots.remove, methods=["DELETE"]),
        Route(f"{slot}/login", logins.login),
        _post(f"{slot}/login/code", logins.code),
        _post(f"{slot}/logout", slots.logout),
        _post(f"{slot}/reconnect", slots.reconnect),
        Route(f"{slot}/status", slots.status),
    ]
    if counter.version >= DEVICE_WEBHOOK_SINCE:
        routes += [
            Route(f"{slot}/webhook", slots.webhook, methods=["GET"]),
            Route(f"{slot}/chatwoot/config", slots.forwarder, methods=["GET"]),
            Route("/chatwoot/configs", slots.forwarders),
        ]
    return routes


def _look_up_routes(counter: Counter) -> list[Route]:
    people, groups, chats = People(counter), Groups(counter), Chats(counter)
    return [
        Route("/user/info", people.info),
        Route("/user/avatar", people.avatar, methods=["GET"]),
        Route("/user/check", people.check),
        Route("/user/my/contacts", people.contacts),
        Route("/user/my/privacy", people.privacy),
        Route("/user/my/groups", people.groups),
        Route("/group/info", groups.info),
        Route("/group/participants", groups.participants, methods=["GET"]),
        Route("/group/participants/export", groups.export),
        Route("/chats", chats.chats),
        Route("/chat/{jid}/messages", chats.messages),
    ]


def _send_routes(sending: Sending) -> list[Route]:
    return [
        _post("/send/message", sending.message),
        _post("/send/image", sending.media(MediaKind.IMAGE)),
        _post("/send/video", sending.media(MediaKind.VIDEO)),
        _post("/send/audio", sending.media(MediaKind.AUDIO)),
        _post("/send/file", sending.media(MediaKind.DOCUMENT)),
        _post("/send/sticker", sending.media(MediaKind.STICKER)),
        _post("/send/contact", sending.contact),
        _post("/send/link", sending.link),
        _post("/send/location", sending.location),
        _post("/send/poll", sending.poll),
        _post("/send/presence", sending.presence),
        _post("/send/chat-presence", sending.chat_presence),
    ]


def _message_routes(messages: Messages) -> list[Route]:
    one = "/message/{message_id}"
    return [
        _post(f"{one}/reaction", messages.reaction),
        _post(f"{one}/update", messages.update),
        _post(f"{one}/revoke", messages.revoke),
        _post(f"{one}/delete", messages.delete),
        _post(f"{one}/read", messages.read),
        _post(f"{one}/star", messages.star),
        _post(f"{one}/unstar", messages.unstar),
        Route(f"{one}/download", messages.download),
    ]


def _static_routes(counter: Counter, logins: Logins) -> list[Route]:
    statics = Statics(counter)
    return [
        Route("/statics/media/{path:path}", statics.media),
        Route("/statics/avatars/{name}", statics.avatar),
        Route("/statics/qrcode/{name}", logins.picture),
    ]


def _command_routes(commands: Commands) -> list[Route]:
    return [
        Route(f"{ADMIN}/faults", commands.show, methods=["GET"]),
        _post(f"{ADMIN}/faults", commands.set),
        _post(f"{ADMIN}/refuse", commands.refuse),
        _post(f"{ADMIN}/stop", commands.stop),
        _post(f"{ADMIN}/scan", commands.scan),
    ]


def _post(path: str, handler: Handler) -> Route:
    async def and_let_go(request: Request) -> Response:
        try:
            return await handler(request)
        finally:
            await let_go(request)

    return Route(path, and_let_go, methods=["POST"])
