"""Reading messages and changing them: paging, status, deletion, retry (contract 1.6 to 1.8)."""

from __future__ import annotations

from typing import Any

import msgspec

from unlost.desk.messages import TOO_MANY, is_flooded, resolved_reply
from unlost.desk.rows import ACTIVITY, MESSAGE_STATUSES, Message
from unlost.desk.shapes import Shapes, iso_ms
from unlost.desk.turn import Refusal, Turn, as_int, invalid, not_found
from unlost.desk.values import Reply

PAGE_AFTER = 100
PAGE_BEFORE = 20
PAGE_BETWEEN = 1000
DELETED = "This message was deleted"


def index(turn: Turn, shapes: Shapes) -> Reply:
    """GET messages: `after` (100), `before` (20), both (from after on, 1000) or the newest 20, oldest first."""
    conversation = turn.conversation()
    rows = page(turn, conversation.id)
    meta = {
        "labels": list(conversation.labels),
        "additional_attributes": conversation.additional_attributes,
        "contact": shapes.contact(turn.tables.contacts.rows[conversation.contact_id]),
        "assignee": None
        if conversation.assignee_id is None
        else shapes.user(turn.tables.users.rows[conversation.assignee_id]),
        "agent_last_seen_at": _seen(conversation.agent_last_seen_at),
        "assignee_last_seen_at": _seen(conversation.assignee_last_seen_at),
    }
    return turn.answer({"meta": meta, "payload": [shapes.message(row) for row in rows]})


def _seen(at: float | None) -> str | None:
    return None if at is None else iso_ms(at)


def page(turn: Turn, conversation_id: int) -> list[Message]:
    """The messages the query asks for; what a slow commit still hides is left out."""
    query = turn.request.query
    rows = turn.tables.messages.rows
    ids = turn.tables.messages.ids(0, conversation_id)
    after, before = query.get("after"), query.get("before")
    low, high = as_int(after), as_int(before)
    if after and before:
        return _visible(turn, (rows[i] for i in ids if low <= i < high), PAGE_BETWEEN)
    if before:
        newest = _visible(turn, (rows[i] for i in reversed(ids) if i < high), PAGE_BEFORE)
    elif after:
        return _visible(turn, (rows[i] for i in ids[_first_above(ids, low) :]), PAGE_AFTER)
    else:
        newest = _visible(turn, (rows[i] for i in reversed(ids)), PAGE_BEFORE)
    newest.reverse()
    return newest


def _first_above(ids: list[int], low: int) -> int:
    start, end = 0, len(ids)
    while start < end:
        middle = (start + end) // 2
        start, end = (middle + 1, end) if ids[middle] <= low else (start, middle)
    return start


def _visible(turn: Turn, rows: Any, rows_max: int) -> list[Message]:
    public_only = bool(turn.request.query.get("filter_internal_messages"))
    shown: list[Message] = []
    for row in rows:
        if row.visible_at > turn.now or (public_only and (row.private or row.message_type == ACTIVITY)):
            continue
        shown.append(row)
        if len(shown) == rows_max:
            break
    return shown


def message_of(turn: Turn) -> Message:
    """The message of the path, inside the path's conversation; 404 without one."""
    conversation = turn.conversation()
    row = turn.tables.messages.rows.get(turn.ids[1])
    if row is None or row.conversation_id != conversation.id or row.visible_at > turn.now:
        raise not_found()
    return row


def change_status(turn: Turn, shapes: Shapes) -> Reply:
    """PATCH a message: status and external_error only. Unknown status and read -> delivered answer 200, unchanged."""
    row = set_status(turn, message_of(turn), turn.body.get("status"), turn.body.get("external_error"))
    return turn.answer(shapes.message(row))


def set_status(turn: Turn, row: Message, status: object, external_error: object) -> Message:
    """Save the status if it may follow; `external_error` stays only with failed (status_update_service.rb)."""
    if not isinstance(status, str) or status not in MESSAGE_STATUSES:
        return row
    if row.status == "read" and status == "delivered":
        return row
    attributes = row.content_attributes
    error = str(external_error) if status == "failed" and external_error is not None else None
    if attributes.get("external_error") != error:
        attributes = attributes | {"external_error": error}
    return save(turn, row, status=status, content_attributes=attributes)


def save(turn: Turn, row: Message, **changes: Any) -> Message:
    """Save a changed message and tell of it. Refused under flood; nothing changed: nothing told."""
    if is_flooded(turn, row.conversation_id):
        raise invalid(TOO_MANY, "base")
    attributes = changes.get("content_attributes", row.content_attributes)
    if attributes.get("in_reply_to") or attributes.get("in_reply_to_external_id"):
        changes["content_attributes"] = attributes | resolved_reply(turn, row.conversation_id, attributes)
    changed = msgspec.structs.replace(row, **changes)
    if changed == row:
        return row
    changed = turn.tables.messages.put(msgspec.structs.replace(changed, updated_at=turn.now))
    if row.message_type != ACTIVITY:
        turn.emit("message_updated", row.id, row.inbox_id)
    return changed


def destroy(turn: Turn, shapes: Shapes) -> Reply:
    """DELETE a message: a stub stays, with its source_id; own keys, quotes and files are gone."""
    row = message_of(turn)
    stub = save(turn, row, content=DELETED, content_type="text", content_attributes={"deleted": True})
    if row.attachments:
        turn.freed.extend(file.blob for file in row.attachments)
        stub = turn.tables.messages.put(msgspec.structs.replace(stub, attachments=()))
    return turn.answer(shapes.message(stub))


def retry(turn: Turn, shapes: Shapes) -> Reply:
    """POST retry: status sent, content_attributes emptied; on an API inbox nothing is sent again."""
    try:
        row = message_of(turn)
        row = set_status(turn, row, "sent", None)
        row = save(turn, row, status="sent", content_attributes={})
    except Refusal as refusal:
        if refusal.status == 404:
            raise Refusal(422, {"error": f"Couldn't find Message with 'id'={turn.ids[1]}"}) from refusal
        raise Refusal(422, {"error": f"Validation failed: {TOO_MANY}"}) from refusal
    return turn.answer(shapes.message(row))
