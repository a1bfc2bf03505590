"""Pictures as other programs write them: none of them is taken for what tells no size."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from unlost.spool import look_at
from unlost.spool.pictures import pixels_of

Image = pytest.importorskip("PIL.Image", reason="Pillow comes with the real engine, for Linux alone")
WIDTH, HEIGHT = 96, 64
PROFILE, REMARK = b"p" * 700_000, "r" * 50_000  # a profile of many segments


def still(mode: str = "RGB", hue: int = 0) -> Any:
    return Image.radial_gradient("L").resize((WIDTH, HEIGHT)).point(lambda value: (value + hue) % 256).convert(mode)


def described() -> Any:
    exif = Image.Exif()
    exif[0x010E] = REMARK
    return {"exif": exif, "icc_profile": PROFILE}


def moving(**more: Any) -> Any:
    return {"save_all": True, "append_images": [still(hue=9 * n) for n in range(1, 12)], "duration": 40, **more}


WRITTEN: list[tuple[str, str, Callable[[], dict[str, Any]]]] = [
    ("a.jpg", "RGB", dict),
    ("progressive.jpg", "RGB", lambda: {"progressive": True}),
    ("described.jpg", "RGB", described),
    ("print.jpg", "CMYK", dict),
    ("a.gif", "P", dict),
    ("moving.gif", "P", moving),
    ("lossy.webp", "RGB", dict),
    ("lossless.webp", "RGBA", lambda: {"lossless": True}),
    ("described.webp", "RGB", described),
    ("moving.webp", "RGB", moving),
    ("a.avif", "RGB", dict),
    ("see-through.avif", "RGBA", dict),
    ("described.avif", "RGB", described),
    ("moving.avif", "RGB", moving),
    ("described.png", "RGB", described),
    ("a.bmp", "RGB", dict),
]


@pytest.mark.parametrize(("name", "mode", "more"), WRITTEN, ids=[name for name, _, _ in WRITTEN])
def test_a_real_picture_s_size_is_told(tmp_path: Path, name: str, mode: str, more: Callable[[], Any]) -> None:
    still(mode).save(tmp_path / name, **more())
    looked = look_at(tmp_path / name, hangs="image", told_type="", told_name=name, called="x")
    assert looked.mime_type.startswith("image/")
    with (tmp_path / name).open("rb") as file:
        assert pixels_of(file, looked.mime_type) == WIDTH * HEIGHT
