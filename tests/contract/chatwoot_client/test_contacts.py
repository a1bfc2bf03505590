"""Contract 1.2 and 1.3: what the client relies on about contacts."""

from __future__ import annotations

import asyncio

import pytest

from tests.contract.chatwoot_client.conftest import JID, Helpdesk
from unlost.chatwoot.answers import Contact
from unlost.errors import Refused, Unsure
from unlost.vocabulary.facts import Facts
from unlost.vocabulary.steps import JoinInbox, SetAvatar

PHONE, OTHER_FORM = "+5511987654321", "+551187654321"


async def ana(desk: Helpdesk, source_id: str = JID, identifier: str = JID, phone: str = PHONE) -> Contact:
    return await desk.client.contacts.create(source_id=source_id, identifier=identifier, name="Ana", phone=phone)


async def test_nobody_has_a_source_id_that_was_never_given(desk: Helpdesk) -> None:
    assert await desk.client.contacts.by_source(JID) is None


async def test_a_created_contact_has_its_source_id_in_the_inbox(desk: Helpdesk) -> None:
    made = await ana(desk)
    assert await desk.client.contacts.by_source(JID) == made


async def test_a_taken_identifier_is_refused_by_name(desk: Helpdesk) -> None:
    await ana(desk)
    with pytest.raises(Refused) as caught:
        await ana(desk, source_id="another", phone="")
    assert caught.value.fields == ("identifier",)


async def test_a_taken_number_is_refused_by_name(desk: Helpdesk) -> None:
    await ana(desk)
    with pytest.raises(Refused) as caught:
        await ana(desk, source_id="another", identifier="another")
    assert caught.value.fields == ("phone_number",)


async def test_a_taken_source_id_is_a_bare_500_that_made_no_contact(desk: Helpdesk) -> None:
    made = await ana(desk)
    with pytest.raises(Unsure):
        await ana(desk, identifier="another", phone="+5511911111111")
    assert await desk.client.contacts.by_person("another", ("+5511911111111",)) is None
    assert await desk.client.contacts.by_source(JID) == made


async def test_two_creations_at_once_make_one_contact(desk: Helpdesk) -> None:
    results = await asyncio.gather(ana(desk), ana(desk), return_exceptions=True)
    assert sum(isinstance(one, Contact) for one in results) == 1


@pytest.mark.parametrize("stored", [PHONE, OTHER_FORM])
async def test_a_person_is_found_by_either_form_of_the_number(desk: Helpdesk, stored: str) -> None:
    made = await ana(desk, source_id="uuid", identifier="crm-1", phone=stored)
    assert await desk.client.contacts.by_person(JID, (PHONE, OTHER_FORM)) == made


async def test_a_person_is_found_by_identifier_alone(desk: Helpdesk) -> None:
    made = await ana(desk, source_id="uuid", phone="")
    assert await desk.client.contacts.by_person(JID, (PHONE, OTHER_FORM)) == made


async def test_joining_the_inbox_twice_is_joining_it_once(desk: Helpdesk) -> None:
    made = await ana(desk, source_id="uuid")
    await desk.client.contacts.join_inbox(made.id, JID)
    await desk.client.contacts.join_inbox(made.id, JID)
    assert await desk.client.contacts.by_source(JID) == made


async def test_joining_with_a_source_id_of_anothers_is_refused(desk: Helpdesk) -> None:
    await ana(desk)
    other = await ana(desk, source_id="uuid", identifier="other", phone="")
    with pytest.raises(Refused) as caught:
        await desk.delivery.perform(JoinInbox(other.id, JID), Facts())
    assert caught.value.fields == ("source_id",)


async def test_a_source_id_stays_through_a_merge_and_its_contact_changes(desk: Helpdesk) -> None:
    kept = await ana(desk, source_id="uuid", identifier="crm-1", phone="")
    gone = await ana(desk)
    await desk.see("POST", "actions/contact_merge", {"base_contact_id": kept.id, "mergee_contact_id": gone.id})
    found = await desk.client.contacts.by_source(JID)
    assert found is not None
    assert found.id == kept.id


async def test_a_contact_that_was_deleted_is_nobody(desk: Helpdesk) -> None:
    made = await ana(desk)
    await desk.see("DELETE", f"contacts/{made.id}")
    assert await desk.client.contacts.by_source(JID) is None


async def test_a_longer_name_than_the_column_is_cut_and_taken(desk: Helpdesk) -> None:
    made = await desk.client.contacts.create(source_id=JID, identifier=JID, name="x" * 10_000, phone="")
    assert len(made.name) == 255


async def test_a_rename_is_seen(desk: Helpdesk) -> None:
    made = await ana(desk)
    await desk.client.contacts.rename(made.id, "Ana Maria\0")
    found = await desk.client.contacts.by_source(JID)
    assert found is not None
    assert found.name == "Ana Maria\ufffd"


async def test_an_avatar_is_there_at_once(desk: Helpdesk) -> None:
    made = await ana(desk)
    await desk.delivery.perform(SetAvatar(made.id, "http://gateway/picture"), Facts())
    shown = await desk.see("GET", f"contacts/{made.id}")
    assert shown["payload"]["thumbnail"]
