"""Who may see metrics, pages and the operator API."""

import hmac
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.types import Scope

from unlost.ingress.answers import Said

BEHIND_A_PROXY = frozenset({b"forwarded", b"via"})
CURE = "set [console] password in unlost.toml: without one, this answers only to the very machine it runs on\n"

ASK_FOR_THE_PASSWORD = Said(
    401, "the console's password is asked for\n", ((b"www-authenticate", b'Bearer realm="unlost"'),), hang_up=True
)
FORBIDDEN = Said(403, CURE, hang_up=True)
FOREIGN_PAGE = Said(403, "asked by a page of another site\n", hang_up=True)


def refusal(scope: Scope, *, password: str, public_url: str) -> Said | None:
    """None where the caller may pass.

    With a password it must be told as a bearer token. Without one the peer and the Host header must be loopback, *public_url*
    empty or loopback, and no header may say that a proxy stands between. A page of another site is refused either way: a
    browser on this machine would lend it its loopback address.
    """
    if password and not _is_foreign(scope, public_url):
        return None if _is_told(scope["headers"], password) else ASK_FOR_THE_PASSWORD
    return refusal_of_page(scope, password=password, public_url=public_url)


def refusal_of_page(scope: Scope, *, password: str, public_url: str) -> Said | None:
    """As `refusal`, for the operator's pages: where there is a password, they ask for it themselves."""
    headers: list[tuple[bytes, bytes]] = scope["headers"]
    if _is_foreign(scope, public_url):
        return FOREIGN_PAGE
    if password:
        return None
    is_near = _is_loopback_peer(scope) and _is_loopback_host(_host(headers)) and not _came_through_a_proxy(headers)
    return None if is_near and (not public_url or _is_loopback_host(urlsplit(public_url).netloc)) else FORBIDDEN


def _is_foreign(scope: Scope, public_url: str) -> bool:
    headers: list[tuple[bytes, bytes]] = scope["headers"]
    own = {_host(headers), urlsplit(public_url).netloc} - {""}
    return any(name == b"origin" and _netloc(value.decode("latin-1")) not in own for name, value in headers)


def _is_told(headers: list[tuple[bytes, bytes]], password: str) -> bool:
    told = b"".join(value for name, value in headers if name == b"authorization")
    return hmac.compare_digest(told, b"Bearer " + password.encode())


def _host(headers: list[tuple[bytes, bytes]]) -> str:
    hosts = [value for name, value in headers if name == b"host"]
    return hosts[0].decode("latin-1") if len(hosts) == 1 else ""


def _netloc(url: str) -> str:
    try:
        return urlsplit(url).netloc
    except ValueError:
        return ""


def _came_through_a_proxy(headers: list[tuple[bytes, bytes]]) -> bool:
    return any(name in BEHIND_A_PROXY or name.startswith(b"x-forwarded") or name == b"x-real-ip" for name, _ in headers)


def _is_loopback_peer(scope: Scope) -> bool:
    client: tuple[str, int] | None = scope.get("client")
    return client is not None and _is_loopback(client[0])


def _is_loopback_host(netloc: str) -> bool:
    """`127.0.0.1:8080`, `localhost`, `[::1]:80`."""
    try:
        host = urlsplit(f"//{netloc}").hostname or ""
    except ValueError:
        return False
    return host == "localhost" or _is_loopback(host)


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
