"""The demo helpdesk's page in a real browser: live, and written on."""

from pathlib import Path

import pytest

from tests.browser.chromium import PHONE, WIDE, Tab, tab
from tests.browser.customer import picture, recording, says, sends, told
from tests.browser.test_console import FAINT, UNNAMED
from tests.contract.desk.serving import Caller, Door, served
from unlost.desk.views import BUBBLES_MAX

pytestmark = pytest.mark.browser

LAST = "document.querySelector('#bubbles li:last-child')"
TEXTS = "Array.from(document.querySelectorAll('#bubbles p'), (one) => one.innerText)"
SMALL = """Array.from(document.querySelectorAll('button, .choice, textarea, .back, #no-reply, .card'))
  .filter((one) => one.checkVisibility() && !one.closest('.acts'))
  .map((one) => [one.textContent.trim(), one.getBoundingClientRect()])
  .filter(([, box]) => box.height < 40 || box.width < 32).map(([text, box]) => `${text} ${box.width}x${box.height}`)"""
# What is wider than its place; #list and #bubbles cut sideways, so that nothing else would show it.
BROAD = """[document.documentElement, ...document.querySelectorAll('#list, #bubbles, #top, #compose')]
  .filter((one) => one.checkVisibility() && one.scrollWidth > one.clientWidth).map((one) => one.id || one.tagName)"""


async def test_a_message_arrives_without_a_reload_and_leaves_a_half_written_answer(wide: Tab, desk: Caller) -> None:
    loads = wide.loads
    await wide.run("compose.content.focus()")
    await wide.write("half an ans")
    await says(desk, "Are you there?")
    await wide.until(f"{TEXTS}.includes('Are you there?')", "the message")
    seen = await wide.run("[compose.content.value, document.activeElement.name]")
    assert (seen, wide.loads) == (["half an ans", "content"], loads)


async def test_an_answer_written_by_keyboard_is_told_and_its_ticks_follow(wide: Tab, desk: Caller, door: Door) -> None:
    await wide.run("compose.content.focus()")
    await wide.write("Good morning, Ana")
    await wide.press("Enter")
    message = await told(door)
    assert (message["content"], message["private"]) == ("Good morning, Ana", False)
    for status in ("delivered", "read"):
        await desk.call("PATCH", f"conversations/1/messages/{message['id']}", {"status": status})
        await wide.until(f"{LAST}.querySelector('.tick')?.innerText.includes('{status}')", status)
    assert await wide.run("compose.content.value") == ""


async def test_a_message_is_answered_by_its_reply_button(wide: Tab, door: Door) -> None:
    await wide.run("document.querySelector('#m1 .reply').click()")
    assert "Reply to Ana Good morning" in await wide.text("#replying")
    await wide.write("To you too")
    await wide.press("Enter")
    assert (await told(door))["content_attributes"]["in_reply_to"] == 1
    await wide.until(f"{LAST}.querySelector('.quote')?.innerText.includes('Good morning')", "the quote")
    assert await wide.run("document.getElementById('replying').hidden") is True


async def test_a_note_is_marked_before_and_after_it_is_written(wide: Tab, door: Door) -> None:
    await wide.run("compose.private.click(); compose.content.focus()")
    assert await wide.text(".send") == "Add note"
    await wide.write("She is in a hurry")
    await wide.press("Enter")
    assert (await told(door))["private"] is True
    await wide.until(f"{LAST}.innerText.includes('not sent to the customer')", "the note")


async def test_a_conversation_is_resolved_and_reopened(wide: Tab) -> None:
    for button, then in (("Resolve", "Reopen"), ("Reopen", "Resolve")):
        await wide.until(f"document.querySelector('#top button').innerText === {button!r}", button)
        await wide.run("document.querySelector('#top button').click()")
        await wide.until(f"document.querySelector('#top button').innerText === {then!r}", then)


async def test_what_is_open_on_the_page_is_read(wide: Tab, desk: Caller) -> None:
    await says(desk, "Still there?")
    await wide.until(f"{TEXTS}.includes('Still there?')", "the message")
    await wide.until("!document.querySelector('.card .count')", "nothing to be unread")
    assert (await desk.call("GET", "conversations/1"))[1]["unread_count"] == 0


async def test_a_failed_message_says_why_and_can_be_tried_again(wide: Tab, desk: Caller) -> None:
    _, message = await desk.call("POST", "conversations/1/messages", {"content": "Your parcel"})
    failed = {"status": "failed", "external_error": "not sent: WhatsApp was away"}
    await desk.call("PATCH", f"conversations/1/messages/{message['id']}", failed)
    await wide.until(f"{LAST}.innerText.includes('WhatsApp was away')", "the reason")
    await wide.run(f"{LAST}.querySelector('.acts button').click()")
    await wide.until(f"{LAST}.querySelector('.tick').innerText.includes('sent')", "the ticks of a sent message")


