"""What a body means, typed: the readers' product and the interpreter's food."""

from enum import StrEnum

import msgspec

from unlost.vocabulary.addresses import Address
from unlost.vocabulary.attachments import InlineFile, ToldFile
from unlost.vocabulary.contents import Content, Referral
from unlost.vocabulary.envelopes import Kind, Pairing
from unlost.vocabulary.ids import ContactId, ConversationId, HelpdeskMessageId, WhatsAppId


class Attachment(StrEnum):
    """What hangs on a message. What is no file, and a file that is not there, becomes one readable line from the catalogue."""

    IMAGE = "image"
    VIDEO = "video"
    VIDEO_NOTE = "video_note"
    AUDIO = "audio"
    DOCUMENT = "document"
    STICKER = "sticker"
    CONTACT = "contact"
    CONTACTS = "contacts"
    LOCATION = "location"
    LIVE_LOCATION = "live_location"
    LIST = "list"
    ORDER = "order"
    INTERACTIVE = "interactive"


FILES = frozenset(
    {
        Attachment.IMAGE,
        Attachment.VIDEO,
        Attachment.VIDEO_NOTE,
        Attachment.AUDIO,
        Attachment.DOCUMENT,
        Attachment.STICKER,
    }
)
"""Those whose bytes lie at the gateway."""


class Quote(msgspec.Struct, frozen=True):
    """What a reply answers: the message's id and, where told, its text."""

    id: WhatsAppId
    text: str = ""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What every event of the gateway has. *told_at*: WhatsApp's time, epoch seconds; *push_name*: as the sender chose it."""

    chat: Address
    sender: Address
    id: WhatsAppId | None
    from_me: bool
    told_at: float | None
    push_name: str = ""
    device: Address | None = None
    pairings: tuple[Pairing, ...] = ()


class MessageArrived(Told, frozen=True, kw_only=True):
    """A message. *text*: body or caption. Empty (no text, no attachment): a twin, a poll, a failed download; they look alike.

    *is_unrecovered*: empty, because a gateway of our own could not read it and asked for it in vain; it may still come.
    *content*: what a card, place, list or order says, None where the body does not let it be read. *inline_file*: the cards as
    one `.vcf`.
    """

    text: str = ""
    attachment: Attachment | None = None
    file: ToldFile | None = None  # only with an attachment of FILES
    content: Content | None = None
    inline_file: InlineFile | None = None
    referral: Referral | None = None
    quote: Quote | None = None
    view_once: bool = False
    forwarded: bool = False
    is_unrecovered: bool = False

    @property
    def is_empty(self) -> bool:
        """True where nothing but common fields was told."""
        return not self.text and self.attachment is None


class ReactionArrived(Told, frozen=True, kw_only=True):
    """A reaction to *target*; an empty *emoji* takes it back."""

    target: WhatsAppId
    emoji: str


class MessageEdited(Told, frozen=True, kw_only=True):
    """*target* is None where the dialect does not say (flat before 7.9.0); *text* is None for a caption's edit."""

    target: WhatsAppId | None
    text: str | None


class MessageRevoked(Told, frozen=True, kw_only=True):
    """Deleted for everyone."""

    target: WhatsAppId


class DeletedForMe(Told, frozen=True, kw_only=True):
    """Deleted on the firm's own phone only."""

    target: WhatsAppId


class ReceiptArrived(Told, frozen=True, kw_only=True):
    """Receipts for *ids*; *status* is delivered, read or read-self (the firm's own phone read the chat)."""

    ids: tuple[WhatsAppId, ...]
    status: str


class Noticed(Told, frozen=True, kw_only=True):
    """Something without a message: call, participants, presence, label, newsletter, connection, unknown. *detail*: join, leave, … or empty."""

    kind: Kind
    detail: str = ""
    people: tuple[Address, ...] = ()


GatewayEvent = (
    MessageArrived | ReactionArrived | MessageEdited | MessageRevoked | DeletedForMe | ReceiptArrived | Noticed
)


