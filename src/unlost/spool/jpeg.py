"""How many pixels a JPEG claims (ITU T.81, annex B), read as libjpeg reads it: its next_marker passes over whatever is no marker."""

import struct
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

SEGMENTS_MAX = 2_000
"""A JPEG with more segments before its pixels is none that a camera made; a profile is cut into at most 255."""
STRAYS_MAX = 65_536
"""So many bytes that belong to no segment are passed over, all together: some cameras pad theirs."""
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
ENDS = frozenset({0xD9, 0xDA})


def pixels_of(file: BinaryIO) -> int:
    """The largest frame that is told before the pixels begin; 0 where none is, or they begin nowhere. *file* stands at its start.

    Raises struct.error where it is torn.
    """
    file.seek(2)
    largest = 0
    for marker in islice(_markers(file), SEGMENTS_MAX):
        if marker in ENDS:
            return largest
        if marker in ALONE:
            continue
        (length,) = struct.unpack(">H", file.read(2))
        body_at = file.tell()
        if marker in FRAMES:
            height, width = struct.unpack(">xHH", file.read(5))
            largest = max(largest, int(width) * int(height))
        file.seek(body_at + max(0, length - 2))
    return 0


def _markers(file: BinaryIO) -> Iterator[int]:
    """Each byte behind a 0xFF that is neither filling nor stuffed, from wherever *file* stands then."""
    strays, before = 0, 0
    while strays <= STRAYS_MAX and (byte := file.read(1)):
        is_marker = before == 0xFF and byte[0] not in (0x00, 0xFF)
        strays += 1
        before = 0 if is_marker else byte[0]
        if is_marker:
            strays -= 2
            yield byte[0]