async def test_a_deleted_message_is_a_stub_without_a_reload(wide: Tab, desk: Caller) -> None:
    message = await says(desk, "A secret")
    await wide.until(f"{TEXTS}.includes('A secret')", "the message")
    await desk.call("DELETE", f"conversations/1/messages/{message}")
    await wide.until(f"{LAST}.matches('.deleted') && !{TEXTS}.includes('A secret')", "the stub")


async def test_older_messages_are_a_press_away_and_news_does_not_push_them_off(wide: Tab, desk: Caller) -> None:
    for number in range(BUBBLES_MAX):
        await says(desk, f"Line {number}")
    await wide.until("document.querySelector('#older a')?.innerText", "a way to what is older")
    await wide.run("document.querySelector('#older a').click()")
    await wide.until(f"{TEXTS}.includes('Good morning')", "the first message")
    await says(desk, "One more")
    await wide.until("document.querySelector('#list').innerText.includes('One more')", "the news in the list")
    assert await wide.run(f"{TEXTS}.includes('Good morning') && !{TEXTS}.includes('One more')") is True
    await wide.run("document.querySelector('#newer a').click()")
    await wide.until(f"{TEXTS}.includes('One more')", "the newest")


async def test_a_picture_is_shown_and_a_recording_plays_on_while_messages_arrive(wide: Tab, desk: Caller) -> None:
    await sends(desk, "photo.png", "image/png", picture())
    await sends(desk, "voice.wav", "audio/wav", recording())
    await wide.until("document.querySelector('.picture')?.naturalWidth === 240", "the picture")
    await wide.until("document.querySelector('audio')?.duration > 1", "the recording")
    play = "player = document.querySelector('audio'); player.loop = true; player.play().then(() => true)"
    await wide.send("Runtime.evaluate", expression=play, awaitPromise=True, userGesture=True)
    await says(desk, "Did you hear it?")
    await wide.until(f"{TEXTS}.includes('Did you hear it?')", "the message")
    assert await wide.run("player.isConnected && !player.paused") is True


async def test_without_scripts_it_is_read_and_written(devtools: str, desk: Caller, door: Door) -> None:
    async with tab(devtools) as page:
        await page.send("Emulation.setScriptExecutionDisabled", value=True)
        await page.go(f"{desk.base}/?c=1&reply=1")
        await page.run("document.querySelector('textarea').focus()")
        await page.write("Written by form alone")
        await page.leads_on(page.run("document.querySelector('.send').click()"))
        message = await told(door)
        assert (message["content"], message["content_attributes"]["in_reply_to"]) == ("Written by form alone", 1)
        assert "Written by form alone" in await page.text("#bubbles")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, WIDE], ids=["phone", "wide"])
async def test_the_page_fits_is_named_and_can_be_read_and_touched(
    devtools: str, desk: Caller, size: tuple[int, int], dark: bool
) -> None:
    await desk.call("PUT", "contacts/1", {"name": "W" * 200})
    await sends(desk, "ç" * 200 + ".pdf", "application/pdf", b"%PDF")
    await sends(desk, "photo.png", "image/png", picture(4000, 60))
    await says(desk, "https://x.example/" + "a" * 900, content_attributes={"in_reply_to": 1})
    await desk.call("POST", "conversations/1/messages", {"content": "n" * 500, "private": True})
    await desk.call("POST", "conversations/1/messages", {"content": "Your parcel"})
    await desk.call("PATCH", "conversations/1/messages/6", {"status": "failed", "external_error": "e" * 300})
    async with tab(devtools, size=size, dark=dark) as page:
        for path in ("/", "/?c=1", "/?c=1&reply=2"):
            await page.go(f"{desk.base}{path}")
            await page.run("document.getAnimations().forEach((one) => one.finish())")
            assert await page.run(BROAD) == [], path
            assert await page.run("document.documentElement.scrollHeight <= innerHeight"), path
            assert await page.run(UNNAMED) == [], path
            assert await page.run(SMALL) == [], path
            assert await page.run(FAINT) == [], path
        assert page.complaints == []


async def test_a_desk_that_goes_away_is_told_and_the_text_stays(devtools: str, tmp_path: Path) -> None:
    async with tab(devtools) as page:
        async with served(tmp_path) as desk:
            await desk.conversation()
            await page.go(f"{desk.base}/?c=1")
            await page.until("live.readyState === 1", "the page to be live")
        await page.until("document.getElementById('link').classList.contains('away')", "the page to say so")
        await page.run("compose.content.value = 'lost?'; compose.requestSubmit(); 1")
        await page.until("trouble.innerText.includes('does not answer')", "the trouble")
        assert await page.run("compose.content.value") == "lost?"
