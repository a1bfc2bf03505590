"""What happens at the doors."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from unlost.telemetry.happenings import Level
from unlost.telemetry.metrics import Metrics

Side = Literal["gateway", "helpdesk"]


@dataclass(frozen=True, slots=True)
class WebhookTaken:
    """Durable and answered 2xx, *seconds* after its first byte; *at* in epoch seconds. Only counted: there are thousands."""

    name: ClassVar[str] = "webhook.taken"
    level: ClassVar[Level] = Level.QUIET
    channel: str
    side: Side
    seconds: float
    at: float

    def count(self, metrics: Metrics) -> None:
        """As `Happening.count`."""
        metrics.webhook_seconds.labels(self.side).observe(self.seconds)
        metrics.journal_writable.set(1)
        if self.side == "gateway":
            metrics.last_webhook_at.labels(self.channel).set(self.at)


@dataclass(frozen=True, slots=True)
class WebhookRefused:
    """Answered otherwise. *channel* is empty where the path names none of ours. *why* in our own words."""

    name: ClassVar[str] = "webhook.refused"
    level: ClassVar[Level] = Level.WARNING
    channel: str
    side: Side
    status: int
    why: str

    def count(self, metrics: Metrics) -> None:
        """As `Happening.count`."""
        metrics.webhooks_refused.labels(self.side, str(self.status)).inc()
        if self.status == 401:
            metrics.signature_invalid.labels(self.side).inc()


@dataclass(frozen=True, slots=True)
class NotDurable:
    """A commit was impossible: 503, and a gap from here to the next success."""

    name: ClassVar[str] = "journal.not_writable"
    level: ClassVar[Level] = Level.ERROR
    channel: str
    why: str

    def count(self, metrics: Metrics) -> None:
        """As `Happening.count`."""
        metrics.journal_writable.set(0)


@dataclass(frozen=True, slots=True)
class UnreadableKept:
    """Signed, kept raw, and understood by no reader."""

    name: ClassVar[str] = "webhook.unreadable"
    level: ClassVar[Level] = Level.ERROR
    channel: str
    side: Side
    why: str

    def count(self, metrics: Metrics) -> None:
        """As `Happening.count`."""
        metrics.processing_failures.labels("unreadable").inc()
