"""The legs of a round trip, and where it ends when one fails."""

import json
from typing import Any

import pytest

from tests.unit.chatwoot.scripted import ScriptedHttp, answer, client, contact, message, page
from tests.unit.doctor.given import channel
from unlost.clock import SystemClock
from unlost.doctor.findings import Finding
from unlost.doctor.look_at_bridge import OwnBridge
from unlost.doctor.round_trip import CHAT, RoundTrip, body_of
from unlost.gowa.readers import read_envelope
from unlost.transport import Answer, TransportFailed
from unlost.vocabulary.addresses import Address

MARK = "UNLOSTDOCTOR01"
KNOWN = answer(body=contact())
STANDS = {
    "state": "done", "verdict": "delivered", "source": "envelope", "whatsapp_id": MARK, "failures": [],
    "helpdesk_messages": [{"conversation": 21, "message": 31, "part": "text"}],
}  # fmt: skip
TAKEN = [answer(), answer()]
OWN_MESSAGE = page(message(source_id=f"WAID:{MARK}"))
TOLD_BACK = answer(body={"entries": [{"source": "helpdesk"}]})
NOT_TOLD = answer(body={"entries": []})
RESOLVED = answer(body={})


def traced(**changed: Any) -> Answer:
    return answer(body={"entries": [STANDS | changed]})


async def gone(bridge: list[Answer | TransportFailed], helpdesk: list[Answer | TransportFailed]) -> list[Finding]:
    own = OwnBridge(ScriptedHttp(*bridge), "http://127.0.0.1:8080", "pw")
    trip = RoundTrip(channel(), own, client(ScriptedHttp(*helpdesk)), SystemClock(), MARK)
    return [finding async for finding in trip.go()]


def legs(found: list[Finding]) -> list[tuple[str, str]]:
    return [(one.code.removeprefix("roundtrip."), one.grade.value) for one in found]


async def test_all_legs_are_gone_and_what_is_left_behind_is_said() -> None:
    found = await gone([*TAKEN, traced(), TOLD_BACK], [KNOWN, OWN_MESSAGE, RESOLVED])
    assert legs(found) == [("door", "ok"), ("delivered", "ok"), ("once", "ok"), ("told_back", "ok"), ("left", "note")]
    assert "unlost doctor (test)" in found[-1].text


@pytest.mark.parametrize("status", [401, 404, 503])
async def test_a_door_that_refuses_ends_it_with_a_cure(status: int) -> None:
    found = await gone([answer(), answer(status)], [KNOWN])
    assert legs(found) == [("door", "wrong")]
    assert found[0].cure


async def test_without_a_bridge_it_ends_at_the_door() -> None:
    found = await gone([TransportFailed("connection_refused", nothing_sent=True)], [KNOWN])
    assert legs(found) == [("door", "wrong")]


async def test_a_helpdesk_that_refuses_ends_it_before_anything_is_sent() -> None:
    assert legs(await gone([], [answer(401)])) == [("contact", "wrong")]


async def test_a_dead_letter_ends_it_and_names_its_cause() -> None:
    dead = traced(state="dead", verdict="dead", helpdesk_messages=[], failures=[{"cause": "http_4xx"}])
    found = await gone([*TAKEN, dead], [KNOWN])
    assert legs(found) == [("door", "ok"), ("delivered", "wrong")]
    assert "http_4xx" in found[-1].text


async def test_a_message_that_stands_twice_is_wrong() -> None:
    twice = page(message(31, source_id=f"WAID:{MARK}"), message(32, source_id=f"WAID:{MARK}"))
    found = await gone([*TAKEN, traced(), TOLD_BACK], [KNOWN, twice, RESOLVED])
    assert ("once", "wrong") in legs(found)


async def test_a_message_that_chatwoot_marks_failed_tells_that_its_webhook_does_not_come() -> None:
    """Contract page 3.4: any message is set to failed when its webhook fails."""
    failed = page(message(31, status="failed"))
    found = await gone([*TAKEN, traced(), NOT_TOLD], [KNOWN, OWN_MESSAGE, failed, RESOLVED])
    assert ("told_back", "wrong") in legs(found)


async def test_a_conversation_that_cannot_be_resolved_is_left_to_a_person() -> None:
    found = await gone([*TAKEN, traced(), TOLD_BACK], [KNOWN, OWN_MESSAGE, answer(500)])
    assert legs(found)[-1] == ("left", "warning")


async def test_the_contact_is_made_before_so_that_nobody_asks_whatsapp_who_it_is() -> None:
    helpdesk = ScriptedHttp(answer(404), answer(body={"payload": {"contact": contact()}}), OWN_MESSAGE, RESOLVED)
    own = OwnBridge(ScriptedHttp(*TAKEN, traced(), TOLD_BACK), "http://127.0.0.1:8080", "pw")
    assert [f async for f in RoundTrip(channel(), own, client(helpdesk), SystemClock(), MARK).go()]
    assert helpdesk.asked[:2] == ["POST contact_inboxes/filter", "POST contacts"]
    assert (helpdesk.body(1)["source_id"], "phone_number" in helpdesk.body(1)) == (CHAT, False)


@pytest.mark.parametrize("device", [None, Address("5511900000000@s.whatsapp.net")])
def test_the_test_message_is_read_as_a_customers_text(device: Address | None) -> None:
    read = read_envelope(body_of(MARK, device, 1_800_000_000.0), device=device)
    assert (read.chat, read.id, read.told_at, read.is_empty) == (CHAT, MARK, 1_800_000_000.0, False)


def test_the_test_message_says_what_it_is() -> None:
    assert "a test message" in json.loads(body_of(MARK, None, 0.0))["payload"]["body"]
