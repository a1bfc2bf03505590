"""Bodies that no gateway writes: read as far as they mean anything, refused as unreadable otherwise, and never slow."""

import json
import time
from typing import Any

import pytest

from tests.unit.gowa.samples import LID, OWN, PEER, body
from unlost.errors import Refused
from unlost.gowa.readers import read_envelope, read_event
from unlost.vocabulary.events import Attachment, MessageArrived, Noticed


def flat(**fields: Any) -> bytes:
    """PEER's flat text, changed; None takes a key away."""
    values = json.loads(body("v7-flat-text")) | fields
    return json.dumps({key: value for key, value in values.items() if value is not None}).encode()


def wrapped(**fields: Any) -> bytes:
    """PEER's text in an envelope, its payload changed."""
    values = json.loads(body("v9-text"))
    values["payload"] |= fields
    return json.dumps(values).encode()


def message(raw: bytes) -> MessageArrived:
    """The message that *raw* tells of."""
    event = read_event(read_envelope(raw, device=OWN).source, raw, OWN)
    assert isinstance(event, MessageArrived)
    return event


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"null",
        b"[]",
        b'"text"',
        b"17",
        b"{",
        b"{}",
        b"\xff\xfe",
        b'{"from":',
        b'{"from": 5}',
        b'{"from": "nobody"}',
        b'{"event": "message"}',
        b'{"event": "message", "payload": null}',
        b'{"event": "message", "payload": []}',
        b'{"event": "message", "payload": {"chat_id": "x"}}',
        b'{"event": "message", "payload": {"chat_id": "1@s.whatsapp.net"}}',
        b'{"event": ["message"], "payload": {}}',
        b'{"event": "never.heard", "payload": {}}',
        b'{"event": "message.ack", "payload": {"chat_id": "1@s.whatsapp.net", "receipt_type": "read"}}',
        b'{"from": "1@s.whatsapp.net"}',
        b'{"action": "event.delete_for_me", "chat_id": "628123456789"}',
        b'{"from": "1@s.whatsapp.net", "message": {"id": "a b", "text": "x"}}',
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b'{"from":"\\ud800@s.whatsapp.net","message":{"id":"A","text":"x"}}',
    ],
    ids=lambda raw: repr(raw[:40]),
)
def test_what_means_nothing_is_unreadable(raw: bytes) -> None:
    with pytest.raises(Refused) as refusal:
        read_envelope(raw, device=OWN)
    assert refusal.value.cause == "unreadable"


def test_a_lone_surrogate_is_shown_as_a_replacement() -> None:
    assert message(b'{"from":"1@s.whatsapp.net","message":{"id":"A","text":"a\\ud800b"}}').text == "a\ufffdb"


def test_bytes_that_are_no_utf_8_are_shown_as_a_replacement() -> None:
    assert message(b'{"from":"1@s.whatsapp.net","message":{"id":"A","text":"a\xffb"}}').text == "a\ufffdb"


@pytest.mark.parametrize("raw", [flat(message={"id": "A", "text": "a\0b"}), wrapped(body="a\0b")])
def test_nul_is_shown_as_a_replacement(raw: bytes) -> None:
    assert message(raw).text == "a\ufffdb"


def test_a_contact_card_nested_without_end_is_still_a_contact_card() -> None:
    """Raw protobuf JSON nests as deep as its sender likes: a card that quotes a card that quotes …"""
    deep = b'{"contextInfo":' * 5_000 + b"{}" + b"}" * 5_000
    raw = flat(contact="CARD", message={"id": "A", "text": ""}).replace(b'"CARD"', deep)
    assert message(raw).attachment is Attachment.CONTACT


def test_a_number_beyond_all_bounds_does_not_hide_the_text() -> None:
    raw = wrapped(location=1, body="here").replace(
        b'"location": 1', b'"location": {"x": ' + b"9" * 6_000 + b', "y": 1e999}'
    )
    assert (message(raw).text, message(raw).attachment) == ("here", Attachment.LOCATION)


@pytest.mark.parametrize("field", ["pushname", "timestamp", "view_once", "forwarded", "chat_id", "sender_id"])
@pytest.mark.parametrize("value", [5, True, None, [], {"a": 1}, "x"])
def test_an_ornament_of_a_strange_type_does_not_hide_a_flat_text(field: str, value: object) -> None:
    assert message(flat(**{field: value})).text == "Hello, how are you?"


@pytest.mark.parametrize(
    "field", ["from_name", "timestamp", "view_once", "forwarded", "from_lid", "chat_lid", "referral"]
)
@pytest.mark.parametrize("value", [5, True, None, [], {"a": 1}, "x"])
def test_an_ornament_of_a_strange_type_does_not_hide_a_wrapped_text(field: str, value: object) -> None:
    assert message(wrapped(**{field: value})).text == "Hello, how are you?"


@pytest.mark.parametrize(
    "raw", [flat(**{"from": 7}), flat(from_lid=7), wrapped(is_from_me="yes"), wrapped(chat_id=7), wrapped(id=7)]
)
def test_an_address_id_or_direction_of_a_strange_type_is_not_guessed(raw: bytes) -> None:
    with pytest.raises(Refused):
        read_envelope(raw, device=OWN)


