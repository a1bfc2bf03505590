"""The phone's camera: reads the text out of a QR code's picture, as the gateway's REST API shows it.

Bytes at error correction L, drawn without a flaw: it looks for no corners and mends nothing. Where the patterns lie is asked of
the program that drew it, which another program has proved right (tests/unit/gateway/test_qr.py).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from unlost.gateway.qr import BLOCKS, CHECK_BYTES, FORMAT_MASK, MASKS, _count_bits, _with_patterns

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MASK_SHIFT = 10
FIRST_FORMAT = [(0, 8), (1, 8), (2, 8), (3, 8), (4, 8), (5, 8), (7, 8), (8, 8), (8, 7), (8, 5), (8, 4), (8, 3), (8, 2)]
"""Row and column of the format's lowest 13 bits; the mask's number is the highest three of them."""
BYTES_MODE = 0b0100


def scanned(png: bytes) -> str:
    """The text. Raises ValueError for what is no such picture."""
    modules = _modules(_rows(png))
    version = (len(modules) - 17) // 4
    data = _without_checks(_bytes(modules, version), version)
    bits = "".join(f"{byte:08b}" for byte in data)
    if int(bits[:4], 2) != BYTES_MODE:
        raise ValueError("it does not say bytes")
    starts = 4 + _count_bits(version)
    length = int(bits[4:starts], 2)
    return bytes(int(bits[at : at + 8], 2) for at in range(starts, starts + 8 * length, 8)).decode()


def _rows(png: bytes) -> list[bytes]:
    """The grey values, row by row, of a PNG without filters."""
    if not png.startswith(SIGNATURE):
        raise ValueError("no PNG")
    at, packed, side = len(SIGNATURE), b"", 0
    while at < len(png):
        (size,), kind = struct.unpack(">I", png[at : at + 4]), png[at + 4 : at + 8]
        body = png[at + 8 : at + 8 + size]
        side = struct.unpack(">I", body[:4])[0] if kind == b"IHDR" else side
        packed += body if kind == b"IDAT" else b""
        at += 12 + size
    raw = zlib.decompress(packed)
    return [raw[at + 1 : at + 1 + side] for at in range(0, len(raw), side + 1)]


def _modules(rows: list[bytes]) -> list[list[bool]]:
    """True for black. The border ends, and the corner eye of seven modules begins, at the first black dot."""
    top = next(y for y, row in enumerate(rows) if 0 in row)
    left = rows[top].index(0)
    pixels = next(x for x in range(left, len(rows)) if rows[top][x]) - left
    pixels //= 7
    inside = range(top, len(rows) - top, pixels)
    return [[rows[y][x] == 0 for x in inside] for y in inside]


def _bytes(modules: list[list[bool]], version: int) -> bytes:
    """What stands in the modules that no pattern takes, unmasked; a rest of less than a byte left out."""
    format_bits = sum(modules[y][x] << at for at, (y, x) in enumerate(FIRST_FORMAT)) ^ FORMAT_MASK
    flips = MASKS[format_bits >> MASK_SHIFT & 0b111]
    bits = "".join(str(int(modules[y][x] ^ flips(y, x))) for y, x in _road(version))
    return bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits) // 8 * 8, 8))


def _road(version: int) -> Iterator[tuple[int, int]]:
    """Row and column of each module that is free for data, in the order of the bits."""
    grid = _with_patterns(version)
    side, up = len(grid), True
    for right in (*range(side - 1, 6, -2), *range(5, 0, -2)):
        for y in range(side - 1, -1, -1) if up else range(side):
            yield from ((y, x) for x in (right, right - 1) if grid[y][x] is None)
        up = not up


def _without_checks(mixed: bytes, version: int) -> bytes:
    """The blocks one behind the other; the longer ones are the last, and their last bytes come after all others."""
    count = BLOCKS[version - 1]
    told = len(mixed) - CHECK_BYTES[version - 1] * count
    short, longer = divmod(told, count)
    blocks = [mixed[block : short * count : count] for block in range(count)]
    ends = mixed[short * count : told]
    return b"".join(
        block + (ends[number - (count - longer)].to_bytes() if number >= count - longer else b"")
        for number, block in enumerate(blocks)
    )
