"""Door keys: what makes two tellings one happening."""

import pytest
from msgspec.structs import replace

from unlost.journal.keys import door_key, keyed
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.envelopes import Envelope, Kind, Source
from unlost.vocabulary.ids import WhatsAppId

ANA = Address("628111111111@s.whatsapp.net")
TEXT = Envelope(Source.ENVELOPE, Kind.MESSAGE, ANA, sender=ANA, id=WhatsAppId("m1"))


def key(envelope: Envelope, raw: bytes = b"{}", *, secret: bytes = b"s", channel: str = "support") -> bytes:
    return door_key(secret, channel, None, envelope, raw, chat=envelope.chat, sender=envelope.sender)


def test_the_body_of_a_message_with_an_id_does_not_matter() -> None:
    assert key(TEXT, b"first") == key(TEXT, b"retried")


@pytest.mark.parametrize(
    "other",
    [
        replace(TEXT, chat=Address("x@g.us")),
        replace(TEXT, sender=Address("x@lid")),
        replace(TEXT, kind=Kind.EDIT),
        replace(TEXT, id=WhatsAppId("m2")),
        replace(TEXT, device=Address("x@s.whatsapp.net")),
    ],
)
def test_device_chat_sender_kind_and_id_each_make_another_key(other: Envelope) -> None:
    assert key(other) != key(TEXT)


def test_an_event_without_content_is_known_by_its_body() -> None:
    empty = replace(TEXT, is_empty=True)
    assert key(empty, b"one") != key(empty, b"two")
    assert key(empty, b"one") == key(empty, b"one")


def test_keys_of_two_journals_or_channels_have_nothing_in_common() -> None:
    assert len({key(TEXT), key(TEXT, secret=b"t"), key(TEXT, channel="sales")}) == 3


def test_parts_cannot_be_shifted_into_one_another() -> None:
    assert keyed(b"s", b"ab", b"c") != keyed(b"s", b"a", b"bc")


def test_a_key_tells_nothing_without_the_secret() -> None:
    assert b"628111111111" not in key(TEXT)
    assert len(key(TEXT)) == 16
