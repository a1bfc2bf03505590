"""A QR code of one text as black and white modules (ISO/IEC 18004), for what a phone scans to link a device.

Bytes only, error correction L, versions 1 to 15: up to 520 bytes, where WhatsApp's text has some 240.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise, product

Modules = tuple[tuple[bool, ...], ...]
Grid = list[list[bool | None]]

# ISO/IEC 18004 table 9, level L: check bytes for each block, then how many blocks there are; by version from 1.
CHECK_BYTES = (7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22)
BLOCKS = (1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6)
LEVEL_L = 0b01
POLYNOMIAL = 0x11D
FORMAT_GENERATOR, FORMAT_MASK = 0x537, 0x5412
VERSION_GENERATOR = 0x1F25
PADDING = (0xEC, 0x11)
MASKS: tuple[Callable[[int, int], bool], ...] = (
    lambda y, x: (y + x) % 2 == 0,
    lambda y, x: y % 2 == 0,
    lambda y, x: x % 3 == 0,
    lambda y, x: (y + x) % 3 == 0,
    lambda y, x: (y // 2 + x // 3) % 2 == 0,
    lambda y, x: y * x % 2 + y * x % 3 == 0,
    lambda y, x: (y * x % 2 + y * x % 3) % 2 == 0,
    lambda y, x: ((y + x) % 2 + y * x % 3) % 2 == 0,
)


class TooLong(Exception):
    """The text does not fit."""


def modules_of(text: str) -> Modules:
    """The modules of *text*, row by row, true for black, without the empty border. Raises TooLong."""
    said = text.encode()
    version = _version_for(len(said))
    grid = _with_patterns(version)
    free = [[module is None for module in row] for row in grid]
    _fill(grid, _bits(_interleaved(_data(said, version), version)))
    masked = [_masked(grid, free, mask) for mask in range(len(MASKS))]
    return min(masked, key=_penalty)


def _side(version: int) -> int:
    return 17 + 4 * version


def _capacity(version: int) -> int:
    """All bytes of a symbol, checks included: what its patterns leave free."""
    free = sum(module is None for row in _with_patterns(version) for module in row)
    return free // 8


def _data_bytes(version: int) -> int:
    return _capacity(version) - CHECK_BYTES[version - 1] * BLOCKS[version - 1]


def _version_for(length: int) -> int:
    for version in range(1, len(BLOCKS) + 1):
        if 4 + _count_bits(version) + 8 * length <= 8 * _data_bytes(version):
            return version
    raise TooLong


def _count_bits(version: int) -> int:
    return 8 if version < 10 else 16


def _data(said: bytes, version: int) -> bytes:
    """Mode "bytes", the length, the bytes, a terminator, and padding to the symbol's size."""
    size = _data_bytes(version)
    bits = f"{0b0100:04b}{len(said):0{_count_bits(version)}b}" + "".join(f"{byte:08b}" for byte in said)
    bits += "0" * min(4, 8 * size - len(bits))
    bits += "0" * (-len(bits) % 8)
    filled = bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits), 8))
    return filled + bytes(PADDING[at % 2] for at in range(size - len(filled)))


def _interleaved(data: bytes, version: int) -> bytes:
    """The data in blocks, each with its checks, mixed byte by byte."""
    count, checks = BLOCKS[version - 1], CHECK_BYTES[version - 1]
    short, longer = divmod(len(data), count)
    blocks, at = [], 0
    for number in range(count):
        length = short + (number >= count - longer)
        blocks.append(data[at : at + length])
        at += length
    mixed = [block[place] for place in range(short + 1) for block in blocks if place < len(block)]
    checked = [_checks(block, checks) for block in blocks]
    return bytes(mixed + [check[place] for place in range(checks) for check in checked])


def _times(a: int, b: int) -> int:
    """The product in GF(256)."""
    product_ = 0
    while b:
        product_ ^= a if b & 1 else 0
        a = a << 1 ^ (POLYNOMIAL if a & 0x80 else 0)
        b >>= 1
    return product_


def _checks(block: bytes, count: int) -> bytes:
    """Reed-Solomon: the remainder of *block* by (x - 1)(x - 2)(x - 4)…"""
    generator, root = [1], 1
    for _ in range(count):
        generator = [high ^ _times(low, root) for high, low in zip([*generator, 0], [0, *generator], strict=True)]
        root = _times(root, 2)
    left = [*block, *bytes(count)]
    for at in range(len(block)):
        factor = left[at]
        for place, coefficient in enumerate(generator):
            left[at + place] ^= _times(coefficient, factor)
    return bytes(left[len(block) :])


def _bits(data: bytes) -> Iterator[bool]:
    for byte in data:
        for shift in range(7, -1, -1):
            yield bool(byte >> shift & 1)


