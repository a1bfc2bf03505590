"""What the gateway hands to an engine: whom a message is for, what it says, and which message it is about."""

from __future__ import annotations

import msgspec

from unlost.gateway.events import MediaKind


class Target(msgspec.Struct, frozen=True):
    """An earlier message. *sender* is its author's whole address; *from_me*: the account's own.

    *text* is what it says, as far as chat storage knows; a quote shows it.
    """

    id: str
    chat: str
    sender: str
    from_me: bool
    text: str = ""


class How(msgspec.Struct, frozen=True):
    """How a message is sent, whatever it says.

    - *message_id*: the id WhatsApp is to know it by. An engine that cannot take one ignores it (`Engine.takes_ids`) and
      answers with its own.
    - *quoted*: the message it answers. *mentions*: whole addresses.
    - *expires_s*: it vanishes after so many seconds; 0 for never.
    """

    message_id: str
    quoted: Target | None = None
    forwarded: bool = False
    mentions: tuple[str, ...] = ()
    expires_s: int = 0


class Upload(msgspec.Struct, frozen=True):
    """A file to be sent. *path* names it on this machine's disk; the engine reads it and leaves it where it is."""

    kind: MediaKind
    path: str
    mime_type: str
    size_bytes: int
    filename: str = ""
    caption: str = ""
    view_once: bool = False
    voice: bool = False
    gif: bool = False


class ContactCard(msgspec.Struct, frozen=True):
    """A contact to be sent; *phone* in digits."""

    name: str
    phone: str


class Poll(msgspec.Struct, frozen=True):
    """A question with its answers, of which at most *most* may be chosen."""

    question: str
    options: tuple[str, ...]
    most: int
