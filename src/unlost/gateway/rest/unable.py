"""What GOWA does and this gateway does not: each answers 501 and says so, and changes nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from unlost.gateway.rest.answers import Refusal
from unlost.gateway.versions import DEVICE_WEBHOOK_SINCE, Version

UNABLE: tuple[tuple[str, str, str], ...] = (
    ("GET", "/app/passkey", "linking with a passkey"),
    ("POST", "/app/passkey/response", "linking with a passkey"),
    ("POST", "/app/passkey/confirm", "linking with a passkey"),
    ("PATCH", "/devices/{device_id}/webhook", "a webhook of one device's own"),
    ("POST", "/user/avatar", "changing the account's own picture"),
    ("POST", "/user/pushname", "changing the account's own name"),
    ("GET", "/user/my/newsletters", "channels"),
    ("GET", "/user/business-profile", "business profiles"),
    ("POST", "/message/{message_id}/forward", "forwarding a stored message"),
    ("POST", "/call/reject", "rejecting calls"),
    ("POST", "/chat/{chat_jid}/pin", "pinning chats"),
    ("POST", "/chat/{chat_jid}/disappearing", "changing a chat's vanishing time"),
    ("POST", "/chat/{chat_jid}/archive", "archiving chats"),
    ("POST", "/group", "making groups"),
    ("POST", "/group/participants", "changing who is in a group"),
    ("POST", "/group/participants/remove", "changing who is in a group"),
    ("POST", "/group/participants/promote", "changing who is in a group"),
    ("POST", "/group/participants/demote", "changing who is in a group"),
    ("POST", "/group/join-with-link", "joining groups"),
    ("GET", "/group/info-from-link", "invitation links"),
    ("GET", "/group/participant-requests", "requests to join a group"),
    ("POST", "/group/participant-requests/approve", "requests to join a group"),
    ("POST", "/group/participant-requests/reject", "requests to join a group"),
    ("POST", "/group/leave", "leaving groups"),
    ("POST", "/group/photo", "changing groups"),
    ("POST", "/group/name", "changing groups"),
    ("POST", "/group/locked", "changing groups"),
    ("POST", "/group/announce", "changing groups"),
    ("POST", "/group/topic", "changing groups"),
    ("GET", "/group/invite-link", "invitation links"),
    ("POST", "/newsletter/unfollow", "channels"),
    ("GET", "/newsletter/messages", "channels"),
    ("POST", "/chatwoot/sync", "forwarding to a helpdesk: the bridge does that"),
    ("GET", "/chatwoot/sync/status", "forwarding to a helpdesk: the bridge does that"),
    ("POST", "/chatwoot/webhook", "forwarding to a helpdesk: the bridge does that"),
    ("POST", "/chatwoot/webhook/{device_id}", "forwarding to a helpdesk: the bridge does that"),
    ("PUT", "/devices/{device_id}/chatwoot/config", "forwarding to a helpdesk: the bridge does that"),
    ("DELETE", "/devices/{device_id}/chatwoot/config", "forwarding to a helpdesk: the bridge does that"),
)
"""Method, path as GOWA's OpenAPI file spells it, and what is missing."""


def unable(what: str) -> Refusal:
    """The refusal of *what*."""
    return Refusal(501, "NOT_IMPLEMENTED", f"this gateway does not do that: {what}")


def unable_routes(version: Version) -> list[Route]:
    """A route for each; earlier versions have no such settings of a device."""
    shown = [one for one in UNABLE if version >= DEVICE_WEBHOOK_SINCE or not one[1].startswith("/devices")]
    return [Route(path, _refusing(what), methods=[method]) for method, path, what in shown]


def _refusing(what: str) -> Callable[[Request], Awaitable[Response]]:
    async def handler(request: Request) -> Response:
        raise unable(what)

    return handler
