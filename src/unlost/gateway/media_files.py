"""The files of the simulated engine: small, valid as far as anybody looks, and made from their names when they are asked for.

What a file holds follows from the ending of its name, whatever type its message told: so a test makes one of the wrong type. A name
with "bomb" in it claims a picture nobody can show; a size beyond the content's own is filled up with zeros, never held as a whole.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from unlost.gateway.png import picture, picture_that_claims

BOMB_SIDE_PX = 60_000
CHUNK_BYTES = 64 * 1024
ENDINGS = {
    "image": ".png",
    "video": ".mp4",
    "video_note": ".mp4",
    "audio": ".ogg",
    "document": ".pdf",
    "sticker": ".webp",
}
TYPES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".mp4": "video/mp4",
    ".ogg": "audio/ogg",
    ".pdf": "application/pdf",
    ".webp": "image/webp",
    ".html": "text/html",
}


class File(NamedTuple):
    """*head* comes first, zeros up to *size_bytes* behind it. *media_type*: as GOWA's static files tell it, by the name's ending."""

    head: bytes
    size_bytes: int
    media_type: str

    def pieces(self) -> Iterator[bytes]:
        """The whole of it, a piece at a time."""
        yield self.head
        left = self.size_bytes - len(self.head)
        while left > 0:
            yield bytes(min(left, CHUNK_BYTES))
            left -= CHUNK_BYTES


def file_of(name: str, size_bytes: int) -> File:
    """What lies under *name*; at least its head, whatever *size_bytes* says."""
    head = _head(name, _ending(name))
    return File(head, max(size_bytes, len(head)), type_of(name))


def type_of(name: str) -> str:
    """The type a static file of this name is told to have."""
    return TYPES.get(_ending(name), "application/octet-stream")


def _ending(name: str) -> str:
    return "." + name.partition(";")[0].strip().rpartition(".")[2].lower()


def _head(name: str, ending: str) -> bytes:
    match ending:
        case ".png" | ".jpg" | ".jpeg" | ".jpe":
            return picture_that_claims(BOMB_SIDE_PX) if "bomb" in name else picture(name)
        case ".webp":
            return b"RIFF\x1a\0\0\0WEBPVP8L" + struct.pack("<IBI", 13, 0x2F, 511 | 511 << 14) + name.encode()
        case ".ogg" | ".oga":
            return b"OggS\0\x02" + bytes(20) + b"\x01\x13OpusHead\x01\x01" + name.encode()
        case ".mp4" | ".m4v":
            return b"\0\0\0\x18ftypisom\0\0\2\0isomavc1" + name.encode()
        case ".pdf":
            return b"%PDF-1.4\n%" + name.encode() + b"\n%%EOF\n"
        case ".html":
            return b"<!DOCTYPE html><script>alert(1)</script>" + name.encode()
        case _:
            return name.encode()
