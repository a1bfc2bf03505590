"""Files as bytes on disk. A blob's name carries its content type, so that nothing else must remember it."""

from __future__ import annotations

import base64
import binascii
import re
import secrets
from pathlib import Path
from typing import BinaryIO

NAME = re.compile(r"[0-9a-f]{32}\.[A-Za-z0-9_-]{0,200}\Z")
CHUNK_BYTES = 1 << 20
SHOWN_INLINE = re.compile(r"image/(?:png|jpe?g|gif|webp|bmp)|(?:audio|video)/[a-z0-9][a-z0-9.+-]*")
# One type and plain parameters. A second type behind a comma would be the one a browser goes by (WHATWG Fetch, "extract a MIME type").
TYPE = re.compile(
    r"[a-z0-9][a-z0-9.+-]*/[a-z0-9][a-z0-9.+-]*(?: *; *[a-z0-9-]+=(?:[\w.+-]*|\"[\w .,+-]*\"))*",
    re.IGNORECASE | re.ASCII,
)
# What a browser may take for a page or a program; office files, whose types only contain the word xml, are not among them.
RUNS = re.compile(
    r".*html|.*[/+]xml|.*svg.*|.*script|multipart/.*|message/.*|text/cache-manifest|.*flash", re.IGNORECASE
)
BYTES = "application/octet-stream"


class Blobs:
    """Blobs in one folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder

    def keep(self, source: BinaryIO, content_type: str) -> str:
        """Copy *source* from where it stands; the new blob's name."""
        kind = base64.urlsafe_b64encode(content_type[:100].encode("ascii", "replace")).decode().rstrip("=")
        name = f"{secrets.token_hex(16)}.{kind}"
        with (self._folder / name).open("xb") as target:
            while chunk := source.read(CHUNK_BYTES):
                target.write(chunk)
        return name

    def path(self, name: str) -> Path | None:
        """The file of a blob; None when the name is no blob's or its file is gone."""
        if not NAME.match(name):
            return None
        path = self._folder / name
        return path if path.is_file() else None

    def drop(self, name: str) -> None:
        """Remove a blob; one that is gone already is no error."""
        if NAME.match(name):
            (self._folder / name).unlink(missing_ok=True)


def content_type_of(name: str) -> str:
    """The content type a blob's name carries."""
    kind = name.partition(".")[2]
    try:
        return base64.urlsafe_b64decode(kind + "=" * (-len(kind) % 4)).decode("ascii") or BYTES
    except (binascii.Error, UnicodeDecodeError):
        return BYTES


def served_type(content_type: str) -> str:
    """*content_type* where a browser can do no harm with it, else plain bytes; Active Storage does the same to markup."""
    if not TYPE.fullmatch(content_type) or RUNS.fullmatch(content_type.partition(";")[0].rstrip()):
        return BYTES
    return content_type


def is_shown_inline(content_type: str) -> bool:
    """Whether a browser may show the file; everything else is only for saving, so that no upload runs as a page."""
    return SHOWN_INLINE.fullmatch(content_type.partition(";")[0].strip().lower()) is not None
