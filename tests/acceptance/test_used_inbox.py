"""An inbox that agents have used before, and agents who tidy up."""

from typing import Any

import pytest

from tests.acceptance.conftest import Opened
from tests.acceptance.office import Office
from tests.acceptance.waiting import eventually

WITH_NINE, WITHOUT_NINE = "5541988880091", "554188880091"
BRUNO, CARLA, DUDA = "5541988880092", "5541988880093", "5541988880094"


@pytest.fixture(scope="module")
def office(open_office: Opened) -> Office:
    return open_office()


def made_by_an_agent(office: Office, name: str, phone: str) -> int:
    """A contact of the inbox, typed in by hand."""
    body = {"inbox_id": 1, "name": name, "phone_number": f"+{phone}"}
    made: int = office.helpdesk.ask("POST", "contacts", body)["payload"]["contact"]["id"]
    return made


@pytest.mark.parametrize(
    ("typed", "written"),
    [(WITH_NINE, WITHOUT_NINE), ("554188880095", "5541988880095")],
    ids=["ninth typed", "not typed"],
)
def test_a_contact_that_an_agent_typed_in_with_the_other_brazilian_form_is_adopted(
    office: Office, typed: str, written: str
) -> None:
    contact = made_by_an_agent(office, f"Dona {typed}", typed)
    sent = office.people.send_text(office.customer(written, "Ana").key, "Bom dia")
    message = office.helpdesk.standing(sent.id)
    found = office.helpdesk.contact_of(message["conversation_id"])
    assert (found["id"], found["name"]) == (contact, f"Dona {typed}")


def test_the_conversation_that_an_agent_had_begun_goes_on(office: Office) -> None:
    contact = made_by_an_agent(office, "Bruno", BRUNO)
    begun = office.helpdesk.ask("POST", "conversations", {"inbox_id": 1, "contact_id": contact})["id"]
    office.helpdesk.write(begun, "a note of last week", private=True)
    sent = office.people.send_text(office.customer(BRUNO, "Bruno").key, "Voltei")
    assert office.helpdesk.standing(sent.id)["conversation_id"] == begun


def test_a_conversation_that_an_agent_deletes_is_begun_anew_with_the_next_message(office: Office) -> None:
    carla = office.customer(CARLA, "Carla")
    first = office.helpdesk.standing(office.people.send_text(carla.key, "Primeira").id)["conversation_id"]
    office.helpdesk.ask("DELETE", f"conversations/{first}")
    eventually(lambda: office.helpdesk.is_missing(f"conversations/{first}"), "the conversation gone")
    second = office.helpdesk.standing(office.people.send_text(carla.key, "Segunda").id, within_s=30)
    assert second["conversation_id"] != first
    assert second["content"] == "Segunda"
    third = office.helpdesk.standing(office.people.send_text(carla.key, "Terceira").id)
    assert third["conversation_id"] == second["conversation_id"]


def test_a_contact_that_an_agent_deletes_is_made_anew_with_the_next_message(office: Office) -> None:
    duda = office.customer(DUDA, "Duda")
    first = office.helpdesk.standing(office.people.send_text(duda.key, "Primeira").id)["conversation_id"]
    contact = office.helpdesk.contact_of(first)["id"]
    office.helpdesk.ask("DELETE", f"contacts/{contact}")
    eventually(lambda: office.helpdesk.is_missing(f"contacts/{contact}"), "the contact gone")
    second = office.helpdesk.standing(office.people.send_text(duda.key, "Segunda").id, within_s=30)
    found = office.helpdesk.contact_of(second["conversation_id"])
    assert (found["name"], found["id"] == contact) == ("Duda", False)


def test_nothing_of_it_left_a_dead_letter_or_a_second_contact(office: Office) -> None:
    """Last of its module."""
    contacts: list[dict[str, Any]] = office.helpdesk.ask("GET", "contacts?page=1")["payload"]
    phones = [contact["phone_number"] for contact in contacts]
    assert len(phones) == len(set(phones)) == 5
    assert office.json("dead", "list") == []
