"""What a fetched file is taken for."""

import io
import struct
from pathlib import Path

import pytest

from tests.unit.spool.pictures import box, canvas, frame, gif, heif, jpeg, png, track, webp
from unlost.spool import Looked, can_be_shown, look_at
from unlost.spool.pictures import pixels_of
from unlost.spool.sniffing import UNKNOWN, type_of

SEEN = [
    (b"\xff\xd8\xff\xe1", "image", "image/jpeg"),
    (png(), "image", "image/png"),
    (b"RIFF\x10\0\0\0WEBPVP8 ", "sticker", "image/webp"),
    (b"OggS\0\x02" + b"\0" * 22 + b"OpusHead", "audio", "audio/ogg"),
    (b"OggS\0\x02" + b"\0" * 22 + b"\x80theora", "video", "video/ogg"),
    (b"\0\0\0\x20ftypisom\0\0\2\0", "video", "video/mp4"),
    (b"\0\0\0\x20ftypisom\0\0\2\0", "video_note", "video/mp4"),
    (b"\0\0\0\x20ftypisom\0\0\2\0", "audio", "audio/mp4"),
    (b"\0\0\0\x1cftypM4A \0\0\0\0", "document", "audio/mp4"),
    (b"\0\0\0\x14ftypqt  \0\0\0\0", "video", "video/quicktime"),
    (b"\0\0\0\x18ftypheic\0\0\0\0", "image", "image/heic"),
    (b"ID3\x03\0", "audio", "audio/mpeg"),
    (b"\xff\xfb\x90\x64", "audio", "audio/mpeg"),
    (b"\xff\xf1\x50\x80", "audio", "audio/aac"),
    (b"#!AMR\n", "audio", "audio/amr"),
    (b"%PDF-1.7", "image", "application/pdf"),
    (b"MZ\x90\0", "document", "application/vnd.microsoft.portable-executable"),
    (b"  <!DOCTYPE html><script>", "document", "text/html"),
    (b'<?xml version="1.0"?>\n<svg xmlns=', "image", "image/svg+xml"),
]


@pytest.mark.parametrize(("head", "hangs", "mime_type"), SEEN, ids=[f"{row[2]} as {row[1]}" for row in SEEN])
def test_what_the_bytes_prove_is_told_whatever_the_sender_says(head: bytes, hangs: str, mime_type: str) -> None:
    assert type_of(head, hangs=hangs, told="image/png", name="photo.png") == mime_type


@pytest.mark.parametrize("told", ["image/png", "audio/ogg", "video/mp4", "", "text/plain\r\nX: y", "x/" + "y" * 300])
def test_a_picture_sound_or_film_that_the_bytes_do_not_prove_is_an_unknown_file(told: str) -> None:
    assert type_of(b"just words", hangs="image", told=told, name="photo.png") == UNKNOWN


def test_of_any_other_type_the_sender_is_believed() -> None:
    assert type_of(b"a;b\n", hangs="document", told="text/csv", name="list.csv") == "text/csv"


def test_a_letter_that_begins_as_a_bitmap_does_is_none() -> None:
    assert type_of(b"BMW has called about your car", hangs="document", told="text/plain", name="a.txt") == "text/plain"


def test_a_type_is_seen_in_an_empty_file_too() -> None:
    assert type_of(b"", hangs="document", told="text/plain", name="") == "text/plain"


