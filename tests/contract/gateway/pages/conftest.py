"""One visitor before a running gateway."""

from collections.abc import AsyncIterator

import pytest

from tests.contract.gateway.conftest import Start
from tests.contract.gateway.pages.visiting import Visitor


@pytest.fixture
async def visitor(start: Start) -> AsyncIterator[Visitor]:
    made = Visitor(await start())
    yield made
    await made.close()
