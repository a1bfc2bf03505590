"""What WhatsApp tells a linked device, as values: the input of both wire dialects and of chat storage.

Addresses are raw, as WhatsApp delivers them (a phone number or a LID, a linked device kept as `:n`); what the gateway
makes of a LID depends on its `Book`. Times are aware. All go through msgspec, so that the offline queue can hold them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec


class MediaKind(StrEnum):
    """The kinds of file a message carries; each is also its key on the wire."""

    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    DOCUMENT = "document"
    STICKER = "sticker"
    VIDEO_NOTE = "video_note"


class ReceiptType(StrEnum):
    """The receipts GOWA forwards (its page, 1.4)."""

    DELIVERED = "delivered"
    READ = "read"
    READ_SELF = "read-self"


class Quote(msgspec.Struct, frozen=True):
    """The message a reply answers: its id, and what the sender's phone says it said."""

    id: str
    text: str = ""


class Text(msgspec.Struct, frozen=True, tag="text"):
    """A written message, a reply if it has a quote."""

    text: str
    quote: Quote | None = None
    forwarded: bool = False


class Media(msgspec.Struct, frozen=True, tag="media"):
    """A file. *path* is where the gateway keeps it; *url* stands instead where automatic downloads are off.

    With neither, its download failed: the envelope then shows the caption alone (GOWA page, 1.4).
    """

    kind: MediaKind
    mime_type: str
    path: str = ""
    url: str = ""
    caption: str = ""
    filename: str = ""
    size_bytes: int = 0
    view_once: bool = False
    quote: Quote | None = None


class Card(msgspec.Struct, frozen=True):
    """One contact card; *phone* is the number as the card spells it."""

    name: str
    vcard: str
    phone: str = ""


class Cards(msgspec.Struct, frozen=True, tag="cards"):
    """Contact cards; one is `contact` on the wire, several are `contacts_array`."""

    cards: tuple[Card, ...]


class Place(msgspec.Struct, frozen=True, tag="place"):
    """A location, live or not, in degrees."""

    latitude: float
    longitude: float
    name: str = ""
    address: str = ""
    live: bool = False


class Proto(msgspec.Struct, frozen=True, tag="proto"):
    """A `list` or an `order`: raw protobuf fields, which GOWA passes on as they are and storage does not keep."""

    kind: str
    fields: dict[str, Any]


class Interactive(msgspec.Struct, frozen=True, tag="interactive"):
    """A business message flattened to text (v9.1.0 and later)."""

    text: str
    media: tuple[str, ...] = ()


class Reaction(msgspec.Struct, frozen=True, tag="reaction"):
    """An emoji on another message; an empty one takes it back."""

    target: str
    emoji: str


class Edit(msgspec.Struct, frozen=True, tag="edit"):
    """New words for another message; None where a caption was edited, which GOWA does not tell."""

    target: str
    text: str | None


class Revoke(msgspec.Struct, frozen=True, tag="revoke"):
    """Delete for everyone. *from_me* is the sender's point of view, so it is true when people delete their own."""

    target: str
    from_me: bool = True
    chat: str = ""


class Empty(msgspec.Struct, frozen=True, tag="empty"):
    """Nothing a webhook shows: a poll, a twin, noise. All give the same bytes (hard case 7); *why* stays in here."""

    why: str


Content = Text | Media | Cards | Place | Proto | Interactive | Reaction | Edit | Revoke | Empty


class Message(msgspec.Struct, frozen=True, tag="message"):
    """A message of any content. Ids are the sender's choice: another member may use the same one."""

    id: str
    chat: str
    sender: str
    at: datetime
    content: Content
    name: str = ""
    from_me: bool = False
    referral: dict[str, Any] | None = None


class Receipt(msgspec.Struct, frozen=True, tag="receipt"):
    """What happened to messages in *chat* at one of *sender*'s devices."""

    ids: tuple[str, ...]
    chat: str
    sender: str
    kind: ReceiptType
    at: datetime


class Participants(msgspec.Struct, frozen=True, tag="participants"):
    """Members who join, leave, are promoted or demoted."""

    chat: str
    kind: str
    jids: tuple[str, ...]
    at: datetime


class CallOffer(msgspec.Struct, frozen=True, tag="call"):
    """An incoming call; there is no event for its end."""

    call_id: str
    sender: str
    at: datetime
    auto_rejected: bool = False
    platform: str = ""
    version: str = ""
    group: str = ""


class Kept(msgspec.Struct, frozen=True):
    """What chat storage knew of a message that was deleted for me."""

    chat: str
    sender: str
    text: str
    at: datetime
    from_me: bool = False
    media_type: str = ""
    filename: str = ""


class DeletedForMe(msgspec.Struct, frozen=True, tag="deleted"):
    """The account deleted a message for itself; it has no id of its own."""

    target: str
    at: datetime
    original: Kept


class Notice(msgspec.Struct, frozen=True, tag="notice"):
    """Any other happening of the envelope (presence, labels, channels): its name and its fields, passed on unread."""

    event: str
    fields: dict[str, Any]
    at: datetime


class History(msgspec.Struct, frozen=True, tag="history"):
    """Messages from before the linking, for chat storage alone. An own one has no sender: the device's account is."""

    messages: tuple[Message, ...]


Event = Message | Receipt | Participants | CallOffer | DeletedForMe | Notice | History


class Device(msgspec.Struct, frozen=True):
    """The linked account: its phone address, its own name, and the id it was registered under (v8 and later)."""

    jid: str
    name: str = "Me"
    session: str = ""


class Book(msgspec.Struct, frozen=True):
    """What the gateway knows of people: LID → phone address, and account address → name saved in the phone."""

    phones: Mapping[str, str] = {}
    names: Mapping[str, str] = {}
