"""Which facts the steps about contacts set."""

from __future__ import annotations

import pytest

from tests.unit.chatwoot.scripted import answer, contact
from tests.unit.deliver.helpdesk import PICTURE, begun, scripted
from unlost.errors import Refused, TryLater
from unlost.vocabulary.facts import Facts
from unlost.vocabulary.ids import ContactId
from unlost.vocabulary.steps import CreateContact, FindContact, FindPerson, JoinInbox, RenameContact, SetAvatar

JID = "5511987654321@s.whatsapp.net"
FIND = FindContact(JID)
PERSON = FindPerson(JID, ("+5511987654321", "+551187654321"))
CREATE = CreateContact(JID, JID, "Ana", "+5511987654321")
JOIN = JoinInbox(ContactId(11), JID)
NOBODY = answer(404)
NO_PERSON = answer(200, {"payload": []})


async def test_who_has_the_source_id_is_the_contact_and_in_the_inbox() -> None:
    facts, _ = await scripted(answer(200, contact(11))).to_helpdesk.perform(FIND, Facts())
    assert facts == Facts(contact=ContactId(11), contact_by_source_searched=True, inbox_joined=True)


async def test_another_contact_than_before_may_have_conversations() -> None:
    before = Facts(contact=ContactId(9), contact_is_new=True, conversations_searched=True)
    facts, _ = await scripted(answer(200, contact(11))).to_helpdesk.perform(FIND, before)
    assert facts == Facts(contact=ContactId(11), contact_by_source_searched=True, inbox_joined=True)


async def test_nobody_having_the_source_id_is_a_fact() -> None:
    facts, _ = await scripted(NOBODY).to_helpdesk.perform(FIND, Facts())
    assert facts == Facts(contact_by_source_searched=True)


async def test_the_person_is_the_contact_but_perhaps_not_in_the_inbox() -> None:
    facts, _ = await scripted(answer(200, {"payload": [contact(11, identifier=JID)]})).to_helpdesk.perform(
        PERSON, Facts()
    )
    assert facts == Facts(contact=ContactId(11), person_searched=True)


async def test_no_such_person_is_a_fact() -> None:
    facts, _ = await scripted(NO_PERSON).to_helpdesk.perform(PERSON, Facts())
    assert facts == Facts(person_searched=True)


async def test_where_there_is_no_person_no_post_stands_that_names_no_conversation() -> None:
    facts, _ = await scripted(NO_PERSON).to_helpdesk.perform(PERSON, begun("PostMessage"))
    assert (facts.begun, facts.absences) == (None, 1)


async def test_a_source_id_that_nobody_has_ends_no_doubt_about_a_post() -> None:
    facts, _ = await scripted(NOBODY).to_helpdesk.perform(FIND, begun("PostMessage"))
    assert facts.begun is not None


async def test_a_created_contact_is_new_and_no_longer_begun() -> None:
    made = answer(200, {"payload": {"contact": contact(12)}})
    facts, _ = await scripted(made).to_helpdesk.perform(CREATE, begun("CreateContact"))
    assert facts == Facts(contact=ContactId(12), contact_is_new=True)


@pytest.mark.parametrize(("name", "is_ours"), [("Unknown", True), ("Aunt Ana", False)])
async def test_a_contact_in_doubt_that_bears_the_name_we_gave_is_the_one_we_made(name: str, is_ours: bool) -> None:
    """Else it was there before, and its name is somebody else's."""
    said = scripted(answer(200, contact(11, name=name)))
    facts, _ = await said.to_helpdesk.perform(FindContact(JID, made_as="Unknown"), begun("CreateContact"))
    assert (facts.contact_is_new, facts.contact_was_found) == (is_ours, is_ours)


@pytest.mark.parametrize(
    ("step", "said"),
    [(FIND, answer(200, contact(11))), (PERSON, answer(200, {"payload": [contact(11, identifier=JID)]}))],
)
async def test_a_contact_in_doubt_that_is_found_is_in_doubt_no_more(
    step: FindContact | FindPerson, said: object
) -> None:
    facts, _ = await scripted(said).to_helpdesk.perform(step, begun("CreateContact"))  # type: ignore[arg-type]  # a table of answers
    assert (facts.begun, facts.contact, facts.absences) == (None, 11, 0)


@pytest.mark.parametrize("doubt", ["CreateContact", "CreateConversation"])
@pytest.mark.parametrize(("step", "said"), [(FIND, NOBODY), (PERSON, NO_PERSON)])
async def test_where_there_is_no_contact_nothing_of_his_was_made(
    doubt: str, step: FindContact | FindPerson, said: object
) -> None:
    facts, _ = await scripted(said).to_helpdesk.perform(step, begun(doubt))  # type: ignore[arg-type]  # a table of answers
    assert (facts.begun, facts.absences) == (None, 1)


async def test_a_found_contact_says_nothing_about_a_conversation_in_doubt() -> None:
    before = begun("CreateConversation")
    facts, _ = await scripted(answer(200, contact(11))).to_helpdesk.perform(FIND, before)
    assert facts.begun == before.begun


async def test_a_contact_is_joined_to_the_inbox() -> None:
    facts, _ = await scripted(answer(200, {})).to_helpdesk.perform(JOIN, Facts())
    assert facts == Facts(inbox_joined=True)


async def test_a_source_id_that_is_anothers_is_refused_though_the_helpdesk_only_says_500() -> None:
    with pytest.raises(Refused) as caught:
        await scripted(answer(500), answer(200, contact(12))).to_helpdesk.perform(JOIN, Facts())
    assert caught.value.fields == ("source_id",)


@pytest.mark.parametrize("said", [answer(404), answer(200, contact(11))])
async def test_a_500_for_any_other_reason_is_tried_later(said: object) -> None:
    with pytest.raises(TryLater):
        await scripted(answer(500), said).to_helpdesk.perform(JOIN, Facts())  # type: ignore[arg-type]  # a table of answers


async def test_a_contact_is_renamed() -> None:
    facts, _ = await scripted(answer(200, {})).to_helpdesk.perform(RenameContact(ContactId(11), "Ana"), Facts())
    assert facts == Facts(renamed=True)


async def test_a_picture_is_fetched_and_uploaded() -> None:
    desk = scripted(answer(200, {}))
    facts, _ = await desk.to_helpdesk.perform(SetAvatar(ContactId(11), "http://x/p"), Facts())
    assert facts == Facts(avatar_set=True)
    assert desk.http.calls[0].uploads[0].content == PICTURE


async def test_a_picture_that_nobody_can_show_is_not_uploaded() -> None:
    desk = scripted()
    with pytest.raises(Refused) as raised:
        await desk.to_helpdesk.perform(SetAvatar(ContactId(11), "bomb"), Facts())
    assert (raised.value.fields, desk.http.calls) == (("avatar",), [])


async def test_a_picture_that_cannot_be_fetched_changes_nothing_in_the_helpdesk() -> None:
    desk = scripted()
    with pytest.raises(TryLater):
        await desk.to_helpdesk.perform(SetAvatar(ContactId(11), "gone"), Facts())
    assert desk.http.calls == []
