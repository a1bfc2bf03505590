"""Medians, percentiles, and the judgement of one budget."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any, Literal

Sense = Literal["at least", "at most"]
Raw = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Finding:
    """One budget's value, and the figures it was drawn from."""

    name: str
    value: float
    sense: Sense
    budget: float
    unit: str = "ratio"
    raw: Raw = field(default_factory=dict)

    @property
    def is_met(self) -> bool:
        """Whether the value keeps the budget."""
        return self.value >= self.budget if self.sense == "at least" else self.value <= self.budget

    def as_json(self) -> Raw:
        """As it stands in the document."""
        return {
            "value": rounded(self.value),
            "budget": f"{self.sense} {self.budget:g}",
            "unit": self.unit,
            "ok": self.is_met,
            "raw": self.raw,
        }


def rounded(value: float) -> float:
    """Four significant digits: more would be a pretence."""
    return float(f"{value:.4g}")


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which *share* of them lie; *values* must not be empty."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def middle(values: Sequence[float]) -> float:
    """The median, rounded."""
    return rounded(median(values))


def in_ms(values: Sequence[float]) -> Raw:
    """Seconds as the usual percentiles in milliseconds."""
    shares = {"p50": 0.5, "p90": 0.9, "p99": 0.99}
    return {name: rounded(percentile(values, share) * 1000) for name, share in shares.items()}
