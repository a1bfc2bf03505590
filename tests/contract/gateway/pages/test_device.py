"""One device: added, linked by QR or code, reconnected, logged out, removed; each no with a sentence that helps."""

import re

import pytest

from tests.contract.gateway.conftest import Start
from tests.contract.gateway.pages.visiting import Page, Visitor, stand
from tests.contract.gateway.world import OWN
from unlost.gateway.engines.answers import Link
from unlost.gateway.engines.frames import StateName
from unlost.gateway.engines.simulated import SimulatedEngine

SECOND = "5511900000002@s.whatsapp.net"
PATH = re.compile(r'<path d="([^"]+)"')


def engine_of(visitor: Visitor, slot: str) -> SimulatedEngine:
    engine = visitor.running.gateway.devices.named(slot).engine
    assert isinstance(engine, SimulatedEngine)
    return engine


async def added(visitor: Visitor, name: str = "two") -> Page:
    page = await visitor.press("/ui/devices", name=name)
    assert page.status == 200
    return page


async def test_a_device_is_added_and_its_page_offers_both_ways_to_link_it(visitor: Visitor) -> None:
    page = await added(visitor)
    for words in ("two", "Not linked yet", "Scan with the phone", "Or type a code", "Account none"):
        assert words in page.words, words
    assert [live.slot.id for live in visitor.running.gateway.devices] == [OWN, "two"]


@pytest.mark.parametrize("name", ["", "a/b", "x" * 65, "dois aparelhos", "<b>", OWN])
async def test_a_name_that_is_none_or_taken_adds_nothing(visitor: Visitor, name: str) -> None:
    page = await visitor.press("/ui/devices", name=name)
    assert (page.status, len(visitor.running.gateway.devices)) == (400, 1)


async def test_a_qr_is_drawn_and_is_another_one_when_it_is_asked_for_again(visitor: Visitor) -> None:
    await added(visitor)
    pictures = []
    for _ in range(2):
        page = await visitor.press(f"{visitor.device('two')}/qr", by_script=True)
        pictures += PATH.findall(page.text)
        assert page.text.startswith('<div id="qr"')
        assert 'hx-trigger="load delay:5000ms, again"' in page.text
    assert len(set(pictures)) == 2


async def test_without_scripts_the_qr_comes_in_a_whole_page(visitor: Visitor) -> None:
    await added(visitor)
    page = await visitor.press(f"{visitor.device('two')}/qr")
    assert (page.text.startswith("<!doctype html>"), len(PATH.findall(page.text))) == (True, 1)


async def test_a_linked_device_shows_no_qr_and_is_not_asked_for_one_again(visitor: Visitor) -> None:
    page = await visitor.press(f"{visitor.device(OWN)}/qr", by_script=True)
    assert "said no: the device is linked already" in page.words
    assert (PATH.findall(page.text), 'hx-trigger="again"' in page.text) == ([], True)


async def test_a_page_that_shows_how_to_link_is_told_once_that_it_is_linked(visitor: Visitor) -> None:
    await added(visitor)
    path = f"{visitor.device('two')}/state"
    await visitor.press(f"{visitor.device('two')}/qr", by_script=True)
    waiting = await visitor.read(f"{path}?shown=open")
    await engine_of(visitor, "two").scan(SECOND, "")
    linked = await visitor.read(f"{path}?shown=open")
    later = await visitor.read(f"{path}?shown=linked")
    assert ("Waiting for the phone" in waiting.words, "linking" in waiting.text) == (True, False)
    assert ("The device is linked" in linked.words, "Account …0002" in linked.words) == (True, True)
    assert "The device is linked" not in later.words


@pytest.mark.parametrize(
    ("state", "shown", "then"),
    [
        (StateName.STARTING, "open", "open"),
        (StateName.CONNECTING, "open", "open"),
        (StateName.PAIRED, "open", "busy"),
        (StateName.CONNECTING, "busy", "busy"),
        (StateName.NO_NETWORK, "busy", "away"),
        (StateName.CONNECTING, "linked", "away"),
        (StateName.LOGGED_OUT, "linked", "open"),
        (StateName.LOGGED_IN, "away", "linked"),
    ],
)
async def test_the_ways_to_link_stay_while_an_engine_begins_and_go_when_the_phone_has_agreed(
    visitor: Visitor, state: StateName, shown: str, then: str
) -> None:
    stand(visitor, Link(state))
    page = await visitor.read(f"{visitor.device(OWN)}/state?shown={shown}")
    assert re.findall(r"shown=(\w+)", page.text) == [then]
    assert ('id="linking"' in page.text) is (shown != then)
    assert "The device is linked" not in page.words  # a connection that came back is no news of a link


