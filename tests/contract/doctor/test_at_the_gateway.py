"""The doctor's looks at a running gateway of every kind, judged."""

from pathlib import Path
from typing import Any

import pytest

from tests.contract.gateway.conftest import Start, receiver, start
from tests.contract.gateway.world import AMA, OWN, PASSWORD, USERNAME, population_of, until
from tests.contract.gowa_client.conftest import http
from tests.contract.gowa_client.test_look_ups import FLAT
from tests.unit.doctor.given import channel, settings, troubles
from unlost.clock import SystemClock
from unlost.doctor.asking import gateway_client
from unlost.doctor.judge_gateway import judge_gateway
from unlost.doctor.look_at_gateway import look_at_gateway
from unlost.doctor.timed_http import TimedHttp
from unlost.gateway.server import RunningGateway
from unlost.gateway.settings import DeviceWebhook
from unlost.settings.secret import Secret
from unlost.transport import Http
from unlost.vocabulary.addresses import Address

__all__ = ["http", "receiver", "start"]

DOOR = "http://127.0.0.1:8080/webhooks/gateway/support"
LACKS_OF_7 = {"gateway.media_drops_event"}


async def seen(http: Http, running: RunningGateway, **changed: Any) -> set[str]:
    """The codes of what is not well."""
    ours: dict[str, Any] = {
        "url": running.url,
        "username": USERNAME,
        "password": Secret(PASSWORD),
        "device": Address(OWN),
    }
    joined = channel(gateway=ours | changed)
    timed = TimedHttp(http, SystemClock())
    sight = await look_at_gateway(gateway_client(timed, settings(joined), joined), timed, joined.gateway.device)
    return {code for _, code in troubles(judge_gateway(sight, joined, DOOR))}


async def with_a_chat(start: Start, **how: Any) -> RunningGateway:
    """A gateway whose storage holds something."""
    running = await start(**how)
    population_of(running).send_text(AMA.key, "Hello")
    await until(lambda: population_of(running).queue.length() == 0)
    return running


@pytest.mark.parametrize("how", [{}, {"session": "org 2"}, {"version": "8.8.0"}])
async def test_a_sound_gateway_has_nothing_amiss(start: Start, http: Http, how: dict[str, Any]) -> None:
    assert await seen(http, await with_a_chat(start, **how)) == set()


async def test_of_a_sound_7_only_what_its_version_lacks_is_amiss(start: Start, http: Http) -> None:
    assert await seen(http, await with_a_chat(start, **FLAT)) == LACKS_OF_7


async def test_the_incidents_gateway_is_recognised(start: Start, http: Http) -> None:
    found = await seen(http, await with_a_chat(start, **FLAT, version="7.7.0"))
    assert found == LACKS_OF_7 | {"gateway.incident", "gateway.crash_loop"}


@pytest.mark.parametrize(
    ("how", "changed", "code"),
    [
        ({}, {"password": Secret("wrong")}, "gateway.password"),
        ({}, {"device": Address("5511911111111@s.whatsapp.net")}, "gateway.device"),
        ({}, {"url": "http://127.0.0.1:1"}, "gateway.connection_refused"),
        ({}, {"url": "https://127.0.0.1:1"}, "gateway.connection_refused"),
        ({}, {"url": "http://no-such-host.invalid:3000"}, "gateway.dns"),
        ({"chatwoot_enabled": True}, {}, "gateway.second_forwarder"),
        ({"device_webhook": DeviceWebhook(url="http://127.0.0.1:9/other")}, {}, "gateway.device_webhook"),
        ({"device_webhook": DeviceWebhook(url=DOOR, events="message,message.ack")}, {}, "gateway.events"),
        ({"device_webhook": DeviceWebhook(url=DOOR, secret="another")}, {}, "gateway.webhook_secret"),
    ],
)  # fmt: skip
async def test_what_is_wrong_with_a_gateway_is_seen(
    start: Start, http: Http, how: dict[str, Any], changed: dict[str, Any], code: str
) -> None:
    assert await seen(http, await with_a_chat(start, **how), **changed) == {code}


async def test_a_number_that_is_not_linked_is_seen(start: Start, http: Http) -> None:
    running = await with_a_chat(start)
    running.gateway.faults.set(disconnected=True)
    assert await seen(http, running) == {"gateway.logged_in"}


async def test_an_empty_storage_is_seen(start: Start, http: Http) -> None:
    assert await seen(http, await start()) == {"gateway.storage"}


async def test_http_where_https_is_said_is_told_from_nobody_there(start: Start, http: Http) -> None:
    running = await start()
    found = await seen(http, running, url=running.url.replace("http:", "https:"))
    assert found == {"gateway.tls"}


async def test_a_look_asks_nothing_of_whatsapp(start: Start, http: Http, tmp_path: Path) -> None:
    """Of all calls only the look-ups, sends and downloads would."""
    asked: list[str] = []

    class Noting:
        async def send(self, call: Any) -> Any:
            asked.append(call.url)
            return await http.send(call)

    await seen(Noting(), await with_a_chat(start))
    assert asked
    assert not [url for url in asked if any(word in url for word in ("/user/", "/group/", "/send/", "/download"))]