@pytest.mark.parametrize(
    "stamp",
    [
        "9999-12-31T23:59:59Z",
        "9999-12-31T23:59:59-14:00",
        "0001-01-01T00:00:00+14:00",
        "1970-01-01T00:00:00Z",
        "2023-10-15T10:30:00",
        "2023-13-45T99:99:99Z",
        "yesterday",
        "1697365800",
        "2" * 100_000,
        "",
        "\0",
    ],
)
def test_an_absurd_stamp_is_no_time(stamp: str) -> None:
    assert (
        read_envelope(flat(timestamp=stamp), device=OWN).told_at,
        read_envelope(wrapped(timestamp=stamp), device=OWN).told_at,
    ) == (None, None)


def test_a_stamp_is_read_in_its_own_zone() -> None:
    assert read_envelope(flat(timestamp="2023-10-15T07:30:00-03:00"), device=OWN).told_at == 1697365800.0


@pytest.mark.parametrize("id", ["x" * 129, "a b", "ä", "a\nb", "\0"])
def test_an_id_that_none_can_be_is_unreadable(id: str) -> None:
    with pytest.raises(Refused):
        read_envelope(wrapped(id=id), device=OWN)


def test_a_reply_to_an_impossible_id_is_a_plain_message() -> None:
    assert message(wrapped(replied_to_id="x" * 500)).quote is None


def test_a_receipt_for_too_many_messages_is_unreadable() -> None:
    values = json.loads(body("v9-ack-read"))
    values["payload"]["ids"] = [f"A{number}" for number in range(10_001)]
    with pytest.raises(Refused):
        read_envelope(json.dumps(values).encode(), device=OWN)


def test_a_receipt_of_an_unknown_type_is_noticed() -> None:
    values = json.loads(body("v9-ack-read"))
    values["payload"]["receipt_type"] = "smelled"
    event = read_event(read_envelope(json.dumps(values).encode(), device=OWN).source, json.dumps(values).encode(), OWN)
    assert isinstance(event, Noticed)
    assert event.detail == "receipt smelled"


@pytest.mark.parametrize("name", ["message.reaction", "message.revoked"])
def test_a_reference_without_a_target_is_noticed_not_lost(name: str) -> None:
    raw = json.dumps(json.loads(wrapped()) | {"event": name}).encode()
    assert read_envelope(raw, device=OWN).kind == "unknown"


def test_an_event_of_a_later_world_is_noticed_under_its_name() -> None:
    raw = json.dumps(json.loads(wrapped()) | {"event": "message.sung"}).encode()
    event = read_event(read_envelope(raw, device=OWN).source, raw, OWN)
    assert isinstance(event, Noticed)
    assert (event.kind, event.detail) == ("unknown", "message.sung")


def test_before_8_3_the_sender_tells_the_direction() -> None:
    values = json.loads(wrapped(**{"from": OWN}))
    del values["payload"]["is_from_me"]
    event = read_event(
        read_envelope(json.dumps(values).encode(), device=None).source, json.dumps(values).encode(), None
    )
    assert event.from_me


def test_an_envelope_without_device_id_is_the_channels() -> None:
    values = json.loads(wrapped())
    del values["device_id"]
    assert read_envelope(json.dumps(values).encode(), device=OWN).device == OWN


def test_a_receipt_without_device_id_is_resolved_all_the_same() -> None:
    values = json.loads(body("v9-ack-read-lid-chat"))
    del values["device_id"]
    envelope = read_envelope(json.dumps(values).encode(), device=OWN)
    assert (envelope.chat, envelope.sender, envelope.pairings[0].lid) == (PEER, PEER, LID)


def test_a_text_of_a_megabyte_is_read_whole() -> None:
    assert len(message(flat(message={"id": "A", "text": "ü" * 1_000_000})).text) == 1_000_000


@pytest.mark.parametrize(
    "raw",
    [
        b"[" * 250_000,
        b'"' + b'\\"' * 120_000,
        b"{" * 130_000 + b"}" * 120_000,
        b'{"a":[' + b"[]," * 80_000 + b"[]]",
        b"]" * 250_000,
        b'{"a":"' + b"\\" * 250_000,
    ],
    ids=lambda raw: repr(raw[:12]),
)
def test_the_worst_body_that_is_mended_costs_linear_time(raw: bytes) -> None:
    """Not a measure of speed: quadratic work on a quarter of a megabyte would take minutes."""
    began = time.monotonic()
    with pytest.raises(Refused):
        read_envelope(raw, device=OWN)
    assert time.monotonic() - began < 20


def test_a_body_too_large_to_be_mended_is_unreadable() -> None:
    with pytest.raises(Refused, match="too large"):
        read_envelope(b"[" * 2_000_000, device=OWN)


def test_the_words_of_a_refusal_hold_nothing_of_the_body() -> None:
    with pytest.raises(Refused) as refusal:
        read_envelope(
            b'{"event": "message", "payload": {"chat_id": "secret-words", "body": "secret-words"}}', device=OWN
        )
    assert "secret" not in repr(refusal.value)
