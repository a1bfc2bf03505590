"""The time zone in which a firm's own number is at home: what times are to be told in, where nobody has said."""

import re

import phonenumbers
from phonenumbers import timezone

UNKNOWN = "Etc/Unknown"


def zone_of(device: str) -> str | None:
    """By country and area code. None where the number tells none, or several: then nobody's clock is guessed."""
    digits = re.sub(r"[^0-9]", "", device.partition("@")[0].partition(":")[0])
    try:
        zones = timezone.time_zones_for_number(phonenumbers.parse(f"+{digits}", None))
    except phonenumbers.NumberParseException:
        return None
    return str(zones[0]) if len(zones) == 1 and zones[0] != UNKNOWN else None