class HelpdeskMessage(msgspec.Struct, frozen=True, kw_only=True):
    """`message_created` or `message_updated`. *direction*: incoming, outgoing or template. *inbox*: None where it is not told.

    *key*: what a bridge's own post carries (`unlost_key`); empty where there is none. *has_error*: it says why it failed.
    """

    kind: Kind
    id: HelpdeskMessageId
    conversation: ConversationId
    direction: str
    private: bool
    source_id: str | None
    deleted: bool
    created_at: float | None
    inbox: int | None = None
    key: str = ""
    has_error: bool = False


class HelpdeskNotice(msgspec.Struct, frozen=True, kw_only=True):
    """Any other helpdesk event; *name* as the helpdesk calls it."""

    name: str
    conversation: ConversationId | None


HelpdeskEvent = HelpdeskMessage | HelpdeskNotice


class LookUpDue(msgspec.Struct, frozen=True, kw_only=True):
    """Ask the gateway who *chat* is (`Kind.LOOK_UP_CONTACT`) or what the group is called (`Kind.LOOK_UP_GROUP`)."""

    kind: Kind
    chat: Address
    asked_by: WhatsAppId | None = None  # the message that first asked: it stands in the log line of a failure


class SweepDue(msgspec.Struct, frozen=True, kw_only=True):
    """Look for late copies of one part, or (with *marker*) of one conversation, and remove what no link names.

    *keep* is the message that the link named when the sweep was asked for. *any_key*: what has the *source_id* in this *direction* is a
    copy, whatever key of ours it has: a journal that is gone may have posted it, and known other pairings. With *stand_in* nothing is looked for: that one, our
    line for a message without content, is removed, since the content stands now.
    """

    chat: Address
    conversation: ConversationId | None
    source_id: str = ""
    key: str = ""
    above: HelpdeskMessageId = HelpdeskMessageId(0)
    keep: HelpdeskMessageId | None = None
    contact: ContactId | None = None
    marker: str = ""
    stand_in: HelpdeskMessageId | None = None
    any_key: bool = False
    direction: str = "incoming"


class RescueDue(msgspec.Struct, frozen=True, kw_only=True):
    """Read back *messages* of one conversation and put right what the helpdesk wrongly marked failed.

    *marks*: for each of *messages* the status that its link confirmed when the rescue was asked for; sent for a customer's.
    """

    conversation: ConversationId
    messages: tuple[HelpdeskMessageId, ...]
    marks: tuple[str, ...] = ()


class NoteDue(msgspec.Struct, frozen=True, kw_only=True):
    """Tell the agents, by a private note in the chat's conversation, that a message became a dead letter."""

    chat: Address
    entry: int


class RenameDue(msgspec.Struct, frozen=True, kw_only=True):
    """Give the chat's contact the *name* that its owner chose, while it still has the catalogue's."""

    chat: Address
    name: str


class ReferralDue(msgspec.Struct, frozen=True, kw_only=True):
    """Write down with the conversation which ad brought the customer. *fields* as in `Referral`."""

    chat: Address
    conversation: ConversationId
    fields: tuple[tuple[str, str], ...]


class FileDue(Told, frozen=True, kw_only=True):
    """Fetch the file of one message. *hangs*: of which kind it is; *file*: what the gateway told of it, nothing where it told nothing.

    The message itself takes the file along where it comes in time; else it follows as a reply.
    """

    hangs: Attachment
    file: ToldFile


ChoreEvent = LookUpDue | SweepDue | RescueDue | NoteDue | RenameDue | ReferralDue | FileDue


class Unreadable(msgspec.Struct, frozen=True):
    """A signed body that no reader understands. *why*: in our own words, without any of the body's."""

    why: str
    names: tuple[str, ...] = ()


class WebhookDue(msgspec.Struct, frozen=True):
    """A gateway's own: tell one receiver what happened, in *body* as it was written down, under the event's *number*."""

    number: int
    body: bytes


Event = GatewayEvent | HelpdeskEvent | ChoreEvent | Unreadable | WebhookDue
