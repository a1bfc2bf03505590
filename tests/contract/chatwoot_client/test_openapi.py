"""The client's requests against Chatwoot's own description of its API, wherever that speaks (contract 0 says where it does not)."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it ships no types

from tests.unit.chatwoot.scripted import URL, ScriptedHttp, answer, client, contact, conversation, message, page
from unlost.chatwoot.client import ChatwootClient
from unlost.chatwoot.messages import NewMessage
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.ids import ContactId, ConversationId, HelpdeskMessageId

DESCRIPTION = json.loads((Path(__file__).parents[2] / "recorded" / "chatwoot" / "openapi-4.16.2.json").read_text())
UNDESCRIBED = {
    "POST contact_inboxes/filter",
    "PATCH conversations/#/messages/#",
    "POST conversations/#/update_last_seen",
    "GET /api",
}
"""Contract 0: they stand in config/routes.rb, and the description leaves them out."""
ANA, CHAT = ContactId(11), ConversationId(21)
POST = NewMessage(
    "hello", "outgoing", "WAID:A", "k", True, HelpdeskMessageId(9), Address("1@s.whatsapp.net"), True, True
)
MADE = answer(200, {"payload": {"contact": contact()}})
LISTED = answer(200, {"payload": []})

CALLS: dict[str, tuple[Any, Callable[[ChatwootClient], Awaitable[Any]]]] = {
    "find person": (LISTED, lambda c: c.contacts.by_person("jid", ("+5511", "+5512"))),
    "create contact": (MADE, lambda c: c.contacts.create(source_id="s", identifier="i", name="Ana", phone="+5511")),
    "join inbox": (answer(200, {}), lambda c: c.contacts.join_inbox(ANA, "s")),
    "rename": (answer(200, {}), lambda c: c.contacts.rename(ANA, "Ana")),
    "list conversations": (LISTED, lambda c: c.conversations.of_contact(ANA)),
    "create conversation": (
        answer(200, conversation()),
        lambda c: c.conversations.create(ANA, "s", marker="m", status="pending"),
    ),
    "resolve": (answer(200, {}), lambda c: c.conversations.set_status(CHAT, "resolved")),
    "label": (answer(200, {}), lambda c: c.conversations.set_labels(CHAT, ("late-twin",))),
    "post": (answer(200, message()), lambda c: c.messages.post(CHAT, POST)),
    "read back": (page(), lambda c: c.messages.read_back(CHAT, [HelpdeskMessageId(31)])),
    "delete": (answer(200, {}), lambda c: c.messages.delete(CHAT, HelpdeskMessageId(31))),
    "profile": (answer(200, {"id": 1}), lambda c: c.profile()),
    "inbox": (answer(200, {"id": 7}), lambda c: c.inbox()),
    "find contact": (answer(200, contact()), lambda c: c.contacts.by_source("s")),
    "set status": (answer(200, message()), lambda c: c.messages.set_status(CHAT, HelpdeskMessageId(31), "read", "")),
    "mark seen": (answer(200, {}), lambda c: c.conversations.mark_seen(CHAT)),
    "attributes": (answer(200, conversation()), lambda c: c.conversations.attributes(CHAT)),
    "set attributes": (answer(200, {}), lambda c: c.conversations.set_attributes(CHAT, {"referral_ref": "r"})),
    "probe": (answer(200, {"version": "4.16.2"}), lambda c: c.probe_host()),
}


async def made(name: str) -> ScriptedHttp:
    """The request of one call."""
    said, call = CALLS[name]
    http = ScriptedHttp(said)
    await call(client(http))
    return http


def operation(method: str, url: str) -> dict[str, Any] | None:
    """Chatwoot's description of a request; None where there is none."""
    path = url.removeprefix(URL).partition("?")[0]
    for described, methods in DESCRIPTION["paths"].items():
        pattern = re.sub(r"\\\{\w+\\\}", "[0-9]+", re.escape(described))
        if re.fullmatch(pattern, path) and method.lower() in methods:
            return dict(methods[method.lower()])
    return None


@pytest.mark.parametrize("name", CALLS)
async def test_every_request_goes_where_the_description_or_the_contract_says(name: str) -> None:
    http = await made(name)
    short = re.sub(r"\d+", "#", http.asked[0].partition("?")[0])
    assert (operation(http.calls[0].method, http.calls[0].url) is None) == (short in UNDESCRIBED)


@pytest.mark.parametrize("name", CALLS)
async def test_every_described_body_is_as_described(name: str) -> None:
    http = await made(name)
    described = operation(http.calls[0].method, http.calls[0].url)
    if described is None or "requestBody" not in described:
        return
    schema = described["requestBody"]["content"]["application/json"]["schema"]
    body = {key: value for key, value in http.body().items() if value is not None}
    # Its own example ends a filter with a null query_operator, which its schema forbids.
    validator = Draft202012Validator(schema | {"components": DESCRIPTION["components"]})
    wrong = [error.message for error in validator.iter_errors(body) if "query_operator" not in error.path]
    assert wrong == []
