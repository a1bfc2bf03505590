"""GOWA's temper over real HTTP: what the GOWA page's 2.1 to 2.3 say of delivery, one line each."""

import hashlib
import hmac

import pytest

from tests.contract.gateway.conftest import Start
from tests.contract.gateway.receiver import Call, Receiver
from tests.contract.gateway.world import AMA, BIA, TEAM, ended, population_of, until
from unlost.gateway.events import Receipt, ReceiptType
from unlost.gateway.population import Fate, Twin, storage_reading
from unlost.gateway.server import RunningGateway
from unlost.gateway.settings import Dialect, Temper

GOWA = {"temper": Temper.GOWA}


def stored_texts(running: RunningGateway, chat: str) -> list[str]:
    people = population_of(running)
    page = storage_reading.messages(people.connection, people.device.jid, chat, storage_reading.Wanted(limit=100))
    return [row.content for row in page]


async def test_headers_are_gowa_s(start: Start, receiver: Receiver) -> None:
    """GOWA page 2.1: `Content-Type: application/json`, `UA Go-http-client/1.1`, no event id, no attempt number."""
    running = await start(**GOWA)
    population_of(running).send_text(BIA.key, "#1")
    (call,) = await receiver.wait_for(1)
    assert call.headers["Content-Type"] == "application/json"
    assert call.headers["User-Agent"] == "Go-http-client/1.1"
    known = {"Host", "Content-Type", "Content-Length", "User-Agent", "X-Hub-Signature-256", "Accept-Encoding"}
    assert call.headers.keys() - known <= {"Connection"}


async def test_the_signature_is_made_over_the_raw_body(start: Start, receiver: Receiver) -> None:
    """GOWA page 2.1: `X-Hub-Signature-256: sha256=<hex HMAC-SHA256(raw body)>`."""
    running = await start(**GOWA, webhook_secret="pepper")
    population_of(running).send_text(BIA.key, "<b>&\u2028 שלום 👍")
    (call,) = await receiver.wait_for(1)
    digest = hmac.new(b"pepper", call.body, hashlib.sha256).hexdigest()
    assert call.headers["X-Hub-Signature-256"] == f"sha256={digest}"


@pytest.mark.parametrize(("version", "chunked"), [("7.11.4", True), ("9.0.0", True), ("9.0.1", False)])
async def test_up_to_9_0_0_the_body_is_chunked(start: Start, receiver: Receiver, version: str, chunked: bool) -> None:
    """GOWA page 2.1: `chunked until v9.0.0; Content-Length from v9.0.1`."""
    dialect = Dialect.FLAT if version.startswith("7") else Dialect.ENVELOPE
    running = await start(**GOWA, dialect=dialect, version=version)
    population_of(running).send_text(BIA.key, "#1")
    (call,) = await receiver.wait_for(1)
    assert (call.headers.get("Transfer-Encoding") == "chunked", "Content-Length" in call.headers) == (
        chunked,
        not chunked,
    )


@pytest.mark.parametrize("status", [301, 404, 410, 500, 503])
async def test_any_status_but_2xx_is_tried_again_alike(start: Start, receiver: Receiver, status: int) -> None:
    """GOWA page 2.1: `Any non-2xx is retried alike (404 and 410 included)`."""
    receiver.status = lambda call: status if len(receiver.calls) < 3 else 200
    running = await start(**GOWA)
    population_of(running).send_text(BIA.key, "#1")
    calls = await receiver.wait_for(3)
    assert {call.body for call in calls} == {calls[0].body}


async def test_a_webhook_is_given_up_after_five_tries_and_gone(start: Start, receiver: Receiver) -> None:
    """GOWA page 2.1: `After the last try: one ERROR log line, event gone. No dead letter, no replay endpoint.`"""
    receiver.status = lambda call: 500 if call.text == "#1" else 200
    running = await start(**GOWA)
    population_of(running).send_text(BIA.key, "#1")
    await receiver.wait_for(5)
    population_of(running).send_text(BIA.key, "#2")
    await receiver.wait_for(6)
    assert receiver.counted() == {"#1": 5, "#2": 1}


async def test_a_retry_after_is_not_heeded(start: Start, receiver: Receiver) -> None:
    """GOWA page 2.1: `No Retry-After.`"""
    receiver.headers = {"Retry-After": "300"}
    receiver.status = lambda call: 503 if len(receiver.calls) < 2 else 200
    running = await start(**GOWA)
    population_of(running).send_text(BIA.key, "#1")
    assert len(await receiver.wait_for(2)) == 2


async def test_a_refusing_receiver_of_over_15_s_loses_the_webhook_and_storage_has_the_row(
    start: Start, receiver: Receiver
) -> None:
    """GOWA page 2.1 and 2.3: `lost at 15 s`; `WhatsApp will not redeliver an event whose webhook was lost`."""
    await receiver.close()
    running = await start(**GOWA)
    sent = population_of(running).send_text(BIA.key, "#1")
    await until(lambda: ended(running, "lost") == 1)
    await receiver.open()
    population_of(running).send_text(BIA.key, "#2")
    await receiver.wait_for(1)
    assert (receiver.texts(), sorted(stored_texts(running, BIA.key))) == (["#2"], ["#1", "#2"])
    assert sent.id not in {call.payload["id"] for call in receiver.calls}


