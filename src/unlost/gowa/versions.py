"""GOWA's versions, as far as a caller must mind them."""

import re

Version = tuple[int, int, int]

AVATAR_CONTAINED_SINCE: Version = (8, 1, 0)
"""Before it, a picture asked for at the wrong moment ends the whole process (GOWA page, 6.1)."""
LID_LOOKED_UP_SINCE: Version = (8, 3, 0)
"""Before it, `/user/info` answers for every LID that it is not on WhatsApp (GOWA page, 1.1 and 3.2)."""

_VERSION = re.compile(r"v?([0-9]{1,4})\.([0-9]{1,4})(?:\.([0-9]{1,4}))?")


def version_of(text: str) -> Version | None:
    """`v9.2.0` as three numbers; None for anything else."""
    match = _VERSION.match(text)
    return None if match is None else (int(match[1]), int(match[2]), int(match[3] or 0))


def avatar_is_safe(version: Version | None) -> bool:
    """Whether a gateway of *version* survives the question for a picture; one that does not tell counts as older."""
    return version is not None and version >= AVATAR_CONTAINED_SINCE


def knows_lids(version: Version | None) -> bool:
    """Whether a gateway of *version* can say who a LID is; one that does not tell its version counts as older."""
    return version is not None and version >= LID_LOOKED_UP_SINCE
