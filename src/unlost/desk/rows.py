"""The rows of the helpdesk, frozen: a change is a new row put in the old one's place."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

INCOMING, OUTGOING, ACTIVITY, TEMPLATE = 0, 1, 2, 3
MESSAGE_TYPES = {"incoming": INCOMING, "outgoing": OUTGOING, "activity": ACTIVITY, "template": TEMPLATE}
MESSAGE_TYPE_NAMES = ("incoming", "outgoing", "activity", "template")
MESSAGE_STATUSES = frozenset({"sent", "delivered", "read", "failed"})
CONVERSATION_STATUSES = frozenset({"open", "resolved", "pending", "snoozed"})
PRIORITIES = frozenset({"low", "medium", "high", "urgent"})

Attributes = dict[str, Any]


class User(msgspec.Struct, frozen=True):
    """Somebody with a token; times are epoch seconds throughout this file."""

    id: int
    name: str
    email: str
    role: Literal["administrator", "agent"]
    token: str


class Inbox(msgspec.Struct, frozen=True):
    """An inbox of kind `Channel::Api`. Greeting, out-of-office, CSAT and bot are kept and shown, and write nothing here."""

    id: int
    name: str
    identifier: str
    hmac_token: str
    secret: str
    webhook_url: str | None = None
    lock_to_single_conversation: bool = False
    enable_auto_assignment: bool = True
    hmac_mandatory: bool = False
    greeting_enabled: bool = False
    greeting_message: str | None = None
    csat_survey_enabled: bool = False
    working_hours_enabled: bool = False
    out_of_office_message: str | None = None
    agent_bot_id: int | None = None
    additional_attributes: Attributes = {}


class Contact(msgspec.Struct, frozen=True):
    """A customer, or a group. *avatar* names a blob."""

    id: int
    created_at: float
    name: str = ""
    email: str | None = None
    phone_number: str | None = None
    identifier: str | None = None
    blocked: bool = False
    avatar: str | None = None
    avatar_type: str = ""
    last_activity_at: float | None = None
    additional_attributes: Attributes = {}
    custom_attributes: Attributes = {}


class ContactInbox(msgspec.Struct, frozen=True):
    """The place of a contact in an inbox; (inbox_id, source_id) is the one hard unique key of the chain."""

    id: int
    contact_id: int
    inbox_id: int
    source_id: str
    pubsub_token: str
    created_at: float
    hmac_verified: bool = False


class Conversation(msgspec.Struct, frozen=True):
    """*id* is the display id; there is one account, so that the two never differ visibly."""

    id: int
    uuid: str
    inbox_id: int
    contact_id: int
    contact_inbox_id: int
    created_at: float
    updated_at: float
    last_activity_at: float
    status: str = "open"
    waiting_since: float | None = None
    first_reply_created_at: float | None = None
    agent_last_seen_at: float | None = None
    assignee_last_seen_at: float | None = None
    contact_last_seen_at: float | None = None
    snoozed_until: float | None = None
    assignee_id: int | None = None
    priority: str | None = None
    labels: tuple[str, ...] = ()
    additional_attributes: Attributes = {}
    custom_attributes: Attributes = {}


class Attachment(msgspec.Struct, frozen=True):
    """A file of a message; its bytes stand in the blob store."""

    id: int
    blob: str
    file_name: str
    content_type: str
    file_type: str
    size_bytes: int


class Message(msgspec.Struct, frozen=True):
    """*visible_at* lies after *created_at* when a slow commit kept an id out of sight."""

    id: int
    conversation_id: int
    inbox_id: int
    message_type: int
    created_at: float
    updated_at: float
    visible_at: float
    content: str | None = None
    private: bool = False
    status: str = "sent"
    source_id: str | None = None
    content_type: str = "text"
    sender_type: Literal["Contact", "User"] | None = None
    sender_id: int | None = None
    content_attributes: Attributes = {}
    additional_attributes: Attributes = {}
    attachments: tuple[Attachment, ...] = ()


class Sequence(msgspec.Struct, frozen=True):
    """The highest id ever given, kept when rows are destroyed so that no id is given twice."""

    id: int
    highest: int


Row = User | Inbox | Contact | ContactInbox | Conversation | Message | Sequence
