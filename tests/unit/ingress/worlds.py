"""A door with a small world behind it: a journal that can be made to fail, a clock that stands until it is moved."""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from starlette.types import Message, Receive, Scope, Send

from unlost.errors import NotCommitted, Refused
from unlost.ingress.deadlines import Deadlines
from unlost.ingress.door import DoorApp, DoorLimits
from unlost.ingress.doors import Door, GatewayDoor, HelpdeskDoor
from unlost.ingress.gaps import GapKeeper
from unlost.ingress.keeping import Keeping
from unlost.ingress.paths import Doors
from unlost.journal.port import Journal
from unlost.journal.rows import Appended, Arrival, GapCause
from unlost.telemetry.log import Telemetry, silent_telemetry
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.envelopes import Envelope, Kind, Source
from unlost.vocabulary.ids import ChannelName, EntryId, WhatsAppId

SECRET = b"s3cret"
OWN = Address("628111111111@s.whatsapp.net")
OTHER = Address("628222222222@s.whatsapp.net")


@dataclass
class FixedClock:
    """Stands at 1000 until it is moved."""

    at: float = 1000.0

    def now(self) -> float:
        return self.at

    def monotonic(self) -> float:
        return self.at


@dataclass
class SmallJournal:
    """Keeps arrivals by body; *broken* is raised instead."""

    kept: list[tuple[str, Arrival]] = field(default_factory=list)
    gaps: list[list[Any]] = field(default_factory=list)
    broken: Exception | None = None
    wait: Any = None

    async def append(self, channel: ChannelName, arrivals: Sequence[Arrival]) -> list[Appended]:
        if self.wait is not None:
            await self.wait.wait()
        if self.broken:
            raise self.broken
        (arrival,) = arrivals
        before = [known.raw for _, known in self.kept]
        if arrival.raw in before:
            return [Appended(EntryId(before.index(arrival.raw) + 1), False)]
        self.kept.append((channel, arrival))
        return [Appended(EntryId(len(self.kept)), True)]

    async def open_gap(self, channel: ChannelName, cause: GapCause, *, since: float | None = None) -> int:
        if isinstance(self.broken, NotCommitted):
            raise self.broken
        for number, row in enumerate(self.gaps, 1):
            if row[:2] == [channel, cause] and row[3] == "open":
                row[2] = min(row[2], since)
                return number
        self.gaps.append([channel, cause, since, "open"])
        return len(self.gaps)

    async def close_gap(self, gap: int) -> None:
        if isinstance(self.broken, NotCommitted):
            raise self.broken
        self.gaps[gap - 1][3] = "closed"


def read_gateway(body: bytes) -> Envelope:
    """A reader as handed in: JSON with a device, or Refused."""
    try:
        told = json.loads(body)
    except ValueError:
        raise Refused("no JSON", cause="unreadable") from None
    if told.get("bug"):
        raise KeyError("bug")
    return Envelope(
        Source.FLAT,
        Kind.MESSAGE,
        chat=Address("6283@s.whatsapp.net"),
        device=told.get("device"),
        id=WhatsAppId("A"),
    )


def read_helpdesk(body: bytes, headers: Mapping[str, str]) -> Envelope:
    """A reader as handed in."""
    return Envelope(
        Source.HELPDESK,
        Kind.HELPDESK_OTHER,
        chat=Address("conversation:1"),
        id=WhatsAppId(headers.get("x-chatwoot-delivery", "")),
    )


def gateway_door(
    channel: str = "support", *, device: Address | None = OWN, secret: bytes | None = SECRET
) -> GatewayDoor:
    return GatewayDoor(
        channel=ChannelName(channel),
        device=device,
        secret=secret,
        read=read_gateway,
        reorder_wait_s=0.5,
        gap_wait_s=16.0,
        twin_wait_s=60.0,
    )


def helpdesk_door(channel: str = "support") -> HelpdeskDoor:
    return HelpdeskDoor(
        channel=ChannelName(channel),
        verify=lambda body, headers: headers.get("x-chatwoot-signature") == "good",
        read=read_helpdesk,
    )


