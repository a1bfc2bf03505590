"""Our own client over real HTTP against our own gateway, which speaks as GOWA does."""

from collections.abc import AsyncIterator

import pytest

from tests.contract.gateway.conftest import receiver, start
from unlost.transport.over_aiohttp import AiohttpHttp, open_http

__all__ = ["receiver", "start"]


@pytest.fixture
async def http() -> AsyncIterator[AiohttpHttp]:
    async with open_http(connections_per_host=4) as opened:
        yield opened
