"""Times in questions to chat storage, which compares them as text in the zone the gateway runs in (GOWA page, section 4)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from unlost.gowa.readers.stamps import EARLIEST_S, LATEST_S

ZONE_MARGIN_S = 3600.0
"""Rows from before a change to or from summer time are written one hour off."""

IMAGES_ZONE = timezone(timedelta(0))
"""GOWA's images run in UTC."""


@dataclass(frozen=True, slots=True)
class ZonesMet:
    """All zones that rows were seen to be written in, by the outermost two; *IMAGES_ZONE* before any is met.

    A row keeps the zone in which the gateway ran when it was written. A question hides none of what lies between its ends where it
    begins in the westernmost zone, whose clocks show least, and ends in the easternmost. While the gateway runs in one, both are it.
    """

    west: timezone | None = None
    east: timezone | None = None

    def and_also(self, zones: Iterable[timezone]) -> "ZonesMet":
        """With *zones* met too."""
        met = [zone for zone in (self.west, self.east, *zones) if zone is not None]
        return ZonesMet(min(met, key=_offset), max(met, key=_offset)) if met else self

    def start(self, since: float) -> str:
        """The stamp from which on to ask for rows of *since* (epoch seconds) and later, with the margin."""
        return asked_stamp(since - ZONE_MARGIN_S, self.west or IMAGES_ZONE)

    def end(self, until: float) -> str:
        """The stamp up to which to ask for rows of *until* and earlier, with the margin."""
        return asked_stamp(until + ZONE_MARGIN_S, self.east or IMAGES_ZONE)


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


def _offset(zone: timezone) -> timedelta:
    return zone.utcoffset(None)
