"""One thing to do, in the outside's terms. Safe to repeat, or once only: then it is written down before it is done."""

from typing import ClassVar

import msgspec

from unlost.vocabulary.addresses import Address
from unlost.vocabulary.attachments import File, ToldFile
from unlost.vocabulary.ids import ContactId, ConversationId, HelpdeskMessageId, WhatsAppId
from unlost.vocabulary.links import Part


class SafeToRepeat(msgspec.Struct, frozen=True):
    """Doing it twice is doing it once."""

    once_only: ClassVar[bool] = False


class OnceOnly(msgspec.Struct, frozen=True):
    """Committed as begun before its call; after an unknown outcome the other side is searched first."""

    once_only: ClassVar[bool] = True


# --- helpdesk: contacts ---------------------------------------------------------------------------------------------------


class FindContact(SafeToRepeat, frozen=True):
    """By the inbox's source_id, exactly. *made_as*: for one in doubt, the name that tells ours from another's."""

    source_id: str
    made_as: str = ""


class FindPerson(SafeToRepeat, frozen=True):
    """By identifier or any of *phones* (E.164 with +; both Brazilian forms where they apply).

    *other_identifiers*: the same person's under other forms of the address.
    """

    identifier: str
    phones: tuple[str, ...]
    other_identifiers: tuple[str, ...] = ()


class CreateContact(OnceOnly, frozen=True):
    """With its contact_inbox in the same transaction. *phone* is empty for LIDs and groups."""

    source_id: str
    identifier: str
    name: str
    phone: str = ""


class JoinInbox(SafeToRepeat, frozen=True):
    """Give an existing contact our source_id in this inbox."""

    contact: ContactId
    source_id: str


class RenameContact(SafeToRepeat, frozen=True):
    """Better a name that was ours."""

    contact: ContactId
    name: str


class SetAvatar(SafeToRepeat, frozen=True):
    """Fetch the picture at *url* from the gateway's word and hand it to the helpdesk as an upload."""

    contact: ContactId
    url: str


# --- helpdesk: conversations ----------------------------------------------------------------------------------------------


class FindConversation(SafeToRepeat, frozen=True):
    """The contact's newest usable conversation in this inbox; with *marker* only the one created under it.

    *resolved_too*: for a search, where a resolved one is usable whatever the channel does with those, and every one may hold the post;
    those of whoever has one of *other_sources*, too: the same person's source_ids under other forms of the address.
    """

    contact: ContactId
    marker: str = ""
    resolved_too: bool = False
    other_sources: tuple[str, ...] = ()


class CreateConversation(OnceOnly, frozen=True):
    """*marker* is kept in its custom_attributes and is what a search finds it by."""

    contact: ContactId
    source_id: str
    marker: str


class FindEmptyTwins(SafeToRepeat, frozen=True):
    """Conversations of *contact* with *marker*, without any message, other than *keep*."""

    contact: ContactId
    marker: str
    keep: ConversationId


class CloseTwin(SafeToRepeat, frozen=True):
    """Resolve and label an empty late twin of a conversation."""

    conversation: ConversationId


class AddAttributes(SafeToRepeat, frozen=True):
    """Custom attributes of a conversation, beside those it has; of the same name the new one stands."""

    conversation: ConversationId
    attributes: tuple[tuple[str, str], ...]


class ShowTyping(SafeToRepeat, frozen=True):
    """The customer known in our inbox by *source_id* types, or has stopped."""

    conversation: ConversationId
    source_id: str
    is_typing: bool


class MarkSeen(SafeToRepeat, frozen=True):
    """The firm's own phone read the chat."""

    conversation: ConversationId


# --- helpdesk: messages ---------------------------------------------------------------------------------------------------


class PostMessage(OnceOnly, frozen=True):
    """*direction*: incoming or outgoing (typed on the phone; carries external_echo, Liquid-escaped by the client).

    *key* goes into content_attributes.unlost_key. *reply_to* is a helpdesk id in the same conversation. *sender*: the group
    member, in content_attributes. *late*: its place had passed; kept with the message, so that anyone can count it. *files* are uploaded
    with it, streamed.
    """

    conversation: ConversationId
    text: str
    part: Part
    source_id: str
    key: str
    direction: str = "incoming"
    private: bool = False
    reply_to: HelpdeskMessageId | None = None
    sender: Address | None = None
    forwarded: bool = False
    view_once: bool = False
    late: bool = False
    files: tuple[File, ...] = ()
    settles_file: bool = False  # its text says why there is none


