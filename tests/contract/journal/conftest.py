"""One suite for every backend: SQLite over a writer thread, and inline on the event loop."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Literal

import pytest

from tests.contract.journal.building import CHANNEL_ROW, ME, PEER, SetClock
from unlost.journal.sqlite_journal import SqliteJournal

Opener = Callable[[Path], Awaitable[SqliteJournal]]
Backend = Literal["threads", "inline"]


@pytest.fixture(params=["threads", "inline"])
def backend(request: pytest.FixtureRequest) -> Backend:
    chosen: Backend = request.param
    return chosen


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
async def opener(backend: Backend, clock: SetClock) -> AsyncIterator[Opener]:
    """Opens journals and closes them when the test is over."""
    opened: list[SqliteJournal] = []

    async def open_journal(path: Path) -> SqliteJournal:
        journal = await SqliteJournal.open(path, clock=clock, executor=backend)
        opened.append(journal)
        return journal

    yield open_journal
    for journal in opened:
        await journal.close()


@pytest.fixture
async def journal(opener: Opener, tmp_path: Path) -> SqliteJournal:
    """A journal with one channel and two bridge processes."""
    journal = await opener(tmp_path / "journal.db")
    await journal.introduce([CHANNEL_ROW])
    for holder in (ME, PEER):
        await journal.enrol(holder, "host", f"/locks/{holder}")
    return journal
