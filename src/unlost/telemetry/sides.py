"""What happens to the two sides and to the ways there."""

from dataclasses import dataclass
from typing import ClassVar

from unlost.telemetry.happenings import Level
from unlost.telemetry.metrics import Metrics


@dataclass(frozen=True, slots=True)
class GatewaySeen:
    """A look at `/app/status`. *logged_in* is False too where the gateway does not answer."""

    name: ClassVar[str] = "gateway.seen"
    level: ClassVar[Level] = Level.DEBUG
    channel: str
    up: bool
    logged_in: bool

    def count(self, metrics: Metrics) -> None:
        """As `Happening.count`."""
        metrics.gateway_up.labels(self.channel).set(self.up)
        metrics.gateway_logged_in.labels(self.channel).set(self.logged_in)


@dataclass(frozen=True, slots=True)
class GatewayRestarted:
    """It was seen to be away, or another process than before."""

    name: ClassVar[str] = "gateway.restarted"
    level: ClassVar[Level] = Level.WARNING
    channel: str

    def count(self, metrics: Metrics) -> None:
        """As `Happening.count`."""
        metrics.gateway_restarts.labels(self.channel).inc()


@dataclass(frozen=True, slots=True)
class HelpdeskSeen:
    """A look at the helpdesk."""

    name: ClassVar[str] = "helpdesk.seen"
    level: ClassVar[Level] = Level.DEBUG
    channel: str
    up: bool

    def count(self, metrics: Metrics) -> None:
        """As `Happening.count`."""
        metrics.helpdesk_up.labels(self.channel).set(self.up)


@dataclass(frozen=True, slots=True)
class CircuitTurned:
    """A host is not called any more, or again."""

    name: ClassVar[str] = "circuit.turned"
    level: ClassVar[Level] = Level.WARNING
    host: str
    is_open: bool

    def count(self, metrics: Metrics) -> None:
        """As `Happening.count`."""
        metrics.circuit_open.labels(self.host).set(self.is_open)


@dataclass(frozen=True, slots=True)
class PoolBlocked:
    """Nothing passes for a channel and direction until someone acts; *why* in our own words. Or it passes again."""

    name: ClassVar[str] = "pool.blocked"
    level: ClassVar[Level] = Level.ERROR
    channel: str
    direction: str
    blocked: bool
    why: str = ""

    def count(self, metrics: Metrics) -> None:
        """As `Happening.count`."""
        metrics.pool_blocked.labels(self.channel, self.direction).set(self.blocked)


@dataclass(frozen=True, slots=True)
class GapTurned:
    """A gap was opened, closed, or reconciled."""

    name: ClassVar[str] = "gap.turned"
    level: ClassVar[Level] = Level.WARNING
    channel: str
    cause: str
    state: str

    def count(self, metrics: Metrics) -> None:
        """As `Happening.count`: `Backlog` tells how many are open."""


@dataclass(frozen=True, slots=True)
class ReconcileFailed:
    """The first run that could not look everywhere. *error*: why, in our own words."""

    name: ClassVar[str] = "reconcile.failed"
    level: ClassVar[Level] = Level.WARNING
    channel: str
    error: str

    def count(self, metrics: Metrics) -> None:
        """As `Happening.count`."""
        metrics.reconcile_failing.labels(self.channel).set(1)


@dataclass(frozen=True, slots=True)
class ReconcileWhole:
    """The first run after such that could."""

    name: ClassVar[str] = "reconcile.whole"
    level: ClassVar[Level] = Level.INFO
    channel: str

    def count(self, metrics: Metrics) -> None:
        """As `Happening.count`."""
        metrics.reconcile_failing.labels(self.channel).set(0)


@dataclass(frozen=True, slots=True)
class ChatWithoutAddress:
    """The gateway's storage lists a chat that it cannot be asked about; the others are looked at."""

    name: ClassVar[str] = "reconcile.chat_without_address"
    level: ClassVar[Level] = Level.WARNING
    channel: str

    def count(self, metrics: Metrics) -> None:
        """As `Happening.count`: nothing."""


@dataclass(frozen=True, slots=True)
class FeedRead:
    """The feed of a gateway of our own was read on, and it was news or went wrong.

    *lost*: numbers that it holds no more; *error*: why it was not read to the end.
    """

    name: ClassVar[str] = "feed.read"
    level: ClassVar[Level] = Level.WARNING
    channel: str
    appended: int
    lost: int
    error: str

    def count(self, metrics: Metrics) -> None:
        """As `Happening.count`: what was kept is counted where it ends."""


@dataclass(frozen=True, slots=True)
class Backlog:
    """How a channel stands, looked up every few seconds."""

    name: ClassVar[str] = "backlog"
    level: ClassVar[Level] = Level.QUIET
    channel: str
    waiting: int
    oldest_age_s: float
    dead: int
    gaps_open: int
    contradictions: int = 0

    def count(self, metrics: Metrics) -> None:
        """As `Happening.count`."""
        metrics.backlog_entries.labels(self.channel).set(self.waiting)
        metrics.backlog_age_seconds.labels(self.channel).set(self.oldest_age_s)
        metrics.dead_letters.labels(self.channel).set(self.dead)
        metrics.gaps_open.labels(self.channel).set(self.gaps_open)
        metrics.contradicting_pairings.labels(self.channel).set(self.contradictions)


@dataclass(frozen=True, slots=True)
class JournalSeen:
    """The journal's files."""

    name: ClassVar[str] = "journal.seen"
    level: ClassVar[Level] = Level.QUIET
    wal_bytes: int
    disk_free_bytes: int

    def count(self, metrics: Metrics) -> None:
        """As `Happening.count`."""
        metrics.journal_wal_bytes.set(self.wal_bytes)
        metrics.journal_disk_free_bytes.set(self.disk_free_bytes)


@dataclass(frozen=True, slots=True)
class ProgramTurned:
    """Started, listening, draining, stopped. *says*: an address, or a number of entries."""

    name: ClassVar[str] = "program.turned"
    level: ClassVar[Level] = Level.INFO
    state: str
    says: str = ""

    def count(self, metrics: Metrics) -> None:
        """As `Happening.count`: nothing."""
