"""The camera reads what the gateway draws."""

import pytest

from tests.fake_whatsapp.scanning import scanned
from unlost.gateway.png import dots, picture
from unlost.gateway.qr import modules_of


@pytest.mark.parametrize("length", [1, 17, 78, 79, 134, 230, 231, 271, 322, 323, 412, 520])
@pytest.mark.parametrize(("pixels", "quiet"), [(6, 4), (1, 1)])
def test_it_reads_what_was_drawn(length: int, pixels: int, quiet: int) -> None:
    text = ("2@abcDEF/+=,ü" * 50)[:length]
    text = text.encode()[:length].decode(errors="ignore")
    assert scanned(dots(modules_of(text), pixels, quiet)) == text


@pytest.mark.parametrize("no_code", [b"no picture", picture("a square of one colour")])
def test_what_is_no_code_is_refused(no_code: bytes) -> None:
    with pytest.raises(ValueError):
        scanned(no_code)
