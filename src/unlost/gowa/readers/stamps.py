"""WhatsApp's times as the gateway prints them: RFC 3339, whole seconds (GOWA page, 1.3)."""

from datetime import UTC, datetime

STAMP_MAX_CHARS = 40

EARLIEST_S = datetime(2009, 1, 1, tzinfo=UTC).timestamp()
"""WhatsApp's first year: what is older is a clock that was never set."""

LATEST_S = datetime(2100, 1, 1, tzinfo=UTC).timestamp()
"""A reader has no clock to compare with; this only keeps nonsense (year 9999) out of arithmetic."""


def told_at_of(stamp: str) -> float | None:
    """Epoch seconds; None where there is no stamp, or one without an offset, unreadable or absurd."""
    if not stamp or len(stamp) > STAMP_MAX_CHARS:
        return None
    try:
        at = datetime.fromisoformat(stamp)
        told_at = at.timestamp() if at.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None
    return told_at if told_at is not None and EARLIEST_S <= told_at < LATEST_S else None
