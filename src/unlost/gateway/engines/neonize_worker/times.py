"""WhatsApp's times, which neonize tells in two units."""

from __future__ import annotations

from datetime import UTC, datetime

MILLISECONDS_FROM = 10**11  # seconds reach it in the year 5138


def time_of(number: int) -> datetime:
    """WhatsApp's time; neonize tells some in seconds and some in milliseconds. A time that cannot be is 1970."""
    seconds = number / 1000 if number >= MILLISECONDS_FROM else number
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)
