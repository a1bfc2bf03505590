"""Pictures for the simulated engine: a small square of one colour, made from a name."""

from __future__ import annotations

import hashlib
import struct
import zlib

SIDE_PX = 8
HEADER = b"\x89PNG\r\n\x1a\n"


def picture(name: str) -> bytes:
    """A valid PNG of SIDE_PX by SIDE_PX whose colour depends on *name* alone."""
    colour = hashlib.blake2b(name.encode(), digest_size=3).digest()
    return _png(SIDE_PX, colour)


def picture_that_claims(side_px: int) -> bytes:
    """The same, but its header tells another size: unpacked it would need gigabytes."""
    return _png(side_px, b"\0\0\0")


def dots(modules: tuple[tuple[bool, ...], ...], pixels: int, quiet: int) -> bytes:
    """A grey PNG with a black square of *pixels* for each true module, and *quiet* modules of white around them all."""
    side = (len(modules) + 2 * quiet) * pixels
    white = bytes([255])
    blank = b"\0" + white * side
    lines = [blank] * (quiet * pixels)
    for row in modules:
        dark = b"".join((b"\0" if module else white) * pixels for module in row)
        lines += [b"\0" + white * (quiet * pixels) + dark + white * (quiet * pixels)] * pixels
    lines += [blank] * (quiet * pixels)
    shape = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return HEADER + _chunk(b"IHDR", shape) + _chunk(b"IDAT", zlib.compress(b"".join(lines))) + _chunk(b"IEND", b"")


def _png(told_side_px: int, colour: bytes) -> bytes:
    lines = b"".join(b"\0" + colour * SIDE_PX for _ in range(SIDE_PX))
    shape = struct.pack(">IIBBBBB", told_side_px, told_side_px, 8, 2, 0, 0, 0)
    return HEADER + _chunk(b"IHDR", shape) + _chunk(b"IDAT", zlib.compress(lines)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
