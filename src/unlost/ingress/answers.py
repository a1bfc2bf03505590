"""What the door says: short, and never empty."""

from dataclasses import dataclass

from starlette.types import Send

TEXT = b"text/plain; charset=utf-8"
RETRY_AFTER_S = 5  # GOWA heeds no Retry-After and comes back by itself; proxies and others do


@dataclass(frozen=True, slots=True)
class Said:
    """A whole answer. *hang_up*: the rest of the request was not read, so the connection is of no more use."""

    status: int
    text: str
    headers: tuple[tuple[bytes, bytes], ...] = ()
    hang_up: bool = False


KEPT = Said(200, "ok\n")
NOT_SIGNED = Said(401, "not signed with this channel's webhook secret\n")
NO_SUCH_CHANNEL = Said(404, "no such channel\n", hang_up=True)
ONLY_POST = Said(405, "only POST\n", ((b"allow", b"POST"),), hang_up=True)
ONLY_GET = Said(405, "only GET\n", ((b"allow", b"GET, HEAD"),), hang_up=True)
TOO_SLOW = Said(408, "the body did not arrive in time\n", hang_up=True)
TOO_LARGE = Said(413, "the body is too large\n", hang_up=True)
NOT_KEPT = Said(503, "could not be kept; send it again\n", ((b"retry-after", b"%d" % RETRY_AFTER_S),))
TOO_MANY = Said(503, "too many at once; send it again\n", ((b"retry-after", b"%d" % RETRY_AFTER_S),), hang_up=True)


async def answer(send: Send, said: Said, *, hang_up: bool = False, content_type: bytes = TEXT) -> None:
    """Send all of it."""
    body = said.text.encode()
    await send(
        {"type": "http.response.start", "status": said.status, "headers": _head(said, len(body), hang_up, content_type)}
    )
    await send({"type": "http.response.body", "body": body})


async def answer_kept(send: Send, *, hang_up: bool) -> None:
    """`KEPT`, ready made: most answers are this one."""
    await send(_KEPT_AND_CLOSE if hang_up else _KEPT_START)
    await send(_KEPT_BODY)


def _head(said: Said, size_bytes: int, hang_up: bool, content_type: bytes) -> list[tuple[bytes, bytes]]:
    head = [(b"content-type", content_type), (b"content-length", b"%d" % size_bytes), *said.headers]
    return [*head, (b"connection", b"close")] if hang_up or said.hang_up else head


_KEPT_BODY = {"type": "http.response.body", "body": KEPT.text.encode()}
_KEPT_START = {
    "type": "http.response.start",
    "status": 200,
    "headers": _head(KEPT, len(KEPT.text), False, TEXT),
}
_KEPT_AND_CLOSE = {
    "type": "http.response.start",
    "status": 200,
    "headers": _head(KEPT, len(KEPT.text), True, TEXT),
}
