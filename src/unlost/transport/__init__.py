"""One HTTP client for the whole program, and its failures by name. Only `over_aiohttp.py` knows which library it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from unlost.errors import Cause


@dataclass(frozen=True, slots=True)
class Upload:
    """One file of a multipart form."""

    field: str
    filename: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP request. *json* is already encoded; *url* goes out as it stands, so it is encoded already too.

    *timeout_s* is for all of it, from the wait for a connection to the answer's last byte. *answer_max_bytes* bounds the body that
    is read, unpacked.
    """

    method: str
    url: str
    timeout_s: float
    headers: Mapping[str, str] = field(default_factory=dict)
    json: bytes | None = None
    uploads: tuple[Upload, ...] = ()
    answer_max_bytes: int = 16 * 1024 * 1024


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


class Http(Protocol):
    """Sends one call once; never repeats it by itself, never follows a redirect."""

    async def send(self, call: Call) -> Answer:
        """The answer, whatever its status. Raises TransportFailed."""
        ...
