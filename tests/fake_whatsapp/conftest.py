"""A fake on loopback; and, where the engine's wheel is installed, a device that is paired with it."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.fake_whatsapp.wheel import why_no_engine

if TYPE_CHECKING:
    from tests.fake_whatsapp.account import Account
    from tests.fake_whatsapp.engine_process import EngineProcess
    from tests.fake_whatsapp.server import FakeWhatsApp

USER = "628111222333"


@dataclass(frozen=True)
class Linked:
    """A device that is paired and connected."""

    engine: EngineProcess
    account: Account


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[FakeWhatsApp]:
    from tests.fake_whatsapp.server import FakeWhatsApp

    async with FakeWhatsApp(tmp_path) as running:
        yield running


@pytest.fixture
def database() -> Iterator[Path]:
    """In memory where the system has a place for it: at a pairing the engine syncs 812 times, one for each key."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder) / "engine.db"


@pytest.fixture
async def engine(server: FakeWhatsApp, database: Path) -> AsyncIterator[EngineProcess]:
    """An engine that is not paired yet."""
    if why := why_no_engine():
        pytest.skip(why)
    from tests.fake_whatsapp.engine_process import EngineProcess

    async with EngineProcess(server.endpoint_file, database) as running:
        yield running


@pytest.fixture
async def linked(server: FakeWhatsApp, engine: EngineProcess) -> Linked:
    codes = await engine.wait("qr")
    account = await server.pair(codes["codes"], USER)
    await engine.wait("ConnectedEv", within_s=60)
    return Linked(engine, account)