class FindMessage(SafeToRepeat, frozen=True):
    """All messages of *conversation* with an id above *above* that carry *source_id* and *key* (see design section 4).

    *text* and *direction* serve the adoption of a copy without any key, and, with *any_key*, under another key of ours; *late_text*: what
    that may say as well. *any_words*: what is looked for had no content; whatever stands under another key is that. *any_text*: a copy of
    ours is one whatever it says.
    """

    conversation: ConversationId
    source_id: str
    key: str
    above: HelpdeskMessageId
    text: str = ""
    direction: str = "incoming"
    any_key: bool = False
    any_words: bool = False
    late_text: str = ""
    any_text: bool = False


class DeleteMessage(OnceOnly, frozen=True):
    """A late copy that no link names; or, where deletions are mirrored, what its sender deleted."""

    conversation: ConversationId
    message: HelpdeskMessageId


class LookForDeleted(SafeToRepeat, frozen=True):
    """Whether a message whose deletion is in doubt is gone."""

    conversation: ConversationId
    message: HelpdeskMessageId


class ReadStatuses(SafeToRepeat, frozen=True):
    """What the helpdesk shows for these messages now."""

    conversation: ConversationId
    messages: tuple[HelpdeskMessageId, ...]


class SetStatus(SafeToRepeat, frozen=True):
    """sent, delivered, read or failed; *external_error* only with failed."""

    conversation: ConversationId
    message: HelpdeskMessageId
    status: str
    external_error: str = ""


class TellSecondForwarder(SafeToRepeat, frozen=True):
    """Say, to the operator and not to the helpdesk, that somebody else fills the same inbox. Makes no call."""


# --- gateway: look-ups ----------------------------------------------------------------------------------------------------


class AskUserInfo(SafeToRepeat, frozen=True):
    """`/user/info`"""

    address: Address


class AskAvatar(SafeToRepeat, frozen=True):
    """`/user/avatar`"""

    address: Address


class AskGroupInfo(SafeToRepeat, frozen=True):
    """`/group/info`"""

    group: Address


class AskStorage(SafeToRepeat, frozen=True):
    """The chat storage's row for one message that came without content."""

    chat: Address
    id: WhatsAppId
    told_at: float | None


class AskFileName(SafeToRepeat, frozen=True):
    """What a document was called by its sender: the chat storage knows it, the webhook often does not tell."""

    chat: Address
    id: WhatsAppId
    told_at: float | None


class AskDownload(SafeToRepeat, frozen=True):
    """`/message/{id}/download`: have the gateway fetch the file from WhatsApp (again), and learn where it lies."""

    chat: Address
    id: WhatsAppId


class FetchFile(SafeToRepeat, frozen=True):
    """Bring a file from the gateway into the spool, look at it, and name it.

    *hangs*: as what WhatsApp told it (image, audio, …); *spooled*: under which name; *called*: what it is to be shown as where *told* has no name of its own, without extension.
    """

    told: ToldFile
    hangs: str
    spooled: str
    called: str
    max_bytes: int


HelpdeskStep = (
    FindContact
    | FindPerson
    | CreateContact
    | JoinInbox
    | RenameContact
    | SetAvatar
    | FindConversation
    | CreateConversation
    | FindEmptyTwins
    | CloseTwin
    | AddAttributes
    | ShowTyping
    | MarkSeen
    | PostMessage
    | FindMessage
    | DeleteMessage
    | LookForDeleted
    | ReadStatuses
    | SetStatus
    | TellSecondForwarder
)
GatewayStep = AskUserInfo | AskAvatar | AskGroupInfo | AskStorage | AskFileName | AskDownload | FetchFile


# --- a gateway's own ------------------------------------------------------------------------------------------------------


class CallWebhook(SafeToRepeat, frozen=True):
    """POST *body* to the receiver; who gets it twice knows it again by its *number*."""

    url: str
    number: int
    body: bytes


Step = HelpdeskStep | GatewayStep | CallWebhook
