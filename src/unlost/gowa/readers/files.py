"""Where a message's file lies, as the gateway tells it: a path as text or in an object, or WhatsApp's own address (GOWA page, 1.3, 1.4).

None of it can be trusted, and nothing of it is judged here but its length.
"""

import msgspec

from unlost.gowa.readers.shapes import MEDIA
from unlost.vocabulary.attachments import ToldFile
from unlost.vocabulary.events import FILES, Attachment

PATH_MAX_CHARS = 2_048
"""GOWA's paths have about 70; WhatsApp's addresses about 400."""
NAME_MAX_CHARS = 1_024
"""A file system takes 255 bytes; what is longer is cut, with its end kept, when the name is cleaned."""
MIME_MAX_CHARS = 255

_TEXT = msgspec.json.Decoder(str)


def file_of(kind: Attachment, raw: msgspec.Raw) -> ToldFile | None:
    """What is told of the file; empty fields where that is nothing. None for what is no file."""
    if kind not in FILES:
        return None
    first = bytes(raw).lstrip()[:1]
    if first == b'"':
        return ToldFile(path=_bounded(_text(raw), PATH_MAX_CHARS))
    if first != b"{":
        return ToldFile()
    media = MEDIA.decode(raw)
    return ToldFile(
        path=_bounded(media.path or media.media_path or media.path_720, PATH_MAX_CHARS),
        url=_bounded(media.url, PATH_MAX_CHARS),
        mime_type=plain_type(media.mime_type or media.mime_type_720),
        name=media.filename[-NAME_MAX_CHARS:],
    )


def plain_type(told: str) -> str:
    """A MIME type, lower-case, without its parameters; empty where it is none."""
    plain = told[:MIME_MAX_CHARS].partition(";")[0].strip().lower()
    is_one = plain.isascii() and plain.isprintable() and plain.count("/") == 1 and " " not in plain
    return plain if is_one else ""


def _bounded(text: str, max_chars: int) -> str:
    """An address that was cut leads nowhere."""
    return text if len(text) <= max_chars else ""


def _text(raw: msgspec.Raw) -> str:
    try:
        return _TEXT.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""