@pytest.mark.parametrize(
    ("picture", "mime_type", "pixels"),
    [
        (png(640, 480), "image/png", 307_200),
        (png(2**31 - 1, 2**31 - 1), "image/png", (2**31 - 1) ** 2),
        (jpeg(65_535, 65_535), "image/jpeg", 65_535**2),
        (jpeg(10, 20, before=b"\xff\xe1\x00\x08abcdef\xff\xff\xfe\x00\x02"), "image/jpeg", 200),
        (jpeg(10, 20, before=b"\0"), "image/jpeg", 200),
        (jpeg(10, 20, before=b"no marker, \xff\0 nor this"), "image/jpeg", 200),
        (jpeg(10, 20, before=b"\xff" * 10_000), "image/jpeg", 200),
        (jpeg(10, 20, before=b"\xff\xfe\x00\x04ab" * 1_900), "image/jpeg", 200),
        (jpeg(10, 20).removesuffix(b"\xff\xda") + jpeg(30, 40)[2:], "image/jpeg", 1_200),
        (gif((300, 400), screen=(300, 400)), "image/gif", 120_000),
        (gif((8, 8), (300, 4), (3, 400)), "image/gif", 120_000),
        (gif((300, 400), before=b"!\xfe\x02hi\x00\0\0"), "image/gif", 120_000),
        (gif((300, 400)).removesuffix(b"\0;"), "image/gif", 120_000),
        (b"BM" + b"\0" * 12 + struct.pack("<Iii", 40, 70, -30), "image/bmp", 2_100),
        (b"RIFF\0\0\0\0WEBPVP8X" + b"\0" * 8 + b"\xff\xff\x00\xff\xff\x00", "image/webp", 65_536**2),
        (webp(canvas(5, 6)), "image/webp", 30),
        (webp(canvas(5, 6), (b"ICCP", b"odd"), frame(5, 6), frame(70, 60)), "image/webp", 4_200),
        (webp((b"JUNK", b""), (b"VP8 ", b"\0" * 6 + struct.pack("<HH", 0x4000 | 70, 60))), "image/webp", 4_200),
        (
            b"\0\0\0\x10ftypavif\0\0\0\0" + box(b"free", b"\0" * 2_000_000) + heif(b"avif", (70, 60))[24:],
            "image/avif",
            4_200,
        ),
        (b"\0\0\0\x10ftypavis\0\0\0\0" + box(b"moov", track(70, 60) + track(7, 6, version=1)), "image/avif", 4_200),
        (heif(b"heic", (512, 512), (4_032, 3_024)), "image/heic", 4_032 * 3_024),
        (heif(b"avif", (65_535, 65_535), (8, 8)), "image/avif", 65_535**2),
        (b"RIFF\0\0\0\0WEBPVP8L" + b"\0" * 5 + struct.pack("<I", 99 | 199 << 14), "image/webp", 20_000),
    ],
)
def test_a_picture_s_size_is_told_by_its_headers(picture: bytes, mime_type: str, pixels: int) -> None:
    assert pixels_of(io.BytesIO(picture), mime_type) == pixels


@pytest.mark.parametrize("kind", ["image/png", "image/jpeg", "image/gif", "image/bmp", "image/webp", "image/heic"])
@pytest.mark.parametrize("torn", [b"", b"\xff\xd8\xff", b"\x89PNG\r\n", b"RIFF\0\0\0\0WEBP", b"\xff" * 500])
def test_a_torn_picture_tells_no_size(kind: str, torn: bytes) -> None:
    assert pixels_of(io.BytesIO(torn), kind) >= 0


ENDLESS = [
    (jpeg(9, 9, before=b"\xff\xe0\x00\x02" * 100_000), "image/jpeg"),
    (jpeg(9, 9, before=b"\xff" * 100_000), "image/jpeg"),
    (jpeg(9, 9, before=b"\0" * 100_000), "image/jpeg"),
    (gif((9, 9), before=b"!\xfe" + b"\x01x" * 300_000 + b"\0"), "image/gif"),
    (gif((9, 9), before=b"\0" * 300_000), "image/gif"),
    (webp(*[(b"JUNK", b"")] * 20_000, canvas(9, 9)), "image/webp"),
    (heif(b"avif", *[(1, 1)] * 4_001), "image/avif"),
    (heif(b"avif", *[(1, 1)] * 100_000), "image/avif"),
    (b"\0\0\0\x10ftypavif\0\0\0\0" + box(b"free", b"") * 2_000 + heif(b"avif", (9, 9))[24:], "image/avif"),
]


