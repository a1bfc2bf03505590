"""What the engine's tests share."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.contract.gateway.engines.joined import BOB

if TYPE_CHECKING:
    from tests.fake_whatsapp.peer import Peer
    from tests.fake_whatsapp.server import FakeWhatsApp


@pytest.fixture
def disk() -> Iterator[Path]:
    """In memory where there is a place for it: a pairing syncs 812 times."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[FakeWhatsApp]:
    from tests.fake_whatsapp.server import FakeWhatsApp

    async with FakeWhatsApp(tmp_path) as running:
        yield running


@pytest.fixture
def bob(server: FakeWhatsApp) -> Peer:
    from tests.fake_whatsapp.peer import Peer

    return server.people.add(Peer(BOB))
