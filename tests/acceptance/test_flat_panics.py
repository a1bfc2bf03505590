"""GOWA 7 with the incident's fault: a panic in the avatar fetch takes the whole gateway down. `avatars = "always"` asks for it.

S1 to S3 and S7 as far as a bridge can do for them: messages go on, look-ups rest, and everything is counted and logged.
"""

import time

import pytest

from tests.acceptance.conftest import Opened
from tests.acceptance.office import Office
from tests.acceptance.waiting import eventually

AVATAR_FIELDS = {"jid", "error", "panic_recovered"}
LINE_FIELDS = {"event", "level", "timestamp"}
RESTED_LOOK_S = 4.0
"""Eight times the pace of look-ups here: whoever still asked would have by then."""


def revive(office: Office) -> None:
    """As the container's restart policy does, into the same fault."""
    eventually(lambda: not office.gateway.is_running, "the gateway's death", within_s=30)
    assert office.gateway.exit_code == 2
    office.start_gateway("gowa")
    office.gateway_fault(panics=99, fatal=True)


@pytest.fixture(scope="module")
def office(open_office: Opened) -> Office:
    """Two customers have written, and each picture that was asked for has killed the gateway."""
    office = open_office(dialect="flat")
    office.gateway_fault(panics=99, fatal=True)
    for number, name in enumerate(("Ana", "Bruno")):
        customer = office.customer(f"554199990003{number}", name)
        sent = office.people.send_text(customer.key, f"Olá, sou {name}")
        office.helpdesk.standing(sent.id)
        revive(office)
    return office


def test_messages_go_on(office: Office) -> None:
    customer = office.customer("5541999900041", "Carla")
    first, second = (office.people.send_text(customer.key, words) for words in ("Primeira", "Segunda"))
    assert office.helpdesk.standing(first.id, within_s=30)["content"] == "Primeira"
    assert office.helpdesk.standing(second.id)["content"] == "Segunda"


def test_after_two_deaths_the_look_ups_rest_and_the_gateway_lives(office: Office) -> None:
    asked = office.calls("avatar", "broken")
    customer = office.customer("5541999900042", "Duda")
    office.helpdesk.standing(office.people.send_text(customer.key, "Oi").id, within_s=30)
    ends_at = time.monotonic() + RESTED_LOOK_S
    while time.monotonic() < ends_at:
        assert office.gateway.is_running
        time.sleep(0.2)
    assert office.calls("avatar", "broken") == asked == 2


def test_the_panics_are_counted_under_the_incident_s_name(office: Office) -> None:
    """A gateway that dies tells nothing; the second death in a row is taken for a panic, the first may have been the line."""
    assert office.metric("whatsapp_web_avatar_fetch_panics_total") == 1


def test_the_failed_connections_are_counted_under_the_incident_s_name(office: Office) -> None:
    assert office.metric("whatsapp_web_api_connection_failures_total") >= 2


def test_avatar_failed_has_exactly_the_incident_s_fields(office: Office) -> None:
    lines = office.log("avatar.failed")
    assert lines
    assert {frozenset(line) for line in lines} == {frozenset(AVATAR_FIELDS | LINE_FIELDS)}


def test_contacts_stand_under_their_push_names_without_avatars(office: Office) -> None:
    contacts = [office.helpdesk.contact_of(one["id"]) for one in office.helpdesk.conversations()]
    assert {"Ana", "Bruno"} <= {contact["name"] for contact in contacts}
    assert {contact["thumbnail"] for contact in contacts} == {""}


def test_no_message_text_is_in_any_log(office: Office) -> None:
    log = (office.folder / "bridge.log").read_text()
    assert [word for word in ("Olá", "sou Ana", "Primeira", "Segunda", office.password) if word in log] == []
