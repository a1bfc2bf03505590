"""What happens at the doors."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from unlost.telemetry.happenings import Level
from unlost.telemetry.metrics import Metrics

Side = Literal["gateway", "helpdesk"]


class TakenCounter:
    """Counts the webhooks of one door that were kept and answered 2xx. Bound once: there are thousands, and none has a line."""

    __slots__ = ("_last_at", "_seconds")

    def __init__(self, metrics: Metrics, channel: str, side: Side, *, opened_at: float) -> None:
        self._seconds = metrics.webhook_seconds.labels(side)
        self._last_at = metrics.last_webhook_at.labels(channel) if side == "gateway" else None
        if self._last_at is not None:
            self._last_at.set(opened_at)  # silence counts from the start, not from 1970

    def count(self, seconds: float, at: float) -> None:
        """*seconds*: from the first byte to the answer; *at* in epoch seconds."""
        self._seconds.observe(seconds)
        if self._last_at is not None:
            self._last_at.set(at)


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
class DurableAgain:
    """The first commit after `NotDurable`."""

    name: ClassVar[str] = "journal.writable"
    level: ClassVar[Level] = Level.INFO
    channel: str

    def count(self, metrics: Metrics) -> None:
        """As `Happening.count`."""
        metrics.journal_writable.set(1)


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
