"""What happens to entries, calls and the sides: each a value with its stable name, its fields, and what it counts.

The fields of a happening are the fields of its log line. Addresses are shortened where the line is written, never counted.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Literal, Protocol

from unlost.errors import Cause
from unlost.telemetry.metrics import Metrics


class Level(StrEnum):
    """How loud a line is; QUIET happenings are only counted."""

    QUIET = "quiet"
    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Happening(Protocol):
    """A frozen dataclass with a name."""

    name: ClassVar[str]
    level: ClassVar[Level]

    def count(self, metrics: Metrics) -> None:
        """Move the metrics it moves."""
        ...


# The closed list of `whatsapp_web_message_processing_failures_total`; a broken connection leaves us as unsure as a time-out.
REASON_OF: dict[Cause, str] = {
    "connection_refused": "connection_refused",
    "timeout": "timeout",
    "broken": "timeout",
    "dns": "dns",
    "tls": "tls",
    "http_4xx": "http_4xx",
    "http_5xx": "http_5xx",
    "engine_crashed": "http_5xx",
    "rate_limited": "rate_limited",
    "flood": "rate_limited",
    "unreadable": "unreadable",
    "bug": "bug",
}
ENDPOINT_OF = {"info": "status"}
"""Calls that the closed list of `whatsapp_web_api_connection_failures_total` has under another word."""
NO_WHOLE_ANSWER = frozenset({"connection_refused", "timeout", "broken", "dns", "tls"})


@dataclass(frozen=True, slots=True)
class EntryEnded:
    """Delivered or skipped. *seconds*: from the door to now; *reason*: of a skip."""

    name: ClassVar[str] = "entry.ended"
    level: ClassVar[Level] = Level.INFO
    channel: str
    direction: str
    entry: int
    verdict: Literal["delivered", "skipped"]
    seconds: float
    reason: str = ""
    is_late: bool = False

    def count(self, metrics: Metrics) -> None:
        """As `Happening.count`."""
        metrics.entries.labels(self.channel, self.direction, self.verdict).inc()
        if self.verdict == "delivered":
            metrics.delivery_seconds.labels(self.direction).observe(self.seconds)
            if self.is_late:  # a late copy that stands nowhere was late for nobody
                metrics.late.labels(self.channel).inc()


@dataclass(frozen=True, slots=True)
class FallbackShown:
    """A message stands as a line that says it can't be shown: told *empty* (a poll), or of an *unknown* kind. Its body is kept."""

    name: ClassVar[str] = "message.fallback"
    level: ClassVar[Level] = Level.INFO
    channel: str
    entry: int
    what: Literal["empty", "unknown"]

    def count(self, metrics: Metrics) -> None:
        """As `Happening.count`."""
        metrics.fallbacks.labels(self.channel, self.what).inc()


@dataclass(frozen=True, slots=True)
class AttemptFailed:
    """An attempt ended without effect: postponed. *attempt* counts those the entry itself paid for, from 0."""

    name: ClassVar[str] = "attempt.failed"
    level: ClassVar[Level] = Level.WARNING
    channel: str
    direction: str
    entry: int
    step: str
    cause: Cause
    attempt: int
    wait_s: float

    def count(self, metrics: Metrics) -> None:
        """As `Happening.count`."""
        metrics.entries.labels(self.channel, self.direction, "postponed").inc()
        metrics.processing_failures.labels(REASON_OF[self.cause]).inc()


@dataclass(frozen=True, slots=True)
class EntryDied:
    """A dead letter: kept until a person retries or discards it. *why* is in our own words."""

    name: ClassVar[str] = "entry.dead"
    level: ClassVar[Level] = Level.ERROR
    channel: str
    direction: str
    entry: int
    why: str
    cause: Cause

    def count(self, metrics: Metrics) -> None:
        """As `Happening.count`."""
        metrics.entries.labels(self.channel, self.direction, "dead").inc()
        metrics.processing_failures.labels(REASON_OF[self.cause]).inc()