@pytest.mark.parametrize(("picture", "mime_type"), ENDLESS)
def test_where_a_size_stands_too_far_in_none_is_told(picture: bytes, mime_type: str) -> None:
    """However much may be left to read: no picture is walked for ever."""
    assert pixels_of(io.BytesIO(picture), mime_type) == 0


@pytest.mark.parametrize("size_bytes", [1 << 44, (1 << 63) - 1, (1 << 64) - 1])
def test_a_box_that_ends_where_no_file_can_ends_the_look(size_bytes: int, tmp_path: Path) -> None:
    picture = (
        heif(b"heic")[:24] + box(b"meta", heif(b"heic", (7, 6))[32:52]) + struct.pack(">I4sQ", 1, b"mdat", size_bytes)
    )
    (tmp_path / "photo").write_bytes(picture)
    looked = look_at(tmp_path / "photo", hangs="image", told_type="", told_name="", called="image-A1")
    assert (looked.mime_type, can_be_shown(picture)) == ("image/heic", True)


def test_so_does_the_very_first(tmp_path: Path) -> None:
    (tmp_path / "photo").write_bytes(b"\0\0\0\x01ftypheic\0\0\0\0mif1")
    looked = look_at(tmp_path / "photo", hangs="image", told_type="", told_name="", called="image-A1")
    assert looked.mime_type == UNKNOWN


@pytest.mark.parametrize("picture", [png()[:8] + b"\0\0\0\0junk" + png()[8:], gif(), webp(), heif(b"avif")])
def test_what_tells_no_size_is_no_picture_whatever_else_it_is(picture: bytes, tmp_path: Path) -> None:
    (tmp_path / "photo").write_bytes(picture)
    looked = look_at(tmp_path / "photo", hangs="image", told_type="image/png", told_name="", called="image-A1")
    assert (looked.mime_type, looked.is_bomb, can_be_shown(picture)) == (UNKNOWN, False, False)


@pytest.mark.parametrize(("picture", "can_be"), [(jpeg(9, 9), True), (png(50_000, 50_000), False), (b"words", False)])
def test_a_picture_can_be_shown_unless_it_claims_too_much(picture: bytes, can_be: bool) -> None:
    assert can_be_shown(picture) is can_be


def test_an_extent_that_is_torn_off_is_not_read_beyond_its_end() -> None:
    assert pixels_of(io.BytesIO(heif(b"heic", (7, 6)).removesuffix(b"\0\0\0\x08mdat")[:-1]), "image/heic") == 0


@pytest.mark.parametrize(
    "picture",
    [
        png(50_000, 50_000),
        jpeg(50_000, 50_000, before=b"\0"),
        gif((1, 1), (50_000, 50_000)),
        webp(canvas(9, 9), frame(50_000, 50_000)),
        heif(b"avif", (50_000, 50_000)),
        heif(b"heic", (50_000, 50_000)),
    ],
)
def test_a_picture_that_claims_more_than_anybody_can_show_is_a_bomb_in_each_format(
    picture: bytes, tmp_path: Path
) -> None:
    (tmp_path / "photo").write_bytes(picture)
    assert look_at(tmp_path / "photo", hangs="image", told_type="", told_name="", called="image-A1").is_bomb


def test_a_picture_that_claims_more_than_anybody_can_show_is_a_bomb(tmp_path: Path) -> None:
    (tmp_path / "photo").write_bytes(png(50_000, 50_000))
    looked = look_at(tmp_path / "photo", hangs="image", told_type="", told_name="", called="image-A1")
    assert looked == Looked("image-A1.png", "image/png", is_bomb=True)


def test_a_document_keeps_its_name(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"%PDF-1.4")
    looked = look_at(tmp_path / "file", hangs="document", told_type="", told_name="Angebot März.pdf", called="x")
    assert looked == Looked("Angebot März.pdf", "application/pdf", is_bomb=False)
