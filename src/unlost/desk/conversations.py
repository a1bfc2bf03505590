"""Conversations: create, show, status, labels, attributes, who looked and who types (contract 1.4, section 7)."""

from __future__ import annotations

from typing import Any

import msgspec

from unlost.desk import messages
from unlost.desk.contacts import drop_conversation, existing_contact, make_place
from unlost.desk.rows import CONVERSATION_STATUSES, PRIORITIES, ContactInbox, Conversation
from unlost.desk.shapes import Shapes
from unlost.desk.turn import Refusal, Turn, as_flag, as_int, not_found, random_uuid, server_error
from unlost.desk.validation import Findings, attributes_of, check_conversation_attributes, missing
from unlost.desk.values import Reply

LOOKED_AGAIN_S = 3600  # update_last_seen writes at most once an hour when nothing is unread (4.11.0)


def create(turn: Turn, shapes: Shapes) -> Reply:
    """POST conversations. With lock_to_single_conversation the place's last one comes back, as it is."""
    place = _place(turn)
    inbox = turn.tables.inboxes.rows[place.inbox_id]
    held = turn.tables.conversations.ids(1, place.id)
    if inbox.lock_to_single_conversation and held:
        row = turn.tables.conversations.rows[max(held)]
    else:
        row = _insert(turn, place)
    if isinstance(turn.body.get("message"), dict):
        messages.build(turn, row, turn.body["message"])
        row = turn.tables.conversations.rows[row.id]
    return turn.answer(shapes.conversation(row, turn.now))


def _place(turn: Turn) -> ContactInbox:
    body = turn.body
    if body.get("inbox_id") and body.get("contact_id"):
        inbox = turn.inbox_named_in_body()
        contact = existing_contact(turn.tables, as_int(body["contact_id"]))
        try:
            return make_place(turn, contact, inbox, body.get("source_id"))
        except Refusal as refusal:
            if refusal.status != 500:
                raise
            raise Refusal(422, {"error": "source_id should be unique"}) from refusal
    held = turn.tables.contact_inboxes.ids(2, str(body.get("source_id")))
    if not held:
        raise not_found()
    return turn.tables.contact_inboxes.rows[held[0]]


def _insert(turn: Turn, place: ContactInbox) -> Conversation:
    body = turn.body
    status = body.get("status") or "open"
    if status not in CONVERSATION_STATUSES:
        raise server_error()
    if turn.tables.contacts.rows[place.contact_id].blocked:
        status = "resolved"
    row = Conversation(
        id=turn.tables.conversations.next_id(),
        uuid=random_uuid(turn.random),
        inbox_id=place.inbox_id,
        contact_id=place.contact_id,
        contact_inbox_id=place.id,
        created_at=turn.now,
        updated_at=turn.now,
        last_activity_at=turn.now,
        status=status,
        waiting_since=turn.now,
        snoozed_until=_until(body) if status == "snoozed" else None,
        assignee_id=as_int(body.get("assignee_id"))
        if as_int(body.get("assignee_id")) in turn.tables.users.rows
        else None,
        additional_attributes=attributes_of(body.get("additional_attributes")),
        custom_attributes=attributes_of(body.get("custom_attributes")),
    )
    _check(row)
    turn.tables.conversations.put(row)
    turn.emit("conversation_created", row.id, row.inbox_id)
    return row


def _check(row: Conversation) -> None:
    findings = Findings()
    check_conversation_attributes(findings, "additional_attributes", row.additional_attributes)
    check_conversation_attributes(findings, "custom_attributes", row.custom_attributes)
    findings.raise_any()


def _until(body: Any) -> float | None:
    until = body.get("snoozed_until")
    return float(until) if isinstance(until, int | float) and 0 < until < 2**53 else None


def show(turn: Turn, shapes: Shapes) -> Reply:
    """GET conversations/{id}."""
    return turn.answer(shapes.conversation(turn.conversation(), turn.now))


def change(turn: Turn, shapes: Shapes) -> Reply:
    """PATCH conversations/{id}: priority only."""
    row = turn.conversation()
    priority = turn.body.get("priority")
    if priority is not None and priority not in PRIORITIES:
        raise server_error()
    return turn.answer(shapes.conversation(save(turn, row, priority=priority), turn.now))


def save(turn: Turn, row: Conversation, **changes: Any) -> Conversation:
    """Save and tell of what changed: a change of status is told twice, as Chatwoot does."""
    told = tuple((name, getattr(row, name), now) for name, now in changes.items() if getattr(row, name) != now)
    if not told:
        return row
    row = turn.tables.conversations.put(msgspec.structs.replace(row, updated_at=turn.now, **changes))
    status = tuple(one for one in told if one[0] == "status")
    if status:
        turn.emit("conversation_status_changed", row.id, row.inbox_id, changed=status)
    turn.emit("conversation_updated", row.id, row.inbox_id, changed=told)
    return row


