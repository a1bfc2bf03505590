"""QR codes, against what the standard says of them and against one that another program drew."""

import hashlib

import pytest

from unlost.gateway.png import dots
from unlost.gateway.qr import TooLong, modules_of


@pytest.mark.parametrize(("length", "side"), [(1, 21), (17, 21), (18, 25), (230, 53), (231, 57), (271, 57), (520, 77)])
def test_its_side_follows_from_the_text_s_length(length: int, side: int) -> None:
    """ISO/IEC 18004 table 7, bytes at level L."""
    modules = modules_of("x" * length)
    assert {len(modules), *map(len, modules)} == {side}


def test_it_has_its_three_eyes() -> None:
    modules = modules_of("x" * 230)
    eye = [[max(abs(y - 3), abs(x - 3)) != 2 for x in range(7)] for y in range(7)]
    for top, left in ((0, 0), (0, -7), (-7, 0)):
        rows = modules[top : top + 7 or None]
        assert [list(row[left : left + 7 or None]) for row in rows] == eye


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(TooLong):
        modules_of("x" * 521)


@pytest.mark.parametrize(
    ("length", "digest"), [(17, "9a1b8983e676b73d"), (271, "0f4ec202d116f4de"), (520, "577fe58d5bd23e78")]
)
def test_it_is_module_for_module_what_another_program_draws(length: int, digest: str) -> None:
    """Drawn by segno 1.6.6 for the same text, level L and mask; texts that fill their symbol, where no padding differs."""
    drawn = "".join("01"[module] for row in modules_of(("2@abcDEF/+=," * 50)[:length]) for module in row)
    assert hashlib.sha256(drawn.encode()).hexdigest()[:16] == digest


def test_its_picture_is_a_png_with_a_white_border() -> None:
    drawn = dots(((True,),), pixels=2, quiet=1)
    assert drawn.startswith(b"\x89PNG\r\n\x1a\n")
    assert drawn[16:24] == (6).to_bytes(4, "big") * 2
