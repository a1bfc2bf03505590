"""The desk's answers against Chatwoot's own description of its API, wherever that speaks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it ships no types

from tests.contract.desk.helpdesk import JID, Helpdesk

RECORDED = Path(__file__).parents[2] / "recorded" / "chatwoot" / "openapi-4.16.2.json"
ACCOUNT = "/api/v1/accounts/{account_id}/"
# The description of GET messages forgets that nobody may be assigned; its own conversation_meta says nullable.
NOBODY_ASSIGNED = "meta/assignee: None is not of type 'object'"
SCALARS = {"string", "number", "integer", "boolean"}


def with_nulls(schema: Any) -> Any:
    """*schema* with null allowed for every scalar: the description forgets it, the program does not."""
    if isinstance(schema, list):
        return [with_nulls(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    changed = {name: with_nulls(value) for name, value in schema.items()}
    kind = changed.get("type")
    if isinstance(kind, str) and kind in SCALARS:
        changed["type"] = [kind, "null"]
        if "enum" in changed:
            changed["enum"] = [*changed["enum"], None]
    return changed


DESCRIPTION = json.loads(RECORDED.read_text())
COMPONENTS = with_nulls(DESCRIPTION["components"])


def errors(path: str, method: str, answer: Any) -> list[str]:
    """Where *answer* differs from the description of a 200 for *path*."""
    schema = DESCRIPTION["paths"][path][method]["responses"]["200"]["content"]["application/json"]["schema"]
    validator = Draft202012Validator(with_nulls(schema) | {"components": COMPONENTS})
    found = [f"{'/'.join(map(str, error.path))}: {error.message}" for error in validator.iter_errors(answer)]
    return [error for error in found if error != NOBODY_ASSIGNED]


@pytest.fixture
def busy(desk: Helpdesk) -> Helpdesk:
    """A helpdesk with a conversation that has seen something of everything."""
    conversation = desk.conversation(custom_attributes={"unlost_marker": "m"})
    message = desk.post(conversation, source_id="WAID:1", content_attributes={"own": 1})["id"]
    desk.post(conversation, message_type="outgoing", content_attributes={"in_reply_to_external_id": "none"})
    desk.json("PATCH", f"conversations/{conversation}/messages/{message}", {"status": "failed", "external_error": "e"})
    desk.json("POST", f"conversations/{conversation}/toggle_status", {"status": "resolved"})
    return desk


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/api/v1/profile", "/api/v1/profile"),
        (f"{ACCOUNT}inboxes", "inboxes"),
        (f"{ACCOUNT}inboxes/{{id}}", "inboxes/1"),
        (f"{ACCOUNT}contacts", "contacts"),
        (f"{ACCOUNT}contacts/search", "contacts/search?q=Ana"),
        (f"{ACCOUNT}contacts/{{id}}", "contacts/1"),
        (f"{ACCOUNT}contacts/{{id}}/conversations", "contacts/1/conversations"),
        (f"{ACCOUNT}conversations", "conversations?status=all"),
        (f"{ACCOUNT}conversations/{{conversation_id}}", "conversations/1"),
        (f"{ACCOUNT}conversations/{{conversation_id}}/labels", "conversations/1/labels"),
        (f"{ACCOUNT}conversations/{{conversation_id}}/messages", "conversations/1/messages"),
    ],
)
def test_what_is_read_is_as_described(busy: Helpdesk, path: str, asked: str) -> None:
    assert errors(path, "get", busy.json("GET", asked)) == []


@pytest.mark.parametrize(
    ("path", "asked", "body"),
    [
        (f"{ACCOUNT}contacts/filter", "contacts/filter",
         {"payload": [{"attribute_key": "identifier", "filter_operator": "equal_to", "values": [JID]}]}),
        (f"{ACCOUNT}contacts/{{id}}/contact_inboxes", "contacts/1/contact_inboxes", {"inbox_id": 1, "source_id": "n"}),
        (f"{ACCOUNT}conversations", "conversations", {"inbox_id": 1, "contact_id": 1, "source_id": JID}),
        (f"{ACCOUNT}conversations/{{conversation_id}}/messages", "conversations/1/messages", {"content": "x"}),
        (f"{ACCOUNT}conversations/{{conversation_id}}/toggle_status", "conversations/1/toggle_status",
         {"status": "open"}),
        (f"{ACCOUNT}conversations/{{conversation_id}}/labels", "conversations/1/labels", {"labels": ["a"]}),
        (f"{ACCOUNT}conversations/{{conversation_id}}/custom_attributes", "conversations/1/custom_attributes",
         {"custom_attributes": {"a": "b"}}),
        (f"{ACCOUNT}inboxes", "inboxes", {"name": "second", "channel": {"type": "api"}}),
    ],
)  # fmt: skip
def test_what_is_written_is_answered_as_described(busy: Helpdesk, path: str, asked: str, body: Any) -> None:
    assert errors(path, "post", busy.json("POST", asked, body)) == []


def test_a_wrong_answer_would_be_seen(busy: Helpdesk) -> None:
    """The check itself: the description of a list of messages refuses a word where a number stands."""
    answer = busy.json("GET", "conversations/1/messages")
    answer["payload"][0]["message_type"] = "incoming"
    assert errors(f"{ACCOUNT}conversations/{{conversation_id}}/messages", "get", answer) != []
