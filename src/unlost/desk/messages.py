"""Writing messages: the builder, its validations and everything a new message sets off (contract 1.5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from unlost.desk.liquid import render
from unlost.desk.rows import (
    ACTIVITY,
    INCOMING,
    MESSAGE_TYPES,
    OUTGOING,
    TEMPLATE,
    Attachment,
    Contact,
    Conversation,
    Message,
)
from unlost.desk.shapes import Shapes
from unlost.desk.turn import Refusal, Turn, as_flag, as_int
from unlost.desk.validation import CONTENT_CHARS_MAX, CONTENT_TYPES, TEXT_CHARS_MAX, Findings, holds_nul
from unlost.desk.values import Reply

FLOOD_WINDOW_S = 60
IMAGES = frozenset(["image/jpeg", "image/jpg", "image/png", "image/gif", "image/bmp", "image/webp"])
VIDEOS = frozenset(["video/ogg", "video/mp4", "video/webm", "video/quicktime"])
TOO_MANY = "Too many messages"


def create(turn: Turn, shapes: Shapes) -> Reply:
    """POST messages. Every failure of the model is a 422 with `error`, as the controller rescues all."""
    conversation = turn.conversation()
    try:
        row = build(turn, conversation, turn.body)
    except Refusal as refusal:
        raise rescued(refusal) from refusal
    shape = shapes.message(row)
    echo_id = turn.body.get("echo_id")
    if echo_id is not None:
        shape["echo_id"] = echo_id
    return turn.answer(shape)


def rescued(refusal: Refusal) -> Refusal:
    """A failure as `rescue StandardError` in messages_controller.rb answers it."""
    if refusal.status == 500:
        return Refusal(422, {"error": "string contains null byte"})
    body = refusal.body
    if isinstance(body, dict) and "attributes" in body:
        return Refusal(422, {"error": f"Validation failed: {body['message']}"})
    return refusal


def build(turn: Turn, conversation: Conversation, fields: Mapping[str, Any]) -> Message:
    """Validate and save one message, then do what its commit does. Raises `Refusal`."""
    message_type = _message_type(fields)
    content = _content(turn, conversation, message_type, fields)
    content_type = fields.get("content_type") or "text"
    if content_type not in CONTENT_TYPES:
        raise Refusal(422, {"error": f"'{content_type}' is not a valid content_type"})
    source_id = fields.get("source_id")
    source_id = str(source_id) if source_id is not None else None
    if holds_nul([content, source_id]):
        raise Refusal(500)
    _validate(turn, conversation, content, source_id)
    incoming = message_type == INCOMING
    row = Message(
        id=turn.tables.messages.next_id(),
        conversation_id=conversation.id,
        inbox_id=conversation.inbox_id,
        message_type=message_type,
        created_at=turn.now,
        updated_at=turn.now,
        visible_at=turn.visible_at,
        content=content,
        private=as_flag(fields.get("private", False)),
        source_id=source_id,
        content_type=content_type,
        sender_type="Contact" if incoming else "User",
        sender_id=conversation.contact_id if incoming else turn.caller().id,
        content_attributes=_content_attributes(turn, conversation, fields),
        attachments=_attachments(turn),
    )
    turn.tables.messages.put(row)
    after_create(turn, conversation, row)
    return row


def _message_type(fields: Mapping[str, Any]) -> int:
    name = fields.get("message_type") or "outgoing"
    if name not in MESSAGE_TYPES:
        raise Refusal(422, {"error": f"'{name}' is not a valid message_type"})
    return MESSAGE_TYPES[name]


def _content(turn: Turn, conversation: Conversation, message_type: int, fields: Mapping[str, Any]) -> str | None:
    given = fields.get("content")
    if given is None:
        return None
    content = given if isinstance(given, str) else str(given)
    if message_type in (OUTGOING, TEMPLATE) and "{" in content:
        return render(content, liquid_variables(turn, conversation))
    return content


def liquid_variables(turn: Turn, conversation: Conversation) -> dict[str, Any]:
    """What Liquid may name (app/models/concerns/liquidable.rb)."""
    contact = turn.tables.contacts.rows[conversation.contact_id]
    agent = turn.caller()
    return {
        "contact": _person(contact.name, contact) | {"custom_attribute": contact.custom_attributes},
        "agent": _person(agent.name, None) | {"email": agent.email},
        "conversation": {"display_id": conversation.id, "custom_attribute": conversation.custom_attributes},
        "inbox": {"name": turn.tables.inboxes.rows[conversation.inbox_id].name},
        "account": {"name": turn.rules.account_name},
    }


def _person(name: str, contact: Contact | None) -> dict[str, Any]:
    words = name.split()
    person: dict[str, Any] = {
        "name": " ".join(word.capitalize() for word in words),
        "first_name": words[0].capitalize() if words else "",
        "last_name": words[-1].capitalize() if len(words) > 1 else None,
    }
    if contact is not None:
        person |= {"email": contact.email, "phone_number": contact.phone_number}
    return person


def _validate(turn: Turn, conversation: Conversation, content: str | None, source_id: str | None) -> None:
    findings = Findings()
    if is_flooded(turn, conversation.id):
        findings.add("base", TOO_MANY)
    findings.check_length("content", "Content", content, CONTENT_CHARS_MAX)
    findings.check_length("source_id", "Source", source_id, TEXT_CHARS_MAX)
    findings.raise_any()


def is_flooded(turn: Turn, conversation_id: int) -> bool:
    """Whether the conversation took as many messages in the last 60 s as the flood guard allows."""
    ids = turn.tables.messages.ids(0, conversation_id)
    limit = turn.rules.messages_per_minute_max
    if len(ids) < limit:
        return False
    return turn.tables.messages.rows[ids[-limit]].created_at >= turn.now - FLOOD_WINDOW_S


def _content_attributes(turn: Turn, conversation: Conversation, fields: Mapping[str, Any]) -> dict[str, Any]:
    given = fields.get("content_attributes")
    if isinstance(given, str):
        try:
            given = msgspec.json.decode(given)
        except msgspec.DecodeError:
            given = None
    attributes = dict(given) if isinstance(given, Mapping) else {}
    if fields.get("external_created_at") is not None:
        attributes["external_created_at"] = fields["external_created_at"]
    if attributes.get("in_reply_to") or attributes.get("in_reply_to_external_id"):
        attributes |= resolved_reply(turn, conversation.id, attributes)
    return attributes


def resolved_reply(turn: Turn, conversation_id: int, attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Both reply keys, as found inside this conversation: null and null when the target is not there."""
    messages = turn.tables.messages
    target: Message | None = None
    if attributes.get("in_reply_to"):
        found = messages.rows.get(as_int(attributes["in_reply_to"]))
        target = found if found is not None and found.conversation_id == conversation_id else None
    else:
        same = messages.ids(1, (conversation_id, str(attributes["in_reply_to_external_id"])))
        target = messages.rows[same[0]] if same else None
    return {
        "in_reply_to": target.id if target else None,
        "in_reply_to_external_id": target.source_id if target else None,
    }


