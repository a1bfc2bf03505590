"""A body, read within its bound."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.types import Message, Receive

Headers = Mapping[bytes, bytes]
"""By lower-case name; of a header that came twice, the last."""


class BodyTooLarge(Exception):
    """More than *max_bytes*; what was read is dropped."""


class NoRoom(Exception):
    """Too many large bodies at once."""


class SenderGone(Exception):
    """The connection ended before the body did; nobody waits for an answer."""


def announced_bytes(headers: Headers) -> int:
    """The Content-Length; 0 where there is none (GOWA 7.4 to 9.0.0 send chunks) or it is no number."""
    told = headers.get(b"content-length", b"")
    return int(told) if told.isdigit() and len(told) < 16 else 0


@dataclass(slots=True)
class Room:
    """Memory for bodies that come in many pieces, shared by all of them; small ones are bounded by their number."""

    free_bytes: int


@dataclass(slots=True)
class Share:
    """One body's part of the room."""

    room: Room
    taken_bytes: int = 0

    def take(self, size_bytes: int) -> None:
        """Raises NoRoom."""
        if size_bytes > self.room.free_bytes:
            raise NoRoom
        self.room.free_bytes -= size_bytes
        self.taken_bytes += size_bytes

    def give_back(self) -> None:
        """The body is kept or dropped."""
        self.room.free_bytes += self.taken_bytes
        self.taken_bytes = 0


async def read_body(receive: Receive, share: Share, *, max_bytes: int) -> bytes:
    """The whole body, however it was cut. Raises BodyTooLarge as soon as it is, NoRoom, SenderGone."""
    message = await receive()
    body: bytes = _piece(message)
    if len(body) <= max_bytes and not message.get("more_body", False):
        return body  # nearly every webhook comes in one piece
    pieces, size_bytes = [body], len(body)
    share.take(size_bytes)
    while size_bytes <= max_bytes and message.get("more_body", False):
        message = await receive()
        pieces.append(_piece(message))
        size_bytes += len(pieces[-1])
        share.take(len(pieces[-1]))
    if size_bytes > max_bytes:
        raise BodyTooLarge
    return b"".join(pieces)


def _piece(message: Message) -> bytes:
    if message["type"] != "http.request":
        raise SenderGone
    piece: bytes = message.get("body", b"")
    return piece
