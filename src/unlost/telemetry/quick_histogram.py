"""A histogram for the door alone, where the library's own costs a tenth of a webhook (1.5 µs against 0.3, measured)."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate

from prometheus_client import CollectorRegistry
from prometheus_client.core import HistogramMetricFamily
from prometheus_client.utils import floatToGoString


class Series:
    """The observations of one label value. Used from one thread: the event loop's."""

    __slots__ = ("_bounds", "counts", "sum")

    def __init__(self, bounds: Sequence[float]) -> None:
        self._bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.sum = 0.0

    def observe(self, value: float) -> None:
        """Count it in the first bucket that holds it."""
        self.counts[bisect_left(self._bounds, value)] += 1
        self.sum += value


class QuickHistogram:
    """One label, any number of values; shown as the library shows its own."""

    def __init__(self, name: str, says: str, label: str, bounds: Sequence[float], registry: CollectorRegistry) -> None:
        self._name, self._says, self._label, self._bounds = name, says, label, tuple(bounds)
        self._series: dict[str, Series] = {}
        registry.register(self)

    def labels(self, value: str) -> Series:
        """The series of this label value."""
        return self._series.setdefault(value, Series(self._bounds))

    def describe(self) -> list[HistogramMetricFamily]:
        """As collectors do."""
        return [HistogramMetricFamily(self._name, self._says, labels=[self._label])]

    def collect(self) -> Iterator[HistogramMetricFamily]:
        """As collectors do; buckets are cumulative."""
        (family,) = self.describe()
        names = [*map(floatToGoString, self._bounds), "+Inf"]
        for value, series in self._series.items():
            family.add_metric([value], list(zip(names, accumulate(series.counts), strict=True)), series.sum)
        yield family
