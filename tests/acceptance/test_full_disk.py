"""A journal that cannot grow: the door says 503 and means it, and goes on by itself once there is room."""

import resource
import urllib.error
import urllib.request

import pytest

from tests.acceptance.conftest import Opened
from tests.acceptance.office import Office, envelope
from tests.acceptance.waiting import eventually

FULL_BYTES = 8192
"""No file of the bridge may grow beyond this: neither its journal nor the log that tells of it."""
ANA = "5541999900071@s.whatsapp.net"


@pytest.fixture(scope="module")
def office(open_office: Opened) -> Office:
    return open_office()


def limit(office: Office, bytes_max: int) -> None:
    """What the bridge's process may write, from now on."""
    assert office.bridge.pid is not None
    resource.prlimit(office.bridge.pid, resource.RLIMIT_FSIZE, (bytes_max, resource.RLIM_INFINITY))


def ready(office: Office) -> int:
    """The status of `/readyz`."""
    try:
        with urllib.request.urlopen(f"{office.door}/readyz", timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_a_full_journal_answers_503_and_service_resumes_by_itself(office: Office) -> None:
    assert office.knock(envelope(ANA, "Antes", name="Ana", id="3EB0BEFORE")) == 200
    office.helpdesk.standing("3EB0BEFORE")
    limit(office, FULL_BYTES)
    try:
        statuses = [office.knock(envelope(ANA, f"Cheio {n}", name="Ana", id=f"3EB0FULL{n}")) for n in range(3)]
        is_ready = ready(office)
    finally:
        limit(office, resource.RLIM_INFINITY)
    assert (statuses, is_ready) == ([503] * 3, 503)
    eventually(lambda: ready(office) == 200, "the door open again", within_s=10)
    assert office.knock(envelope(ANA, "Depois", name="Ana", id="3EB0AFTER")) == 200
    assert office.helpdesk.standing("3EB0AFTER")["content"] == "Depois"


def test_what_was_refused_meanwhile_comes_with_the_gateway_s_next_try(office: Office) -> None:
    """GOWA tries five times in 15 s."""
    ana = office.customer(ANA.partition("@")[0], "Ana")
    limit(office, FULL_BYTES)
    try:
        sent = office.people.send_text(ana.key, "Insisto")
        eventually(lambda: not office.people.queue.length(), "the gateway to have taken it")
    finally:
        limit(office, resource.RLIM_INFINITY)
    assert office.helpdesk.standing(sent.id, within_s=30)["content"] == "Insisto"


def test_the_closed_door_is_listed_as_a_gap(office: Office) -> None:
    gaps = office.json("trace", "3EB0FULL0")["gaps"]
    assert "not_committed" in {gap["cause"] for gap in gaps}


def test_no_message_was_doubled_by_it(office: Office) -> None:
    stand = [one["source_id"] for one in office.helpdesk.everything()]
    assert len(stand) == len(set(stand))