@dataclass
class World:
    """The door and all it stands on. Settings may be given by name."""

    doors: tuple[Door, ...] = field(default_factory=lambda: (gateway_door(), helpdesk_door()))
    public_url: str = ""
    password: str = ""
    body_max_bytes: int = 1000
    held_max_bytes: int = 4000
    concurrency: int = 8
    wait_s: float = 5.0
    journal_is_used: bool = False
    journal: SmallJournal = field(default_factory=SmallJournal)
    clock: FixedClock = field(default_factory=FixedClock)
    telemetry: Telemetry = field(default_factory=silent_telemetry)
    commits: int = 0

    def __post_init__(self) -> None:
        doors = Doors(self.doors, self.public_url)
        journal = cast(Journal, self.journal)  # the door asks no more of it
        self.gaps = GapKeeper(journal, self.clock, self.telemetry)
        self.keeping = Keeping(
            journal=journal,
            doors=doors,
            gaps=self.gaps,
            clock=self.clock,
            telemetry=self.telemetry,
            commit_wait_s=self.wait_s,
            deadlines=Deadlines(),
            journal_is_used=self.journal_is_used,
        )
        self.app = DoorApp(
            doors=doors,
            keeping=self.keeping,
            gaps=self.gaps,
            limits=DoorLimits(
                body_max_bytes=self.body_max_bytes,
                body_wait_s=self.wait_s,
                commit_wait_s=self.wait_s,
                concurrency=self.concurrency,
                held_max_bytes=self.held_max_bytes,
            ),
            clock=self.clock,
            telemetry=self.telemetry,
            can_commit=self.can_commit,
            inner=inner,
            password=self.password,
            public_url=self.public_url,
        )

    async def can_commit(self) -> bool:
        self.commits += 1
        return self.journal.broken is None

    def metric(self, name: str, **labels: str) -> float | None:
        return self.telemetry.metrics.registry.get_sample_value(name, labels)

    async def post(
        self, path: str = "/webhooks/gateway/support", body: bytes = b"{}", *, cut: int = 0, **headers: str
    ) -> "Reply":
        """A signed webhook, cut into pieces of *cut* bytes where given."""
        headers = {"x-hub-signature-256": signature(body), "x-chatwoot-signature": "good"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        return await asked(self.app, "POST", path, pieces(body, cut), headers)

    async def get(self, path: str, *, method: str = "GET", peer: str = "127.0.0.1", **headers: str) -> "Reply":
        named = {"host": "127.0.0.1:8080"} | {name.replace("_", "-"): value for name, value in headers.items()}
        return await asked(self.app, method, path, [b""], named, peer=peer)


@dataclass
class Reply:
    status: int
    headers: dict[bytes, bytes]
    body: bytes


async def inner(_scope: Scope, _receive: Receive, send: Send) -> None:
    """Pages and API."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"inner"})


def signature(body: bytes, secret: bytes = SECRET) -> str:
    return "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()


def pieces(body: bytes, cut: int) -> list[bytes]:
    return [body[at : at + cut] for at in range(0, len(body), cut)] if cut else [body]


async def asked(
    app: DoorApp, method: str, path: str, sent: list[bytes], headers: Mapping[str, str], peer: str = "127.0.0.1"
) -> Reply:
    """One request, as an ASGI server hands it over; a b"" at the end of several pieces is a sender that has gone."""
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": (peer, 1),
    }
    waiting = list(sent)
    replies: list[Message] = []

    async def receive() -> Message:
        piece = waiting.pop(0)
        if piece == b"" and len(sent) > 1:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": piece, "more_body": bool(waiting)}

    async def send(message: Message) -> None:
        replies.append(message)

    await app(scope, receive, send)
    if not replies:
        return Reply(0, {}, b"")
    return Reply(replies[0]["status"], dict(replies[0]["headers"]), replies[1]["body"])