@dataclass(frozen=True, slots=True)
class CallMade:
    """One HTTP call. *outcome*: `ok`, or the cause for which it failed. Probes are counted here too."""

    name: ClassVar[str] = "call.made"
    level: ClassVar[Level] = Level.DEBUG
    side: Literal["gateway", "helpdesk"]
    endpoint: str
    outcome: str

    def count(self, metrics: Metrics) -> None:
        """As `Happening.count`."""
        metrics.calls.labels(self.side, self.endpoint, self.outcome).inc()
        if self.side == "gateway" and self.outcome in NO_WHOLE_ANSWER:
            metrics.connection_failures.labels(ENDPOINT_OF.get(self.endpoint, self.endpoint)).inc()


@dataclass(frozen=True, slots=True)
class ContactInfoFailed:
    """The incident's line. *context*: what asked; *error*: a class; *message_id*: the message that first asked."""

    name: ClassVar[str] = "contact_info.failed"
    level: ClassVar[Level] = Level.WARNING
    context: str
    phone_number: str
    error: str
    message: str
    message_id: str
    fallback_used: str

    def count(self, metrics: Metrics) -> None:
        """As `Happening.count`: its attempts and calls are counted as such."""


@dataclass(frozen=True, slots=True)
class AvatarFailed:
    """The incident's other line. *panic_recovered*: the gateway said that its engine had crashed, and lived on."""

    name: ClassVar[str] = "avatar.failed"
    level: ClassVar[Level] = Level.WARNING
    jid: str
    error: str
    panic_recovered: bool

    def count(self, metrics: Metrics) -> None:
        """As `Happening.count`."""
        if self.panic_recovered or self.error == "gateway_died":
            metrics.avatar_panics.inc()


@dataclass(frozen=True, slots=True)
class FileFetched:
    """One try at a message's file. *status*: downloaded; too_large, picture_bomb (not taken over); refused, failed; no_room (in the spool, or on its disk: it waits)."""

    name: ClassVar[str] = "file.fetched"
    level: ClassVar[Level] = Level.DEBUG
    channel: str
    status: str

    def count(self, metrics: Metrics) -> None:
        """As `Happening.count`."""
        metrics.media_downloaded.labels(self.status).inc()


@dataclass(frozen=True, slots=True)
class OutcomeResolved:
    """A once-only step whose answer was lost, and what was found."""

    name: ClassVar[str] = "outcome.resolved"
    level: ClassVar[Level] = Level.INFO
    side: Literal["gateway", "helpdesk"]
    entry: int
    step: str
    resolution: Literal["found", "absent", "asked_a_person"]

    def count(self, metrics: Metrics) -> None:
        """As `Happening.count`."""
        metrics.unknown_outcomes.labels(self.side, self.resolution).inc()


@dataclass(frozen=True, slots=True)
class CopyMet:
    """A copy kept out (door, delivery) or removed (sweep). At the door they are daily bread: GOWA repeats what we answered late."""

    name: ClassVar[str] = "copy.met"
    level: ClassVar[Level] = Level.DEBUG
    channel: str
    where: Literal["door", "delivery", "sweep"]
    entry: int = 0

    def count(self, metrics: Metrics) -> None:
        """As `Happening.count`."""
        metrics.duplicates.labels(self.where).inc()


@dataclass(frozen=True, slots=True)
class SecondForwarderMet:
    """A message with our kind of source_id that we did not write: someone else fills the same inbox."""

    name: ClassVar[str] = "second_forwarder.met"
    level: ClassVar[Level] = Level.WARNING
    channel: str

    def count(self, metrics: Metrics) -> None:
        """As `Happening.count`."""
        metrics.duplicates.labels("second_forwarder").inc()


@dataclass(frozen=True, slots=True)
class BugMet:
    """An exception that nobody raises on purpose. *trace*: where, without values."""

    name: ClassVar[str] = "bug.met"
    level: ClassVar[Level] = Level.ERROR
    where: str
    error: str
    trace: str
    entry: int = 0

    def count(self, metrics: Metrics) -> None:
        """As `Happening.count`: the attempt it ended is counted as AttemptFailed with the cause bug."""
