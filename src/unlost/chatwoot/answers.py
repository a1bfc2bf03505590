"""What Chatwoot answers, as frozen values. Unknown keys are ignored; a missing or impossible id is no answer of Chatwoot's.

Decoders raise `msgspec.DecodeError` (and what deep or torn JSON raises), never anything with outside text meant for a log.
"""

from typing import Annotated, Any

import msgspec

from unlost.vocabulary.ids import ContactId, ConversationId, HelpdeskMessageId

Id = Annotated[int, msgspec.Meta(gt=0, le=2**63 - 1)]
ACTIVITY = 2
DIRECTIONS = {0: "incoming", 1: "outgoing", 2: "activity", 3: "template"}
KEY = "unlost_key"
"""Our mark: in a message's content_attributes, and in a conversation's custom_attributes."""


class Contact(msgspec.Struct, frozen=True):
    """A person or group of the helpdesk."""

    id: ContactId
    name: str
    identifier: str
    phone: str


class Conversation(msgspec.Struct, frozen=True):
    """*marker* is empty where we did not create it under one. *newest*: the highest message id its listing shows, else 0.

    *is_empty*: nothing but the helpdesk's own activity lines.
    """

    id: ConversationId
    inbox_id: int
    status: str
    marker: str
    is_empty: bool
    newest: HelpdeskMessageId


class Message(msgspec.Struct, frozen=True):
    """*key* is empty where it carries none (foreign, deleted, or emptied by the Retry button). *text* is "" without content."""

    id: HelpdeskMessageId
    conversation: ConversationId
    inbox_id: int
    direction: str
    text: str
    source_id: str
    key: str
    status: str
    deleted: bool
    has_file: bool = False


class Profile(msgspec.Struct, frozen=True):
    """The token's user; *role* in our account, empty where it is no member."""

    id: int
    role: str


class Inbox(msgspec.Struct, frozen=True):
    """*channel_type* of an API inbox is `Channel::Api`. *secret* is shown to administrators since 4.13.0."""

    id: int
    name: str
    channel_type: str
    webhook_url: str
    secret: str


class Health(msgspec.Struct, frozen=True):
    """`GET /api`. *version* is empty where it does not say. *is_whole*: neither its database nor its queue is said to fail."""

    version: str
    is_whole: bool = True


class _Contact(msgspec.Struct):
    id: Id
    name: str | None = None
    identifier: str | None = None
    phone_number: str | None = None


class _Created(msgspec.Struct):
    contact: _Contact


class _CreatedContact(msgspec.Struct):
    payload: _Created


class _Contacts(msgspec.Struct):
    payload: list[_Contact]


class _Shown(msgspec.Struct):
    id: Id | None = None
    message_type: int | None = None


class _Conversation(msgspec.Struct):
    id: Id
    inbox_id: Id
    status: str = ""
    custom_attributes: Any = None
    messages: list[_Shown] = []  # msgspec copies an empty default for each value


class _Conversations(msgspec.Struct):
    payload: list[_Conversation]


class _Message(msgspec.Struct):
    id: Id
    conversation_id: Id
    inbox_id: Id
    message_type: int
    content: str | None = None
    source_id: str | None = None
    status: str | None = None
    content_attributes: Any = None
    attachments: Any = None


class _Messages(msgspec.Struct):
    payload: list[_Message]


class _Membership(msgspec.Struct):
    id: int
    role: str | None = None


class _Profile(msgspec.Struct):
    id: Id
    accounts: list[_Membership] = []  # as above


class _Inbox(msgspec.Struct):
    id: Id
    name: str | None = None
    channel_type: str | None = None
    webhook_url: str | None = None
    secret: str | None = None


class _About(msgspec.Struct):
    version: str | None = None
    queue_services: str | None = None
    data_services: str | None = None


def read_contact(body: bytes) -> Contact:
    """A bare contact, as contact_inboxes/filter answers one."""
    return _contact(msgspec.json.decode(body, type=_Contact))


def read_created_contact(body: bytes) -> Contact:
    """What POST contacts answers."""
    return _contact(msgspec.json.decode(body, type=_CreatedContact).payload.contact)


def read_contacts(body: bytes) -> tuple[Contact, ...]:
    """One page of contacts."""
    return tuple(_contact(row) for row in msgspec.json.decode(body, type=_Contacts).payload)


def read_conversation(body: bytes) -> Conversation:
    """What POST conversations answers."""
    return _conversation(msgspec.json.decode(body, type=_Conversation))


def read_conversations(body: bytes) -> tuple[Conversation, ...]:
    """A contact's conversations, newest activity first."""
    return tuple(_conversation(row) for row in msgspec.json.decode(body, type=_Conversations).payload)


def read_message(body: bytes) -> Message:
    """What POST and PATCH of a message answer."""
    return _message(msgspec.json.decode(body, type=_Message))


def read_messages(body: bytes) -> tuple[Message, ...]:
    """One page of messages, by time."""
    return tuple(_message(row) for row in msgspec.json.decode(body, type=_Messages).payload)


def read_inbox(body: bytes) -> Inbox:
    """What GET inboxes/{id} answers."""
    row = msgspec.json.decode(body, type=_Inbox)
    return Inbox(row.id, row.name or "", row.channel_type or "", row.webhook_url or "", row.secret or "")


def read_profile(body: bytes, account_id: int) -> Profile:
    """What GET profile answers, seen from our account."""
    row = msgspec.json.decode(body, type=_Profile)
    return Profile(row.id, next((one.role or "agent" for one in row.accounts if one.id == account_id), ""))


def read_health(body: bytes) -> Health:
    """What GET /api answers."""
    about = msgspec.json.decode(body, type=_About)
    return Health(about.version or "", "failing" not in (about.queue_services, about.data_services))


def read_nothing(body: bytes) -> None:
    """Any answer will do: the status has said all."""


def _contact(row: _Contact) -> Contact:
    return Contact(ContactId(row.id), row.name or "", row.identifier or "", row.phone_number or "")


def _conversation(row: _Conversation) -> Conversation:
    return Conversation(
        ConversationId(row.id),
        row.inbox_id,
        row.status,
        _key(row.custom_attributes),
        all(shown.message_type == ACTIVITY for shown in row.messages),
        HelpdeskMessageId(max((shown.id or 0 for shown in row.messages), default=0)),
    )


def _message(row: _Message) -> Message:
    attributes = row.content_attributes
    return Message(
        HelpdeskMessageId(row.id),
        ConversationId(row.conversation_id),
        row.inbox_id,
        DIRECTIONS.get(row.message_type, ""),
        row.content or "",
        row.source_id or "",
        _key(attributes),
        row.status or "",
        isinstance(attributes, dict) and attributes.get("deleted") is True,
        isinstance(row.attachments, list) and bool(row.attachments),
    )


def _key(attributes: Any) -> str:
    key = attributes.get(KEY) if isinstance(attributes, dict) else None
    return key if isinstance(key, str) else ""
