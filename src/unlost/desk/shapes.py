"""JSON shapes of the application API, as Chatwoot 4.16.2 renders them (app/views/api/v1/**, contract 1.2 to 1.6)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from unlost.desk.blob_links import avatar_url, data_url
from unlost.desk.rows import (
    ACTIVITY,
    Attachment,
    Contact,
    ContactInbox,
    Conversation,
    Inbox,
    Message,
    User,
)
from unlost.desk.tables import Tables
from unlost.desk.turn import Rules

UNREAD_SHOWN_MAX = 10  # Conversation#unread_incoming_messages counts no further


def iso_ms(at: float) -> str:
    """ISO 8601 in UTC with milliseconds, as Rails writes times into JSON."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{int(at * 1000) % 1000:03d}Z"


def whole(at: float | None) -> int:
    """Epoch seconds; 0 for a time that never was, as `nil.to_i` gives."""
    return int(at) if at is not None else 0


class Shapes:
    """Renders rows. Holds the tables, because most shapes show their neighbours too."""

    def __init__(self, tables: Tables, rules: Rules) -> None:
        self._tables = tables
        self._rules = rules

    def user(self, row: User) -> dict[str, Any]:
        """A user as messages and conversations show one."""
        return {
            "id": row.id,
            "name": row.name,
            "available_name": row.name,
            "avatar_url": "",
            "type": "user",
            "availability_status": "online",
            "thumbnail": "",
        }

    def contact(self, row: Contact) -> dict[str, Any]:
        """A contact as the contacts' API and a conversation's meta show one."""
        shape: dict[str, Any] = {
            "additional_attributes": row.additional_attributes,
            "availability_status": "offline",
            "email": row.email,
            "id": row.id,
            "name": row.name,
            "phone_number": row.phone_number,
            "blocked": row.blocked,
            "identifier": row.identifier,
            "thumbnail": avatar_url(self._rules.public_url, row),
            "custom_attributes": row.custom_attributes,
            "created_at": int(row.created_at),
        }
        if row.last_activity_at is not None:
            shape["last_activity_at"] = int(row.last_activity_at)
        return shape

    def contact_with_inboxes(self, row: Contact) -> dict[str, Any]:
        """A contact with its places in inboxes."""
        shape = self.contact(row)
        places = self._tables.contact_inboxes
        shape["contact_inboxes"] = [self.contact_inbox(places.rows[i]) for i in places.ids(1, row.id)]
        return shape

    def contact_inbox(self, row: ContactInbox) -> dict[str, Any]:
        """A place with the slim inbox beside it."""
        inbox = self._tables.inboxes.rows[row.inbox_id]
        return {
            "source_id": row.source_id,
            "inbox": {
                "id": inbox.id,
                "avatar_url": "",
                "channel_id": inbox.id,
                "name": inbox.name,
                "channel_type": "Channel::Api",
                "provider": None,
            },
        }

    def contact_sender(self, row: Contact) -> dict[str, Any]:
        """A contact as a message's sender."""
        return {
            "additional_attributes": row.additional_attributes,
            "custom_attributes": row.custom_attributes,
            "email": row.email,
            "id": row.id,
            "identifier": row.identifier,
            "name": row.name,
            "phone_number": row.phone_number,
            "thumbnail": avatar_url(self._rules.public_url, row),
            "blocked": row.blocked,
            "type": "contact",
        }

    def sender(self, row: Message) -> dict[str, Any] | None:
        """Who wrote *row*; None for activities and when the contact was destroyed."""
        if row.sender_type == "Contact":
            contact = self._tables.contacts.rows.get(row.sender_id or 0)
            return self.contact_sender(contact) if contact else None
        if row.sender_type == "User":
            user = self._tables.users.rows.get(row.sender_id or 0)
            return self.user(user) if user else None
        return None

    def attachment(self, message_id: int, row: Attachment) -> dict[str, Any]:
        """A file with the address it is served at."""
        url = data_url(self._rules.public_url, row)
        extension = row.file_name.rpartition(".")[2] if "." in row.file_name else None
        return {
            "id": row.id,
            "message_id": message_id,
            "file_type": row.file_type,
            "account_id": self._rules.account_id,
            "extension": extension,
            "content_type": row.content_type,
            "data_url": url,
            "thumb_url": url if row.file_type == "image" else "",
            "file_size": row.size_bytes,
            "width": None,
            "height": None,
        }

    def message(self, row: Message) -> dict[str, Any]:
        """A message as the messages' API answers it; `message_type` is a number here."""
        shape: dict[str, Any] = {
            "id": row.id,
            "content": row.content,
            "inbox_id": row.inbox_id,
            "conversation_id": row.conversation_id,
            "message_type": row.message_type,
            "content_type": row.content_type,
            "status": row.status,
            "content_attributes": row.content_attributes,
            "created_at": int(row.created_at),
            "private": row.private,
            "source_id": row.source_id,
        }
        sender = self.sender(row)
        if sender is not None:
            shape["sender"] = sender
        if row.attachments:
            shape["attachments"] = [self.attachment(row.id, file) for file in row.attachments]
        return shape

    def message_pushed(self, row: Message) -> dict[str, Any]:
        """A message inside a conversation ("push" shape)."""
        conversation = self._tables.conversations.rows[row.conversation_id]
        shape: dict[str, Any] = {
            "id": row.id,
            "content": row.content,
            "account_id": self._rules.account_id,
            "inbox_id": row.inbox_id,
            "conversation_id": row.conversation_id,
            "message_type": row.message_type,
            "created_at": int(row.created_at),
            "updated_at": iso_ms(row.updated_at),
            "private": row.private,
            "status": row.status,
            "source_id": row.source_id,
            "content_type": row.content_type,
            "content_attributes": row.content_attributes,
            "sender_type": row.sender_type,
            "sender_id": row.sender_id,
            "external_source_ids": {},
            "additional_attributes": row.additional_attributes,
            "processed_message_content": row.content,
            "sentiment": {},
            "conversation": {
                "assignee_id": conversation.assignee_id,
                "unread_count": self.unread_count(conversation),
                "last_activity_at": int(conversation.last_activity_at),
                "contact_inbox": {"source_id": self.source_id(conversation)},
            },
        }
        if row.attachments:
            shape["attachments"] = [self.attachment(row.id, file) for file in row.attachments]
        sender = self.sender(row)
        if sender is not None:
            shape["sender"] = sender
        return shape

    def source_id(self, row: Conversation) -> str | None:
        """The source_id of the conversation's place; None once the place is gone."""
        place = self._tables.contact_inboxes.rows.get(row.contact_inbox_id)
        return place.source_id if place else None

    def unread_count(self, row: Conversation) -> int:
        """Incoming messages since an agent last looked, never above ten."""
        messages = self._tables.messages
        newest = messages.ids(2, row.id)[-UNREAD_SHOWN_MAX:]
        seen_at = row.agent_last_seen_at
        if seen_at is None:
            return len(newest)
        return sum(1 for message_id in newest if messages.rows[message_id].created_at > seen_at)

    def newest(self, conversation_id: int, now: float, *, chat_only: bool = False, any_kind: bool = False) -> Any:
        """The newest visible message, pushed; None without one.

        Activities count only with *any_kind*, private notes not with *chat_only*.
        """
        messages = self._tables.messages
        for message_id in reversed(messages.ids(0, conversation_id)):
            row = messages.rows[message_id]
            fits = (any_kind or row.message_type != ACTIVITY) and not (chat_only and row.private)
            if fits and row.visible_at <= now:
                return self.message_pushed(row)
        return None

    def conversation(self, row: Conversation, now: float) -> dict[str, Any]:
        """A conversation as the conversations' API shows it: no top-level contact_inbox."""
        last = self.newest(row.id, now, any_kind=True)
        return {
            "meta": self._meta(row),
            "id": row.id,
            "messages": [last] if last is not None else [],
            "account_id": self._rules.account_id,
            "uuid": row.uuid,
            "additional_attributes": row.additional_attributes,
            "agent_last_seen_at": whole(row.agent_last_seen_at),
            "assignee_last_seen_at": whole(row.assignee_last_seen_at),
            "can_reply": True,
            "contact_last_seen_at": whole(row.contact_last_seen_at),
            "custom_attributes": row.custom_attributes,
            "inbox_id": row.inbox_id,
            "labels": list(row.labels),
            "muted": False,
            "snoozed_until": row.snoozed_until,
            "status": row.status,
            "created_at": int(row.created_at),
            "updated_at": row.updated_at,
            "timestamp": int(row.last_activity_at),
            "first_reply_created_at": whole(row.first_reply_created_at),
            "unread_count": self.unread_count(row),
            "last_non_activity_message": self.newest(row.id, now),
            "last_activity_at": int(row.last_activity_at),
            "priority": row.priority,
            "waiting_since": whole(row.waiting_since),
            "sla_policy_id": None,
        }

    def _meta(self, row: Conversation) -> dict[str, Any]:
        place = self._tables.contact_inboxes.rows.get(row.contact_inbox_id)
        meta: dict[str, Any] = {
            "sender": self.contact(self._tables.contacts.rows[row.contact_id]),
            "channel": "Channel::Api",
            "hmac_verified": place.hmac_verified if place else False,
        }
        if row.assignee_id is not None:
            meta["assignee"] = self.user(self._tables.users.rows[row.assignee_id])
        return meta

    def inbox(self, row: Inbox, *, for_administrator: bool) -> dict[str, Any]:
        """An inbox; its secrets only for administrators."""
        shape: dict[str, Any] = {
            "id": row.id,
            "avatar_url": "",
            "channel_id": row.id,
            "name": row.name,
            "channel_type": "Channel::Api",
            "greeting_enabled": row.greeting_enabled,
            "greeting_message": row.greeting_message,
            "working_hours_enabled": row.working_hours_enabled,
            "enable_email_collect": True,
            "csat_survey_enabled": row.csat_survey_enabled,
            "enable_auto_assignment": row.enable_auto_assignment,
            "auto_assignment_config": {},
            "out_of_office_message": row.out_of_office_message,
            "working_hours": [],
            "timezone": "UTC",
            "callback_webhook_url": None,
            "allow_messages_after_resolved": True,
            "lock_to_single_conversation": row.lock_to_single_conversation,
            "sender_name_type": "friendly",
            "business_name": None,
            "hmac_mandatory": row.hmac_mandatory,
            "webhook_url": row.webhook_url,
            "inbox_identifier": row.identifier,
            "additional_attributes": row.additional_attributes,
            "provider": None,
        }
        if for_administrator:
            shape["hmac_token"] = row.hmac_token
            shape["secret"] = row.secret
        return shape
