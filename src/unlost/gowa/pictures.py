"""Fetching a picture from where the gateway says it lies, and from nowhere else than it can honestly lie.

The address is the gateway's word, so it may be anything: only the gateway's own host, and public hosts over https, are asked. A
name that changes its address between check and call (DNS rebinding) leads to a host that cannot show the name's certificate.
Redirects are not followed.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import SplitResult, urlsplit

from unlost.errors import Cause, Refused, TryLater, UnlostError
from unlost.gowa.errors import unanswered
from unlost.gowa.wire import Account, Observe
from unlost.transport import Answer, Call, Http, TransportFailed

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""A host's addresses as text; OSError where it has none."""

NAME = "media"
NAT64 = ipaddress.ip_network("64:ff9b::/96")
PORTS = {"http": 80, "https": 443}


async def resolve_by_system(host: str, port: int) -> Sequence[str]:
    """All addresses the system's resolver knows for *host*."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


async def fetch(
    http: Http, account: Account, resolve: Resolve, told: str, max_bytes: int, observe: Observe
) -> tuple[str, bytes]:
    """The content type (lower-case, without parameters) and the bytes of *told*, an address or a path at the gateway.

    Raises Refused (nowhere we go, or not to be had), TryLater (not now).
    """
    try:
        fetched = await _fetch(http, account, resolve, told, max_bytes)
    except UnlostError as error:
        observe(NAME, error.cause)
        raise
    observe(NAME, "ok")
    return fetched


async def _fetch(http: Http, account: Account, resolve: Resolve, told: str, max_bytes: int) -> tuple[str, bytes]:
    parts = _split(told if "://" in told or told.startswith("//") else account.at("/" + told.lstrip("/")))
    is_own = _place(parts) == _place(_split(account.url))
    if not is_own:
        await _check_public(parts, resolve)
    headers = account.credentials() if is_own else {}
    call = Call("GET", parts.geturl(), account.timeout_s, headers=headers, answer_max_bytes=max_bytes)
    try:
        answer = await http.send(call)
    except TransportFailed as failed:
        raise _unanswered(failed, is_own=is_own) from failed
    if answer.status != 200:
        raise _refused(answer)
    return answer.headers.get("content-type", "").partition(";")[0].strip().lower(), answer.body


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
        raise Refused("a picture at no address") from None
    if parts.scheme not in PORTS or not parts.hostname or parts.username is not None or not port_is_sane:
        raise Refused("a picture at no address")
    return parts


def _place(parts: SplitResult) -> tuple[str, str | None, int]:
    return parts.scheme, parts.hostname, parts.port or PORTS[parts.scheme]


async def _check_public(parts: SplitResult, resolve: Resolve) -> None:
    """Every address of the host has to be public: one that is not is where a call may end up."""
    if _place(parts)[::2] != ("https", 443):
        raise Refused("a picture elsewhere than at a public https address")
    try:
        addresses = await resolve(str(parts.hostname), 443)
    except OSError as error:
        raise TryLater("the picture's host has no address", cause="dns", away=False) from error
    if not addresses or not all(is_public(address) for address in addresses):
        raise Refused("a picture elsewhere than at a public https address")


def _unanswered(failed: TransportFailed, *, is_own: bool) -> UnlostError:
    """Another host than the gateway's says nothing about the gateway: then the picture itself waits."""
    if is_own:
        return unanswered(NAME, failed)
    return TryLater(f"{NAME}: {failed.cause}", cause=failed.cause, away=False)


def _refused(answer: Answer) -> UnlostError:
    if answer.status == 429 or answer.status >= 500:
        cause: Cause = "rate_limited" if answer.status == 429 else "http_5xx"
        return TryLater(f"{NAME}: answered {answer.status}", cause=cause, away=False, status=answer.status)
    return Refused(f"{NAME}: answered {answer.status}", status=answer.status)
