"""A backup is put in the journal's place, and what was posted since is told again."""

import pytest

from tests.acceptance.conftest import Opened
from tests.acceptance.office import Office, envelope
from tests.acceptance.waiting import eventually

ANA = "5541988880071"
AGAIN = "3EB0C0FFEE0000000071"


@pytest.fixture(scope="module")
def office(open_office: Opened) -> Office:
    return open_office()


def test_what_was_posted_after_the_backup_stands_once_though_it_is_told_again(office: Office) -> None:
    ana = office.customer(ANA, "Ana")
    office.helpdesk.standing(office.people.send_text(ana.key, "Antes da cópia").id)
    copy = office.folder / "before.db"
    office.says("backup", str(copy))
    body = envelope(f"{ANA}@s.whatsapp.net", "Depois da cópia", name="Ana", id=AGAIN)
    assert office.knock(body) == 200
    stored = office.people.send_text(ana.key, "Também depois").id
    first = [office.helpdesk.standing(one)["id"] for one in (AGAIN, stored)]
    office.bridge.stop()
    office.says("restore", str(copy), "--yes")
    office.start_bridge()
    assert office.knock(body) == 200
    office.says("reconcile")
    eventually(lambda: delivered(office, AGAIN), "the message told again delivered", within_s=30)
    new = office.helpdesk.standing(office.people.send_text(ana.key, "Depois da volta").id, within_s=30)
    again = [office.helpdesk.standing(one)["id"] for one in (AGAIN, stored)]
    assert again == first
    assert new["conversation_id"] == office.helpdesk.standing(AGAIN)["conversation_id"]


def delivered(office: Office, whatsapp_id: str) -> bool:
    """Whether the journal of now says so."""
    return any(one["verdict"] == "delivered" for one in office.json("trace", whatsapp_id)["entries"])
