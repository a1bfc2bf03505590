"""What the door needs to know of a webhook: enough to keep it in its place, nothing of what it means."""

from enum import StrEnum

import msgspec

from unlost.vocabulary.addresses import Address
from unlost.vocabulary.attachments import ToldFile
from unlost.vocabulary.ids import WhatsAppId


class Source(StrEnum):
    """Who told us; it picks the reader and the interpreter (see `road`)."""

    FLAT = "flat"  # GOWA 7.2.1–7.11.4 (and older bodies, kept as they are)
    ENVELOPE = "envelope"  # GOWA 8 and 9
    STORAGE = "storage"  # a row of the gateway's chat storage, appended by reconcile
    HELPDESK = "helpdesk"  # a Chatwoot webhook
    LOOK_UP = "look_up"  # our own: ask the gateway about a contact or group
    CHORE = "chore"  # our own: sweep, rescue, note
    OUTBOX = "outbox"  # a gateway's own: what it has promised to tell


class Direction(StrEnum):
    """Which way an entry's effects go; part of the lane's key."""

    INBOUND = "in"  # WhatsApp to helpdesk
    OUTBOUND = "out"  # helpdesk to WhatsApp
    MEDIA = "media"  # files fetched from the gateway: own lanes, a share of the slots of their own
    LOOK_UP = "look"  # questions to the gateway: own lanes, own pace, a smaller share of the slots
    CHORE = "chore"  # background work in the helpdesk: sweeps, rescues, notes


class Kind(StrEnum):
    """What kind of happening a body tells of; part of the door key."""

    MESSAGE = "message"
    REACTION = "reaction"
    EDIT = "edit"
    REVOKE = "revoke"
    RECEIPT = "receipt"
    DELETED_FOR_ME = "deleted_for_me"
    PARTICIPANTS = "participants"
    PRESENCE = "presence"
    LABEL = "label"
    CALL = "call"
    NEWSLETTER = "newsletter"
    CONNECTION = "connection"
    UNKNOWN = "unknown"
    UNREADABLE = "unreadable"
    HELPDESK_MESSAGE_CREATED = "message_created"
    HELPDESK_MESSAGE_UPDATED = "message_updated"
    HELPDESK_OTHER = "helpdesk_other"
    LOOK_UP_CONTACT = "look_up.contact"
    LOOK_UP_GROUP = "look_up.group"
    SWEEP = "sweep"
    RESCUE = "rescue"
    NOTE = "note"
    RENAME = "rename"
    REFERRAL = "referral"
    FILE = "file"


class Pairing(msgspec.Struct, frozen=True):
    """A LID and a phone number that name one person, as a body or a look-up told."""

    lid: Address
    phone: Address


class Receipt(msgspec.Struct, frozen=True):
    """One message's part of a receipt: the journal keeps the highest wanted status per message id."""

    id: WhatsAppId
    chat: Address
    status: str  # delivered | read | read-self


class Envelope(msgspec.Struct, frozen=True):
    """All that ingress and the journal need of a body.

    *chat* is the lane's address; None only where the body names none (then *kind* decides). *sender* and *id* identify the
    happening; *id* is None for kinds without an id of their own. *target* is the message it refers to (edit, reaction, revoke,
    or a reply). *told_at* is WhatsApp's time in epoch seconds, None where the body has none. *is_empty*: a message event
    without any content (twins, polls and failed downloads look alike). *from_self_to_self*: noise where empty. *author* is the
    helpdesk's message id in helpdesk envelopes (as text in *id*). *file*: what is to be fetched for the message, by a download of its own
    that is born in the same commit; *hangs* says what it is.
    """

    source: Source
    kind: Kind
    chat: Address | None
    device: Address | None = None
    sender: Address | None = None
    id: WhatsAppId | None = None
    target: WhatsAppId | None = None
    told_at: float | None = None
    is_empty: bool = False
    from_self_to_self: bool = False
    pairings: tuple[Pairing, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    file: ToldFile | None = None
    hangs: str = ""
    from_me: bool = False
