"""The bridge before our own gateway (`kind = "unlost"`): stamped webhooks, and gaps closed from the numbered feed."""

import itertools
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime

import pytest

from tests.acceptance.conftest import Opened
from tests.acceptance.office import Office, envelope
from tests.acceptance.waiting import eventually
from unlost.gateway.events import Notice
from unlost.gateway.wire_json import encode, stamped_signature

ANA = "554199910041@s.whatsapp.net"
MARK = itertools.count(1)


@pytest.fixture(scope="module")
def office(open_office: Opened) -> Office:
    opened = open_office(('kind = "gowa"', 'kind = "unlost"'), ("gap_wait_s = 3.0\n", ""), temper="durable")
    opened.customer(ANA.partition("@")[0], "Ana")
    return opened


def write(office: Office, count: int) -> list[str]:
    """Ana writes; what she wrote."""
    return [office.people.send_text(ANA, f"#{next(MARK)} of Ana").text for _ in range(count)]


def shown(office: Office) -> list[str]:
    conversations = office.helpdesk.conversations()
    return [text for each in conversations for text in office.helpdesk.texts(each["id"])]


def wait_for(office: Office, sent: list[str]) -> None:
    eventually(lambda: shown(office)[-len(sent) :] == sent, f"{sent[0]} to {sent[-1]} in their order", within_s=30)


def status_of(request: urllib.request.Request) -> int:
    try:
        with urllib.request.urlopen(request, timeout=15) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_what_customers_write_arrives_once_and_in_order(office: Office) -> None:
    wait_for(office, write(office, 10))


def test_webhooks_that_never_come_are_fetched_from_the_feed(office: Office) -> None:
    """The bridge is dead while they are promised, and the promises are lost with the gateway's outbox; its feed is not."""
    wait_for(office, write(office, 1))
    office.bridge.kill()
    sent = write(office, 8)
    eventually(lambda: office.people.queue.length() == 0, "the gateway has accepted them")
    office.gateway.kill()
    for path in (office.folder / "gateway").glob("webhooks.db*"):
        if path.is_file():
            path.unlink()
    office.start_gateway("durable")
    office.start_bridge()
    wait_for(office, sent)
    (read,) = (line for line in office.log("feed.read") if line["appended"])
    assert (read["appended"], read["lost"], read["error"]) == (8, 0, "")


def test_both_killed_in_the_middle_lose_double_and_reorder_nothing(office: Office) -> None:
    sent = write(office, 6)
    office.bridge.kill()
    sent += write(office, 6)
    office.gateway.kill()
    sent += write(office, 6)
    office.start_bridge()
    office.start_gateway("durable")
    sent += write(office, 6)
    wait_for(office, sent)
    texts = shown(office)
    assert len(texts) == len(set(texts))


def test_gowa_s_signature_alone_opens_nothing(office: Office) -> None:
    assert office.knock(envelope(ANA, "not stamped", id="PLAIN1")) == 401


def test_a_webhook_that_is_played_back_later_is_refused(office: Office) -> None:
    body = encode(envelope(ANA, "played back", id="REPLAY1"))
    for age_s, status in ((301, 401), (0, 200)):
        stamp = str(int(time.time()) - age_s)
        request = urllib.request.Request(f"{office.door}/webhooks/gateway/demo", data=body, method="POST")
        request.add_header("X-Unlost-Timestamp", stamp)
        request.add_header("X-Unlost-Signature", stamped_signature(office.password, stamp, body))
        assert status_of(request) == status


def test_a_message_that_could_not_be_read_is_a_line_and_comes_in_its_place_where_it_comes_at_last(
    office: Office,
) -> None:
    at = datetime.now(UTC)
    fields = {"id": "UNREAD1", "chat_id": ANA, "from": ANA, "seen_at": at.isoformat()}
    office.people.tell(Notice("message.unrecovered", fields, at))
    line = office.helpdesk.standing("UNREAD1", within_s=30)
    assert line["content"].endswith("⚠️ A message could not be read. Ask to send it again.")
    office.people.send_text(ANA, "read at last", message_id="UNREAD1")
    eventually(lambda: any(text.endswith("read at last") for text in shown(office)), "what came at last")
    eventually(lambda: not any("could not be read" in text for text in shown(office)), "the line is gone", within_s=30)


def test_while_the_gateway_has_no_link_to_whatsapp_a_gap_is_open(office: Office) -> None:
    def gaps() -> list[dict[str, object]]:
        found: list[dict[str, object]] = office.json("status")["gaps"]
        return [gap for gap in found if gap["cause"] == "whatsapp_away"]

    office.gateway_fault(disconnected=True)
    eventually(lambda: [gap for gap in gaps() if gap["closed_at"] is None], "an open gap")
    office.gateway_fault(disconnected=False)
    eventually(lambda: not [gap for gap in gaps() if gap["closed_at"] is None], "no open gap")
    wait_for(office, write(office, 2))