def toggle_status(turn: Turn, shapes: Shapes) -> Reply:
    """POST toggle_status; without a status open and resolved change places."""
    row = turn.conversation()
    status = turn.body.get("status") or ("resolved" if row.status == "open" else "open")
    if status not in CONVERSATION_STATUSES:
        raise server_error()
    was = row.status
    changes: dict[str, Any] = {"status": status, "snoozed_until": _until(turn.body) if status == "snoozed" else None}
    if status == "resolved":
        changes["waiting_since"] = None
    if status == "open" and turn.caller().role == "agent":
        changes["assignee_id"] = turn.caller().id  # handle_human_open: agents, not administrators
    row = save(turn, row, **changes)
    if was != status:
        word = {"open": "reopened", "resolved": "marked resolved", "snoozed": "snoozed", "pending": "marked as pending"}
        messages.add_activity(turn, row.id, f"Conversation was {word[status]} by {turn.caller().name}")
    payload = {
        "success": True,
        "conversation_id": row.id,
        "current_status": row.status,
        "snoozed_until": row.snoozed_until,
    }
    return turn.answer({"meta": {}, "payload": payload})


def set_custom_attributes(turn: Turn, shapes: Shapes) -> Reply:
    """POST custom_attributes: the whole hash is replaced."""
    row = turn.conversation()
    values = attributes_of(turn.body.get("custom_attributes"))
    _check(msgspec.structs.replace(row, custom_attributes=values))
    row = save(turn, row, custom_attributes=values)
    return turn.answer({"custom_attributes": row.custom_attributes})


def show_labels(turn: Turn, shapes: Shapes) -> Reply:
    """GET labels."""
    return turn.answer({"payload": list(turn.conversation().labels)})


def set_labels(turn: Turn, shapes: Shapes) -> Reply:
    """POST labels: the list is replaced."""
    row = turn.conversation()
    given = turn.body.get("labels")
    labels = tuple(dict.fromkeys(str(one) for one in given)) if isinstance(given, list) else ()
    if "labels" not in turn.body:
        raise missing("labels")
    return turn.answer({"payload": list(save(turn, row, labels=labels).labels)})


def assign(turn: Turn, shapes: Shapes) -> Reply:
    """POST assignments: an unknown id unassigns without a word."""
    user = turn.tables.users.rows.get(as_int(turn.body.get("assignee_id")))
    save(turn, turn.conversation(), assignee_id=user.id if user else None)
    return turn.answer(shapes.user(user) if user else None)


def look(turn: Turn, shapes: Shapes) -> Reply:
    """POST update_last_seen: read by an agent; no webhook, and at most hourly when nothing is unread."""
    row = turn.conversation()
    seen_at = row.agent_last_seen_at
    if shapes.unread_count(row) or seen_at is None or turn.now - seen_at >= LOOKED_AGAIN_S:
        row = _seen(turn, row, turn.now)
    return turn.answer(shapes.conversation(row, turn.now))


def unlook(turn: Turn, shapes: Shapes) -> Reply:
    """POST unread: seen until a second before the last incoming message."""
    row = turn.conversation()
    ids = turn.tables.messages.ids(2, row.id)
    row = _seen(turn, row, turn.tables.messages.rows[ids[-1]].created_at - 1 if ids else None)
    return turn.answer(shapes.conversation(row, turn.now))


def _seen(turn: Turn, row: Conversation, at: float | None) -> Conversation:
    changes: dict[str, Any] = {"agent_last_seen_at": at}
    if row.assignee_id == turn.caller().id:
        changes["assignee_last_seen_at"] = at
    return turn.tables.conversations.put(msgspec.structs.replace(row, **changes))


def type_as_user(turn: Turn, shapes: Shapes) -> Reply:
    """POST toggle_typing_status: shows the token's user typing."""
    row = turn.conversation()
    user = turn.caller()
    actor = {"id": user.id, "name": user.name, "email": user.email, "type": "user"}
    emit_typing(turn, row, actor, is_private=as_flag(turn.body.get("is_private", False)))
    return turn.empty()


def emit_typing(turn: Turn, row: Conversation, actor: dict[str, Any], *, is_private: bool) -> None:
    """Tell that *actor* types or stopped; other values of `typing_status` tell nothing."""
    state = turn.body.get("typing_status")
    if state in ("on", "off"):
        turn.emit(f"conversation_typing_{state}", row.id, row.inbox_id, actor=actor, is_private=is_private)


def destroy(turn: Turn, shapes: Shapes) -> Reply:
    """DELETE conversations/{id}, for administrators."""
    row = turn.conversation()
    require_administrator(turn)
    drop_conversation(turn, row.id)
    return turn.empty()


def require_administrator(turn: Turn) -> None:
    """Pundit denies with 401, not 403."""
    if turn.caller().role != "administrator":
        raise Refusal(401, {"error": "You are not authorized to do this action"})