def _attachments(turn: Turn) -> tuple[Attachment, ...]:
    uploads = [upload for upload in turn.request.uploads if upload.field in ("attachments[]", "attachments")]
    first = turn.tables.messages.highest * 100
    return tuple(
        Attachment(
            first + place, one.blob, one.file_name, one.content_type, file_type(one.content_type), one.size_bytes
        )
        for place, one in enumerate(uploads)
    )


def file_type(content_type: str) -> str:
    """What Chatwoot calls a file of this type (app/helpers/file_type_helper.rb)."""
    plain = content_type.partition(";")[0].strip().lower()
    if plain in IMAGES:
        return "image"
    if plain in VIDEOS:
        return "video"
    return "audio" if plain.startswith("audio/") else "file"


def after_create(turn: Turn, conversation: Conversation, row: Message) -> None:
    """What the commit of a message sets off, in Chatwoot's order: reopen, activity times, events, first reply."""
    reopened = _reopen(turn, conversation, row)
    changes: dict[str, Any] = {"last_activity_at": turn.now, "updated_at": turn.now}
    told: list[tuple[str, Any, Any]] = []
    if row.message_type == OUTGOING and not row.private and row.sender_type == "User":
        if conversation.first_reply_created_at is None:
            told.append(("first_reply_created_at", None, turn.now))
        if conversation.waiting_since is not None:
            told.append(("waiting_since", conversation.waiting_since, None))
    elif row.message_type == INCOMING and conversation.waiting_since is None:
        told.append(("waiting_since", None, turn.now))
    changes |= {name: now for name, _, now in told}
    if reopened is not None:
        changes |= {"status": reopened, "snoozed_until": None}
    turn.tables.conversations.put(msgspec.structs.replace(conversation, **changes))
    _touch_contact(turn, conversation, row)
    if row.message_type != ACTIVITY:
        turn.emit("message_created", row.id, row.inbox_id)
    if reopened is not None:
        turn.emit(
            "conversation_status_changed",
            conversation.id,
            row.inbox_id,
            changed=_change("status", conversation.status, reopened),
        )
        told.insert(0, ("status", conversation.status, reopened))
    if told:
        turn.emit("conversation_updated", conversation.id, row.inbox_id, changed=tuple(told))
    if reopened is not None:
        add_activity(turn, conversation.id, f"Conversation was reopened by {turn.caller().name}")


def _change(name: str, was: Any, now: Any) -> tuple[tuple[str, Any, Any], ...]:
    return ((name, was, now),)


def _reopen(turn: Turn, conversation: Conversation, row: Message) -> str | None:
    """The status an incoming message moves its conversation to; None when it stays."""
    if row.message_type != INCOMING or conversation.status not in ("resolved", "snoozed"):
        return None
    return None if turn.tables.contacts.rows[conversation.contact_id].blocked else "open"


def _touch_contact(turn: Turn, conversation: Conversation, row: Message) -> None:
    if row.message_type == INCOMING:
        contact = turn.tables.contacts.rows[conversation.contact_id]
        turn.tables.contacts.put(msgspec.structs.replace(contact, last_activity_at=turn.now))


def add_activity(turn: Turn, conversation_id: int, text: str) -> None:
    """A line of the helpdesk's own in the conversation; it has an id, and no webhook ever tells of it."""
    if is_flooded(turn, conversation_id):
        return
    conversation = turn.tables.conversations.rows[conversation_id]
    turn.tables.messages.put(
        Message(
            id=turn.tables.messages.next_id(),
            conversation_id=conversation_id,
            inbox_id=conversation.inbox_id,
            message_type=ACTIVITY,
            created_at=turn.now,
            updated_at=turn.now,
            visible_at=turn.visible_at,
            content=text,
        )
    )
