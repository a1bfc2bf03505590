"""Files that are sent by their URL: fetched by the gateway, within bounds."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import aiohttp
import pytest
from aiohttp import web

from tests.contract.gateway.asking import PNG, post
from tests.contract.gateway.conftest import Start
from tests.contract.gateway.world import BIA, population_of


@dataclass
class Site:
    """A web server with a few files."""

    url: str = ""
    asked: list[str] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path)
        match request.path:
            case "/a.png":
                return web.Response(body=PNG, content_type="image/png")
            case "/page.png":
                return web.Response(text="<html>", content_type="image/png")
            case "/round":
                raise web.HTTPFound("/round")
            case "/file":
                raise web.HTTPFound("file:///etc/passwd")
            case "/endless.png":
                return await self._endless(request)
            case _:
                raise web.HTTPNotFound

    async def _endless(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        try:
            while True:
                await response.write(bytes(1024 * 1024))
        except ConnectionError:
            return response


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    site = Site()
    app = web.Application()
    app.router.add_get("/{path:.*}", site.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    site.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield site
    await runner.cleanup()


async def test_a_file_is_sent_by_its_url(start: Start, http: aiohttp.ClientSession, site: Site) -> None:
    running = await start()
    status, told = await post(http, running, "/send/image", phone=BIA.phone, image_url=f"{site.url}/a.png", caption="x")
    (sent,) = population_of(running).sent()
    assert (status, told["results"]["message_id"], sent.text) == (200, sent.id, "x")


@pytest.mark.parametrize("path", ["none.png", "page.png", "round", "file", "endless.png"])
async def test_what_is_no_picture_there_is_refused(
    start: Start, http: aiohttp.ClientSession, site: Site, path: str
) -> None:
    running = await start()
    status, told = await post(http, running, "/send/image", phone=BIA.phone, image_url=f"{site.url}/{path}")
    assert (status, told["code"], list(population_of(running).sent())) == (400, "VALIDATION_ERROR", [])


async def test_a_repeat_under_its_key_fetches_nothing(start: Start, http: aiohttp.ClientSession, site: Site) -> None:
    running = await start()
    url = f"{site.url}/a.png"
    answers = [await post(http, running, "/send/image", "k", phone=BIA.phone, image_url=url) for _ in range(2)]
    assert (answers[0], site.asked) == (answers[1], ["/a.png"])
