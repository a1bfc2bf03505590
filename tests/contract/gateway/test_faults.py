"""Faults on command: what an operator of the incident saw, at will."""

import asyncio
import logging
from pathlib import Path

import aiohttp
import pytest

from tests.contract.gateway.conftest import Start
from tests.contract.gateway.receiver import Receiver
from tests.contract.gateway.world import AMA, BIA, population_of, until
from unlost.gateway.gateway import FolderHeld
from unlost.gateway.server import RunningGateway
from unlost.gateway.settings import Dialect, Temper


async def command(http: aiohttp.ClientSession, running: RunningGateway, path: str, **told: object) -> int:
    async with http.post(f"{running.url}/_gateway/{path}", json=told) as got:
        return got.status


async def status_of(http: aiohttp.ClientSession, running: RunningGateway, path: str) -> int:
    async with http.get(running.url + path) as got:
        return got.status


def panics(running: RunningGateway) -> float:
    labels = {"call": "user_avatar"}
    return running.gateway.counts.registry.get_sample_value("unlost_gateway_engine_panics_total", labels) or 0.0


async def test_a_panic_in_the_avatar_fetch_is_contained_as_503(start: Start, http: aiohttp.ClientSession) -> None:
    """Design S2: `a panic in the avatar fetch is contained, counted, logged` (503 `engine_crashed`)."""
    running = await start()
    await command(http, running, "faults", panics=1)
    async with http.get(running.url + "/user/avatar", params={"phone": AMA.phone}) as got:
        assert (got.status, (await got.json())["code"]) == (503, "engine_crashed")


async def test_a_contained_panic_is_counted(start: Start, http: aiohttp.ClientSession) -> None:
    running = await start()
    await command(http, running, "faults", panics=2)
    for _ in range(3):
        await status_of(http, running, f"/user/avatar?phone={AMA.phone}")
    assert panics(running) == 2
    async with http.get(running.url + "/metrics") as got:
        assert 'unlost_gateway_engine_panics_total{call="user_avatar"} 2.0' in await got.text()


async def test_the_gateway_lives_on_after_a_panic(
    start: Start, receiver: Receiver, http: aiohttp.ClientSession
) -> None:
    """Design S1: `the gateway's native engine may fail, the gateway may not`."""
    running = await start()
    await command(http, running, "faults", panics=1)
    await status_of(http, running, f"/user/avatar?phone={AMA.phone}")
    population_of(running).send_text(BIA.key, "#1")
    await receiver.wait_for(1)
    assert await status_of(http, running, f"/user/avatar?phone={AMA.phone}") == 200


@pytest.mark.parametrize("path", [f"/user/avatar?phone={AMA.phone}", f"/user/info?phone={AMA.phone}"])
async def test_a_look_up_s_connection_breaks_on_command(start: Start, http: aiohttp.ClientSession, path: str) -> None:
    running = await start()
    await command(http, running, "faults", break_lookups=1)
    with pytest.raises((aiohttp.ServerDisconnectedError, aiohttp.ClientOSError)):
        await status_of(http, running, path)
    assert await status_of(http, running, path) == 200


async def test_a_hanging_gateway_accepts_and_never_answers(start: Start, http: aiohttp.ClientSession) -> None:
    running = await start()
    await command(http, running, "faults", hanging=True)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await status_of(http, running, "/app/status")
    await command(http, running, "faults", hanging=False)
    assert await status_of(http, running, "/app/status") == 200


async def test_a_request_that_hung_is_reset_when_the_hanging_ends(start: Start, http: aiohttp.ClientSession) -> None:
    running = await start()
    await command(http, running, "faults", hanging=True)
    asked = asyncio.create_task(status_of(http, running, "/app/status"))
    await until(lambda: running.gateway.faults.held == 1)
    await command(http, running, "faults", hanging=False)
    with pytest.raises((aiohttp.ServerDisconnectedError, aiohttp.ClientOSError)):
        await asked


async def test_a_refusing_gateway_closes_its_port_and_comes_back_on_it(
    start: Start, http: aiohttp.ClientSession
) -> None:
    running = await start()
    await command(http, running, "refuse", down_s=1.5)  # longer than a busy machine keeps us from knocking
    refused = False
    async with asyncio.timeout(10):
        while not refused:
            try:
                await status_of(http, running, "/app/status")
            except aiohttp.ClientConnectorError:
                refused = True
            except aiohttp.ClientError:
                pass
        while True:
            try:
                assert await status_of(http, running, "/app/status") == 200
                break
            except aiohttp.ClientError:
                await asyncio.sleep(0.02)


