"""The operator's pages in a real browser, before a real bridge: live, by keyboard, on a phone and wide."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.acceptance.office import Office
from tests.acceptance.waiting import eventually
from tests.browser.chromium import PHONE, WIDE, Tab, tab

pytestmark = pytest.mark.browser

ANA, BRUNO = "5541999900061", "5541999900062"
WORDS = {"en": "Everything flows", "pt-BR": "Tudo flui", "es": "Todo fluye", "id": "Semua mengalir"}
DELIVERED = "Number(document.querySelector('.ledger b').textContent)"
FOCUSED = r"""document.activeElement === document.body ? "nothing"
  : document.activeElement.textContent.replace(/\s+/g, " ").trim() || document.activeElement.id"""
NAMELESS = """Array.from(document.querySelectorAll('#panel :is(a, button, input:not([type=hidden]), select, summary, [tabindex])'))
  .filter((one) => !one.id).map((one) => one.outerHTML)"""
UNNAMED = """Array.from(document.querySelectorAll('a, button, input:not([type=hidden]), select, summary'))
  .filter((one) => one.checkVisibility())
  .filter((one) => !(one.textContent.trim() || one.labels?.length || one.getAttribute('aria-label')))
  .map((one) => one.outerHTML)"""
SMALL = """Array.from(document.querySelectorAll('main button, main .button, main select, header a, header button, .tick'))
  .filter((one) => one.checkVisibility())
  .map((one) => [one.textContent.trim(), one.getBoundingClientRect()])
  .filter(([, box]) => box.height < 40 || box.width < 40).map(([text, box]) => `${text} ${box.width}x${box.height}`)"""
# Contrast as WCAG 2.2 reckons it, of every element's own text against the first ground behind it that is not clear.
FAINT = """(() => {
  const parts = (told) => told.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((c) => c / 255).map((c) => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0);
  const ground = (one) => { for (; one; one = one.parentElement) {
    const c = parts(getComputedStyle(one).backgroundColor); if (c.length < 4 || c[3] > 0) return c; } return [255, 255, 255]; };
  return Array.from(document.querySelectorAll('body *'))
    .filter((one) => one.checkVisibility() && [...one.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
    .map((one) => { const [a, b] = [light(parts(getComputedStyle(one).color)), light(ground(one))].sort((x, y) => y - x);
      return [one.textContent.trim().slice(0, 40), (a + .05) / (b + .05)]; })
    .filter(([, ratio]) => ratio < 4.5).map(([text, ratio]) => `${text}: ${ratio.toFixed(2)}`);
})()"""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, devtools: str) -> Iterator[Office]:
    """A firm whose bridge is up and has seen both sides."""
    opened = Office(tmp_path_factory.mktemp("office"))
    opened.open()
    eventually(lambda: opened.json("status")["channels"][0]["gateway_logged_in"], "the gateway seen logged in")
    yield opened
    opened.close()


@pytest.fixture
async def wide(devtools: str, office: Office) -> AsyncIterator[Tab]:
    async with tab(devtools, size=WIDE) as opened:
        await log_in(opened, office)
        yield opened
        assert opened.complaints == []


async def log_in(page: Tab, office: Office) -> None:
    """By keyboard alone: the name has the focus already."""
    await page.go(f"{office.door}/login")
    await page.write("Ana")
    await page.press("Tab")
    await page.write(office.password)
    await page.leads_on(page.press("Enter"))


async def tab_to(page: Tab, words: str, *, most: int = 60) -> None:
    """Press Tab until what has the focus is named so; it must show that it has it."""
    passed = []
    for _ in range(most):
        await page.press("Tab")
        passed.append(str(await page.run(FOCUSED)))
        if words in passed[-1]:
            assert await page.run("getComputedStyle(document.activeElement).outlineStyle") != "none"
            return
    raise AssertionError(f"{words!r} cannot be reached by keyboard, only {passed}")


async def dead_letter(office: Office, text: str) -> str:
    """A message that the helpdesk will not have; its WhatsApp id."""
    await asyncio.to_thread(office.says, "drain")  # else the refusals meet somebody else's message
    before = len(office.json("dead", "list"))
    office.helpdesk.befall(kind="answer", method="POST", path="/messages", status=422, times=2)
    sent = office.people.send_text(office.customer(BRUNO, "Bruno").key, text)
    await asyncio.to_thread(
        eventually, lambda: len(office.json("dead", "list")) > before, "the dead letter", within_s=30
    )
    office.helpdesk.no_more_faults()
    return sent.id


async def test_numbers_grow_without_a_reload(wide: Tab, office: Office) -> None:
    await wide.until("document.getElementById('link').textContent === 'live'", "the page to be live")
    loads = wide.loads
    before = await wide.run(DELIVERED)
    office.people.send_text(office.customer(ANA, "Ana").key, "Bom dia")
    await wide.until(f"{DELIVERED} > {before}", "the message to be counted")
    assert wide.loads == loads


async def test_a_gateway_that_dies_and_returns_is_seen_and_spoken_without_a_reload(wide: Tab, office: Office) -> None:
    loads = wide.loads
    office.gateway.kill()
    await wide.until("document.querySelector('main').innerText.includes('The gateway is away')", "the trouble")
    assert await wide.text("#verdict") == "1 thing is stuck"
    await wide.until("document.getElementById('said').textContent === '1 thing is stuck'", "the headline spoken")
    await asyncio.to_thread(office.start_gateway, office.temper)
    await wide.until(f"document.getElementById('verdict').innerText === {WORDS['en']!r}", "all well again", within_s=30)
    assert wide.loads == loads


async def test_a_direction_is_paused_and_resumed_by_keyboard_alone(wide: Tab, office: Office) -> None:
    await tab_to(wide, "Pause – demo, WhatsApp to helpdesk")
    await wide.leads_on(wide.press("Enter"))
    assert "Stands still, paused by Ana" in await wide.text()
    assert "inbound" in office.json("status")["channels"][0]["paused"]
    await tab_to(wide, "Resume – demo, WhatsApp to helpdesk")
    await wide.leads_on(wide.press("Enter"))
    assert office.json("status")["channels"][0]["paused"] == []


async def test_a_refresh_leaves_the_focus_where_it_is(wide: Tab, office: Office) -> None:
    await tab_to(wide, "Pause – demo, Helpdesk to WhatsApp")
    marked = "document.activeElement.id"
    before = await wide.run(marked)
    await wide.run("document.getElementById('panel').firstElementChild.dataset.old = 1")
    office.people.send_text(office.customer(ANA, "Ana").key, "Ainda aí?")
    await wide.until("!document.querySelector('#panel [data-old]')", "a refresh")
    assert await wide.run(marked) == before


async def test_the_first_tab_offers_to_skip_to_the_content(wide: Tab) -> None:
    await wide.press("Tab")
    assert await wide.run("document.activeElement.innerText") == "Skip to content"
    await wide.press("Enter")
    assert await wide.run("document.activeElement.id") == "content"


async def test_a_dead_letter_is_found_read_and_retried_by_keyboard_alone(wide: Tab, office: Office) -> None:
    sent = await dead_letter(office, "Olá <b>você</b>")
    await wide.until("document.getElementById('dead-total').textContent === '1'", "the count in the menu")
    await tab_to(wide, "q")
    await wide.write(sent)
    await wide.leads_on(wide.press("Enter"))
    assert "Olá <b>você</b>" in await wide.text("blockquote")
    await tab_to(wide, "Retry")
    await wide.leads_on(wide.press("Enter"))
    assert await wide.text("h1") == "Retry 1?"
    await wide.leads_on(wide.press("Enter"))
    assert "Sent on its way again by Ana" in await wide.text()
    await wide.until("document.getElementById('verdict').innerText === 'Message · delivered'", "its story to go on")
    assert office.helpdesk.standing(sent)["content"]


async def test_letters_are_ticked_and_discarded_and_a_list_that_changed_says_so(wide: Tab, office: Office) -> None:
    await dead_letter(office, "Primeira")
    await wide.go(f"{office.door}/dead")
    await dead_letter(office, "Segunda")
    await wide.until("!document.getElementById('changed').hidden", "the list to say that it changed")
    await wide.leads_on(wide.run("document.querySelector('#changed a').click()"))
    await tab_to(wide, "every")
    await wide.press(" ")
    assert await wide.run("Array.from(document.getElementsByName('id'), (one) => one.checked)") == [True, True]
    await tab_to(wide, "Discard selected")
    await wide.leads_on(wide.press("Enter"))
    assert await wide.text("h1") == "Discard 2 for good?"
    await tab_to(wide, "Yes, discard")  # a second Enter by mistake must not do it
    await wide.leads_on(wide.press("Enter"))
    assert "2 discarded." in await wide.text()
    assert office.json("dead", "list") == []


async def test_a_page_out_of_sight_lets_its_stream_go_and_takes_it_up_again(wide: Tab, office: Office) -> None:
    await wide.until("document.getElementById('link').textContent === 'live'", "the page to be live")
    seen = "document.dispatchEvent(new Event('visibilitychange'))"
    await wide.run("Object.defineProperty(document, 'hidden', { configurable: true, get: () => true }); " + seen)
    assert await wide.run("ticks.readyState") == 2
    await wide.run("delete document.hidden; " + seen)
    await wide.until("ticks.readyState === 1", "the stream again")
    before = await wide.run(DELIVERED)
    office.people.send_text(office.customer(ANA, "Ana").key, "De volta à página")
    await wide.until(f"{DELIVERED} > {before}", "the message to be counted")


async def test_a_bridge_that_goes_away_is_told_and_found_again(devtools: str, office: Office) -> None:
    async with tab(devtools) as page:
        await log_in(page, office)
        await page.until("document.getElementById('link').textContent === 'live'", "the page to be live")
        loads = page.loads
        await asyncio.to_thread(office.bridge.stop)
        await page.until("document.getElementById('link').classList.contains('away')", "the page to say so")
        await asyncio.to_thread(office.start_bridge)
        await page.until("document.getElementById('link').textContent === 'live'", "the page to be live", within_s=30)
        assert page.loads == loads


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, WIDE], ids=["phone", "wide"])
async def test_every_page_fits_is_named_and_can_be_read_and_touched(
    devtools: str, office: Office, size: tuple[int, int], dark: bool, tmp_path: Path
) -> None:
    if not office.json("dead", "list"):
        await dead_letter(office, "Fica")
    entry = office.json("dead", "list")[0]["id"]
    async with tab(devtools, size=size, dark=dark) as page:
        await log_in(page, office)
        for path in ("/", "/dead", f"/entries/{entry}", f"/find?q={BRUNO}", "/find?q=3EB0NEVER", "/nowhere"):
            await page.go(f"{office.door}{path}")
            assert await page.run("document.documentElement.scrollWidth <= innerWidth"), path
            assert await page.run(UNNAMED) == [], path
            assert await page.run(SMALL) == [], path
            assert await page.run(FAINT) == [], path
            assert await page.run("document.querySelectorAll('h1').length") == 1, path
        assert [told for told in page.complaints if "/nowhere" not in told] == []


@pytest.mark.parametrize("language", WORDS)
async def test_each_language_fits_on_a_phone(devtools: str, office: Office, language: str) -> None:
    if not office.json("dead", "list"):
        await dead_letter(office, "Fica")
    async with tab(devtools, size=PHONE) as page:
        await log_in(page, office)
        for path in ("/", "/dead", "/find?q=3EB0NEVER"):
            await page.go(f"{office.door}{path}{'&' if '?' in path else '?'}lang={language}")
            assert await page.run("document.documentElement.lang") == language
            assert await page.run("document.documentElement.scrollWidth <= innerWidth"), path


async def test_without_scripts_everything_but_the_refresh_works(devtools: str, office: Office) -> None:
    async with tab(devtools) as page:
        await page.send("Emulation.setScriptExecutionDisabled", value=True)
        await page.go(f"{office.door}/login")
        await page.write("Ana")
        await page.press("Tab")
        await page.write(office.password)
        await page.leads_on(page.press("Enter"))
        await page.send("Emulation.setScriptExecutionDisabled", value=False)
        assert "does not refresh by itself" in await page.text("body")
        assert "demo" in await page.text()


async def test_whatever_a_refresh_replaces_is_found_again_by_its_id(wide: Tab, office: Office) -> None:
    """Without one the focus would be lost to a tick."""
    sent = await dead_letter(office, "Perdida")
    assert await wide.run(NAMELESS) == []
    assert await wide.run("document.querySelectorAll('#panel :is(a, button)').length") > 0
    await wide.go(f"{office.door}/find?q={sent}")
    await wide.until("document.getElementById('panel') !== null", "its story")
    assert await wide.run(NAMELESS) == []
