"""How many pixels a picture claims, from its headers alone: nothing is unpacked, and only a bounded part is read.

A decoder may be more patient than its format asks for, so what one passes over is passed over here too; and of several sizes that are
told the largest counts. Where the bound ends before the size is told, none is. The sources are the formats' own pages: here PNG (W3C,
11.2.2) and BMP's headers; the others have files of their own.
"""

import struct
from collections.abc import Callable
from typing import BinaryIO

from unlost.spool import gif, heif, jpeg, webp

HEAD_BYTES = 64
PNG_SHAPE = b"IHDR"

_READERS: dict[str, Callable[[BinaryIO], int]] = {
    "image/jpeg": jpeg.pixels_of,
    "image/gif": gif.pixels_of,
    "image/webp": webp.pixels_of,
    "image/heic": heif.pixels_of,
    "image/avif": heif.pixels_of,
    "image/png": lambda file: _png(file.read(HEAD_BYTES)),
    "image/bmp": lambda file: _bmp(file.read(HEAD_BYTES)),
}


def pixels_of(file: BinaryIO, mime_type: str) -> int:
    """Width times height; 0 where the headers tell none: what shows it all the same would show a picture of any size.

    Moves the file's place.
    """
    read = _READERS.get(mime_type)
    if read is None:
        return 0
    file.seek(0)
    try:
        return read(file)
    except struct.error:  # it ends before its size is told
        return 0


def _png(head: bytes) -> int:
    if head[12:16] != PNG_SHAPE:
        return 0
    width, height = struct.unpack_from(">II", head, 16)
    return int(width) * int(height)


def _bmp(head: bytes) -> int:
    if struct.unpack_from("<I", head, 14)[0] == 12:
        width, height = struct.unpack_from("<HH", head, 18)
    else:
        width, height = struct.unpack_from("<ii", head, 18)
    return abs(int(width)) * abs(int(height))  # a height below 0 means top-down
