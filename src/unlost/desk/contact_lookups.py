"""Finding contacts: the list, the search, the filter, and a contact's conversations (contract 1.2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from unlost.desk.contacts import contact_of
from unlost.desk.rows import Contact
from unlost.desk.shapes import Shapes
from unlost.desk.turn import Refusal, Turn, as_flag, as_int
from unlost.desk.values import Reply

PAGE = 15
CONVERSATIONS_SHOWN_MAX = 20  # contacts/conversations_controller.rb
FIELDS = frozenset({"phone_number", "name", "email", "identifier", "blocked"})
OPERATORS: dict[str, Callable[[str, list[str]], bool]] = {
    "equal_to": lambda value, wanted: value in wanted,
    "not_equal_to": lambda value, wanted: value not in wanted,
    "contains": lambda value, wanted: any(part in value for part in wanted),
    "does_not_contain": lambda value, wanted: not any(part in value for part in wanted),
    "starts_with": lambda value, wanted: any(value.startswith(part) for part in wanted),
    "is_present": lambda value, wanted: value != "",
    "is_not_present": lambda value, wanted: value == "",
}


def is_resolved(row: Contact) -> bool:
    """Whether the contact is more than a visitor: it has an e-mail, a phone number or an identifier."""
    return bool(row.email or row.phone_number or row.identifier)


def page_of(turn: Turn) -> int:
    """The page asked for, from 1."""
    return max(1, as_int(turn.request.query.get("page", "1")))


def paged(rows: Iterable[Contact], page: int) -> list[Contact]:
    """One page, in id order."""
    ordered = sorted(rows, key=lambda row: row.id)
    return ordered[(page - 1) * PAGE : page * PAGE]


def index(turn: Turn, shapes: Shapes) -> Reply:
    """GET contacts: resolved contacts, 15 a page."""
    rows = [row for row in turn.tables.contacts.rows.values() if is_resolved(row)]
    page = page_of(turn)
    payload = [shapes.contact_with_inboxes(row) for row in paged(rows, page)]
    return turn.answer({"meta": {"count": len(rows), "current_page": page}, "payload": payload})


def search(turn: Turn, shapes: Shapes) -> Reply:
    """GET contacts/search: substring, without case, but for the identifier; `count` is the page's size."""
    wanted = turn.request.query.get("q", "").strip()
    if not wanted:
        raise Refusal(422, {"error": "Specify search string with parameter q"})
    folded = wanted.lower()
    rows = [row for row in turn.tables.contacts.rows.values() if _matches(row, wanted, folded)]
    page = page_of(turn)
    shown = paged(rows, page)
    render = shapes.contact_with_inboxes
    if not as_flag(turn.request.query.get("include_contact_inboxes", "true")):
        render = shapes.contact
    meta = {"count": len(shown), "current_page": page, "has_more": len(rows) > page * PAGE}
    return turn.answer({"meta": meta, "payload": [render(row) for row in shown]})


def _matches(row: Contact, wanted: str, folded: str) -> bool:
    return (
        folded in row.name.lower()
        or folded in (row.email or "")
        or folded in (row.phone_number or "")
        or wanted in (row.identifier or "")
    )


def filter_contacts(turn: Turn, shapes: Shapes) -> Reply:
    """POST contacts/filter: resolved contacts that meet all (or any) of the conditions."""
    conditions = turn.body.get("payload")
    if not isinstance(conditions, list) or not conditions:
        raise Refusal(422, {"error": "Invalid payload"})
    rows = [row for row in turn.tables.contacts.rows.values() if is_resolved(row) and meets(row, conditions)]
    page = page_of(turn)
    payload = [shapes.contact_with_inboxes(row) for row in paged(rows, page)]
    return turn.answer({"meta": {"count": len(rows), "current_page": page}, "payload": payload})


def meets(row: Contact, conditions: list[Any]) -> bool:
    """Whether *row* meets the conditions, joined from left to right by their `query_operator`. Raises 422."""
    result, joined_by = True, "and"
    for condition in conditions:
        if not isinstance(condition, Mapping):
            raise Refusal(422, {"error": "Invalid payload"})
        met = _meets_one(row, condition)
        result = (result and met) if joined_by == "and" else (result or met)
        joined_by = str(condition.get("query_operator") or "and").lower()
        if joined_by not in ("and", "or"):
            raise Refusal(422, {"error": 'Query operator must be either "AND" or "OR".'})
    return result


def _meets_one(row: Contact, condition: Mapping[str, Any]) -> bool:
    key = str(condition.get("attribute_key"))
    compare = OPERATORS.get(str(condition.get("filter_operator")))
    if compare is None:
        raise Refusal(422, {"error": f"Invalid operator. The allowed operators for {key} are [{','.join(OPERATORS)}]."})
    if key in FIELDS:
        raw = getattr(row, key)
    elif key in row.custom_attributes:
        raw = row.custom_attributes[key]
    else:
        raise Refusal(
            422, {"error": f"Invalid attribute key - [{key}]. The key should be one of [{','.join(sorted(FIELDS))}]"}
        )
    given = condition.get("values")
    wanted = [_normalised(key, one) for one in (given if isinstance(given, list) else [given])]
    return compare("" if raw is None else _normalised(key, raw), wanted)


def _normalised(key: str, value: object) -> str:
    text = str(value).lower()
    return "+" + text.lstrip("+") if key == "phone_number" and text else text


def conversations(turn: Turn, shapes: Shapes) -> Reply:
    """GET contacts/{id}/conversations: newest activity first, at most 20, all statuses."""
    contact = contact_of(turn)
    rows = [turn.tables.conversations.rows[i] for i in turn.tables.conversations.ids(0, contact.id)]
    rows.sort(key=lambda row: (row.last_activity_at, row.id), reverse=True)
    payload = [shapes.conversation(row, turn.now) for row in rows[:CONVERSATIONS_SHOWN_MAX]]
    return turn.answer({"payload": payload})
