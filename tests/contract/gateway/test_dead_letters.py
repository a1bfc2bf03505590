"""What no receiver took is kept, shown over the API without a customer's words, and told again or no more by a person."""

import asyncio
from typing import Any

import aiohttp
import pytest

from tests.contract.gateway.conftest import Start
from tests.contract.gateway.receiver import Receiver
from tests.contract.gateway.world import AMA, BIA, ended, population_of, until
from unlost.gateway.server import RunningGateway
from unlost.gateway.settings import Temper

SOON = 0.1 / 86_400  # a tenth of a second is long enough here


async def letters(http: aiohttp.ClientSession, running: RunningGateway) -> list[dict[str, Any]]:
    async with http.get(f"{running.url}/webhooks/dead") as got:
        assert got.status == 200
        data: list[dict[str, Any]] = (await got.json())["results"]["data"]
        return data


async def post(http: aiohttp.ClientSession, running: RunningGateway, verb: str, body: object) -> tuple[int, Any]:
    async with http.post(f"{running.url}/webhooks/dead/{verb}", json=body) as got:
        return got.status, await got.json()


async def one_letter(start: Start, receiver: Receiver) -> RunningGateway:
    receiver.status = lambda call: 500 if call.text == "poison" else 200
    running = await start(webhook_days=SOON)
    population_of(running).send_text(BIA.key, "poison")
    await until(lambda: ended(running, "dead") == 1)
    return running


async def test_what_is_refused_for_days_becomes_a_dead_letter_and_its_chat_goes_on(
    start: Start, receiver: Receiver, http: aiohttp.ClientSession
) -> None:
    running = await one_letter(start, receiver)
    population_of(running).send_text(BIA.key, "next")
    await until(lambda: "next" in receiver.texts())
    (letter,) = await letters(http, running)
    assert (letter["url"], letter["chat"]) == (receiver.url, BIA.key)
    assert letter["reason"] == "not taken within 1.16e-06 days: answered 500"
    assert letter["tries"]
    assert "poison" not in str(letter)


async def test_a_receiver_that_is_gone_for_days_holds_nothing_for_ever(
    start: Start, receiver: Receiver, http: aiohttp.ClientSession
) -> None:
    await receiver.close()
    running = await start(webhook_days=SOON)
    for number in range(4):
        population_of(running).send_text((AMA, BIA)[number % 2].key, f"#{number}")
    await until(lambda: ended(running, "dead") == 4)
    assert {letter["reason"].partition(": ")[2] for letter in await letters(http, running)} <= {
        "its host is away",
        "unreachable",
    }


async def test_a_dead_letter_that_is_retried_is_told(
    start: Start, receiver: Receiver, http: aiohttp.ClientSession
) -> None:
    running = await one_letter(start, receiver)
    receiver.status = lambda call: 200
    told = len(receiver.calls)
    (letter,) = await letters(http, running)
    assert (await post(http, running, "retry", {"ids": [letter["id"]]}))[1]["results"] == {"count": 1}
    await receiver.wait_for(told + 1)
    await until(lambda: ended(running, "delivered") == 1)
    assert await letters(http, running) == []


async def test_a_retried_one_that_is_refused_again_is_a_dead_letter_again(
    start: Start, receiver: Receiver, http: aiohttp.ClientSession
) -> None:
    running = await one_letter(start, receiver)
    assert (await post(http, running, "retry", {"all": True}))[0] == 200
    await until(lambda: ended(running, "dead") == 2)
    assert len(await letters(http, running)) == 1


async def test_a_discarded_dead_letter_is_told_no_more(
    start: Start, receiver: Receiver, http: aiohttp.ClientSession
) -> None:
    running = await one_letter(start, receiver)
    told = len(receiver.calls)
    assert (await post(http, running, "discard", {"url": receiver.url}))[1]["results"] == {"count": 1}
    assert (await letters(http, running), len(receiver.calls)) == ([], told)


async def test_dead_letters_outlive_a_restart(start: Start, receiver: Receiver, http: aiohttp.ClientSession) -> None:
    await (await one_letter(start, receiver)).stop()
    assert len(await letters(http, await start())) == 1


@pytest.mark.parametrize(
    "body", [{}, {"ids": []}, {"ids": ["1"]}, {"ids": [True]}, {"ids": [2**63]}, {"all": False}, {"url": 1}, [1], 7]
)
async def test_letters_that_are_not_named_are_a_400(start: Start, http: aiohttp.ClientSession, body: object) -> None:
    assert (await post(http, await start(), "retry", body))[0] == 400


async def test_numbers_of_no_dead_letter_are_passed_over(start: Start, http: aiohttp.ClientSession) -> None:
    status, said = await post(http, await start(), "retry", {"ids": [1, 99]})
    assert (status, said["results"]) == (200, {"count": 0})


async def test_a_page_of_another_site_can_send_no_such_body(start: Start, http: aiohttp.ClientSession) -> None:
    running = await start()
    async with http.post(f"{running.url}/webhooks/dead/discard", data=b'{"all": true}') as got:
        assert got.status == 415


async def test_it_asks_for_the_password(start: Start) -> None:
    running = await start()
    async with aiohttp.ClientSession() as stranger, stranger.get(f"{running.url}/webhooks/dead") as got:
        assert got.status == 401


async def test_gowa_s_temper_keeps_none_and_says_so(start: Start, http: aiohttp.ClientSession) -> None:
    running = await start(temper=Temper.GOWA)
    async with http.get(f"{running.url}/webhooks/dead") as got:
        assert got.status == 501


async def test_a_stop_in_the_middle_of_a_call_costs_no_attempt(start: Start, receiver: Receiver) -> None:
    receiver.hanging = True
    running = await start(time_scale=1.0)
    population_of(running).send_text(BIA.key, "#1")
    await receiver.wait_for(1)
    async with asyncio.timeout(5):
        await running.stop()
    receiver.hanging = False
    await start()
    await receiver.wait_for(2)
    assert receiver.texts() == ["#1", "#1"]
