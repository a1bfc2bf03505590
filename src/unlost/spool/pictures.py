"""How many pixels a picture claims, from its headers alone: nothing is unpacked, and only a bounded part is read.

The sources are the formats' own pages: PNG (W3C, 11.2.2), GIF89a, JPEG (ITU T.81, B.2), WebP's container (RFC 9649), BMP's headers;
HEIC and AVIF: ISO/IEC 23008-12, 6.5.3.
"""

import struct
from typing import BinaryIO

SEGMENTS_MAX = 2_000
"""A JPEG with more segments before its frame is none that a camera made; a profile is cut into at most 255."""
HEIF_READ_BYTES = 1024 * 1024
"""Of HEIC and AVIF: what is told of a picture stands in front of it, in some kilobytes."""
EXTENT = b"ispe"
EXTENTS_MAX = 4_000
"""A picture cut into tiles tells the size of each, and its own."""
JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
JPEG_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})


def pixels_of(file: BinaryIO, mime_type: str) -> int:
    """Width times height; 0 where the headers tell none, which no decoder can show either. Moves the file's place."""
    file.seek(0)
    try:
        if mime_type == "image/jpeg":
            return _jpeg(file)
        if mime_type in ("image/heic", "image/avif"):
            return _heif(file.read(HEIF_READ_BYTES))
        head = file.read(64)
        match mime_type:
            case "image/png":
                width, height = struct.unpack_from(">II", head, 16)
            case "image/gif":
                width, height = struct.unpack_from("<HH", head, 6)
            case "image/bmp":
                return _bmp(head)
            case "image/webp":
                return _webp(head)
            case _:
                return 0
        return int(width) * int(height)
    except struct.error:  # it ends before its size is told
        return 0


def _bmp(head: bytes) -> int:
    if struct.unpack_from("<I", head, 14)[0] == 12:
        width, height = struct.unpack_from("<HH", head, 18)
    else:
        width, height = struct.unpack_from("<ii", head, 18)
    return abs(int(width)) * abs(int(height))  # a height below 0 means top-down


def _webp(head: bytes) -> int:
    kind = head[12:16]
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", head, 26)
        return int(width & 0x3FFF) * int(height & 0x3FFF)
    if kind == b"VP8L":
        bits = struct.unpack_from("<I", head, 21)[0]
        return int((bits & 0x3FFF) + 1) * int((bits >> 14 & 0x3FFF) + 1)
    if kind == b"VP8X" and len(head) >= 30:
        return (int.from_bytes(head[24:27], "little") + 1) * (int.from_bytes(head[27:30], "little") + 1)
    return 0


def _heif(head: bytes) -> int:
    """The largest extent that is told: a box of its name, a version, width and height."""
    largest, at = 0, 0
    for _ in range(EXTENTS_MAX):
        at = head.find(EXTENT, at)
        if at < 0 or at + 16 > len(head):
            return largest
        width, height = struct.unpack_from(">II", head, at + 8)
        largest = max(largest, int(width) * int(height))
        at += len(EXTENT)
    return largest


def _jpeg(file: BinaryIO) -> int:
    """The largest frame that is told before the pixels begin."""
    file.seek(2)
    for _ in range(SEGMENTS_MAX):
        marker = _next_marker(file)
        if marker in JPEG_FRAMES:
            height, width = struct.unpack_from(">HH", file.read(7), 3)
            return int(width) * int(height)
        if marker in (None, 0xDA, 0xD9):
            return 0
        if marker not in JPEG_ALONE:
            (length,) = struct.unpack(">H", file.read(2))
            file.seek(max(0, length - 2), 1)
    return 0


def _next_marker(file: BinaryIO) -> int | None:
    """The byte behind the next 0xFF that is no filling; None where there is none at once."""
    first = file.read(2)
    if len(first) < 2 or first[0] != 0xFF:
        return None
    marker = first[1]
    for _ in range(64):
        if marker != 0xFF:
            return marker
        marker = (file.read(1) or b"\0")[0]
    return None
