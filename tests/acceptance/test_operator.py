"""What an operator does on a bad day, with the commands alone."""

import sqlite3
from contextlib import closing
from typing import Any

import pytest

from tests.acceptance.conftest import Opened
from tests.acceptance.office import Office, envelope
from tests.acceptance.waiting import eventually
from unlost.gateway.population import Sent

ANA, BRUNO = "5541999900061", "5541999900062"


@pytest.fixture(scope="module")
def office(open_office: Opened) -> Office:
    """Ana has written."""
    office = open_office()
    office.helpdesk.standing(says(office, ANA, "Ana", "Bom dia").id)
    return office


def says(office: Office, phone: str, name: str, text: str) -> Sent:
    """Somebody writes."""
    return office.people.send_text(office.customer(phone, name).key, text)


def refused(office: Office, phone: str, name: str, text: str) -> Sent:
    """Somebody writes what the helpdesk will not have, neither whole nor as bare text; a dead letter at the end."""
    before = len(office.json("dead", "list"))
    office.helpdesk.befall(kind="answer", method="POST", path="/messages", status=422, times=2)
    sent = says(office, phone, name, text)
    eventually(lambda: len(office.json("dead", "list")) > before, "the dead letter", within_s=30)
    office.helpdesk.no_more_faults()
    return sent


def test_status_shows_both_sides_and_what_was_delivered(office: Office) -> None:
    eventually(lambda: office.json("status")["channels"][0]["gateway_logged_in"], "the gateway seen logged in")
    (channel,) = office.json("status", "--since", "48h")["channels"]
    assert (channel["name"], channel["gateway_up"], channel["helpdesk_up"]) == ("demo", True, True)
    assert channel["delivered"] >= 1
    assert "demo" in office.says("status")


@pytest.mark.parametrize("spelling", ["5541999900061", "+55 41 99990-0061", "+55 (41) 9990-0061", "(41) 99990-0061"])
def test_a_message_is_traced_by_its_phone_in_any_spelling(office: Office, spelling: str) -> None:
    assert "delivered" in office.says("trace", spelling)


def test_a_number_is_read_with_the_country_that_is_named(office: Office) -> None:
    assert "nothing was received" in office.says("trace", "(41) 99990-0061", "--region", "US")


def test_a_message_is_traced_by_its_id_to_where_it_stands(office: Office) -> None:
    sent = says(office, ANA, "Ana", "Segue o comprovante")
    message = office.helpdesk.standing(sent.id)
    assert f"stands as message {message['id']} in conversation {message['conversation_id']}" in office.says(
        "trace", sent.id
    )


def test_a_conversation_is_traced_by_its_number_and_by_its_url(office: Office) -> None:
    """Both at a moment: webhooks of what the other stories said may still come in between two looks."""
    number = office.helpdesk.conversations()[0]["id"]

    def agree() -> bool:
        by_number = office.json("trace", str(number))["entries"]
        by_url = office.json("trace", f"{office.desk_url}/app/accounts/1/conversations/{number}")["entries"]
        return bool(by_number) and by_url == by_number

    eventually(agree, "the same entries by number and by URL")


def test_of_what_never_came_trace_says_since_when_the_door_has_been_open(office: Office) -> None:
    assert "nothing was received; the door has been open since" in office.says("trace", "3EB0NEVERSENT")


def test_a_dead_letter_is_listed_shown_and_retried_and_the_agents_were_told(office: Office) -> None:
    sent = refused(office, BRUNO, "Bruno", "Recusada")
    (letter,) = office.json("dead", "list")
    assert (letter["whatsapp_id"], letter["state"]) == (sent.id, "dead")
    assert sent.id in office.says("dead", "show", str(letter["id"]))
    assert office.says("dead", "retry", str(letter["id"]), "--preview").strip() == "1 would be retried"
    assert office.says("dead", "retry", str(letter["id"])).strip() == "1 retried"
    message = office.helpdesk.standing(sent.id, within_s=30)
    assert "Recusada" in message["content"]
    again = office.run("dead", "retry", str(letter["id"]))
    assert (again.returncode, "no dead letters" in again.stderr) == (1, True)
    notes = [one for one in office.helpdesk.messages(message["conversation_id"]) if one["private"]]
    assert [("could not be shown here" in note["content"]) for note in notes] == [True]
    assert office.json("dead", "list") == []


def test_a_dead_letter_is_discarded_only_after_a_yes(office: Office) -> None:
    refused(office, BRUNO, "Bruno", "Também recusada")
    (letter,) = office.json("dead", "list")
    assert office.run("dead", "discard", str(letter["id"]), stdin="n\n").returncode == 1
    assert len(office.json("dead", "list")) == 1
    assert office.says("dead", "discard", "--channel", "demo", "--yes").strip() == "1 discarded"
    assert office.json("dead", "list") == []


def test_a_paused_channel_keeps_what_arrives_and_goes_on(office: Office) -> None:
    office.says("pause", "demo", "--inbound")
    sent = says(office, ANA, "Ana", "Durante a pausa")

    def waits() -> list[dict[str, Any]]:
        return [one for one in office.json("trace", sent.id)["entries"] if one["state"] == "waiting"]

    eventually(waits, "the message waiting")
    assert "inbound" in office.says("status") or "in" in office.json("status")["channels"][0]["paused"]
    assert all(one["source_id"] != f"WAID:{sent.id}" for one in office.helpdesk.everything())
    office.says("resume", "demo")
    assert office.helpdesk.standing(sent.id)["content"] == "Durante a pausa"


def test_reconcile_brings_what_no_webhook_ever_told(office: Office) -> None:
    office.gateway_fault(lose_webhooks=1)
    sent = says(office, ANA, "Ana", "Ninguém contou")
    eventually(lambda: not office.people.queue.length(), "the gateway to have taken it")
    office.says("reconcile")
    assert office.helpdesk.standing(sent.id)["content"] == "Ninguém contou"


def test_drain_ends_when_nothing_waits(office: Office) -> None:
    says(office, ANA, "Ana", "Última")
    assert office.says("drain", "--timeout", "60s").strip().endswith("nothing waits")


def test_a_backup_is_a_whole_journal_taken_while_the_bridge_runs(office: Office) -> None:
    to = office.folder / "backup.db"
    office.says("backup", str(to))
    with closing(sqlite3.connect(to)) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert copy.execute("SELECT count(*) FROM entry").fetchone()[0] > 0
    assert office.run("backup", str(to)).returncode == 1


@pytest.mark.parametrize("folder", ["none", "desk.log"])
def test_a_backup_into_a_folder_that_is_none_is_one_line_and_the_cure(office: Office, folder: str) -> None:
    ended = office.run("backup", str(office.folder / folder / "backup.db"))
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (1, "", 1)
    assert "cannot be written" in ended.stderr


def test_a_command_without_a_bridge_says_how_to_start_one(office: Office) -> None:
    """Last of its module."""
    office.bridge.stop()
    ended = office.run("status")
    assert ended.returncode == 1
    assert "start it with `unlost serve`" in ended.stderr


def test_what_came_after_a_command_s_restart_stands_too(office: Office) -> None:
    """After the one before it."""
    office.start_bridge()
    assert office.knock(envelope(f"{ANA}@s.whatsapp.net", "De volta", name="Ana", id="3EB0BACK")) == 200
    assert office.helpdesk.standing("3EB0BACK")["content"] == "De volta"
