"""The gateway's own pages in a real browser, before a real gateway with the simulated engine: live, by keyboard, on a phone and wide."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.browser.chromium import PHONE, WIDE, Tab, tab
from tests.browser.test_console import FAINT, SMALL, UNNAMED
from tests.contract.gateway.receiver import Receiver
from tests.contract.gateway.world import AMA, BIA, OWN, population_of
from unlost.gateway.engines.simulated import SimulatedEngine
from unlost.gateway.pages.snapshot import key_of
from unlost.gateway.server import RunningGateway
from unlost.gateway.settings import GatewaySettings

pytestmark = pytest.mark.browser

SECOND = "5511900000002@s.whatsapp.net"
LIVE = "document.getElementById('link').textContent === 'live'"
DRAWN = "document.querySelector('#qr path')?.getAttribute('d')"
FOCUSED = r"""((one) => one === document.body ? '' : one.textContent.replace(/\s+/g, ' ').trim() || one.id)(document.activeElement)"""
# What is replaced by a refresh keeps the focus only if it can be found again.
NAMELESS = """Array.from(document.querySelectorAll('[hx-get] :is(a, button, input:not([type=hidden]), summary)'))
  .filter((one) => !one.id).map((one) => one.outerHTML)"""
WORDS = {
    "en": "All linked devices are connected",
    "pt-BR": "Todos os aparelhos vinculados estão conectados",
    "es": "Todos los dispositivos vinculados están conectados",
    "id": "Semua perangkat tertaut tersambung",
}


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[RunningGateway]:
    """Without a password, for this machine alone: a browser asks for one with a dialog that no test can answer."""
    receiver = Receiver()
    await receiver.open()
    settings = GatewaySettings(
        data_folder=tmp_path / "gateway",
        device=OWN,
        webhook_urls=(receiver.url,),
        listen_port=0,
        time_scale=0.01,
        drain_every_s=0.01,
    )
    running = RunningGateway(settings)
    for customer in (AMA, BIA):
        population_of(running).people.add(customer)
    await running.start()
    yield running
    await running.stop()
    await receiver.close()


@pytest.fixture
async def wide(devtools: str, gateway: RunningGateway) -> AsyncIterator[Tab]:
    """The front page, live."""
    async with tab(devtools, size=WIDE) as opened:
        await opened.go(gateway.url)
        await opened.until(LIVE, "the page to be live")
        yield opened
        assert opened.complaints == []


def engine_of(gateway: RunningGateway, slot: str) -> SimulatedEngine:
    engine = gateway.gateway.devices.named(slot).engine
    assert isinstance(engine, SimulatedEngine)
    return engine


async def picture_of_ama(gateway: RunningGateway) -> int:
    async with (
        aiohttp.ClientSession() as http,
        http.get(f"{gateway.url}/user/avatar", params={"phone": AMA.phone, "device_id": OWN}) as got,
    ):
        return got.status


async def tab_to(page: Tab, words: str, *, most: int = 40) -> None:
    """Press Tab until what has the focus is named so; it must show that it has it."""
    passed = []
    for _ in range(most):
        await page.press("Tab")
        passed.append(str(await page.run(FOCUSED)))
        if words in passed[-1]:
            assert await page.run("getComputedStyle(document.activeElement).outlineStyle") != "none"
            return
    raise AssertionError(f"{words!r} cannot be reached by keyboard, only {passed}")


async def add_device(page: Tab, name: str = "two") -> None:
    """By keyboard alone."""
    await tab_to(page, "name")
    await page.write(name)
    await page.leads_on(page.press("Enter"))
    await page.until(LIVE, "the page to be live")


async def test_a_qr_is_shown_renews_itself_and_gives_way_when_the_phone_has_scanned_it(
    wide: Tab, gateway: RunningGateway
) -> None:
    await add_device(wide)
    first = await wide.until(DRAWN, "a QR")
    loads = wide.loads
    await wide.until(f"{DRAWN} !== {first!r}", "the next QR")
    assert "Waiting for the phone" in await wide.text()
    await engine_of(gateway, "two").scan(SECOND, "")
    await wide.until("!!document.getElementById('is-linked')", "the page to say that it is linked")
    assert "Connected" in await wide.text("#state")
    assert "…0002" in await wide.text("#state")
    assert not await wide.run("!!document.getElementById('qr')")
    # Spoken once the page has settled, a moment after it was swapped.
    await wide.until("document.getElementById('said').textContent === 'Connected'", "the headline to be spoken")
    assert wide.loads == loads


async def test_a_pairing_code_is_shown_and_the_page_turns_when_it_was_typed(wide: Tab, gateway: RunningGateway) -> None:
    await add_device(wide)
    await tab_to(wide, "phone")
    await wide.write("+55 41 99999 0000")
    await wide.leads_on(wide.press("Enter"))
    code = await wide.text("#code")
    assert len(code) == 9
    await wide.until(LIVE, "the page to be live")
    loads = wide.loads
    await engine_of(gateway, "two").scan(SECOND, code)
    await wide.until("!!document.getElementById('is-linked')", "the page to say that it is linked")
    assert wide.loads == loads


async def test_a_number_that_is_none_is_said_beside_its_field(devtools: str, gateway: RunningGateway) -> None:
    async with tab(devtools) as page:
        await page.go(gateway.url)
        await add_device(page)
        await tab_to(page, "phone")
        await page.write("12")
        await page.leads_on(page.press("Enter"))
        assert "That is no phone number." in await page.text("#phone-error")
        assert await page.run("document.activeElement.id") == "phone"


async def test_a_link_that_goes_and_comes_is_seen_and_spoken_without_a_reload(
    wide: Tab, gateway: RunningGateway
) -> None:
    loads = wide.loads
    gateway.gateway.faults.set(disconnected=True)
    ill = "Support: No connection to WhatsApp"
    await wide.until(f"document.getElementById('said').textContent === {ill!r}", "the headline spoken")
    assert "check this machine's network" in await wide.text(".device")
    gateway.gateway.faults.set(disconnected=False)
    await wide.until(f"document.getElementById('verdict').innerText === {WORDS['en']!r}", "all well again")
    assert wide.loads == loads


async def test_an_event_and_its_delivery_come_in_without_a_reload(wide: Tab, gateway: RunningGateway) -> None:
    loads = wide.loads
    population_of(gateway).send_text(BIA.key, "nobody's business")
    await wide.until("document.querySelector('.events')?.innerText.includes('1 delivered')", "the event")
    shown = await wide.text(".events")
    assert "…4321" in shown
    assert "business" not in await wide.run("document.documentElement.outerHTML")
    assert wide.loads == loads


async def test_a_panic_comes_in_as_a_restart_with_its_reason(wide: Tab, gateway: RunningGateway) -> None:
    loads = wide.loads
    gateway.gateway.faults.set(panics=1)
    assert await picture_of_ama(gateway) == 503
    await wide.until("!!document.getElementById('endings')", "the restart")
    shown = await wide.text("#endings")
    assert "panic in user_avatar" in shown
    assert "unsupported payload type: *store.PrivacyToken" in shown
    assert wide.loads == loads


async def test_what_a_person_opened_stays_open_and_focus_stays_where_it_is(wide: Tab, gateway: RunningGateway) -> None:
    gateway.gateway.faults.set(panics=1)
    await picture_of_ama(gateway)
    await wide.go(f"{gateway.url}/ui/devices/{key_of(gateway.gateway.devices.named(OWN))}")
    await wide.until(LIVE, "the page to be live")
    await wide.run("document.querySelector('details').open = true")
    await tab_to(wide, "Reconnect")
    await wide.run("document.querySelector('#state section').dataset.old = 1")
    gateway.gateway.faults.set(disconnected=True)
    await wide.until("!document.querySelector('#state [data-old]')", "a refresh")
    assert await wide.run("document.querySelector('details').open")
    assert "Reconnect" in await wide.run(FOCUSED)


async def test_a_device_is_logged_out_by_keyboard_after_a_question(wide: Tab, gateway: RunningGateway) -> None:
    await tab_to(wide, "Log out")
    await wide.leads_on(wide.press("Enter"))
    assert await wide.text("h1") == "Log out Support?"
    assert engine_of(gateway, OWN).link().is_logged_in
    await tab_to(wide, "Yes, log out")
    await wide.leads_on(wide.press("Enter"))
    assert "The device is logged out." in await wide.text()
    assert await wide.text("#verdict") == "Support: Logged out"


async def test_a_logout_on_the_phone_brings_the_qr_to_an_open_page(wide: Tab, gateway: RunningGateway) -> None:
    await wide.go(f"{gateway.url}/ui/devices/{key_of(gateway.gateway.devices.named(OWN))}")
    await wide.until(LIVE, "the page to be live")
    loads = wide.loads
    await engine_of(gateway, OWN).logout()
    await wide.until(DRAWN, "a QR")
    assert wide.loads == loads


async def test_a_page_out_of_sight_asks_for_no_qr_and_takes_it_up_again(wide: Tab, gateway: RunningGateway) -> None:
    await add_device(wide)
    await wide.until(DRAWN, "a QR")
    seen = "document.dispatchEvent(new Event('visibilitychange'))"
    await wide.run("Object.defineProperty(document, 'hidden', { configurable: true, get: () => true }); " + seen)
    assert await wide.run("ticks.readyState") == 2
    before = await wide.run(DRAWN)
    await wide.run("new Promise((done) => setTimeout(done, 6000))")
    assert await wide.run(DRAWN) == before
    await wide.run("delete document.hidden; " + seen)
    await wide.until(f"{DRAWN} !== {before!r}", "the next QR")
    await wide.until("ticks.readyState === 1", "the stream again")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, WIDE], ids=["phone", "wide"])
async def test_every_page_fits_is_named_and_can_be_read_and_touched(
    devtools: str, gateway: RunningGateway, size: tuple[int, int], dark: bool
) -> None:
    gateway.gateway.faults.set(panics=1)
    await picture_of_ama(gateway)
    population_of(gateway).send_text(BIA.key, "hello")
    async with tab(devtools, size=size, dark=dark) as page:
        await page.go(gateway.url)
        await add_device(page, "a.very.long.name.of.a.device.that.has.no.place.to.break-1234567")
        own, new = (f"/ui/devices/{key_of(live)}" for live in gateway.gateway.devices)
        for path in ("/", own, new, f"{own}/ask/logout", f"{new}/ask/remove", "/ui/nowhere"):
            await page.go(gateway.url + path)
            if path == new:
                await page.until(DRAWN, "a QR")
            assert await page.run("document.documentElement.scrollWidth <= innerWidth"), path
            assert await page.run(UNNAMED) == [], path
            assert await page.run(NAMELESS) == [], path
            assert await page.run(SMALL) == [], path
            assert await page.run(FAINT) == [], path
            assert await page.run("document.querySelectorAll('h1').length") == 1, path
        gateway.gateway.faults.set(disconnected=True)
        await page.go(gateway.url)
        await page.until("!!document.querySelector('.verdict.bad')", "the trouble")
        assert await page.run(FAINT) == []
        assert [told for told in page.complaints if "/nowhere" not in told] == []


@pytest.mark.parametrize("language", WORDS)
async def test_each_language_fits_on_a_phone(devtools: str, gateway: RunningGateway, language: str) -> None:
    async with tab(devtools, size=PHONE) as page:
        await page.go(gateway.url)
        await add_device(page)
        own, new = (f"/ui/devices/{key_of(live)}" for live in gateway.gateway.devices)
        for path in (own, new, f"{own}/ask/remove", "/"):
            await page.go(f"{gateway.url}{path}?lang={language}")
            assert await page.run("document.documentElement.lang") == language
            assert await page.run("document.documentElement.scrollWidth <= innerWidth"), path
        assert await page.text("#verdict") == WORDS[language]


async def test_without_scripts_a_device_is_added_and_its_qr_shown(devtools: str, gateway: RunningGateway) -> None:
    async with tab(devtools) as page:
        await page.send("Emulation.setScriptExecutionDisabled", value=True)
        await page.go(gateway.url)
        for _ in range(40):
            await page.press("Tab")
            if await page.run("document.activeElement.id") == "name":
                break
        await page.write("two")
        await page.leads_on(page.press("Enter"))
        assert "does not refresh by itself" in await page.text("body")
        await page.leads_on(page.run("document.querySelector('noscript button').click()"))
        assert await page.run(DRAWN)
