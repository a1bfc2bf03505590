"""A journal with one channel, and a world around it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.contract.console.visiting import World
from tests.contract.journal.building import CHANNEL_ROW, ME, SetClock
from unlost.journal.sqlite_journal import SqliteJournal


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
async def journal(tmp_path: Path, clock: SetClock) -> AsyncIterator[SqliteJournal]:
    opened = await SqliteJournal.open(tmp_path / "journal.db", clock=clock, executor="inline")
    await opened.introduce([CHANNEL_ROW])
    await opened.enrol(ME, "host", "/locks/me")
    yield opened
    await opened.close()


@pytest.fixture
def world(journal: SqliteJournal, clock: SetClock) -> World:
    return World(journal, clock)
