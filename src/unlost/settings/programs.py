"""The keys of the two programs that `unlost up` starts beside the bridge."""

from dataclasses import dataclass
from typing import Literal

from unlost.settings.keys import key
from unlost.settings.secret import Secret
from unlost.settings.shapes import Hidden, HostAndPort, Listen, Number, OneOf, Text, YesNo


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The demo helpdesk; `unlost up` starts it where this section stands."""

    listen: Listen = key(HostAndPort(), "127.0.0.1:8090", why="its pages and its API")
    data: str = key(
        Text("a folder", may_be_empty=False), "data/desk", why="what it remembers; seen from this file's folder"
    )
    password: Secret = key(
        Hidden(may_be_empty=True),
        "",
        why="of its one user; empty: only this machine may look",
        example="env:UNLOST_DESK_PASSWORD",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """Our own gateway; `unlost up` starts it where this section stands."""

    listen: Listen = key(HostAndPort(), "127.0.0.1:3000", why="its REST API")
    data: str = key(
        Text("a folder", may_be_empty=False), "data/gateway", why="what it remembers; seen from this file's folder"
    )
    password: Secret = key(
        Hidden(may_be_empty=True),
        "",
        why="of its basic auth; empty: only this machine may ask",
        example="env:UNLOST_GATEWAY_PASSWORD",
    )
    engine: Literal["simulated", "neonize"] = key(
        OneOf(("simulated", "neonize")),
        "simulated",
        why="neonize: WhatsApp itself, needs `pip install 'unlost[whatsapp]'`; simulated: nothing behind it, for demos",
    )
    temper: Literal["durable", "gowa"] = key(
        OneOf(("durable", "gowa")), "durable", why="an ordered outbox on disk, or GOWA's five tries from memory"
    )
    dialect: Literal["envelope", "flat"] = key(
        OneOf(("envelope", "flat")), "envelope", why="webhooks as GOWA 8 and 9 write them, or as 7 does"
    )
    webhook_days: float = key(
        Number("days", 0.01, 365),
        7,
        why="how long the durable temper tries a webhook before it is a dead letter; a receiver may be away over a weekend",
    )
    events_days: float = key(
        Number("days", 0.01, 365), 7, why="how long /events shows what happened: a bridge that was away asks there"
    )
    events_max_bytes: int = key(
        Number("bytes", 1024 * 1024, 2**40, whole=True),
        256 * 1024 * 1024,
        why="of bodies in /events, some 400,000 events of text; the oldest go first",
    )
    avatars: bool = key(YesNo(), True, why="false: it answers every question for a picture with: switched off")
