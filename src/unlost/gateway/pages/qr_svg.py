"""A QR code as a picture of lines: black on white whatever the page's colours are, sharp at every size."""

from __future__ import annotations

from unlost.gateway.qr import Modules

QUIET = 4  # the empty border the standard asks for, in modules


def path_of(modules: Modules) -> str:
    """The `d` of an SVG path that fills every black module, in units of one module, the border included."""
    steps: list[str] = []
    for y, row in enumerate(modules):
        x = 0
        while x < len(row):
            length = _run(row, x)
            if row[x]:
                steps.append(f"M{x + QUIET} {y + QUIET}h{length}v1h-{length}z")
            x += length
    return "".join(steps)


def side_of(modules: Modules) -> int:
    """The picture's side in modules, the border included."""
    return len(modules) + 2 * QUIET


def _run(row: tuple[bool, ...], begins: int) -> int:
    """How many modules from *begins* on are of one colour."""
    ends = begins
    while ends < len(row) and row[ends] is row[begins]:
        ends += 1
    return ends - begins
