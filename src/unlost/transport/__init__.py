"""One HTTP client for the whole program, and its failures by name. Only `over_aiohttp.py` knows which library it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from unlost.errors import Cause


@dataclass(frozen=True, slots=True)
class Upload:
    """One file of a multipart form; a *content* that is a path is read while it is sent, never as a whole.

    *filename* goes out as it stands, so it holds no quotes, backslashes or control characters.
    """

    field: str
    filename: str
    content_type: str
    content: bytes | Path


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP request. *json* is already encoded; *url* goes out as it stands, so it is encoded already too.

    *timeout_s* is for all of it, from the wait for a connection to the answer's last byte. *answer_max_bytes* bounds the body that
    is read, unpacked. *fields* go with *uploads*, as text. *stall_s*: no byte came for so long, where that is to be less than all of it.
    """

    method: str
    url: str
    timeout_s: float
    headers: Mapping[str, str] = field(default_factory=dict)
    json: bytes | None = None
    uploads: tuple[Upload, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    answer_max_bytes: int = 16 * 1024 * 1024
    stall_s: float | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """Whatever the other side answered, any status. Header names are lower-case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class TransportFailed(Exception):
    """No whole answer. *cause* is connection_refused, dns, tls, timeout or broken; *nothing_sent* where that is certain."""

    def __init__(self, cause: Cause, *, nothing_sent: bool) -> None:
        super().__init__(cause)
        self.cause: Cause = cause
        self.nothing_sent = nothing_sent


class AnswerTooLarge(Exception):
    """A body that is to be received is longer than the call allows; what came of it is of no use."""


class Http(Protocol):
    """Sends one call once; never repeats it by itself, never follows a redirect."""

    async def send(self, call: Call) -> Answer:
        """The answer, whatever its status. Raises TransportFailed."""
        ...


class FetchingHttp(Http, Protocol):
    """One that can also hand a body on, piece by piece."""

    async def receive(self, call: Call, into: Callable[[bytes], None]) -> Answer:
        """As `send`, but a 200's body goes to *into*, piece by piece, and the answer has none.

        Raises TransportFailed, AnswerTooLarge, and whatever *into* raises; the pieces that came before are then only a part.
        """
        ...
