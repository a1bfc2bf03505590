"""What strangers send beside words: contact cards, names of files, and the files' own first bytes."""

from io import BytesIO

from unlost.gowa.readers.vcards import LINE_MAX_CHARS, PHONES_MAX, VCF_MAX_BYTES, name_in, phones_in, vcf_of
from unlost.spool.naming import EXTENSIONS, NAME_MAX_BYTES, TOLD_EXTENSIONS, file_name
from unlost.spool.pictures import pixels_of
from unlost.spool.sniffing import HEAD_BYTES, UNKNOWN, type_of

TYPES = (*EXTENSIONS, *TOLD_EXTENSIONS, UNKNOWN, "")
HANGS = ("image", "video", "audio", "document", "sticker", "ptv")
READ_BYTES_MAX = 1_200_000
"""Of a picture, at most: the boxes of a HEIC or AVIF, and their heads."""
NEVER = frozenset('/\\"<>:|?*;\0\n\r\t\u202e\u200b\u2028')


def contact_card(raw: bytes) -> None:
    """A name and numbers within their bounds, and a file that may be saved under its name."""
    card = raw.decode("utf-8", "replace")
    assert len(name_in(card)) <= LINE_MAX_CHARS
    phones = phones_in(card)
    assert len(phones) <= PHONES_MAX
    assert all(0 < len(phone) <= LINE_MAX_CHARS for phone in phones)
    made = vcf_of([name_in(card) or card], [card])
    if made is not None:
        assert len(made.content) <= VCF_MAX_BYTES
        assert made.name.endswith(".vcf")
        _harmless(made.name)


def clean_name(raw: bytes) -> None:
    """A name that is one everywhere, and stays as it is once it is clean."""
    mime_type = TYPES[raw[0] % len(TYPES)] if raw else ""
    told, _, called = raw[1:].decode("utf-8", "surrogatepass" if _is_wide(raw) else "replace").partition("\x1f")
    name = file_name(told, called, mime_type)
    _harmless(name)
    assert file_name(name, "", mime_type) == name, "a clean name was changed"


def file_head(raw: bytes) -> None:
    """A type for any bytes, and a size for any picture, read within a bound."""
    for hangs in HANGS:
        mime_type = type_of(raw[:HEAD_BYTES], hangs=hangs, told="image/png", name="a.vcf")
        assert mime_type.isascii()
        assert mime_type.count("/") == 1
        file = _Counted(raw)
        assert pixels_of(file, mime_type) >= 0
        assert file.taken <= READ_BYTES_MAX


class _Counted(BytesIO):
    """Counts the bytes that are read of it."""

    taken = 0

    def read(self, size: int | None = -1, /) -> bytes:
        piece = super().read(size)
        self.taken += len(piece)
        return piece


def _harmless(name: str) -> None:
    assert 0 < len(name.encode()) <= NAME_MAX_BYTES
    assert not NEVER & set(name)
    assert not name.startswith((".", " ", "-"))
    assert not name.endswith((".", " "))


def _is_wide(raw: bytes) -> bool:
    """Whether it decodes with lone surrogates, which JSON can hold and UTF-8 cannot."""
    try:
        raw[1:].decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True
