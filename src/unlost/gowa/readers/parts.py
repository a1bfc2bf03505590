"""The small parts that events of both dialects are made of: ids, texts, attachments, quotes."""

from operator import attrgetter
from typing import NamedTuple

import msgspec

from unlost.gowa.readers.decoding import text_in, unreadable
from unlost.gowa.readers.files import file_of
from unlost.gowa.readers.shapes import MEDIA, Attached
from unlost.vocabulary.attachments import ToldFile
from unlost.vocabulary.events import Attachment, Quote
from unlost.vocabulary.ids import WhatsAppId

ID_MAX_CHARS = 128
"""WhatsApp's own have at most 32; the sender chooses them, so a bound is ours to draw."""

DETAIL_MAX_CHARS = 64

_CAPTIONED = frozenset({Attachment.IMAGE, Attachment.VIDEO, Attachment.VIDEO_NOTE, Attachment.DOCUMENT})
_KINDS = tuple(Attachment)
_attached = attrgetter(*(kind.value for kind in _KINDS))
_ABSENT = (b"", b"null", b'""')


class Hung(NamedTuple):
    """What hangs on a message, the words that came with it (caption, or an interactive message's text), and where its file lies."""

    kind: Attachment | None = None
    words: str = ""
    file: ToldFile | None = None


NOTHING_HANGS = Hung()


def is_id(text: str) -> bool:
    """True for what can be a message's id: short printable ASCII without spaces."""
    return 0 < len(text) <= ID_MAX_CHARS and text.isascii() and text.isprintable() and " " not in text


def id_of(text: str) -> WhatsAppId | None:
    """The id; None where none is told. Raises Refused for what can't be one."""
    if not text:
        return None
    if not is_id(text):
        raise unreadable("a message id that is none")
    return WhatsAppId(text)


def quote_of(id: str, text: str) -> Quote | None:
    """What a reply answers; None where it names no usable id."""
    return Quote(WhatsAppId(id), clean(text)) if is_id(id) else None


def clean(text: str) -> str:
    """*text* with NUL shown as U+FFFD: no helpdesk database takes NUL."""
    return text.replace("\0", "\ufffd") if "\0" in text else text


def detail_of(text: str) -> str:
    """A gateway's word for a happening, bounded; empty where it is none."""
    return text if len(text) <= DETAIL_MAX_CHARS and text.isascii() and text.isprintable() else ""


def hung_on(body: Attached) -> Hung:
    """The one thing that hangs on the message, or nothing."""
    raws: tuple[msgspec.Raw, ...] = _attached(body)
    for kind, raw in zip(_KINDS, raws, strict=True):
        if len(raw) > 4 or bytes(raw) not in _ABSENT:
            return Hung(kind, clean(_words_with(kind, raw)), file_of(kind, raw))
    return NOTHING_HANGS


def _words_with(kind: Attachment, raw: msgspec.Raw) -> str:
    if kind is Attachment.INTERACTIVE:
        return text_in(raw)
    if kind not in _CAPTIONED or not bytes(raw).startswith(b"{"):
        return ""
    media = MEDIA.decode(raw)
    return media.caption or media.caption_720
