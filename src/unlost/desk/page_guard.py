"""Who may see the page: whoever has the password, or, without one, only this machine itself."""

from __future__ import annotations

import base64
import binascii
import hmac
from ipaddress import ip_address

from starlette.requests import Request as HttpRequest
from starlette.responses import Response

FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "via")
CURE = "This demo helpdesk shows its page on this machine only. Set a password for the desk to open it elsewhere.\n"


def is_loopback(host: str) -> bool:
    """Whether *host* is this machine by name or number."""
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def host_name(header: str) -> str:
    """The Host header without its port."""
    if header.startswith("["):
        return header.partition("]")[0] + "]"
    return header.partition(":")[0]


def refusal(http: HttpRequest, password: str) -> Response | None:
    """Why this visitor sees nothing; None when the page may be shown.

    Without a password the Host header must be loopback too, so that no foreign page reads ours through a name
    it made point here.
    """
    if password:
        if _knows(http.headers.get("authorization", ""), password):
            return None
        return Response("Password needed\n", 401, {"WWW-Authenticate": 'Basic realm="desk"'}, "text/plain")
    peer = http.client.host if http.client else ""
    near = is_loopback(peer) and is_loopback(host_name(http.headers.get("host", "")))
    if near and not any(name in http.headers for name in FORWARDED):
        return None
    return Response(CURE, 403, media_type="text/plain")


def _knows(header: str, password: str) -> bool:
    kind, _, given = header.partition(" ")
    if kind.lower() != "basic":
        return False
    try:
        user, _, word = base64.b64decode(given, validate=True).partition(b":")
    except (binascii.Error, ValueError):
        return False
    return hmac.compare_digest(user, b"desk") & hmac.compare_digest(word, password.encode())
