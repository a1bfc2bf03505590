"""Who may see the pages is who may call the REST API; who may change something has the page's own token besides."""

import asyncio
import re

import aiohttp
import pytest

from tests.contract.gateway.conftest import Start
from tests.contract.gateway.pages.visiting import Visitor
from tests.contract.gateway.world import OWN

PAGES = ("/", "/ui/live", "/ui/static/gateway.css", "/ui/nowhere")
DEEDS = ("reconnect", "logout", "remove", "qr", "code")


async def status_of(url: str, **headers: str) -> int:
    async with aiohttp.ClientSession() as stranger, stranger.get(url, headers=headers) as got:
        return got.status


@pytest.mark.parametrize("path", PAGES)
async def test_without_the_password_there_is_no_page(visitor: Visitor, path: str) -> None:
    assert await status_of(visitor.running.url + path) == 401


@pytest.mark.parametrize("path", PAGES[:1] + PAGES[2:])
async def test_without_a_password_only_this_machine_sees_them(start: Start, path: str) -> None:
    url = (await start(username="", password="")).url + path
    assert (await status_of(url), await status_of(url, Host="gateway.example")) == (
        404 if path == "/ui/nowhere" else 200,
        403,
    )


@pytest.mark.parametrize("deed", DEEDS)
async def test_a_form_without_the_pages_token_does_nothing(visitor: Visitor, deed: str) -> None:
    live = visitor.running.gateway.devices.named(OWN)
    await visitor.read("/")
    for token in ("", "0" * 64, "é"):
        assert (await visitor.press(f"{visitor.device(OWN)}/{deed}", token=token)).status == 403
    assert live.engine.link().is_logged_in
    assert [one.slot.id for one in visitor.running.gateway.devices] == [OWN]


async def test_a_token_is_good_for_its_own_cookie_alone(visitor: Visitor) -> None:
    other = Visitor(visitor.running)
    try:
        theirs = (await other.read("/")).token
        assert (await visitor.read("/")).token != theirs
        assert (await visitor.press(f"{visitor.device(OWN)}/logout", token=theirs)).status == 403
    finally:
        await other.close()


async def test_a_page_of_another_site_cannot_press_a_button(visitor: Visitor) -> None:
    token = (await visitor.read("/")).token
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        url = f"{visitor.running.url}{visitor.device(OWN)}/logout"
        async with visitor.http.post(url, data={"token": token}, headers=headers) as got:
            assert got.status == 403
    assert visitor.running.gateway.devices.named(OWN).engine.link().is_logged_in


async def test_an_open_page_of_an_earlier_process_loads_itself_again_and_one_without_cookies_does_not(
    visitor: Visitor,
) -> None:
    path = f"{visitor.device(OWN)}/qr"
    without = await visitor.press(path, token="0" * 64, by_script=True)
    await visitor.read("/")
    stale = await visitor.press(path, token="0" * 64, by_script=True)
    assert (stale.status, stale.headers.get("HX-Refresh"), without.headers.get("HX-Refresh")) == (403, "true", None)


async def test_the_cookie_is_for_this_site_alone_and_no_script_reads_it(visitor: Visitor) -> None:
    told = (await visitor.read("/")).headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(told.split("; "))
    assert "Secure" not in told  # over plain HTTP a browser would not keep it


async def test_no_page_needs_an_inline_script_or_style_and_none_is_allowed(visitor: Visitor) -> None:
    device = visitor.device(OWN)
    for path in ("/", device, f"{device}/state", f"{device}/ask/logout", f"{device}/ask/remove", "/ui/nowhere"):
        page = await visitor.read(path)
        policy = page.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=|javascript:|\bhx-on", page.text) == [], path
        assert page.headers["Cache-Control"] == "no-store"


async def test_a_form_that_is_too_large_is_not_read_to_its_end(visitor: Visitor) -> None:
    page = await visitor.press("/ui/devices", name="x" * 9_000)
    assert (page.status, page.words.startswith("That cannot be meant.")) == (400, True)


@pytest.mark.parametrize("name", ["../app.py", "overview.html", "..%2fapp.py", "nothing.css"])
async def test_only_the_files_of_the_list_are_handed_out(visitor: Visitor, name: str) -> None:
    page = await visitor.read(f"/ui/static/{name}")
    assert page.status == 404
    assert "import" not in page.text


async def test_too_many_open_pages_are_told_to_come_back(visitor: Visitor) -> None:
    pages = visitor.running.gateway.pages
    assert pages is not None
    pages._pulse.watchers = 50
    page = await visitor.read("/ui/live")
    pages._pulse.watchers = 0
    assert (page.status, page.headers["Retry-After"]) == (503, "10")


async def test_a_stop_waits_for_no_open_page(visitor: Visitor) -> None:
    async with visitor.http.get(f"{visitor.running.url}/ui/live") as stream:
        assert (await stream.content.readline()) == b"retry: 1000\n"
        async with asyncio.timeout(5):
            await visitor.running.stop()
