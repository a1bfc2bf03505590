"""A demo helpdesk in which one customer wrote, its bridge's door, and its page in a real browser."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.browser.chromium import WIDE, Tab, chromium, find_chromium, tab
from tests.browser.customer import says
from tests.contract.desk.serving import Caller, Door, opened_door, served


@pytest.fixture(scope="module")
def devtools(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    program = find_chromium()
    if program is None:
        pytest.skip("Chromium is missing (Debian: apt-get install chromium)")
    with chromium(program, tmp_path_factory.mktemp("chromium") / "profile") as address:
        yield address


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    """A bridge's door for the desk's webhooks; its address in *url*."""
    opened = Door()
    async with opened_door(opened) as address:
        opened.url = address
        yield opened


@pytest.fixture
async def desk(tmp_path: Path, door: Door) -> AsyncIterator[Caller]:
    """A desk with one conversation, in which Ana wrote."""
    async with served(tmp_path, in_memory=True, webhook_url=door.url) as opened:
        await opened.conversation()
        await says(opened, "Good morning")
        yield opened


@pytest.fixture
async def wide(devtools: str, desk: Caller) -> AsyncIterator[Tab]:
    """The page, at Ana's conversation, live."""
    async with tab(devtools, size=WIDE) as opened:
        await opened.go(f"{desk.base}/?c=1")
        await opened.until("live.readyState === 1", "the page to be live")
        yield opened
        assert opened.complaints == []
        assert await opened.run("document.title") == "Demo helpdesk"