def _with_patterns(version: int) -> Grid:
    """The grid with all that does not depend on the text; None where it does. Format places are held by False."""
    side = _side(version)
    grid: Grid = [[None] * side for _ in range(side)]
    for at in range(side):
        grid[6][at] = grid[at][6] = at % 2 == 0
    for top, left in ((0, 0), (0, side - 7), (side - 7, 0)):
        _finder(grid, top, left)
    middles = _alignments(version)
    eyes = [(6, 6), (6, side - 7), (side - 7, 6)]  # there the three big ones lie
    for y, x in product(middles, repeat=2):
        if (y, x) not in eyes:
            _alignment(grid, y, x)
    for y, x in _format_places(side):
        grid[y][x] = False
    grid[side - 8][8] = True
    if version >= 7:
        _version_mark(grid, version)
    return grid


def _finder(grid: Grid, top: int, left: int) -> None:
    """One of the three eyes with its white border, as far as that lies inside."""
    for y, x in product(range(-1, 8), repeat=2):
        if 0 <= top + y < len(grid) and 0 <= left + x < len(grid):
            away = max(abs(y - 3), abs(x - 3))
            grid[top + y][left + x] = away not in (2, 4)


def _alignments(version: int) -> list[int]:
    """The coordinates of the small eyes' middles (annex E)."""
    if version == 1:
        return []
    count, last = version // 7 + 2, _side(version) - 7
    step = -(-(last - 6) // (count - 1) // 2) * 2 if version != 32 else 26
    return [6, *sorted(last - step * at for at in range(count - 1))]


def _alignment(grid: Grid, y: int, x: int) -> None:
    for down, right in product(range(-2, 3), repeat=2):
        grid[y + down][x + right] = max(abs(down), abs(right)) != 1


def _format_places(side: int) -> list[tuple[int, int]]:
    """Where the format's 15 bits stand, the lowest first; twice."""
    around = [(at, 8) for at in (0, 1, 2, 3, 4, 5, 7, 8)] + [(8, at) for at in (7, 5, 4, 3, 2, 1, 0)]
    beside = [(8, side - 1 - at) for at in range(8)] + [(side - 7 + at, 8) for at in range(7)]
    return around + beside


def _version_mark(grid: Grid, version: int) -> None:
    """From version 7 on: the version with its checks, twice."""
    bits = version << 12 | _remainder(version << 12, VERSION_GENERATOR)
    for at in range(18):
        far, near = len(grid) - 11 + at % 3, at // 3
        grid[far][near] = grid[near][far] = bool(bits >> at & 1)


def _remainder(bits: int, generator: int) -> int:
    while bits.bit_length() >= generator.bit_length():
        bits ^= generator << bits.bit_length() - generator.bit_length()
    return bits


def _fill(grid: Grid, bits: Iterator[bool]) -> None:
    """Two columns at a time from the right, up and down in turn, past the upright timing line."""
    side, up = len(grid), True
    for right in (*range(side - 1, 6, -2), *range(5, 0, -2)):
        for y in range(side - 1, -1, -1) if up else range(side):
            for x in (right, right - 1):
                if grid[y][x] is None:
                    grid[y][x] = next(bits, False)
        up = not up


def _masked(grid: Grid, free: list[list[bool]], mask: int) -> Modules:
    """The grid under *mask*, with the format that names it."""
    flips = MASKS[mask]
    rows = [[bool(module) ^ (free[y][x] and flips(y, x)) for x, module in enumerate(row)] for y, row in enumerate(grid)]
    told = LEVEL_L << 3 | mask
    bits = (told << 10 | _remainder(told << 10, FORMAT_GENERATOR)) ^ FORMAT_MASK
    for at, (y, x) in enumerate(_format_places(len(grid))):
        rows[y][x] = bool(bits >> at % 15 & 1)
    return tuple(tuple(row) for row in rows)


def _penalty(modules: Modules) -> int:
    """How hard it is to read (section 7.8.3): long runs, squares, what looks like an eye, and too much of one colour."""
    lines = ["".join("1" if module else "0" for module in row) for row in (*modules, *zip(*modules, strict=True))]
    score = 0
    for line in lines:
        for colour in "01":
            score += sum(len(run) - 2 for run in line.split("10"[int(colour)]) if len(run) >= 5)
        score += 40 * sum(line[at : at + 11] in ("10111010000", "00001011101") for at in range(len(line) - 10))
    for above, below in pairwise(modules):
        for at in range(len(above) - 1):
            score += 3 * (above[at] == above[at + 1] == below[at] == below[at + 1])
    dark, total = sum(map(sum, modules)), len(modules) ** 2
    return score + 10 * (abs(20 * dark - 10 * total) // total)
