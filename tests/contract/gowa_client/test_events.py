"""Our client reads our own gateway's feed; a gateway without one is told apart from one that is ill."""

import json

import pytest

from tests.contract.gateway.conftest import Start
from tests.contract.gateway.receiver import Receiver
from tests.contract.gateway.world import AMA, BIA, OWN, PASSWORD, USERNAME, population_of
from unlost.errors import Blocked, TryLater
from unlost.gateway.server import RunningGateway
from unlost.gateway.settings import Temper
from unlost.gowa.client import GowaClient
from unlost.gowa.feed import PAGE
from unlost.transport import Answer, Call
from unlost.transport.over_aiohttp import AiohttpHttp
from unlost.vocabulary.addresses import Address


def client_of(http: AiohttpHttp, running: RunningGateway, *, password: str = PASSWORD) -> GowaClient:
    return GowaClient(http, url=running.url, username=USERNAME, password=password, device=Address(OWN), timeout_s=5.0)


async def told(running: RunningGateway, count: int) -> None:
    for number in range(count):
        population_of(running).send_text((AMA, BIA)[number % 2].key, f"#{number} ação <&> 🙂")
    while population_of(running).queue.length():
        await running.gateway.clerk.do(lambda: None)


async def test_all_events_are_read_page_by_page_with_the_bytes_of_their_webhooks(
    start: Start, receiver: Receiver, http: AiohttpHttp
) -> None:
    running = await start()
    await told(running, PAGE + 20)
    calls = {int(call.headers["X-Unlost-Event"]): call.body for call in await receiver.wait_for(PAGE + 20, 30)}
    client, after = client_of(http, running), 0
    bodies: dict[int, bytes] = {}
    while (page := await client.events(after)) and page.data:
        bodies |= {event.number: event.body.encode() for event in page.data}
        after = page.data[-1].number
    assert bodies == calls


async def test_an_empty_feed_says_where_it_stands(start: Start, http: AiohttpHttp) -> None:
    page = await client_of(http, await start()).events(0)
    assert page is not None
    assert (page.oldest, page.newest, page.data, len(page.feed)) == (1, 0, (), 16)


async def test_gowa_s_temper_has_no_feed(start: Start, http: AiohttpHttp) -> None:
    assert await client_of(http, await start(temper=Temper.GOWA)).events(0) is None


async def test_wrong_credentials_are_not_an_absent_feed(start: Start, http: AiohttpHttp) -> None:
    with pytest.raises(Blocked):
        await client_of(http, await start(), password="wrong").events(0)


@pytest.mark.parametrize(
    "results",
    [
        None,
        {},
        {"feed": "a", "oldest": 1, "newest": -1, "data": []},
        {"feed": "a", "oldest": 1, "newest": 10**15, "data": []},
        {"feed": "a", "oldest": 1, "newest": 1, "data": [{"number": 1, "time": "now", "chat": "", "body": "{}"}]},
        {
            "feed": "a",
            "oldest": 1,
            "newest": 1,
            "data": [{"number": 1, "time": "2026-01-01T00:00:00", "chat": "", "body": "{}"}],
        },
    ],
)
async def test_what_is_no_page_is_asked_for_again_later(results: object) -> None:
    class Odd:
        async def send(self, call: Call) -> Answer:
            return Answer(200, {}, json.dumps({"code": "SUCCESS", "results": results}).encode())

    client = GowaClient(Odd(), url="http://gateway", username="", password="", device=None, timeout_s=5.0)
    with pytest.raises(TryLater):
        await client.events(0)
