"""Who may see the page: whoever has the password, or, without one, only this machine itself. Who may write: the page."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.requests import Request as HttpRequest
from starlette.responses import Response

FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "via")
CURE = "This demo helpdesk shows its page on this machine only. Set a password for the desk to open it elsewhere.\n"

FOREIGN = "Only the page of this helpdesk may write here. Open it again.\n"


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


def page_token(api_token: str) -> str:
    """What the page's own forms carry; it says nothing of *api_token* and holds until that changes, over restarts too."""
    return hmac.new(api_token.encode(), b"unlost desk page", hashlib.sha256).hexdigest()


def agent_token(api_token: str) -> str:
    """The API token of whoever writes on the page, where the settings name none."""
    return hmac.new(api_token.encode(), b"unlost desk agent", hashlib.sha256).hexdigest()


def foreign(http: HttpRequest, public_url: str) -> Response | None:
    """Refuse what a browser sends for another site's page; None for ours, and for what tells no origin.

    A browser sends Origin with every POST, and since 2023 Sec-Fetch-Site with every request to a trustworthy address.
    The token decides in any case; this is asked before a body is read.
    """
    origin = http.headers.get("origin")
    ours = (http.headers.get("host", ""), urlsplit(public_url).netloc)
    is_ours = origin is None or (origin != "null" and urlsplit(origin).netloc in ours)
    if is_ours and http.headers.get("sec-fetch-site", "same-origin") == "same-origin":
        return None
    return Response(FOREIGN, 403, media_type="text/plain")


def forged(given: object, token: str) -> Response | None:
    """Refuse a form that does not carry the page's token."""
    if isinstance(given, str) and hmac.compare_digest(given.encode("utf-8", "replace"), token.encode()):
        return None
    return Response(FOREIGN, 403, media_type="text/plain")


def _knows(header: str, password: str) -> bool:
    kind, _, given = header.partition(" ")
    if kind.lower() != "basic":
        return False
    try:
        user, _, word = base64.b64decode(given, validate=True).partition(b":")
    except (binascii.Error, ValueError):
        return False
    return hmac.compare_digest(user, b"desk") & hmac.compare_digest(word, password.encode())
