"""How long to wait before the next attempt. Pure."""

from dataclasses import dataclass
from typing import Literal


def wait_s(attempt: int, *, base_s: float, ceiling_s: float, spread: float) -> float:
    """Seconds to wait before the next attempt.

    *attempt* is the number of failed attempts so far, from 1. *spread* is a random number in [0, 1) drawn by the caller; it
    scales the wait to between half and all of it, so that waits stay apart even at the ceiling. Doubles from *base_s*; never above
    *ceiling_s*.
    """
    full = min(base_s * 2.0 ** min(attempt - 1, 64), ceiling_s)
    return full * (0.5 + spread / 2)


@dataclass(frozen=True, slots=True)
class Schedule:
    """The settings' [retry]: exponential doubles from *base_s* with a spread; linear is *base_s* × n, exactly."""

    attempts_max: int = 5
    shape: Literal["exponential", "linear"] = "exponential"
    base_s: float = 10.0
    ceiling_s: float = 600.0

    def wait_s(self, attempt: int, spread: float) -> float:
        """Seconds before the attempt that follows failed attempt *attempt* (from 1)."""
        if self.shape == "linear":
            return min(self.base_s * attempt, self.ceiling_s)
        return wait_s(attempt, base_s=self.base_s, ceiling_s=self.ceiling_s, spread=spread)
