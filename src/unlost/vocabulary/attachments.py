"""What hangs on a message: as the gateway told of it, as it lies here, and as the helpdesk is to keep it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class InlineFile:
    """A small file whose bytes came in the webhook itself, such as a contact's `.vcf`.

    *name*: clean, as it is to be shown; *mime_type*: lower-case, without parameters.
    """

    name: str
    mime_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class ToldFile:
    """A file as the gateway told of it; every field may be empty, and none can be trusted.

    *path*: where it lies at the gateway, relative to its base, with whatever parameters the gateway wrote behind it. *url*: WhatsApp's
    own, encrypted: it tells that the gateway has not fetched the file. *mime_type*: without parameters. *name*: as its sender wrote it.
    """

    path: str = ""
    url: str = ""
    mime_type: str = ""
    name: str = ""
