"""Where the gateway's word may lead us: to what it hands out itself, and to public hosts over https; nowhere else.

The word may be anything. Of the gateway's own host only `/statics/…` is asked for: everything else there does something. A name that
changes its address between check and call (DNS rebinding) leads to a host that cannot show the name's certificate. Redirects are not
followed.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, unquote, urlsplit

from unlost.errors import Cause, Refused, TryLater, UnlostError
from unlost.gowa.errors import refused, says_not_started, unanswered
from unlost.gowa.wire import Account
from unlost.transport import Answer, TransportFailed

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""A host's addresses as text; OSError where it has none."""

NAME = "media"
NAT64 = ipaddress.ip_network("64:ff9b::/96")
PORTS = {"http": 80, "https": 443}
STATICS = "/statics/"
"""What GOWA serves to anybody (GOWA page, 3.1)."""
SAFE = "/!$&'()*+,;=:@-._~"
"""Stand in a path as they are; anything else that GOWA writes into one is part of a file's name: a space, a percent sign."""


@dataclass(frozen=True, slots=True)
class Place:
    """An address that may be asked. *host*: whose it is, None for the gateway's own, which gets its *headers*."""

    url: str
    headers: dict[str, str]
    host: str | None

    def unanswered(self, failed: TransportFailed) -> UnlostError:
        """Another host than the gateway's says nothing about the gateway: then the file itself waits."""
        if self.host is None:
            return unanswered(NAME, failed)
        return _of(self.host, TryLater(f"{NAME}: {failed.cause}", cause=failed.cause, away=False))

    def refused(self, answer: Answer) -> UnlostError:
        """An answer that is no file."""
        text, status = f"{NAME}: answered {answer.status}", answer.status
        if status == 429 and self.host is None:  # with the wait that it asks for
            return refused(NAME, answer)
        if status == 429 or status >= 500:
            cause: Cause = "rate_limited" if status == 429 else "http_5xx"
            away = self.host is None and says_not_started(answer)
            return _of(self.host, TryLater(text, cause=cause, away=away, status=status))
        return _of(self.host, Refused(text, status=status))


async def resolve_by_system(host: str, port: int) -> Sequence[str]:
    """All addresses the system's resolver knows for *host*."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


async def place_of(told: str, account: Account, resolve: Resolve) -> Place:
    """Where *told* leads: an address, or a path at the gateway. Raises Refused (nowhere we go), TryLater (not now)."""
    is_address = "://" in told or told.startswith("//")
    parts = _split(told if is_address else account.at("/" + quote(told.lstrip("/"), safe=SAFE)))
    base = _split(account.url)
    if _host(parts) == _host(base):
        if not _is_handed_out(parts, base):
            raise Refused("a file that the gateway does not hand out")
        return Place(parts.geturl(), account.credentials(), None)
    host = f"{parts.scheme}://{parts.netloc}"
    try:
        await _check_public(parts, resolve)
    except UnlostError as error:
        raise _of(host, error) from error.__cause__
    return Place(parts.geturl(), {}, host)


def is_public(text: str) -> bool:
    """True for an address of the open internet; those that wrap another are judged by what they wrap."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        wrapped = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if wrapped is None and address in NAT64:
            wrapped = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if wrapped is not None:
            return is_public(str(wrapped))
    return address.is_global and not address.is_multicast and not address.is_reserved


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        port_is_sane = parts.port is None or parts.port > 0
    except ValueError:
        raise Refused("a file at no address") from None
    if parts.scheme not in PORTS or not parts.hostname or parts.username is not None or not port_is_sane:
        raise Refused("a file at no address")
    return parts


def _of(host: str | None, error: UnlostError) -> UnlostError:
    error.host = host
    return error


def _host(parts: SplitResult) -> tuple[str, str | None, int]:
    return parts.scheme, parts.hostname, parts.port or PORTS[parts.scheme]


def _is_handed_out(parts: SplitResult, base: SplitResult) -> bool:
    """Below the gateway's `/statics/`, however the path is spelled: a server may decode it, and go up in it."""
    path = unquote(unquote(parts.path)).replace("\\", "/")
    return path.startswith(base.path.rstrip("/") + STATICS) and not {".", ".."} & set(path.split("/"))


async def _check_public(parts: SplitResult, resolve: Resolve) -> None:
    """Every address of the host has to be public: one that is not is where a call may end up."""
    if _host(parts)[::2] != ("https", 443):
        raise Refused("a file elsewhere than at a public https address")
    try:
        addresses = await resolve(str(parts.hostname), 443)
    except OSError as error:
        raise TryLater("the file's host has no address", cause="dns", away=False) from error
    if not addresses or not all(is_public(address) for address in addresses):
        raise Refused("a file elsewhere than at a public https address")
