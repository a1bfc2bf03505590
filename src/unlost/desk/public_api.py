"""The two calls of the public API a bridge makes: the customer has read, the customer types (contract 2, 7)."""

from __future__ import annotations

import msgspec

from unlost.desk.conversations import emit_typing
from unlost.desk.message_changes import save
from unlost.desk.payloads import contact_actor
from unlost.desk.rows import INCOMING, Conversation
from unlost.desk.shapes import Shapes
from unlost.desk.turn import Refusal, Turn, not_found
from unlost.desk.values import Reply


def conversation_of(turn: Turn, identifier: str, source_id: str) -> Conversation:
    """The path's conversation, if it belongs to this place of this inbox; 404 otherwise."""
    inbox_ids = turn.tables.inboxes.ids(0, identifier)
    places = turn.tables.contact_inboxes.ids(0, (inbox_ids[0], source_id)) if inbox_ids else []
    if not places:
        raise not_found()
    row = turn.conversation()
    if row.contact_inbox_id != places[0]:
        raise not_found()
    return row


def look(turn: Turn, shapes: Shapes, row: Conversation) -> Reply:
    """POST update_last_seen: all that was sent or delivered up to now becomes read, notes included."""
    row = turn.tables.conversations.put(msgspec.structs.replace(row, contact_last_seen_at=turn.now))
    for message_id in tuple(turn.tables.messages.ids(0, row.id)):
        message = turn.tables.messages.rows[message_id]
        if message.message_type != INCOMING and message.status in ("sent", "delivered"):
            try:
                save(turn, message, status="read")
            except Refusal:  # the flood guard: the job gives up
                break
    return turn.empty()


def type_as_contact(turn: Turn, shapes: Shapes, row: Conversation) -> Reply:
    """POST toggle_typing: shows the contact typing."""
    contact = turn.tables.contacts.rows[row.contact_id]
    emit_typing(turn, row, contact_actor(shapes, turn.rules, contact), is_private=False)
    return turn.empty()


ACTIONS = {"update_last_seen": look, "toggle_typing": type_as_contact}


def act(turn: Turn, shapes: Shapes, segments: list[str]) -> Reply:
    """Answer POST …/inboxes/{identifier}/contacts/{source_id}/conversations/{id}/{action}; 404 for all else."""
    if len(segments) != 6 or segments[1] != "contacts" or segments[3] != "conversations":
        raise not_found()
    action = ACTIONS.get(segments[5])
    if action is None or turn.request.method != "POST" or not segments[4].isdecimal() or len(segments[4]) > 18:
        raise not_found()
    turn.ids = (int(segments[4]),)
    return action(turn, shapes, conversation_of(turn, segments[0], segments[2]))