async def test_a_gateway_that_refuses_still_delivers_webhooks(
    start: Start, receiver: Receiver, http: aiohttp.ClientSession
) -> None:
    running = await start()
    await command(http, running, "refuse", down_s=0.5)
    population_of(running).send_text(BIA.key, "#1")
    assert len(await receiver.wait_for(1)) == 1


async def test_a_disconnected_gateway_leaves_events_in_whatsapp_s_queue(
    start: Start, receiver: Receiver, http: aiohttp.ClientSession
) -> None:
    """What it tells of the link itself, where it has noticed, is no message."""
    running = await start()
    await command(http, running, "faults", disconnected=True)
    population_of(running).send_text(BIA.key, "#1")
    async with http.get(f"{running.url}/_gateway/faults") as got:
        assert (await got.json())["results"]["waiting"] == 1
    await command(http, running, "faults", disconnected=False)
    while "#1" not in receiver.texts():
        await receiver.wait_for(len(receiver.texts()) + 1)
    assert [text for text in receiver.texts() if text] == ["#1"]


async def test_webhooks_are_lost_and_doubled_on_command(
    start: Start, receiver: Receiver, http: aiohttp.ClientSession
) -> None:
    running = await start(temper=Temper.GOWA)
    await command(http, running, "faults", lose_webhooks=1, double_webhooks=1)
    for number in range(3):
        population_of(running).send_text(BIA.key, f"#{number}")
    await receiver.wait_for(3)
    assert receiver.counted() == {"#1": 2, "#2": 1}


@pytest.mark.parametrize("told", [{"panic": 1}, {"panics": "1"}, {"hanging": 1}, {"panics": True}])
async def test_an_unknown_fault_is_refused(start: Start, http: aiohttp.ClientSession, told: dict[str, object]) -> None:
    running = await start()
    before = running.gateway.faults.shown()
    assert await command(http, running, "faults", **told) == 400
    assert running.gateway.faults.shown() == before


async def test_without_leave_there_are_no_commands(start: Start, http: aiohttp.ClientSession) -> None:
    running = await start(enable_faults=False)
    assert await command(http, running, "faults", panics=1) == 404


async def test_commands_need_no_password_but_loopback_only(start: Start) -> None:
    running = await start()
    async with aiohttp.ClientSession() as stranger:
        assert await command(stranger, running, "faults", panics=0) == 200


async def test_stopping_on_command_ends_the_program(start: Start, http: aiohttp.ClientSession) -> None:
    running = await start(dialect=Dialect.FLAT)
    await command(http, running, "stop")
    await until(running.stopping.is_set)


async def test_no_words_of_a_customer_are_logged(
    start: Start,
    receiver: Receiver,
    http: aiohttp.ClientSession,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    receiver.status = lambda call: 500
    running = await start(temper=Temper.GOWA)
    population_of(running).send_text(BIA.key, "my secret")
    await receiver.wait_for(5)
    printed = capfd.readouterr()
    assert "my secret" not in caplog.text + printed.out + printed.err


async def test_a_second_gateway_on_the_same_folder_does_not_start(start: Start) -> None:
    await start()
    with pytest.raises(FolderHeld):
        await start()


async def test_a_taken_port_is_said_at_once(start: Start, tmp_path: Path) -> None:
    running = await start()
    with pytest.raises(OSError, match="in use"):
        await start(listen_port=int(running.url.rpartition(":")[2]), data_folder=tmp_path / "other")


async def test_bad_weather_loses_nothing_of_the_durable_temper(start: Start, receiver: Receiver) -> None:
    running = await start(weather_every_s=0.3, seed=3)
    sent = [population_of(running).send_text(BIA.key, f"#{number}").text for number in range(40)]
    while set(sent) - set(receiver.texts()):
        await receiver.wait_for(len(receiver.calls) + 1)
    assert [text for text in receiver.texts() if text] == sent  # beside them it tells of its link


async def test_it_stops_cleanly_in_the_middle_of_closing_its_port(start: Start, http: aiohttp.ClientSession) -> None:
    for _ in range(3):
        running = await start()
        await command(http, running, "refuse", down_s=0.0)
        async with asyncio.timeout(5):
            await running.stop()
