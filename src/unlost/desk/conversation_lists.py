"""Listing conversations (app/finders/conversation_finder.rb, contract 1.4 and 3.6)."""

from __future__ import annotations

from collections.abc import Iterable

from unlost.desk.rows import Conversation
from unlost.desk.shapes import Shapes
from unlost.desk.turn import Turn, as_int
from unlost.desk.values import Reply

PAGE = 25


def index(turn: Turn, shapes: Shapes) -> Reply:
    """GET conversations: newest activity first, 25 a page; with `updated_within` all at once. Default status: open."""
    query = turn.request.query
    found = list(filtered(turn, turn.tables.conversations.rows.values()))
    meta = _counts(turn, found)
    found = [row for row in found if _assigned_as_asked(turn, row)]
    found.sort(key=lambda row: (row.last_activity_at, row.id), reverse=True)
    if not query.get("updated_within"):
        page = max(1, as_int(query.get("page", "1")))
        found = found[(page - 1) * PAGE : page * PAGE]
    payload = [shapes.conversation(row, turn.now) for row in found]
    return turn.answer({"data": {"meta": meta, "payload": payload}})


def filtered(turn: Turn, rows: Iterable[Conversation]) -> Iterable[Conversation]:
    """The rows that the query's inbox, status, source, labels and age let through."""
    query = turn.request.query
    inbox_id, source_id, status = query.get("inbox_id"), query.get("source_id"), query.get("status") or "open"
    labels = {label for label in query.get("labels", query.get("labels[]", "")).split(",") if label}
    within_s = as_int(query.get("updated_within"))
    if source_id:
        rows = _of_source(turn, source_id)
    for row in rows:
        if inbox_id and row.inbox_id != as_int(inbox_id):
            continue
        if status not in ("all", row.status) or (labels and not labels & set(row.labels)):
            continue
        if within_s and row.updated_at <= turn.now - within_s:
            continue
        yield row


def _of_source(turn: Turn, source_id: str) -> list[Conversation]:
    conversations = turn.tables.conversations
    return [
        conversations.rows[conversation_id]
        for place_id in turn.tables.contact_inboxes.ids(2, source_id)
        for conversation_id in conversations.ids(1, place_id)
    ]


def _assigned_as_asked(turn: Turn, row: Conversation) -> bool:
    kind = turn.request.query.get("assignee_type")
    if kind == "me":
        return row.assignee_id == turn.caller().id
    if kind in ("assigned", "unassigned"):
        return (row.assignee_id is not None) == (kind == "assigned")
    return True


def _counts(turn: Turn, rows: list[Conversation]) -> dict[str, int]:
    assigned = sum(1 for row in rows if row.assignee_id is not None)
    mine = sum(1 for row in rows if row.assignee_id == turn.caller().id)
    return {
        "mine_count": mine,
        "assigned_count": assigned,
        "unassigned_count": len(rows) - assigned,
        "all_count": len(rows),
    }
