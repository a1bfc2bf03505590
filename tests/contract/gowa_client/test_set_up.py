"""What the gateway tells of its own set-up, asked by our client."""

import pytest

from tests.contract.gateway.conftest import Start
from tests.contract.gateway.world import OWN, PASSWORD, USERNAME
from tests.contract.gowa_client.test_look_ups import FLAT, client
from unlost.gateway.settings import DeviceWebhook
from unlost.gowa.set_up import About, Device
from unlost.transport.over_aiohttp import AiohttpHttp
from unlost.vocabulary.addresses import Address


async def test_version_and_forwarder_are_told(start: Start, http: AiohttpHttp) -> None:
    asking = client(http, await start(chatwoot_enabled=True)).set_up
    assert await asking.about() == About((9, 2, 0), True)


async def test_7_tells_its_version_on_its_front_page_alone(start: Start, http: AiohttpHttp) -> None:
    asking = client(http, await start(**FLAT, version="7.7.0")).set_up
    assert (await asking.about(), await asking.title_version()) == (None, (7, 7, 0))


async def test_the_accounts_are_listed_with_their_names(start: Start, http: AiohttpHttp) -> None:
    assert await client(http, await start(session="org 2")).set_up.devices() == (Device("org 2", Address(OWN)),)


async def test_7_has_one_account_and_no_list(start: Start, http: AiohttpHttp) -> None:
    assert await client(http, await start(**FLAT)).set_up.devices() is None


@pytest.mark.parametrize("how", [{}, {"version": "8.9.0"}])
async def test_a_device_without_a_webhook_of_its_own_has_none(
    start: Start, http: AiohttpHttp, how: dict[str, object]
) -> None:
    assert await client(http, await start(**how)).set_up.webhook_of(OWN) is None


async def test_a_device_s_own_webhook_is_told_whatever_the_name_it_is_kept_under(
    start: Start, http: AiohttpHttp
) -> None:
    webhook = DeviceWebhook(url="http://127.0.0.1:9/other", secret="s", events="message, message.ack")
    asking = client(http, await start(session="org 2", device_webhook=webhook)).set_up
    found = await asking.webhook_of("org 2")
    assert found is not None
    assert (found.url, found.secret, found.events) == (webhook.url, "s", ("message", "message.ack"))


async def test_a_device_without_a_forwarder_of_its_own_has_none(start: Start, http: AiohttpHttp) -> None:
    assert await client(http, await start()).set_up.forwarder_of(OWN) is None


@pytest.mark.parametrize(("login", "asks"), [((USERNAME, PASSWORD), True), (("", ""), False)])
async def test_whether_a_stranger_is_sent_away_is_seen(
    start: Start, http: AiohttpHttp, login: tuple[str, str], asks: bool
) -> None:
    asking = client(http, await start(username=login[0], password=login[1])).set_up
    assert await asking.asks_for_password() is asks
