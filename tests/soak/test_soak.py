"""The short soak of the test suite, and whether a soak sees what grows; the long one is `python -m tests.soak`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.contract.gateway.engines.real import needs_engine
from tests.soak.soaking import Sample, Soaked, soak

if TYPE_CHECKING:
    from tests.fake_whatsapp.server import FakeWhatsApp


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[FakeWhatsApp]:
    from tests.fake_whatsapp.server import FakeWhatsApp

    (tmp_path / "whatsapp").mkdir()
    async with FakeWhatsApp(tmp_path / "whatsapp") as running:
        yield running


def soaked(rss_mb: float, descriptors: int) -> Soaked:
    """Of a process that grows by so much with each of 40 samples."""
    samples = [Sample(number, 100 + rss_mb * number, 30 + descriptors * number, 9) for number in range(40)]
    return Soaked((), (), 1.0, {"worker": samples})


def test_a_leak_is_seen_and_a_flat_line_is_flat() -> None:
    assert soaked(0.0, 0).grown() == []
    assert soaked(1.0, 0).grown() == ["worker: 114 MB became 134 MB"]
    assert soaked(0.0, 1).grown() == ["worker: 20 descriptors more"]


@needs_engine
async def test_three_hundred_messages_are_told_once_and_leave_no_descriptor_open(
    server: FakeWhatsApp, tmp_path: Path
) -> None:
    """Memory says nothing yet after so few: the engine is still filling its caches."""
    done = await soak(server, tmp_path / "gateway", 300, 8)
    assert sorted(done.told) == sorted(done.sent)
    assert [word for word in done.grown() if "descriptors" in word] == []
