"""Times in questions to chat storage, which compares them as text in the zone the gateway runs in (GOWA page, section 4)."""

from datetime import UTC, datetime, timedelta, timezone

from unlost.gowa.readers.stamps import EARLIEST_S, LATEST_S

ZONE_MARGIN_S = 3600.0
"""Rows from before a change to or from summer time are written one hour off."""

IMAGES_ZONE = timezone(timedelta(0))
"""GOWA's images run in UTC."""


def zone_in(stamp: str) -> timezone | None:
    """The fixed offset that a stamp was printed with; None where it has none."""
    try:
        offset = datetime.fromisoformat(stamp).utcoffset() if len(stamp) <= 40 else None
    except ValueError:
        return None
    return None if offset is None else timezone(offset)


def asked_stamp(at: float, zone: timezone) -> str:
    """*at* (epoch seconds, brought into WhatsApp's years) as a question's stamp in the gateway's zone; UTC is printed as Z."""
    moment = datetime.fromtimestamp(min(max(at, EARLIEST_S), LATEST_S), zone)
    stamp = moment.isoformat(timespec="seconds")
    return stamp.removesuffix("+00:00") + "Z" if zone.utcoffset(None) == UTC.utcoffset(None) else stamp
