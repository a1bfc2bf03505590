"""Contract 3.2 and 3.5: from webhook bodies to envelopes and events."""

from __future__ import annotations

import contextlib
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from unlost.chatwoot.reader import read_envelope, read_event
from unlost.errors import Refused
from unlost.vocabulary.envelopes import Kind, Source
from unlost.vocabulary.events import HelpdeskMessage, HelpdeskNotice


def webhook(event: str = "message_created", **fields: Any) -> dict[str, Any]:
    """A message's webhook, cut to what a reader looks at and some of what it must not stumble over."""
    shape: dict[str, Any] = {
        "event": event,
        "id": 77,
        "account": {"id": 1, "name": "x"},
        "inbox": {"id": 7, "name": "WhatsApp"},
        "message_type": "outgoing",
        "private": False,
        "content": "an agent's words",
        "content_attributes": {},
        "source_id": None,
        "created_at": "2026-11-23T10:00:00.250Z",
        "sender": {"id": 1, "type": "user"},
        "conversation": {"id": 21, "inbox_id": 7, "status": "open"},
    }
    return shape | fields


def raw(**fields: Any) -> bytes:
    return msgspec.json.encode(webhook(**fields))


def read(**fields: Any) -> HelpdeskMessage:
    event = read_event(raw(**fields))
    assert isinstance(event, HelpdeskMessage)
    return event


@pytest.mark.parametrize(
    ("attributes", "key"), [({"unlost_key": "5f"}, "5f"), ({"unlost_key": 5}, ""), ({}, ""), (None, ""), ("x", "")]
)
def test_a_message_tells_the_key_that_our_own_posts_carry(attributes: object, key: str) -> None:
    assert read(content_attributes=attributes).key == key


def test_a_created_message_is_keyed_by_its_id_because_chatwoot_may_tell_of_it_twice() -> None:
    envelopes = [read_envelope(raw(), {"x-chatwoot-delivery": delivery}) for delivery in ("one", "two")]
    assert {envelope.id for envelope in envelopes} == {"77"}
    assert envelopes[0].kind is Kind.HELPDESK_MESSAGE_CREATED


def test_an_updated_message_is_keyed_by_its_delivery_and_names_its_message() -> None:
    envelope = read_envelope(raw(event="message_updated"), {"x-chatwoot-delivery": "d-1"})
    assert (envelope.kind, envelope.id, envelope.target) == (Kind.HELPDESK_MESSAGE_UPDATED, "d-1", "77")


@pytest.mark.parametrize("delivery", [None, "", "x" * 300, "a\nb", "ü"])
def test_an_update_without_a_proper_delivery_id_is_keyed_by_its_body(delivery: str | None) -> None:
    headers = {} if delivery is None else {"x-chatwoot-delivery": delivery}
    assert read_envelope(raw(event="message_updated"), headers).id is None


def test_the_lane_is_the_conversations() -> None:
    envelope = read_envelope(raw(), {})
    assert (envelope.source, envelope.chat) == (Source.HELPDESK, "conversation:21")


def test_a_message_is_told_at_the_time_chatwoot_made_it() -> None:
    assert read_envelope(raw(), {}).told_at == 1795428000.25


@pytest.mark.parametrize(
    ("told", "epoch_s"),
    [
        (1795428000, 1795428000.0),
        ("2026-11-23T10:00:00", 1795428000.0),
        ("9999-12-31T23:59:59Z", 253402300799.0),
        ("yesterday", None),
        ("", None),
        (None, None),
        (1e300, None),
    ],
)
def test_other_forms_of_a_time_are_read_or_left(told: object, epoch_s: float | None) -> None:
    assert read(created_at=told).created_at == epoch_s


def test_a_message_is_read_without_its_words() -> None:
    event = read(private=True, source_id="WAID:A", content_attributes={"deleted": True})
    assert (event.id, event.conversation, event.direction) == (77, 21, "outgoing")
    assert (event.private, event.source_id, event.deleted) == (True, "WAID:A", True)


@pytest.mark.parametrize(
    ("told", "direction"), [("incoming", "incoming"), ("template", "template"), (0, "incoming"), (3, "template")]
)
def test_a_direction_may_be_a_word_or_its_number(told: object, direction: str) -> None:
    assert read(message_type=told).direction == direction


@pytest.mark.parametrize("attributes", [None, "x", [], {"deleted": "yes"}, {"deleted": False}])
def test_only_deleted_true_means_deleted(attributes: object) -> None:
    assert not read(content_attributes=attributes).deleted


@pytest.mark.parametrize(
    ("body", "conversation"),
    [
        ({"event": "conversation_status_changed", "id": 21}, 21),
        ({"event": "conversation_typing_on", "user": {"id": 4}, "conversation": {"id": 22}}, 22),
        ({"event": "webwidget_triggered", "id": 99}, None),
        ({"event": "conversation_updated", "id": "21"}, None),
        ({"event": "conversation_updated", "id": True}, None),
    ],
)
def test_any_other_event_is_a_notice_in_its_conversations_lane(body: dict[str, Any], conversation: int | None) -> None:
    encoded = msgspec.json.encode(body)
    envelope, event = read_envelope(encoded, {}), read_event(encoded)
    assert envelope.kind is Kind.HELPDESK_OTHER
    assert envelope.chat == (None if conversation is None else f"conversation:{conversation}")
    assert event == HelpdeskNotice(name=body["event"], conversation=conversation)  # type: ignore[arg-type]  # a plain number


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"\xff\xfe",
        b"{" * 100_000,
        b'{"a":' * 100_000,
        b'{"event":"message_created"}',
        b'{"event":3}',
        b'{"event":"an agent\'s words"}',
        b'{"event":"\\ud800"}',
        msgspec.json.encode(webhook(id=0)),
        msgspec.json.encode(webhook(id=-1)),
        msgspec.json.encode(webhook(id=2**64 - 1)),
        msgspec.json.encode(webhook(id="77")),
        msgspec.json.encode(webhook(conversation=None)),
        msgspec.json.encode(webhook(conversation={"id": 1.5})),
        msgspec.json.encode(webhook(private="no")),
    ],
)
def test_a_hostile_body_is_unreadable_and_nothing_else(body: bytes) -> None:
    for reading in (lambda: read_envelope(body, {}), lambda: read_event(body)):
        with pytest.raises(Refused) as caught:
            reading()
        assert caught.value.cause == "unreadable"
        assert "words" not in str(caught.value)


def test_a_direction_nobody_knows_is_unreadable() -> None:
    with pytest.raises(Refused):
        read(message_type="shouted")


words = st.text(alphabet='ab"\\\0é😀', max_size=8)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats(allow_nan=False, allow_infinity=False) | words,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=6,
)
FIELDS = sorted(webhook())


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # shared machines are slow
@given(
    changed=st.dictionaries(st.sampled_from(FIELDS), json_values, max_size=3),
    event=st.sampled_from(["message_created", "conversation_updated"]),
)
def test_whatever_a_field_holds_the_readers_answer_or_refuse(changed: dict[str, Any], event: str) -> None:
    body = msgspec.json.encode(webhook(event) | changed)
    for reading in (lambda: read_envelope(body, {}), lambda: read_event(body)):
        with contextlib.suppress(Refused):
            reading()
