"""A client that hears what time it is at the other side: each answer carries a Date."""

from dataclasses import dataclass, field
from datetime import UTC
from email.utils import parsedate_to_datetime

from unlost.clock import Clock
from unlost.transport import Answer, Call, Http


@dataclass(slots=True)
class TimedHttp:
    """`Http` over another; *off_s* is how far the other side's clock is ahead of ours, told by the quickest answer so far."""

    http: Http
    clock: Clock
    off_s: float | None = None
    _took_s: float = field(default=float("inf"), init=False)

    async def send(self, call: Call) -> Answer:
        """As `Http.send`."""
        began = self.clock.monotonic()
        answer = await self.http.send(call)
        took_s = self.clock.monotonic() - began
        told_at = read_date(answer.headers.get("date", ""))
        if told_at is not None and took_s < self._took_s:
            self._took_s = took_s
            self.off_s = told_at - (self.clock.now() - took_s / 2)
        return answer


def read_date(text: str) -> float | None:
    """The middle of the second that a Date header names, in epoch seconds; None for anything else."""
    try:
        told = parsedate_to_datetime(text) if len(text) <= 64 else None
        return None if told is None else (told if told.tzinfo else told.replace(tzinfo=UTC)).timestamp() + 0.5
    except (ValueError, OverflowError):
        return None
