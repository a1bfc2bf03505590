"""The durable temper tells when the link to WhatsApp comes and goes; GOWA's temper and the flat dialect do not, as GOWA does not."""

import asyncio
import json
from collections.abc import Sequence

import aiohttp
import pytest

from tests.contract.gateway.conftest import Start
from tests.contract.gateway.receiver import Receiver
from tests.contract.gateway.world import BIA, OWN, population_of, until
from unlost.gateway.engines.answers import Link
from unlost.gateway.engines.frames import StateName
from unlost.gateway.events import Device
from unlost.gateway.feed import Promise
from unlost.gateway.link import LinkTeller, turn_of
from unlost.gateway.settings import Dialect, Temper


async def test_a_link_that_goes_and_comes_is_told_in_order_with_numbers_of_the_feed(
    start: Start, receiver: Receiver
) -> None:
    running = await start()
    for is_down in (True, False):
        running.gateway.faults.set(disconnected=is_down)
        await receiver.wait_for(2 - is_down)
    down, up = receiver.calls
    assert [(call.json["event"], call.json["device_id"]) for call in (down, up)] == [
        ("disconnect", OWN),
        ("connect", OWN),
    ]
    assert down.json["timestamp"] <= up.json["timestamp"]
    assert (down.headers["X-Unlost-Event"], up.headers["X-Unlost-Event"]) == ("1", "2")


async def test_a_start_is_no_change(start: Start, receiver: Receiver) -> None:
    running = await start()
    population_of(running).send_text(BIA.key, "#1")
    await receiver.wait_for(1)
    assert receiver.texts() == ["#1"]


async def test_a_logout_is_told_with_its_cause_and_cure() -> None:
    kept: list[Promise] = []

    async def keep(promises: Sequence[Promise]) -> None:
        kept.extend(promises)

    link = Link(StateName.LOGGED_OUT, "unlinked on the phone", "link it again")
    await LinkTeller(Device(OWN), Dialect.ENVELOPE, keep).tell(turn_of(link), link)
    told = json.loads(kept[0].body)
    assert (told["event"], told["payload"]) == ("logout", {"cause": "unlinked on the phone", "cure": "link it again"})


@pytest.mark.parametrize("how", [{"temper": Temper.GOWA}, {"dialect": Dialect.FLAT}])
async def test_what_gowa_does_not_tell_is_not_told_in_its_words(
    start: Start, receiver: Receiver, how: dict[str, object]
) -> None:
    running = await start(**how)
    running.gateway.faults.set(disconnected=True)
    await asyncio.wait_for(running.gateway.clerk.do(lambda: None), 5)
    running.gateway.faults.set(disconnected=False)
    population_of(running).send_text(BIA.key, "#1")
    await until(lambda: "#1" in receiver.texts())
    assert receiver.texts() == ["#1"]


async def test_the_feed_shows_it_too(start: Start, receiver: Receiver, http: aiohttp.ClientSession) -> None:
    running = await start()
    running.gateway.faults.set(disconnected=True)
    (call,) = await receiver.wait_for(1)
    async with http.get(f"{running.url}/events") as got:
        (event,) = (await got.json())["results"]["data"]
    assert (event["chat"], event["body"].encode()) == ("", call.body)
