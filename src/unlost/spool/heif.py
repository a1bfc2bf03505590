"""How many pixels a HEIC or AVIF claims: what its boxes tell of its pictures (ISO/IEC 23008-12, 6.5.3) and films (14496-12, 8.3.2).

A picture's own stream is not looked into: whose boxes belie it is stopped by the decoder's own limit.
"""

import os
import struct
from collections.abc import Iterator
from typing import BinaryIO

BOXES_MAX = 1_000
READ_BYTES = 1024 * 1024
"""Of the boxes that tell of pictures and films, all together: some kilobytes in a phone's, wherever they stand."""
TELLING = (b"meta", b"moov")
EXTENTS_MAX = 4_000
"""A picture cut into tiles tells the size of each, and its own."""
EXTENT, TRACK, SAMPLES = b"ispe", b"tkhd", b"stsd"


def pixels_of(file: BinaryIO) -> int:
    """The largest that is told; 0 where none is, and where there is too much to see all. *file* stands at its start."""
    at, left, largest = 0, READ_BYTES, 0
    end = file.seek(0, os.SEEK_END)
    for _ in range(BOXES_MAX):
        if at > end:  # no file is as long as a box may say: not every place can be gone to
            return largest
        file.seek(at)
        head = file.read(16)
        if len(head) < 8:
            return largest
        size_bytes, kind = _size_of(head), head[4:8]
        if kind in TELLING:
            rest = file.read(left if size_bytes is None else max(0, min(left, size_bytes - len(head))))
            left -= len(rest)
            told = list(_told(head[8:] + rest))
            if left == 0 or len(told) > EXTENTS_MAX:
                return 0
            largest = max(largest, *told, 0)
        if size_bytes is None or size_bytes < 8:
            return largest
        at += size_bytes
    return 0


def _size_of(head: bytes) -> int | None:
    """A box's, in bytes, its head included; None where it is the last."""
    (size_bytes,) = struct.unpack_from(">I", head, 0)
    if size_bytes == 1 and len(head) == 16:
        (size_bytes,) = struct.unpack_from(">Q", head, 8)
    return int(size_bytes) or None


def _told(body: bytes) -> Iterator[int]:
    """Every size in it, EXTENTS_MAX and one more at the most, whichever boxes they stand in."""
    left = EXTENTS_MAX + 1
    for name in (EXTENT, TRACK, SAMPLES):
        at = body.find(name)
        while at >= 0 and left > 0:
            yield _shape_at(body, at, name)
            left -= 1
            at = body.find(name, at + len(name))


def _shape_at(body: bytes, at: int, name: bytes) -> int:
    """Width times height of the box whose name stands at *at*; 0 where it is torn off."""
    if name == EXTENT:
        form, at = ">II", at + 8
    elif name == TRACK:  # fixed-point numbers, behind times that are longer in version 1
        form, at = ">HxxHxx", at + (92 if body[at + 4 : at + 5] == b"\1" else 80)
    else:  # of the first entry
        form, at = ">HH", at + 44
    if at + struct.calcsize(form) > len(body):
        return 0
    width, height = struct.unpack_from(form, body, at)
    return int(width) * int(height)
