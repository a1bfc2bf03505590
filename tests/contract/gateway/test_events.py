"""`/events`: what was told, and what could not be, each under its number with its body as the webhook had it."""

import hashlib
import hmac
import json
import time
from typing import Any

import aiohttp
import pytest

from tests.contract.gateway.conftest import Start
from tests.contract.gateway.receiver import Call, Receiver
from tests.contract.gateway.world import AMA, BIA, population_of
from unlost.gateway.server import RunningGateway
from unlost.gateway.settings import Dialect, Temper

DAY_S = 86_400.0


async def events(http: aiohttp.ClientSession, running: RunningGateway, **asked: object) -> dict[str, Any]:
    query = {name: str(value) for name, value in asked.items()}
    async with http.get(f"{running.url}/events", params=query) as got:
        assert got.status == 200
        results: dict[str, Any] = (await got.json())["results"]
        return results


def number_of(call: Call) -> int:
    return int(call.headers["X-Unlost-Event"])


@pytest.mark.parametrize("dialect", list(Dialect))
async def test_each_webhook_s_body_stands_there_byte_for_byte_under_its_number(
    start: Start, receiver: Receiver, http: aiohttp.ClientSession, dialect: Dialect
) -> None:
    running = await start(dialect=dialect)
    for number in range(6):
        population_of(running).send_text((AMA, BIA)[number % 2].key, f"#{number} <&> \u2028 ação 🙂")
    calls = await receiver.wait_for(6)
    page = await events(http, running)
    assert {number_of(call): call.body for call in calls} == {
        event["number"]: event["body"].encode() for event in page["data"]
    }
    assert (page["oldest"], page["newest"]) == (1, 6)
    assert {event["chat"] for event in page["data"]} == {AMA.key, BIA.key}
    assert {call.headers["X-Unlost-Feed"] for call in calls} == {page["feed"]}


async def test_pages_follow_one_another_without_hole_or_repeat(start: Start, http: aiohttp.ClientSession) -> None:
    running = await start(webhook_urls=())
    for number in range(25):
        population_of(running).send_text(BIA.key, f"#{number}")
    while population_of(running).queue.length():
        await running.gateway.clerk.do(lambda: None)
    seen, after = [], 0
    while page := (await events(http, running, after=after, limit=10))["data"]:
        seen += [json.loads(event["body"])["payload"]["body"] for event in page]
        after = page[-1]["number"]
    assert seen == [f"#{number}" for number in range(25)]


async def test_an_event_that_no_receiver_took_stands_there_all_the_same(
    start: Start, receiver: Receiver, http: aiohttp.ClientSession
) -> None:
    receiver.status = lambda call: 500
    running = await start()
    population_of(running).send_text(BIA.key, "#1")
    await receiver.wait_for(1)
    assert len((await events(http, running))["data"]) == 1


async def test_numbers_go_on_after_a_restart(start: Start, receiver: Receiver, http: aiohttp.ClientSession) -> None:
    first = await start()
    population_of(first).send_text(BIA.key, "#1")
    await receiver.wait_for(1)
    before = await events(http, first)
    await first.stop()
    second = await start()
    population_of(second).send_text(BIA.key, "#2")
    calls = await receiver.wait_for(2)
    after = await events(http, second)
    assert (number_of(calls[-1]), after["newest"], after["feed"]) == (2, 2, before["feed"])


async def test_what_is_too_old_is_gone_and_the_page_says_from_where_on_it_is_whole(
    start: Start, receiver: Receiver, http: aiohttp.ClientSession
) -> None:
    first = await start()
    population_of(first).send_text(BIA.key, "#1")
    await receiver.wait_for(1)
    await first.stop()
    second = await start(events_days=-1 / DAY_S)
    page = await events(http, second)
    while page["oldest"] == 1:  # it is pruned right after the start
        page = await events(http, second)
    assert (page["oldest"], page["newest"], page["data"]) == (2, 1, [])


async def test_a_webhook_is_signed_with_its_time_beside_gowa_s_own_signature(start: Start, receiver: Receiver) -> None:
    running = await start(webhook_secret="s3cret")
    population_of(running).send_text(BIA.key, "#1")
    (call,) = await receiver.wait_for(1)
    stamp = call.headers["X-Unlost-Timestamp"]
    named = f"{stamp}.{call.headers['X-Unlost-Feed']}.{call.headers['X-Unlost-Event']}."
    expected = hmac.new(b"s3cret", named.encode() + call.body, hashlib.sha256).hexdigest()
    assert call.headers["X-Unlost-Signature"] == f"sha256={expected}"
    assert abs(time.time() - int(stamp)) < 60
    plain = hmac.new(b"s3cret", call.body, hashlib.sha256).hexdigest()
    assert call.headers["X-Hub-Signature-256"] == f"sha256={plain}"


@pytest.mark.parametrize("after", ["-1", "x", "1.5", "1e3", "٣", "9" * 16, "0x1"])
async def test_a_number_that_is_none_is_a_400(start: Start, http: aiohttp.ClientSession, after: str) -> None:
    running = await start()
    async with http.get(f"{running.url}/events", params={"after": after}) as got:
        assert got.status == 400


@pytest.mark.parametrize("limit", ["-1", "501", "999999999"])
async def test_a_limit_out_of_bounds_is_a_400(start: Start, http: aiohttp.ClientSession, limit: str) -> None:
    running = await start()
    async with http.get(f"{running.url}/events", params={"limit": limit}) as got:
        assert got.status == 400


async def test_it_asks_for_the_password(start: Start) -> None:
    running = await start()
    async with aiohttp.ClientSession() as stranger, stranger.get(f"{running.url}/events") as got:
        assert got.status == 401


async def test_gowa_s_temper_keeps_no_feed_and_stamps_no_webhook(
    start: Start, receiver: Receiver, http: aiohttp.ClientSession
) -> None:
    running = await start(temper=Temper.GOWA)
    population_of(running).send_text(BIA.key, "#1")
    (call,) = await receiver.wait_for(1)
    assert not [name for name in call.headers if name.lower().startswith("x-unlost")]
    async with http.get(f"{running.url}/events") as got:
        assert got.status == 501
