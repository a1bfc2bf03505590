"""A file's type from its own bytes, for what the helpdesk tells apart: pictures, films, sounds, and everything else.

Chatwoot shows a file by its Content-Type alone (its app/helpers/file_type_helper.rb), so a type in those three families is told only
where the bytes prove it. Of everything else the sender's word is passed on: nobody opens it here. puremagic was looked at: it calls a
voice note application/ogg and an M4A video/mp4, and knows a thousand formats that nobody downstream tells apart.
"""

import re

HEAD_BYTES = 4_096
UNKNOWN = "application/octet-stream"
PLAYED = ("image/", "audio/", "video/")

_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"ID3", "audio/mpeg"),
    (b"#!AMR", "audio/amr"),
    (b"fLaC", "audio/flac"),
    (b"%PDF-", "application/pdf"),
    (b"MZ", "application/vnd.microsoft.portable-executable"),
    (b"\x7fELF", "application/x-executable"),
)
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
_BRANDS: tuple[tuple[tuple[bytes, ...], str], ...] = (
    ((b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"), "image/heic"),
    ((b"avif", b"avis"), "image/avif"),
    ((b"M4A ", b"M4B "), "audio/mp4"),
    ((b"qt  ",), "video/quicktime"),
)
_BMP_HEADERS = frozenset({12, 40, 52, 56, 64, 108, 124})
_ACTIVE = re.compile(
    rb"<(?:!doctype\s+html|html|script|body|iframe|svg|\?xml[^>]{0,200}\?>\s{0,64}<(?:!doctype\s+svg|svg))\b", re.I
)
_PLAIN_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,62}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}", re.ASCII)


def type_of(head: bytes, *, hangs: str, told: str, name: str) -> str:
    """The type to be told of a file that begins with *head*.

    *hangs* decides where a container holds films and sounds alike; *told* (lower-case, plain) counts where the bytes prove nothing.
    """
    seen = _seen(head, is_sound=hangs == "audio")
    if seen:
        return seen
    if not _PLAIN_TYPE.fullmatch(told) or told.startswith(PLAYED):
        return "text/vcard" if name.lower().endswith(".vcf") and head[:11].upper() == b"BEGIN:VCARD" else UNKNOWN
    return told


def _seen(head: bytes, *, is_sound: bool) -> str:
    for start, mime_type in _STARTS:
        if head.startswith(start) and (mime_type != "image/bmp" or _is_bmp(head)):
            return mime_type
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12], "")
    if head[:4] == b"OggS":
        return _ogg(head, is_sound=is_sound)
    if head[4:8] == b"ftyp":
        return _mp4(head, is_sound=is_sound)
    if head[:4] == b"\x1a\x45\xdf\xa3":
        family = "audio" if is_sound else "video"
        return f"{family}/webm" if b"webm" in head[:64] else f"{family}/x-matroska"
    if len(head) > 2 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:
        return _mpeg_sound(head[1])
    return _active(head)


def _ogg(head: bytes, *, is_sound: bool) -> str:
    holds_sound = is_sound or any(mark in head for mark in (b"OpusHead", b"\x01vorbis", b"Speex   "))
    return "audio/ogg" if holds_sound and b"\x80theora" not in head else "video/ogg"


def _mp4(head: bytes, *, is_sound: bool) -> str:
    brand = head[8:12]
    known = next((mime_type for brands, mime_type in _BRANDS if brand in brands), "")
    if known and not (is_sound and known.startswith("video/")):
        return known
    if is_sound:
        return "audio/mp4"
    return "video/3gpp" if brand[:3] in (b"3gp", b"3gg") else "video/mp4"


def _mpeg_sound(second: int) -> str:
    """Eleven set bits begin a frame; the layer bits tell MP3 from ADTS, which has none."""
    layer = second >> 1 & 3
    if layer == 0:
        return "audio/aac" if second & 0xF0 == 0xF0 else ""
    return "audio/mpeg"


def _is_bmp(head: bytes) -> bool:
    return int.from_bytes(head[14:18], "little") in _BMP_HEADERS


def _active(head: bytes) -> str:
    """A page that claims to be a document is called what it is: the helpdesk hands those out as downloads only."""
    found = _ACTIVE.search(head[:1_024].lstrip())
    if found is None or found.start() > 64:
        return ""
    return "image/svg+xml" if b"svg" in found[0].lower() else "text/html"
