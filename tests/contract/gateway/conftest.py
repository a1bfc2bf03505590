"""A running gateway over real HTTP on loopback, with a schedule a hundred times as fast."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.contract.gateway.receiver import Receiver
from tests.contract.gateway.world import AMA, BIA, LOGIN, OWN, PASSWORD, TEAM, USERNAME, population_of
from unlost.gateway.server import RunningGateway
from unlost.gateway.settings import GatewaySettings

Start = Callable[..., Awaitable[RunningGateway]]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    double = Receiver()
    await double.open()
    yield double
    await double.close()


@pytest.fixture
async def start(tmp_path: Path, receiver: Receiver) -> AsyncIterator[Start]:
    """Starts gateways on this test's own folder; each is stopped at the end if the test did not."""
    async with AsyncExitStack() as running:

        async def begin(**changed: Any) -> RunningGateway:
            values: dict[str, Any] = {
                "data_folder": tmp_path,
                "device": OWN,
                "webhook_urls": (receiver.url,),
                "listen_port": 0,
                "username": USERNAME,
                "password": PASSWORD,
                "enable_faults": True,
                "seed": 1,
                "time_scale": 0.01,
                "drain_every_s": 0.01,
            }
            gateway = RunningGateway(GatewaySettings(**(values | changed)))
            people = population_of(gateway).people
            for customer in (AMA, BIA):
                people.add(customer)
            people.add_group(TEAM)
            await gateway.start()
            running.push_async_callback(gateway.stop)
            return gateway

        yield begin


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(headers=LOGIN) as session:
        session._retry_connection = (
            False  # aiohttp repeats a GET by itself when its connection breaks; as its own tests do
        )
        yield session
