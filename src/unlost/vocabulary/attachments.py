"""What hangs on a message: as the gateway told of it, as it lies here, and as the helpdesk is to keep it."""

from enum import StrEnum

import msgspec


class InlineFile(msgspec.Struct, frozen=True):
    """A small file whose bytes came in the webhook itself, such as a contact's `.vcf`.

    *name*: clean, as it is to be shown; *mime_type*: lower-case, without parameters.
    """

    name: str
    mime_type: str
    content: bytes


class ToldFile(msgspec.Struct, frozen=True):
    """A file as the gateway told of it; every field may be empty, and none can be trusted.

    *path*: where it lies at the gateway, relative to its base, with whatever parameters the gateway wrote behind it. *url*: WhatsApp's
    own, encrypted: it tells that the gateway has not fetched the file. *mime_type*: without parameters. *name*: as its sender wrote it.
    """

    path: str = ""
    url: str = ""
    mime_type: str = ""
    name: str = ""


class SpooledFile(msgspec.Struct, frozen=True):
    """A file as it lies here, fetched and looked at. *spooled* is its name in the spool; the rest is what the helpdesk is told."""

    spooled: str
    name: str
    mime_type: str
    size_bytes: int


File = InlineFile | SpooledFile


class FileTrouble(StrEnum):
    """Why a file is not taken over although it can be had: nothing that asking again would change."""

    TOO_LARGE = "too_large"
    PICTURE_BOMB = "picture_bomb"  # a few bytes that claim a picture nobody's memory can hold


class FileState(StrEnum):
    """Where the download of a message's file stands, as the message sees it."""

    NONE = "none"  # nobody fetches one
    COMING = "coming"
    HERE = "here"
    REFUSED = "refused"  # see FileTrouble
    LOST = "lost"  # given up, for a person to retry while it is kept


class KnownFile(msgspec.Struct, frozen=True):
    """*file* where it is HERE, *trouble* where it is REFUSED."""

    state: FileState = FileState.NONE
    file: SpooledFile | None = None
    trouble: FileTrouble | None = None


SPOOL_MISSING = "spool_missing"
"""Named among a refusal's fields: the file is not in the spool any more (another machine, a restored journal) and is fetched again."""


def file_key(door_key: str) -> str:
    """The idempotency key of the one download that belongs to an entry (its *door_key*, hex), whoever asks for it."""
    return f"{door_key.lower()}#file"
