"""Contract 1.2 and 1.3."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.chatwoot.scripted import ScriptedHttp, answer, client, contact
from unlost.errors import Refused, Unsure
from unlost.vocabulary.ids import ContactId

JID = "5511987654321@s.whatsapp.net"
PHONES = ("+5511987654321", "+551187654321")


def found(*contacts: dict[str, Any]) -> ScriptedHttp:
    return ScriptedHttp(answer(200, {"meta": {}, "payload": list(contacts)}))


async def test_a_source_id_nobody_has_is_answered_404_and_means_nobody() -> None:
    http = ScriptedHttp(answer(404))
    assert await client(http).contacts.by_source(JID) is None
    assert http.body() == {"inbox_id": 7, "source_id": JID}


async def test_a_person_is_looked_for_by_identifier_and_both_numbers_in_one_call() -> None:
    http = found()
    assert await client(http).contacts.by_person(JID, PHONES) is None
    assert http.asked == ["POST contacts/filter"]
    rules = http.body()["payload"]
    assert [(rule["attribute_key"], rule["values"], rule["query_operator"]) for rule in rules] == [
        ("identifier", [JID], "OR"),
        ("phone_number", [PHONES[0]], "OR"),
        ("phone_number", [PHONES[1]], None),
    ]


async def test_the_identifiers_owner_comes_before_an_older_owner_of_the_number() -> None:
    http = found(contact(1, identifier=None, phone_number=PHONES[0]), contact(2, identifier=JID, phone_number=None))
    best = await client(http).contacts.by_person(JID, PHONES)
    assert best is not None
    assert best.id == 2


async def test_the_owner_of_another_identifier_of_the_person_comes_before_the_owner_of_the_number() -> None:
    http = found(contact(1, identifier=None, phone_number=PHONES[0]), contact(2, identifier="9@lid", phone_number=None))
    best = await client(http).contacts.by_person(JID, PHONES, ("9@lid",))
    assert best is not None
    assert best.id == 2
    assert [rule["values"] for rule in http.body()["payload"]][:2] == [[JID], ["9@lid"]]


async def test_of_several_owners_of_one_number_the_oldest_is_taken() -> None:
    http = found(*(contact(number, identifier=None, phone_number=PHONES[0]) for number in (9, 4, 6)))
    best = await client(http).contacts.by_person(JID, PHONES)
    assert best is not None
    assert best.id == 4


async def test_the_numbers_first_form_comes_before_its_other_one() -> None:
    http = found(
        contact(1, identifier=None, phone_number=PHONES[1]), contact(2, identifier=None, phone_number=PHONES[0])
    )
    best = await client(http).contacts.by_person(JID, PHONES)
    assert best is not None
    assert best.id == 2


async def test_a_contact_that_only_resembles_the_person_is_not_taken() -> None:
    http = found(contact(1, identifier="5511", phone_number="+55119876543210"))
    assert await client(http).contacts.by_person(JID, PHONES) is None


async def test_a_contact_is_created_with_its_place_in_the_inbox_in_one_call() -> None:
    http = ScriptedHttp(answer(200, {"payload": {"contact": contact(12), "contact_inbox": {"source_id": JID}}}))
    made = await client(http).contacts.create(source_id=JID, identifier=JID, name="Ana", phone=PHONES[0])
    assert made.id == 12
    assert http.body() == {"inbox_id": 7, "source_id": JID, "identifier": JID, "name": "Ana", "phone_number": PHONES[0]}


async def test_without_a_number_none_is_sent_because_a_lid_would_pass_for_one() -> None:
    http = ScriptedHttp(answer(200, {"payload": {"contact": contact(12)}}))
    await client(http).contacts.create(source_id="1@lid", identifier="1@lid", name="Ana", phone="")
    assert "phone_number" not in http.body()


async def test_a_name_is_cut_to_the_column_it_goes_into() -> None:
    http = ScriptedHttp(answer(200, {"payload": {"contact": contact(12)}}))
    await client(http).contacts.create(source_id=JID, identifier=JID, name="x" * 10_000, phone="")
    assert len(http.body()["name"]) == 255


async def test_a_taken_identifier_is_a_refusal_that_names_it() -> None:
    http = ScriptedHttp(answer(422, {"message": "Identifier já está em uso", "attributes": ["identifier"]}))
    with pytest.raises(Refused) as caught:
        await client(http).contacts.create(source_id=JID, identifier=JID, name="Ana", phone="")
    assert caught.value.fields == ("identifier",)


async def test_a_source_id_taken_in_a_race_is_a_500_and_unsure() -> None:
    with pytest.raises(Unsure):
        await client(ScriptedHttp(answer(500))).contacts.create(source_id=JID, identifier=JID, name="Ana", phone="")


@pytest.mark.parametrize(
    ("picture", "content_type"),
    [
        (b"\xff\xd8\xff\xe0rest", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\nrest", "image/png"),
        (b"GIF89a", "image/gif"),
        (b"RIFF1234WEBPrest", "image/webp"),
    ],
)
async def test_an_avatar_is_an_upload_of_the_kind_its_bytes_say(picture: bytes, content_type: str) -> None:
    http = ScriptedHttp(answer(200, {"payload": contact()}))
    await client(http).contacts.set_avatar(ContactId(11), picture)
    upload = http.calls[0].uploads[0]
    assert http.asked == ["PUT contacts/11"]
    assert (upload.field, upload.content_type, upload.content) == ("avatar", content_type, picture)


@pytest.mark.parametrize("picture", [b"", b"<svg/>", b"\xff\xd8\xff" + bytes(15 * 1024 * 1024)])
async def test_a_picture_the_helpdesk_does_not_take_is_not_sent(picture: bytes) -> None:
    http = ScriptedHttp()
    with pytest.raises(Refused) as caught:
        await client(http).contacts.set_avatar(ContactId(11), picture)
    assert caught.value.fields == ("avatar",)
