"""What the gateway tells by webhook and what it keeps in storage are read as one and the same message."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.contract.gateway.conftest import Start
from tests.contract.gateway.receiver import Receiver
from tests.contract.gateway.world import AMA, BIA, OWN, TEAM, population_of
from tests.contract.gowa_client.test_look_ups import FLAT, client
from unlost.gowa.readers import envelope_of_row, read_envelope
from unlost.transport.over_aiohttp import AiohttpHttp
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.envelopes import Envelope
from unlost.vocabulary.ids import WhatsAppId

AT = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)
DEVICE = Address(OWN)

SENT: dict[str, tuple[str, dict[str, Any]]] = {
    "a customer's text": (BIA.key, {}),
    "a customer's behind a LID": (AMA.key, {}),
    "a member's": (TEAM.jid, {"sender": AMA.key}),
    "our own, typed on the phone": (BIA.key, {"from_me": True}),
    "our own, into a group": (TEAM.jid, {"from_me": True}),
}


def identity(envelope: Envelope) -> tuple[object, ...]:
    """What the door key is made of, and the time."""
    return (envelope.device, envelope.chat, envelope.sender, envelope.kind, envelope.id, envelope.told_at)


@pytest.mark.parametrize("how", [{}, FLAT], ids=["envelope", "flat"])
@pytest.mark.parametrize("case", SENT)
async def test_webhook_and_row_have_one_identity(
    start: Start, receiver: Receiver, http: AiohttpHttp, case: str, how: dict[str, Any]
) -> None:
    chat, fields = SENT[case]
    running = await start(**how)
    population_of(running).send_text(chat, "hello", at=AT, **fields)
    (told,) = await receiver.wait_for(1)
    asking = client(http, running)
    (stored,) = await asking.chats(0)
    (row,) = await asking.messages(stored.jid, AT.timestamp(), 0)
    webhook = read_envelope(told.body, device=DEVICE)
    assert identity(envelope_of_row(row, Address(stored.jid), DEVICE)) == identity(webhook)


@pytest.mark.parametrize("how", [{}, FLAT], ids=["envelope", "flat"])
async def test_a_row_is_found_by_its_id(
    start: Start, receiver: Receiver, http: AiohttpHttp, how: dict[str, Any]
) -> None:
    running = await start(**how)
    sent = [population_of(running).send_text(BIA.key, f"#{n}", at=AT + timedelta(seconds=n)) for n in range(3)]
    await receiver.wait_for(3)
    row = await client(http, running).storage_row(Address(BIA.phone), WhatsAppId(sent[1].id), AT.timestamp() + 1)
    assert row is not None
    assert b'"#1"' in row


@pytest.mark.parametrize("how", [{}, FLAT], ids=["envelope", "flat"])
async def test_a_row_of_an_unknown_chat_is_none(start: Start, http: AiohttpHttp, how: dict[str, Any]) -> None:
    assert await client(http, await start(**how)).storage_row(Address(AMA.phone), WhatsAppId("A"), 5e8) is None


async def test_pages_hold_a_hundred(start: Start, receiver: Receiver, http: AiohttpHttp) -> None:
    running = await start()
    for number in range(101):
        population_of(running).send_text(BIA.key, f"#{number}", at=AT + timedelta(seconds=number))
    await receiver.wait_for(101)
    asking = client(http, running)
    pages = [await asking.messages(BIA.phone, AT.timestamp(), offset) for offset in (0, 100)]
    assert [len(page) for page in pages] == [100, 1]
