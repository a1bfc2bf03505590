"""What a fetched file is: looked at, never believed. Reads its head, and of a picture as much as tells its size."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from unlost.spool.naming import file_name
from unlost.spool.pictures import pixels_of
from unlost.spool.sniffing import HEAD_BYTES, UNKNOWN, type_of

PIXELS_MAX = 100_000_000
"""A decoder needs four bytes for each, an agent's browser too; WhatsApp's own pictures have at most 16 million."""
PICTURE = "image/"


@dataclass(frozen=True, slots=True)
class Looked:
    """*name* is clean and ends as its type's files do. *is_bomb*: a picture that claims more pixels than anybody can show.

    What tells no size that can be read is not called a picture: nobody shows it unasked, whatever it may hold.
    """

    name: str
    mime_type: str
    is_bomb: bool


def look_at(path: Path, *, hangs: str, told_type: str, told_name: str, called: str) -> Looked:
    """Judge the file at *path*. *hangs*: as what WhatsApp told it (image, audio, …); *called*: its name where none was told.

    Raises OSError.
    """
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
        mime_type = type_of(head, hangs=hangs, told=told_type, name=told_name)
        pixels = pixels_of(file, mime_type) if mime_type.startswith(PICTURE) else 0
    name = file_name(told_name, called, mime_type)
    if mime_type.startswith(PICTURE) and pixels == 0:
        mime_type = UNKNOWN
    return Looked(name, mime_type, pixels > PIXELS_MAX)


def can_be_shown(content: bytes) -> bool:
    """True for a picture that tells a size, and one that is no bomb's."""
    mime_type = type_of(content[:HEAD_BYTES], hangs="image", told="", name="")
    return mime_type.startswith(PICTURE) and 0 < pixels_of(BytesIO(content), mime_type) <= PIXELS_MAX