async def test_a_retried_webhook_lands_behind_newer_ones(start: Start, receiver: Receiver) -> None:
    """GOWA page 2.2: `any retried event lands 1-15 s late, behind newer ones`."""
    receiver.status = lambda call: 500 if len(receiver.calls) == 1 else 200
    running = await start(**GOWA, shuffle_s=0.0, time_scale=0.2)
    population_of(running).send_text(BIA.key, "#1")
    await receiver.wait_for(1)
    population_of(running).send_text(BIA.key, "#2")
    await receiver.wait_for(3)
    assert receiver.texts() == ["#1", "#2", "#1"]


async def test_the_backlog_is_posted_all_at_once_and_in_no_order(start: Start, receiver: Receiver) -> None:
    """GOWA page 2.2: `after a reconnect the whole offline backlog is POSTed concurrently`."""
    running = await start(**GOWA, time_scale=1.0, shuffle_s=0.2)
    running.gateway.faults.set(disconnected=True)
    sent = [population_of(running).send_text(BIA.key, f"#{number}").text for number in range(30)]
    running.gateway.faults.set(disconnected=False)
    await receiver.wait_for(30)
    assert sorted(receiver.texts()) == sorted(sent)
    assert receiver.texts() != sent


async def test_one_hanging_webhook_holds_up_no_other(start: Start, receiver: Receiver) -> None:
    """GOWA page 2.1: `No per-URL queue, no circuit breaker, no concurrency limit.`"""
    receiver.hanging = True
    running = await start(**GOWA, time_scale=1.0)
    for number in range(20):
        population_of(running).send_text(BIA.key, f"#{number}")
    assert len(await receiver.wait_for(20, within_s=5)) == 20
    receiver.hanging = False


@pytest.mark.parametrize("twin", [Twin.BEFORE, Twin.AFTER])
async def test_a_group_message_may_bring_an_empty_twin_with_its_id(
    start: Start, receiver: Receiver, twin: Twin
) -> None:
    """GOWA page 2.2: `it POSTs an empty message event and the real one, same id, two goroutines, either order`."""
    running = await start(**GOWA, shuffle_s=0.0, time_scale=1.0)
    sent = population_of(running).send_text(TEAM.jid, "#1", sender=AMA.key, fate=Fate(twin=twin))
    calls = await receiver.wait_for(2)
    assert {call.payload["id"] for call in calls} == {sent.id}
    assert ["body" in call.payload for call in calls] == ([False, True] if twin is Twin.BEFORE else [True, False])


async def test_a_sender_s_phone_may_send_the_same_id_again(start: Start, receiver: Receiver) -> None:
    """GOWA page 2.2: `a sender's client on a bad network resends the same id re-encrypted`."""
    running = await start(**GOWA)
    population_of(running).send_text(BIA.key, "#1", fate=Fate(copies=1))
    calls = await receiver.wait_for(2)
    assert calls[0].body == calls[1].body


async def test_an_event_may_come_late_behind_newer_ones(start: Start, receiver: Receiver) -> None:
    running = await start(**GOWA, shuffle_s=0.0)
    population_of(running).send_text(BIA.key, "#1", fate=Fate(late_s=20))
    population_of(running).send_text(BIA.key, "#2")
    await receiver.wait_for(2)
    assert receiver.texts() == ["#2", "#1"]


async def test_an_event_lost_from_webhooks_stands_in_storage(start: Start, receiver: Receiver) -> None:
    """GOWA page 4: storage `can find what a webhook consumer missed`."""
    running = await start(**GOWA)
    population_of(running).send_text(BIA.key, "#1", fate=Fate(webhook_lost=True))
    population_of(running).send_text(BIA.key, "#2")
    await receiver.wait_for(1)
    assert (receiver.texts(), sorted(stored_texts(running, BIA.key))) == (["#2"], ["#1", "#2"])


async def test_an_unrecoverable_message_is_in_no_webhook_and_no_storage_row(start: Start, receiver: Receiver) -> None:
    running = await start(**GOWA)
    population_of(running).send_text(BIA.key, "#1", fate=Fate(unrecoverable=True))
    population_of(running).send_text(BIA.key, "#2")
    await receiver.wait_for(1)
    assert (receiver.texts(), stored_texts(running, BIA.key)) == (["#2"], ["#2"])


async def test_the_storage_row_is_there_when_the_webhook_arrives(start: Start, receiver: Receiver) -> None:
    """GOWA page, four facts: `the chat storage row is written synchronously before the webhook goroutine starts`."""
    running = await start(**GOWA, shuffle_s=0.0)
    seen: list[list[str]] = []

    def look(call: Call) -> int:
        seen.append(stored_texts(running, BIA.key))
        return 200

    receiver.status = look
    population_of(running).send_text(BIA.key, "#1")
    await receiver.wait_for(1)
    assert seen == [["#1"]]


async def test_the_flat_dialect_tells_a_receipt_once_per_device(start: Start, receiver: Receiver) -> None:
    """GOWA page 1.3: `one event per receiving device (duplicates)`; the envelope has the phone's alone."""
    running = await start(**GOWA, dialect=Dialect.FLAT)
    people = population_of(running)
    at = people.send_text(BIA.key, "#1").at
    for sender in (BIA.phone, BIA.phone.replace("@", ":3@")):
        people.tell(Receipt(("A",), BIA.phone, sender, ReceiptType.DELIVERED, at))
    calls = await receiver.wait_for(3)
    assert sum(call.json.get("event") == "message.ack" for call in calls) == 2
