"""A storage row has the identity of its message's webhook, so that the door key finds it (GOWA page, section 4)."""

import json
from typing import Any

import pytest

from tests.unit.gowa.samples import GROUP, LID, OWN, PEER, body
from unlost.errors import Refused
from unlost.gowa.readers import envelope_of_row, read_envelope, read_event
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.envelopes import Envelope, Kind, Pairing, Source
from unlost.vocabulary.events import Attachment, MessageArrived, Noticed


def row(**fields: Any) -> bytes:
    """A row of PEER's text, unless *fields* say otherwise."""
    values = {
        "id": "3EB0C127D7BACC83D6A1",
        "chat_jid": PEER,
        "sender_jid": PEER,
        "content": "Hello, how are you?",
        "timestamp": "2023-10-15T10:30:00Z",
        "is_from_me": False,
        "media_type": "",
    }
    return json.dumps(values | fields).encode()


def identity(envelope: Envelope) -> tuple[object, ...]:
    """What the door key is made of, and the time."""
    return (
        envelope.device,
        envelope.chat,
        envelope.sender,
        envelope.kind,
        envelope.id,
        envelope.told_at,
        envelope.is_empty,
    )


@pytest.mark.parametrize(
    ("sample", "fields"),
    [
        ("v7-flat-text", {}),
        ("v9-text", {}),
        ("v9-text-lid-chat", {"id": "3EB0C127D7BACC83D6C5", "sender_jid": LID}),
        ("v9-text-lid-unresolved", {"id": "3EB0C127D7BACC83D6C6", "chat_jid": LID, "sender_jid": LID}),
        ("v7-flat-dm-lid", {"id": "3EB0C127D7BACC83D6C5", "sender_jid": "251556368777322:0@lid"}),
        ("v7-flat-group-text", {"id": "3EB0C127D7BACC83D6C1", "chat_jid": GROUP}),
        (
            "v7-flat-group-text-device",
            {"id": "3EB0C127D7BACC83D6C2", "chat_jid": GROUP, "sender_jid": "628123456789:3@s.whatsapp.net"},
        ),
        (
            "v7-flat-dm-own",
            {"id": "3EB0C127D7BACC83D6C6", "sender_jid": "628987654321:5@s.whatsapp.net", "is_from_me": True},
        ),
        (
            "v9-own-message",
            {
                "id": "3EB0C127D7BACC83D6C7",
                "sender_jid": OWN,
                "is_from_me": True,
                "timestamp": "2023-10-15T10:31:00Z",
            },
        ),
        (
            "v9-image",
            {
                "id": "3EB0C127D7BACC83D6A3",
                "content": "",
                "media_type": "image",
                "timestamp": "2025-07-13T11:05:51Z",
            },
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_row_is_known_by_the_identity_of_its_webhook(sample: str, fields: dict[str, Any]) -> None:
    told = envelope_of_row(row(**fields), Address(fields.get("chat_jid", PEER)), OWN)
    assert identity(told) == identity(read_envelope(body(sample), device=OWN))


def test_a_row_comes_from_storage() -> None:
    assert envelope_of_row(row(), PEER, OWN).source is Source.STORAGE


def test_a_direct_row_sent_by_a_lid_teaches_the_pairing() -> None:
    assert envelope_of_row(row(sender_jid=LID), PEER, OWN).pairings == (Pairing(LID, PEER),)


def test_an_own_row_stored_under_our_lid_is_the_accounts() -> None:
    told = envelope_of_row(row(sender_jid="990000000000001@lid", is_from_me=True), PEER, OWN)
    assert (told.sender, told.pairings) == (OWN, ())


@pytest.mark.parametrize(
    ("metadata", "detail"),
    [
        ('{"call_id":"ABC","auto_rejected":true}', "auto_rejected"),
        ('{"call_id":"ABC","auto_rejected":false}', ""),
        ("", ""),
        ("[]", ""),
        ("\ud800", ""),
        (5, ""),
    ],
)
def test_a_call_row_says_whether_the_gateway_rejected_it(metadata: object, detail: str) -> None:
    told = row(id="call:ABC", media_type="call", call_metadata=metadata)
    event = read_event(Source.STORAGE, told, OWN)
    assert isinstance(event, Noticed)
    assert event.detail == detail


def test_a_call_row_is_known_by_the_identity_of_its_webhook() -> None:
    told = envelope_of_row(
        row(id="call:ABC123DEF456", media_type="call", timestamp="2026-02-05T12:00:00Z", chat_jid=OWN, sender_jid=OWN),
        OWN,
        PEER,
    )
    assert identity(told) == identity(read_envelope(body("v9-call-offer"), device=PEER))


def test_a_row_of_a_strange_kind_still_shows_that_something_hangs_on_it() -> None:
    event = read_event(Source.STORAGE, row(content="", media_type="hologram"), OWN)
    assert isinstance(event, MessageArrived)
    assert event.attachment is Attachment.DOCUMENT


def test_reactions_inside_a_row_do_not_change_what_it_is() -> None:
    with_reactions = row(reactions=[{"emoji": "👍", "sender_jid": PEER, "is_from_me": False}])
    assert envelope_of_row(with_reactions, PEER, OWN).kind is Kind.MESSAGE


def test_a_row_without_chat_belongs_to_the_chat_it_was_listed_under() -> None:
    assert envelope_of_row(row(chat_jid=""), PEER, OWN).chat == PEER


@pytest.mark.parametrize("fields", [{"id": ""}, {"id": "x" * 200}, {"id": 5}, {"is_from_me": "no"}])
def test_a_row_whose_identity_can_not_be_read_is_unreadable(fields: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refusal:
        envelope_of_row(row(**fields), PEER, OWN)
    assert refusal.value.cause == "unreadable"
