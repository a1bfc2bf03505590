"""What happens to notices and heartbeats."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from unlost.telemetry.happenings import Level
from unlost.telemetry.metrics import Metrics


@dataclass(frozen=True, slots=True)
class NoticePosted:
    """*number*: which of notify.urls, from 1; *service*: its kind. The address itself is a secret. *why* it was not taken."""

    name: ClassVar[str] = "notice.posted"
    level: ClassVar[Level] = Level.INFO
    number: int
    service: str
    items: int
    sent: bool
    why: str = ""

    def count(self, metrics: Metrics) -> None:
        """As `Happening.count`."""
        metrics.notices.labels("sent" if self.sent else "failed").inc()


@dataclass(frozen=True, slots=True)
class HeartbeatMade:
    """One call."""

    name: ClassVar[str] = "heartbeat.made"
    level: ClassVar[Level] = Level.QUIET
    outcome: Literal["sent", "failed"]

    def count(self, metrics: Metrics) -> None:
        """As `Happening.count`."""
        metrics.heartbeats.labels(self.outcome).inc()


@dataclass(frozen=True, slots=True)
class HeartbeatTurned:
    """It was not heard, or is heard again."""

    name: ClassVar[str] = "heartbeat.turned"
    level: ClassVar[Level] = Level.WARNING
    state: Literal["failing", "heard"]
    why: str = ""

    def count(self, metrics: Metrics) -> None:
        """As `Happening.count`: `HeartbeatMade` is."""
