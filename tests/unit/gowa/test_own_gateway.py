"""The events of our own gateway that GOWA does not have."""

import json

import pytest

from unlost.errors import Refused
from unlost.gowa.readers import read_envelope, read_event
from unlost.vocabulary.envelopes import Kind, Source
from unlost.vocabulary.events import MessageArrived, Noticed

OWN = "5511900000000@s.whatsapp.net"
ANA, GROUP = "554199910041@s.whatsapp.net", "120363402106000001@g.us"


def body(event: str, **payload: object) -> bytes:
    told = {"device_id": OWN, "event": event, "payload": payload, "timestamp": "2026-01-12T12:10:00Z"}
    return json.dumps(told).encode()


@pytest.mark.parametrize("event", ["connect", "disconnect", "logout"])
def test_a_turn_of_the_link_concerns_no_chat(event: str) -> None:
    raw = body(event, cause="stream replaced")
    read = read_event(Source.ENVELOPE, raw, None)
    assert isinstance(read, Noticed)
    assert (read.kind, read.detail, read.chat, read.told_at) == (Kind.CONNECTION, event, "", 1_768_219_800.0)
    assert read_envelope(raw, device=None).chat is None


def test_what_could_not_be_read_is_a_message_without_content_of_the_time_it_was_seen() -> None:
    raw = body("message.unrecovered", id="A1", chat_id=GROUP, seen_at="2026-01-12T12:00:00+00:00", **{"from": ANA})
    read = read_event(Source.ENVELOPE, raw, None)
    assert isinstance(read, MessageArrived)
    assert (read.is_unrecovered, read.is_empty, read.chat, read.sender) == (True, True, GROUP, ANA)
    assert (read.id, read.told_at) == ("A1", 1_768_219_200.0)
    envelope = read_envelope(raw, device=None)
    assert (envelope.kind, envelope.is_empty) == (Kind.MESSAGE, True)


def test_a_message_of_unknown_time_is_as_old_as_its_event() -> None:
    read = read_event(Source.ENVELOPE, body("message.unrecovered", id="A1", chat_id=ANA), None)
    assert read.told_at == 1_768_219_800.0


@pytest.mark.parametrize("payload", [{}, {"id": "A1"}, {"chat_id": ANA}, {"id": "", "chat_id": ANA}])
def test_one_without_chat_or_id_is_unreadable(payload: dict[str, object]) -> None:
    with pytest.raises(Refused):
        read_event(Source.ENVELOPE, body("message.unrecovered", **payload), None)
