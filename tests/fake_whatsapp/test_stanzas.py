"""The codec, and what a stanza shows of itself."""

import pytest

pytest.importorskip("pyaileys", reason="the library that has WhatsApp's token tables is not installed")

from tests.fake_whatsapp.codec import decode, encode
from tests.fake_whatsapp.stanza import Stanza, stanza

SAID = [
    stanza("presence", type="available"),
    stanza("iq", stanza("ping"), id="1.2-3", to="@s.whatsapp.net", type="get", xmlns="w:p"),
    stanza("message", stanza("enc", bytes(range(256)) * 300, v="2", type="msg"), from_="628999888777@s.whatsapp.net"),
    stanza("receipt", to="628111222333:1@s.whatsapp.net", id="3EB0A1B2C3"),
    stanza("receipt", to="9628111222333:1@lid", participant="9628@lid"),
    stanza("message", notify="Ünïcode 🎉", from_="120363000000000001@g.us"),
    stanza("list", *(stanza("user", jid=f"{number}@s.whatsapp.net") for number in range(300))),
]


@pytest.mark.parametrize("said", SAID, ids=lambda said: said.tag)
def test_what_is_encoded_is_read_back(said: Stanza) -> None:
    assert decode(encode(said)) == said


def test_an_address_inside_an_address_is_written_as_such() -> None:
    """Two JIDs, one inside the other: what the engine's decoder panics at."""
    assert encode(stanza("picture", jid="1@c.us@s.whatsapp.net")).count(b"\xfa") == 2


def test_bytes_are_shown_by_their_number_alone() -> None:
    assert str(stanza("message", stanza("enc", b"secret"), id="A")) == '<message id="A"><enc>[6 bytes]</enc></message>'


def test_an_element_that_is_not_there_is_an_error_that_names_it() -> None:
    with pytest.raises(LookupError, match="<iq> has no <usync>"):
        stanza("iq").need("usync")
