"""Bodies and signatures of webhooks (contract 3.2, 3.3); built when they are sent, from the rows as they stand then."""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import Any

import msgspec

from unlost.desk.rows import MESSAGE_TYPE_NAMES, Contact, Conversation, Message, User
from unlost.desk.shapes import Shapes, iso_ms, whole
from unlost.desk.tables import Tables
from unlost.desk.turn import Rules
from unlost.desk.values import WebhookDue

HARD_BREAK = re.compile(r"\\\r?\n")


def payload_of(due: WebhookDue, tables: Tables, shapes: Shapes, rules: Rules, now: float) -> bytes | None:
    """The body of a webhook; None when its message or conversation is gone, and then nothing is sent."""
    body: dict[str, Any]
    if due.event.startswith("message_"):
        message = tables.messages.rows.get(due.subject)
        if message is None:
            return None
        body = message_body(message, tables, shapes, rules, now)
    else:
        conversation = tables.conversations.rows.get(due.subject)
        if conversation is None:
            return None
        shape = conversation_body(conversation, tables, shapes, rules, now)
        if due.event.startswith("conversation_typing"):
            body = {"user": due.actor, "conversation": shape, "is_private": due.is_private}
        else:
            body = shape | _changed(due)
    return msgspec.json.encode(body | {"event": due.event})


def _changed(due: WebhookDue) -> dict[str, Any]:
    if not due.changed:
        return {}
    named = [{name: {"previous_value": was, "current_value": now}} for name, was, now in due.changed]
    return {"changed_attributes": named}


def message_body(row: Message, tables: Tables, shapes: Shapes, rules: Rules, now: float) -> dict[str, Any]:
    """A message as webhooks tell it: no status, no echo_id, nobody who did it; the type as a word."""
    body: dict[str, Any] = {
        "account": {"id": rules.account_id, "name": rules.account_name},
        "additional_attributes": row.additional_attributes,
        "content_attributes": row.content_attributes,
        "content_type": row.content_type,
        "content": normalised(row.content),
        "conversation": conversation_body(tables.conversations.rows[row.conversation_id], tables, shapes, rules, now),
        "created_at": iso_ms(row.created_at),
        "id": row.id,
        "inbox": {"id": row.inbox_id, "name": tables.inboxes.rows[row.inbox_id].name},
        "message_type": MESSAGE_TYPE_NAMES[row.message_type],
        "private": row.private,
        "sender": _sender(row, tables, shapes, rules),
        "source_id": row.source_id,
    }
    if row.attachments:
        body["attachments"] = [shapes.attachment(row.id, file) for file in row.attachments]
    return body


def normalised(content: str | None) -> str | None:
    """Hard breaks become newlines, trailing newlines go (webhook_content_normalizer.rb, 4.13.0)."""
    return HARD_BREAK.sub("\n", content).rstrip("\n") if content is not None else None


def _sender(row: Message, tables: Tables, shapes: Shapes, rules: Rules) -> dict[str, Any] | None:
    if row.sender_type == "Contact":
        contact = tables.contacts.rows.get(row.sender_id or 0)
        return contact_actor(shapes, rules, contact) if contact else None
    user = tables.users.rows.get(row.sender_id or 0) if row.sender_type == "User" else None
    return user_actor(user) if user else None


def user_actor(row: User) -> dict[str, Any]:
    """A user as webhooks name one."""
    return {"id": row.id, "name": row.name, "email": row.email, "type": "user"}


def contact_actor(shapes: Shapes, rules: Rules, row: Contact) -> dict[str, Any]:
    """A contact as webhooks name one: without a `type`."""
    shape = shapes.contact_sender(row)
    del shape["type"]
    return shape | {
        "account": {"id": rules.account_id, "name": rules.account_name},
        "avatar": shape["thumbnail"],
    }


def conversation_body(row: Conversation, tables: Tables, shapes: Shapes, rules: Rules, now: float) -> dict[str, Any]:
    """A conversation as webhooks tell it (app/presenters/conversations/event_data_presenter.rb)."""
    place = tables.contact_inboxes.rows.get(row.contact_inbox_id)
    newest = shapes.newest(row.id, now, chat_only=True)
    assignee = tables.users.rows.get(row.assignee_id) if row.assignee_id is not None else None
    return {
        "account": {"id": rules.account_id, "name": rules.account_name},
        "additional_attributes": row.additional_attributes,
        "can_reply": True,
        "channel": "Channel::Api",
        "contact_inbox": None
        if place is None
        else {
            "id": place.id,
            "contact_id": place.contact_id,
            "inbox_id": place.inbox_id,
            "source_id": place.source_id,
            "created_at": iso_ms(place.created_at),
            "updated_at": iso_ms(place.created_at),
            "hmac_verified": place.hmac_verified,
            "pubsub_token": place.pubsub_token,
        },
        "id": row.id,
        "inbox_id": row.inbox_id,
        "messages": [newest] if newest is not None else [],
        "labels": list(row.labels),
        "meta": {
            "sender": shapes.contact_sender(tables.contacts.rows[row.contact_id]),
            "assignee": shapes.user(assignee) if assignee else None,
            "assignee_type": "User" if assignee else None,
            "team": None,
            "hmac_verified": place.hmac_verified if place else False,
        },
        "status": row.status,
        "custom_attributes": row.custom_attributes,
        "snoozed_until": row.snoozed_until,
        "unread_count": shapes.unread_count(row),
        "first_reply_created_at": None if row.first_reply_created_at is None else iso_ms(row.first_reply_created_at),
        "priority": row.priority,
        "waiting_since": whole(row.waiting_since),
        "agent_last_seen_at": whole(row.agent_last_seen_at),
        "contact_last_seen_at": whole(row.contact_last_seen_at),
        "last_activity_at": int(row.last_activity_at),
        "timestamp": int(row.last_activity_at),
        "created_at": int(row.created_at),
        "updated_at": row.updated_at,
    }


def signed_headers(secret: str, delivery: str, body: bytes, now: float) -> dict[str, str]:
    """Headers of one attempt: `sha256=` + hex HMAC-SHA256(secret, timestamp + "." + raw body) (lib/webhooks/trigger.rb)."""
    timestamp = str(int(now))
    digest = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/json",
        "Accept": "application/json",
        "X-Chatwoot-Delivery": delivery,
        "X-Chatwoot-Timestamp": timestamp,
        "X-Chatwoot-Signature": f"sha256={digest}",
    }
