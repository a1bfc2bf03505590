"""Durable pairs, as the journal hands them out with a claim."""

from enum import StrEnum

import msgspec

from unlost.vocabulary.addresses import Address
from unlost.vocabulary.attachments import KnownFile
from unlost.vocabulary.ids import ContactId, ConversationId, HelpdeskMessageId, WhatsAppId


class Part(StrEnum):
    """One WhatsApp message may stand as several helpdesk messages; each has its own key and source_id."""

    TEXT = "text"
    NOTE = "note"
    FILE = "file"  # stands beside TEXT, on the same helpdesk message where that carries the file


class ChatLink(msgspec.Struct, frozen=True):
    """A chat and what stands for it in the helpdesk. *name_is_ours*: the contact's name came from us and may be bettered."""

    chat: Address
    contact: ContactId | None = None
    conversation: ConversationId | None = None
    name: str = ""
    name_is_ours: bool = False
    picture_id: str = ""


class MessageLink(msgspec.Struct, frozen=True):
    """One part of a WhatsApp message and the helpdesk message that shows it.

    *confirmed_status* is what the helpdesk last answered, never what we want. *told_at* and *text_hash* serve the comparison of
    two forms of one sender (design section 4, door key).
    """

    id: WhatsAppId
    chat: Address
    sender: Address
    part: Part
    message: HelpdeskMessageId
    conversation: ConversationId
    is_outgoing: bool
    confirmed_status: str = "sent"
    told_at: float | None = None
    text_hash: str = ""


class TargetState(StrEnum):
    """What the journal knows of the message an event refers to."""

    UNKNOWN = "unknown"  # no link, no entry
    LINKED = "linked"
    PENDING = "pending"  # an entry waits, is parked or leased
    DEAD = "dead"  # a dead letter
    SETTLED = "settled"  # ended without a link: skipped, discarded, or its link was pruned


class Known(msgspec.Struct, frozen=True):
    """What the journal knew when the entry was claimed (or last advanced).

    *own*: links that carry this event's own id, of any chat. *target*: links of the message it refers to, in this chat.
    *helpdesk_links*: for helpdesk events and chores, links by helpdesk message id. *is_absent_form*: see `MessageLink`. *late_s*: seconds
    between WhatsApp's time and now (None where the event has no time). *out_of_place*: it came after its place had passed
    (retried webhook, recovered message, retried dead letter), or may have: the journal that knew is gone.
    """

    chat: ChatLink | None = None
    own: tuple[MessageLink, ...] = ()
    target: tuple[MessageLink, ...] = ()
    target_state: TargetState = TargetState.UNKNOWN
    helpdesk_links: tuple[MessageLink, ...] = ()
    paired: tuple[
        tuple[Address, Address], ...
    ] = ()  # (LID, phone) among the addresses of the event, *own* and *target*
    late_s: float | None = None
    out_of_place: bool = False
    replacement_text: str | None = None  # an edit that came while this entry was a dead letter
    file: KnownFile = KnownFile()  # of the message itself; only where a download of it was told
    age_s: float = 0.0  # since the entry arrived
    is_revoked: bool = False  # deleted for everyone: a message before it could be shown, a download's at any time
    before_start: bool = False  # the helpdesk message is older than the channel's start mark
