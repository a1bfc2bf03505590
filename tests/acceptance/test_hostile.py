"""What nobody would write by accident: bounded, visibly degraded, never lost, never someone else's loss."""

import http.client
import json
import zlib
from contextlib import closing
from typing import Any

import pytest

from tests.acceptance.conftest import Opened
from tests.acceptance.office import Office, envelope
from tests.acceptance.waiting import eventually

FINE = "5541999900089@s.whatsapp.net"
CONTENT_MAX, NAME_MAX = 150_000, 255
"""Chatwoot's limits for a message's text and a contact's name."""


@pytest.fixture(scope="module")
def office(open_office: Opened) -> Office:
    return open_office()


@pytest.fixture(autouse=True)
def everybody_else_is_served(office: Office, request: pytest.FixtureRequest) -> Any:
    """After each of these, somebody else's message arrives as if nothing had happened."""
    yield
    name = f"3EB0FINE{zlib.crc32(request.node.name.encode())}"
    assert office.knock(envelope(FINE, "Tudo bem", name="Fina", id=name)) == 200
    assert office.helpdesk.standing(name)["content"] == "Tudo bem"
    assert office.bridge.is_running


def jid(number: int) -> str:
    return f"55419999008{number}@s.whatsapp.net"


def test_a_text_of_a_megabyte_stands_cut_and_says_so(office: Office) -> None:
    assert office.knock(envelope(jid(10), "á" * 1_000_000, name="Longa", id="3EB0LONG")) == 200
    content = office.helpdesk.standing("3EB0LONG")["content"]
    assert 1000 < len(content) <= CONTENT_MAX
    assert content[-1] != "á"


def test_a_name_of_ten_thousand_characters_is_cut(office: Office) -> None:
    assert office.knock(envelope(jid(11), "Oi", name="Zé" * 5_000, id="3EB0NAME")) == 200
    message = office.helpdesk.standing("3EB0NAME")
    name = office.helpdesk.contact_of(message["conversation_id"])["name"]
    assert name.startswith("ZéZé")
    assert len(name) <= NAME_MAX


@pytest.mark.parametrize(
    ("id", "text"),
    [
        ("3EB0EMOJI", "👨‍👩‍👧‍👦❤️‍🔥🇧🇷"),
        ("3EB0RTL", "שלום, مرحبا 123"),
        ("3EB0LIQUID", "{{ contact.name }} {% raw %}"),
        ("3EB0MARKUP", "<script>alert(1)</script> & *negrito*"),
    ],
)
def test_emoji_right_to_left_and_markup_stand_as_written(office: Office, id: str, text: str) -> None:
    assert office.knock(envelope(jid(12), text, name="🌻 שלום", id=id)) == 200
    assert office.helpdesk.standing(id)["content"] == text


def test_nul_is_shown_as_what_cannot_be_shown(office: Office) -> None:
    assert office.knock(envelope(jid(13), "a\0b", name="N\0ul", id="3EB0NUL")) == 200
    content = office.helpdesk.standing("3EB0NUL")["content"]
    assert "\0" not in content
    assert (content[0], content[-1]) == ("a", "b")


def test_a_lone_surrogate_in_the_text_does_not_lose_the_message(office: Office) -> None:
    """In JSON it is an escape, so the body is plain ASCII."""
    body = json.dumps(envelope(jid(14), "antes SURROGATE depois", name="Sur", id="3EB0SURR"))
    assert office.knock(body.replace("SURROGATE", "\\ud800").encode()) == 200
    lost_to_sight(office, "3EB0SURR", "antes", "depois")


def lost_to_sight(office: Office, id: str, *words: str) -> None:
    """It stands with its words, or it is a dead letter that an operator can see."""

    def look() -> bool:
        stands = [one for one in office.helpdesk.everything() if one["source_id"] == f"WAID:{id}"]
        if stands:
            return all(word in stands[0]["content"] for word in words)
        return any(letter["reason"] for letter in office.json("dead", "list"))

    eventually(look, f"{id} in the helpdesk or among the dead letters")


@pytest.mark.parametrize("body", [b"[" * 100_000 + b"]" * 100_000, b'{"a":' * 50_000 + b"1" + b"}" * 50_000])
def test_a_deep_body_is_kept_as_a_dead_letter(office: Office, body: bytes) -> None:
    before = len(office.json("dead", "list"))
    assert office.knock(body) == 200
    eventually(lambda: len(office.json("dead", "list")) > before, "the dead letter")


@pytest.mark.parametrize("body", [b"", b"\xff\xfe\x00", b"null", b'"words"', b"{}", b'{"event":7}'])
def test_a_signed_body_that_makes_no_sense_is_kept_or_skipped_but_never_fails(office: Office, body: bytes) -> None:
    assert office.knock(body) == 200


@pytest.mark.parametrize(
    "stamp", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "not a time", "2026-13-45T99:99:99Z"]
)
def test_a_stamp_from_another_world_does_not_lose_the_message(office: Office, stamp: str) -> None:
    name = f"3EB0STAMP{zlib.crc32(stamp.encode())}"
    assert office.knock(envelope(jid(15), "Quando?", name="Tempo", id=name, timestamp=stamp)) == 200
    assert "Quando?" in office.helpdesk.standing(name)["content"]


def test_after_a_stamp_of_the_year_9999_the_chat_goes_on_in_order(office: Office) -> None:
    """Each is sent once the one before stands: inside one second nobody behind GOWA can know the order."""
    stamps: tuple[dict[str, str], ...] = ({"timestamp": "9999-12-31T23:59:59Z"}, {}, {})
    for number, (text, stamp) in enumerate(zip(("um", "dois", "três"), stamps, strict=True)):
        assert office.knock(envelope(jid(16), text, name="T", id=f"3EB0T{number}", **stamp)) == 200
        office.helpdesk.standing(f"3EB0T{number}")
    conversation = office.helpdesk.standing("3EB0T0")["conversation_id"]
    assert [text.splitlines()[-1] for text in office.helpdesk.texts(conversation)] == ["um", "dois", "três"]


def test_a_body_beyond_the_limit_is_answered_413_and_recorded_as_a_gap(office: Office) -> None:
    """It is refused by its length, before a byte of it is read."""
    with closing(http.client.HTTPConnection("127.0.0.1", office.ports.bridge, timeout=10)) as connection:
        connection.putrequest("POST", "/webhooks/gateway/demo")
        connection.putheader("Content-Length", str(17 * 1024 * 1024))
        connection.endheaders()
        assert connection.getresponse().status == 413
    causes = {gap["cause"] for gap in office.json("trace", "3EB0NOBODY")["gaps"]}
    assert "too_large" in causes


def test_a_wrong_signature_is_answered_401_and_counted(office: Office) -> None:
    before = office.metric("whatsapp_web_signature_invalid_total")
    assert office.knock(envelope(jid(17), "Falso", id="3EB0FALSE"), secret="another") == 401
    assert office.metric("whatsapp_web_signature_invalid_total") == before + 1


def test_an_unknown_channel_is_answered_404(office: Office) -> None:
    assert office.knock(envelope(jid(17), "Onde?", id="3EB0WHERE"), channel="nobody") == 404
