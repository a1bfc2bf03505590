"""Nothing here may ever reach beyond this machine."""

import ipaddress
from urllib.parse import urlsplit

HOST = "127.0.0.1"


class NotLoopback(Exception):
    """An address was given that is not this machine's own; nothing was done."""


def require_loopback(url: str) -> None:
    """Raises NotLoopback unless the host in *url* is written as a loopback address; names are not looked up."""
    host = urlsplit(url).hostname or ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        raise NotLoopback(f"{host!r} is not a loopback address") from None
    if not address.is_loopback:
        raise NotLoopback(f"{host} is not a loopback address")
