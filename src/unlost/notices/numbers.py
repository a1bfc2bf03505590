"""The program's own numbers as troubles are judged by: what stands now, and how counters rose lately."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from unlost.telemetry.metrics import Metrics

Labels = tuple[tuple[str, str], ...]
Values = Mapping[str, Mapping[Labels, float]]

KEPT_S = 660.0
"""The longest window a trouble looks back over, and a minute."""
WATCHED = (
    "avatar_panics",
    "processing_failures",
    "signature_invalid",
    "last_webhook_at",
    "backlog_entries",
    "backlog_age_seconds",
    "dead_letters",
    "pool_blocked",
    "gaps_open",
    "reconcile_failing",
    "gateway_up",
    "gateway_logged_in",
    "gateway_restarts",
    "helpdesk_up",
    "journal_wal_bytes",
    "journal_writable",
    "journal_disk_free_bytes",
)
"""The metrics that `troubles` asks for, as `Metrics` names them."""


@dataclass(frozen=True, slots=True)
class Reading:
    """All numbers of one moment. *at*: epoch seconds; *tick_s*: the same moment on a clock that does not step."""

    at: float
    tick_s: float
    values: Values


def read(metrics: Metrics, *, at: float, tick_s: float) -> Reading:
    """What `WATCHED` says now; names are those of the metrics page."""
    values: dict[str, dict[Labels, float]] = {}
    for name in WATCHED:
        for family in getattr(metrics, name).collect():
            for sample in family.samples:
                values.setdefault(sample.name, {})[tuple(sorted(sample.labels.items()))] = sample.value
    return Reading(at, tick_s, values)


@dataclass(slots=True)
class Numbers:
    """The last readings, oldest first; at most `KEPT_S` of them."""

    _readings: deque[Reading] = field(default_factory=deque)

    def add(self, reading: Reading) -> None:
        """Take the newest one in."""
        while self._readings and reading.tick_s - self._readings[0].tick_s > KEPT_S:
            self._readings.popleft()
        self._readings.append(reading)

    @property
    def at(self) -> float:
        """When the newest was taken, in epoch seconds."""
        return self._readings[-1].at

    def each(self, name: str) -> Iterator[tuple[Labels, float]]:
        """Every series of a metric, as it stands."""
        yield from self._readings[-1].values.get(name, {}).items()

    def value(self, name: str, labels: Labels = ()) -> float | None:
        """One series; None where it is not there."""
        return self._readings[-1].values.get(name, {}).get(labels)

    def total(self, name: str) -> float:
        """All series together."""
        return sum(value for _, value in self.each(name))

    def rises(self, name: str, window_s: float) -> Iterator[tuple[Labels, float]]:
        """By how much each series of a counter rose within the window, or since it is known."""
        since = self._readings[-1].tick_s - window_s
        first = next(reading for reading in self._readings if reading.tick_s >= since).values.get(name, {})
        for labels, value in self.each(name):
            yield labels, value - first.get(labels, 0.0)
