"""What no reader understands has one name, for its webhook and for its row, however often either comes."""

import json
from typing import Any

import pytest

from tests.unit.gowa.samples import GROUP, LID, OWN, PEER
from tests.unit.gowa.test_hostile_bodies import flat, wrapped
from tests.unit.gowa.test_storage_rows import row
from unlost.errors import Refused
from unlost.gowa.readers import envelope_of_row, envelope_of_unread_row, name_of_unread, read_envelope
from unlost.vocabulary.envelopes import Envelope, Kind, Source
from unlost.vocabulary.ids import WhatsAppId

BAD_IDS = ["3EB0 C127", "A" * 200, "\u00e9", "a\nb", 5, {"a": 1}, "\ud800"]
AT = 1_697_365_800.0


def kept(raw: bytes) -> Envelope:
    """A row that is refused, as it is kept."""
    with pytest.raises(Refused):
        envelope_of_row(raw, PEER, OWN)
    return envelope_of_unread_row(raw, PEER, OWN)


def name(raw: bytes) -> WhatsAppId | None:
    """That of a webhook that is refused."""
    with pytest.raises(Refused):
        read_envelope(raw, device=OWN)
    return name_of_unread(raw, device=OWN)


def own_flat(id: object, **fields: Any) -> bytes:
    return flat(message={"text": "Hello", "id": id}, **fields)


@pytest.mark.parametrize("id", [*BAD_IDS, "", None])
def test_a_row_that_is_refused_is_kept_as_unreadable_with_its_time(id: object) -> None:
    envelope = kept(row(id=id))
    assert (envelope.source, envelope.kind, envelope.chat, envelope.told_at) == (
        Source.STORAGE,
        Kind.UNREADABLE,
        None,
        AT,
    )
    assert envelope.id is not None


@pytest.mark.parametrize("id", BAD_IDS)
def test_webhooks_of_both_dialects_and_row_have_one_name(id: object) -> None:
    assert {name(wrapped(id=id)), name(own_flat(id)), kept(row(id=id)).id} == {kept(row(id=id)).id}


def test_so_have_those_of_a_member_and_our_own() -> None:
    member = "628111111111@s.whatsapp.net"
    assert (
        name(wrapped(id="a b", chat_id=GROUP, **{"from": member}))
        == kept(row(id="a b", chat_jid=GROUP, sender_jid=member)).id
    )
    assert (
        name(wrapped(id="a b", is_from_me=True, **{"from": OWN}))
        == kept(row(id="a b", sender_jid=OWN, is_from_me=True)).id
    )
    assert (
        name(own_flat("a b", **{"from": f"{OWN} in {PEER}"})) == kept(row(id="a b", sender_jid=OWN, is_from_me=True)).id
    )


@pytest.mark.parametrize("id", [*BAD_IDS, ""])
def test_what_is_written_to_a_row_leaves_it_its_name(id: object) -> None:
    later = {"updated_at": "2023-11-01T00:00:00Z", "reactions": [{"emoji": "+"}], "sender_display_name": "Ana"}
    assert kept(row(id=id)).id == kept(row(id=id, **later)).id


def test_a_row_without_an_id_keeps_its_name_where_its_times_are_printed_in_another_zone() -> None:
    printed = ["2023-10-15T10:30:00Z", "2023-10-15T10:30:00+00:00", "2023-10-15T07:30:00-03:00"]
    assert len({kept(row(id="", timestamp=at, created_at=at)).id for at in printed}) == 1


@pytest.mark.parametrize(
    "others",
    [
        [{"id": "a b"}, {"id": "a  b"}, {"id": "a b", "chat_jid": LID}, {"id": "a b", "is_from_me": True}],
        [{"id": "a b", "chat_jid": GROUP}, {"id": "a b", "chat_jid": GROUP, "sender_jid": LID}],
        [{"id": ""}, {"id": "", "timestamp": "2023-10-15T10:30:01Z"}, {"id": "", "content": "x"}],
        [{"chat_jid": "nobody", "id": "A"}, {"chat_jid": 5, "id": "B"}, {"is_from_me": "?", "id": ""}],
    ],
)
def test_different_messages_have_different_names(others: list[dict[str, Any]]) -> None:
    rows = [row(**other) for other in others]
    assert len({envelope_of_unread_row(raw, PEER, OWN).id for raw in rows}) == len(rows)


@pytest.mark.parametrize("raw", [b"null", b"5", b"{", b"[]", b'"x"', b"\xff", b"{}", b'{"id":5}', b'{"chat_jid":5}'])
def test_even_what_is_no_row_is_kept(raw: bytes) -> None:
    envelope = envelope_of_unread_row(raw, PEER, OWN)
    assert (envelope.kind, envelope.id) == (Kind.UNREADABLE, envelope_of_unread_row(raw, PEER, OWN).id)


def test_a_row_without_whatsapps_time_has_the_gateways() -> None:
    assert kept(row(id="a b", timestamp="?", created_at="2023-10-15T10:30:00Z")).told_at == AT


def test_a_twin_does_not_take_the_name_of_its_content() -> None:
    assert name(wrapped(id="a b", body="")) is None
    assert name(own_flat("a b") and flat(message={"text": "", "id": "a b"})) is None


def test_another_accounts_message_does_not_take_the_name_of_our_own() -> None:
    other = json.loads(wrapped(id="a b")) | {"device_id": "628999999999@s.whatsapp.net"}
    assert name(json.dumps(other).encode()) != name(wrapped(id="a b"))


@pytest.mark.parametrize("raw", [b"", b"{", b"null", b"[]", b'{"event":"message"}', b'{"event":"message","payload":5}'])
def test_what_is_no_message_is_known_by_its_body(raw: bytes) -> None:
    assert name_of_unread(raw, device=OWN) is None


def test_a_reaction_or_an_edit_has_no_row_of_its_own() -> None:
    edited = json.loads(wrapped(id="a b")) | {"event": "message.edited"}
    assert name(json.dumps(edited).encode()) is None
    assert name_of_unread(flat(message={"id": "a b"}, reaction={"message": "+", "id": "A"}), device=OWN) is None
