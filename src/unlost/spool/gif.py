"""How many pixels a GIF claims (GIF89a): its screen, widened by every frame that reaches beyond it, as decoders widen theirs."""

import struct
from typing import BinaryIO

BLOCKS_MAX = 200_000
"""Of 255 bytes each, so as much as the largest file has that a helpdesk takes by itself; a smaller block counts as much."""
FRAME, EXTENSION, TRAILER = b",", b"!", b";"


def pixels_of(file: BinaryIO) -> int:
    """The whole picture's; 0 without any frame, and where there are too many blocks to see all. *file* stands at its start.

    What is no block is passed over byte by byte, and what is torn off ends it. Raises struct.error where its head is torn.
    """
    file.seek(6)
    width, height, flags, _, _ = struct.unpack("<HHBBB", file.read(7))
    _pass_colours(file, flags)
    has_frame, left = False, BLOCKS_MAX
    while left > 0:
        kind = file.read(1)
        left -= 1
        if kind == FRAME:
            shape = file.read(9)
            if len(shape) == 9:
                x, y, frame_width, frame_height, flags = struct.unpack("<HHHHB", shape)
                width, height = max(width, x + frame_width), max(height, y + frame_height)
                has_frame = True
                _pass_colours(file, flags)
                left = _after_data(file, left)
        elif kind == EXTENSION:
            left = _after_data(file, left)
        elif kind in (TRAILER, b""):
            return int(width) * int(height) if has_frame else 0
    return 0


def _pass_colours(file: BinaryIO, flags: int) -> None:
    if flags & 0x80:
        file.seek(3 * (2 << (flags & 7)), 1)


def _after_data(file: BinaryIO, left: int) -> int:
    """Behind the byte that says what the data is, and the data; how many blocks may still come."""
    file.seek(1, 1)
    while left > 0 and (length := file.read(1)) not in (b"", b"\0"):
        file.seek(length[0], 1)
        left -= 1
    return left