@pytest.mark.parametrize(
    "typed", ["+55 (41) 99999-0000", "5541999990000", "0055 41 99999 0000", "\u202a+55 41 99999-0000\u202c"]
)
async def test_a_code_comes_for_a_number_however_it_is_typed(visitor: Visitor, typed: str) -> None:
    await added(visitor)
    page = await visitor.press(f"{visitor.device('two')}/code", phone=typed)
    (code,) = re.findall(r'id="code"[^>]*>([^<]+)<', page.text)
    assert (page.status, bool(re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{4}", code))) == (200, True)
    await engine_of(visitor, "two").scan(SECOND, code)
    assert "Account …0002" in (await visitor.read(visitor.device("two"))).words


@pytest.mark.parametrize("typed", ["", "12345", "call me", "041 99999 0000", "+" * 41, "1" * 16, "<b>1</b>"])
async def test_what_is_no_number_is_said_beside_the_field_and_stays_typed(visitor: Visitor, typed: str) -> None:
    await added(visitor)
    page = await visitor.press(f"{visitor.device('two')}/code", phone=typed)
    assert (page.status, "That is no phone number." in page.words) == (400, True)
    assert ('aria-invalid="true"' in page.text, "<b>1" in page.text) == (True, False)
    assert f'href="{visitor.device("two")}?lang=es"' in page.text  # a form's answer has no address of its own


async def test_a_linked_device_gets_no_code_and_says_so(visitor: Visitor) -> None:
    page = await visitor.press(f"{visitor.device(OWN)}/code", phone="+55 41 99999 0000")
    assert page.status == 409
    assert 'id="code"' not in page.text


async def test_logging_out_is_asked_about_first_and_leaves_the_device(visitor: Visitor) -> None:
    asked = await visitor.read(f"{visitor.device(OWN)}/ask/logout")
    assert ("Log out Support?" in asked.words, engine_of(visitor, OWN).link().is_logged_in) == (True, True)
    page = await visitor.press(f"{visitor.device(OWN)}/logout")
    assert "The device is logged out." in page.words
    assert "Support: Logged out" in page.words
    assert "Link it again." in page.words


async def test_removing_is_asked_about_first_and_leaves_nothing(visitor: Visitor) -> None:
    await added(visitor)
    path = visitor.device("two")
    assert "This cannot be taken back." in (await visitor.read(f"{path}/ask/remove")).words
    page = await visitor.press(f"{path}/remove")
    assert "The device is removed." in page.words
    assert (await visitor.read(path)).status == 404
    assert [live.slot.id for live in visitor.running.gateway.devices] == [OWN]


async def test_nothing_else_is_asked_about(visitor: Visitor) -> None:
    assert (await visitor.read(f"{visitor.device(OWN)}/ask/reboot")).status == 404


async def test_reconnecting_says_that_it_is_under_way(visitor: Visitor) -> None:
    assert "The connection is made again." in (await visitor.press(f"{visitor.device(OWN)}/reconnect")).words


async def test_what_the_engine_cannot_do_now_is_said_and_never_asks_for_the_password(visitor: Visitor) -> None:
    visitor.running.gateway.faults.set(disconnected=True)
    for deed in ("reconnect", "logout"):
        page = await visitor.press(f"{visitor.device(OWN)}/{deed}")
        assert (page.status, "no connection to WhatsApp now" in page.words) == (503, True)


async def test_an_engine_that_hangs_is_waited_for_in_bounded_time(start: Start) -> None:
    visitor = Visitor(await start(call_wait_s=0.05))
    try:
        visitor.running.gateway.faults.set(hanging_engine=True)
        page = await visitor.press(f"{visitor.device(OWN)}/reconnect")
        assert (page.status, "did not answer in time" in page.words) == (504, True)
    finally:
        await visitor.close()


async def test_a_device_that_is_not_there_is_not_found(visitor: Visitor) -> None:
    assert (await visitor.read("/ui/devices/0123456789abcdef")).status == 404
    assert (await visitor.press("/ui/devices/0123456789abcdef/remove")).status == 404
