"""Devices: added, linked by QR or code, logged out, linked anew, removed; and a health that tells the truth."""

import aiohttp

from tests.contract.gateway.asking import get, post
from tests.contract.gateway.conftest import Start
from tests.contract.gateway.receiver import Receiver
from tests.contract.gateway.world import BIA, OWN, population_of
from unlost.gateway.events import Device
from unlost.gateway.population import Population
from unlost.gateway.server import RunningGateway

SECOND = "5511900000002@s.whatsapp.net"


async def linked(http: aiohttp.ClientSession, running: RunningGateway, slot: str = "two", phone: str = SECOND) -> None:
    """Link *slot* as a phone does that scans its QR."""
    await get(http, running, f"/devices/{slot}/login")
    status, _ = await post(http, running, "/_gateway/scan", device_id=slot, phone=phone)
    assert status == 200


async def state_of(http: aiohttp.ClientSession, running: RunningGateway, slot: str) -> tuple[str, str]:
    """State and account of one device."""
    _, told = await get(http, running, f"/devices/{slot}")
    return told["results"]["state"], told["results"]["jid"]


async def health(running: RunningGateway) -> tuple[int, str]:
    async with aiohttp.ClientSession() as stranger, stranger.get(f"{running.url}/health") as got:
        return got.status, await got.text()


async def test_a_new_device_is_linked_by_its_qr(start: Start, http: aiohttp.ClientSession) -> None:
    running = await start()
    assert (await post(http, running, "/devices", device_id="two"))[0] == 200
    before = await state_of(http, running, "two")
    _, told = await get(http, running, "/devices/two/login")
    async with aiohttp.ClientSession() as stranger, stranger.get(told["results"]["qr_link"]) as got:
        picture = await got.read()
    await post(http, running, "/_gateway/scan", device_id="two", phone=SECOND)
    assert picture.startswith(b"\x89PNG")
    assert (before, await state_of(http, running, "two")) == (("disconnected", ""), ("logged_in", SECOND))


async def test_a_new_device_is_linked_by_its_code(start: Start, http: aiohttp.ClientSession) -> None:
    running = await start()
    await post(http, running, "/devices", device_id="two")
    async with http.post(f"{running.url}/devices/two/login/code", params={"phone": SECOND}) as got:
        code = (await got.json())["results"]["pair_code"]
    wrong, _ = await post(http, running, "/_gateway/scan", device_id="two", phone=SECOND, code="AAAA-AAAA")
    right, _ = await post(http, running, "/_gateway/scan", device_id="two", phone=SECOND, code=code)
    assert (len(code), wrong, right, (await state_of(http, running, "two"))[0]) == (9, 400, 200, "logged_in")


async def test_a_linked_device_sends_and_is_written_to_like_the_first(
    start: Start, http: aiohttp.ClientSession, receiver: Receiver
) -> None:
    running = await start()
    await post(http, running, "/devices", device_id="two")
    await linked(http, running)
    theirs = Population.open(running.gateway.settings.population_path, Device(SECOND))
    theirs.send_text(BIA.key, "to the second")
    (call,) = await receiver.wait_for(1)
    http.headers["X-Device-Id"] = "two"
    status, _ = await post(http, running, "/send/message", phone=BIA.phone, message="from the second")
    assert (call.json["device_id"], call.json["session_id"], call.text) == (SECOND, "two", "to the second")
    assert (status, [sent.text for sent in theirs.sent()][-1:]) == (200, ["from the second"])
    assert list(population_of(running).sent()) == []


async def test_with_two_devices_one_must_be_named(start: Start, http: aiohttp.ClientSession) -> None:
    """GOWA page 3.1: `Omitted: allowed only when exactly one device exists. Errors: … 400 DEVICE_ID_REQUIRED`."""
    running = await start()
    await post(http, running, "/devices", device_id="two")
    status, told = await get(http, running, "/app/status")
    named, _ = await get(http, running, "/app/status", device_id=OWN)
    assert (status, told["code"], named) == (400, "DEVICE_ID_REQUIRED", 200)


async def test_devices_and_their_links_outlive_the_gateway(start: Start, http: aiohttp.ClientSession) -> None:
    running = await start()
    for slot in ("two", "three"):
        await post(http, running, "/devices", device_id=slot)
    await linked(http, running)
    await running.stop()
    again = await start()
    states = [await state_of(http, again, slot) for slot in (OWN, "two", "three")]
    assert states == [("logged_in", OWN), ("logged_in", SECOND), ("disconnected", "")]


async def test_a_logged_out_device_says_so_and_can_be_linked_anew(
    start: Start, http: aiohttp.ClientSession, receiver: Receiver
) -> None:
    running = await start()
    out, _ = await get(http, running, "/app/logout")
    _, told = await get(http, running, "/app/status")
    population_of(running).send_text(BIA.key, "while logged out")
    sent, _ = await post(http, running, "/send/message", phone=BIA.phone, message="x")
    await linked(http, running, OWN, OWN)
    calls = await receiver.wait_for(3)
    assert (out, told["results"]["state"], sent) == (200, "logged_out", 401)
    assert told["results"]["cure"]
    assert sorted(call.json["event"] for call in calls) == ["connect", "logout", "message"]
    assert "while logged out" in receiver.texts()
    assert (await state_of(http, running, OWN))[0] == "logged_in"


async def test_a_linked_device_shows_no_qr(start: Start, http: aiohttp.ClientSession) -> None:
    status, told = await get(http, await start(), "/app/login")
    assert (status, told["code"]) == (400, "ALREADY_LOGGED_IN")


async def test_a_removed_device_is_gone_with_its_storage(start: Start, http: aiohttp.ClientSession) -> None:
    running = await start()
    await post(http, running, "/devices", device_id="two")
    await linked(http, running)
    async with http.delete(f"{running.url}/devices/two") as got:
        removed = got.status
    assert (removed, (await get(http, running, "/devices/two"))[0]) == (200, 404)
    await running.stop()
    again = await start()
    _, told = await get(http, again, "/devices")
    assert [one["id"] for one in told["results"]] == [OWN]


async def test_a_device_is_added_once_and_under_a_name_that_is_one(start: Start, http: aiohttp.ClientSession) -> None:
    running = await start()
    names = ["two", "two", "a/b", "x" * 65, "\n"]
    statuses = [(await post(http, running, "/devices", device_id=name))[0] for name in names]
    assert statuses == [200, 400, 400, 400, 400]


async def test_a_device_without_a_name_gets_one(start: Start, http: aiohttp.ClientSession) -> None:
    running = await start()
    _, told = await post(http, running, "/devices")
    assert (await get(http, running, f"/devices/{told['results']['id']}"))[0] == 200


async def test_health_is_well_while_every_linked_device_is(start: Start, http: aiohttp.ClientSession) -> None:
    running = await start()
    await post(http, running, "/devices", device_id="two")
    assert await health(running) == (200, "OK")


async def test_health_says_what_ails_it_and_shortens_numbers(start: Start) -> None:
    running = await start()
    running.gateway.faults.set(disconnected=True)
    status, text = await health(running)
    assert (status, "disconnected" in text, OWN.partition("@")[0] in text) == (503, True, False)


async def test_reconnecting_needs_a_network(start: Start, http: aiohttp.ClientSession) -> None:
    running = await start()
    up, _ = await get(http, running, "/app/reconnect")
    running.gateway.faults.set(disconnected=True)
    down, _ = await get(http, running, "/app/reconnect")
    assert (up, down) == (200, 401)
