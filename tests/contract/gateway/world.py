"""The few people of these tests."""

import asyncio
from collections.abc import Callable
from weakref import WeakKeyDictionary

import aiohttp

from unlost.gateway.population import Avatar, Customer, Group, Population
from unlost.gateway.server import RunningGateway

OWN = "5511900000000@s.whatsapp.net"
AMA = Customer("Ama", "554130898206@s.whatsapp.net", "251556368777322@lid", "Ama (saved)", Avatar.SHOWN)
BIA = Customer("Bia", "5511987654321@s.whatsapp.net", avatar=Avatar.PRIVATE)
TEAM = Group("120363402106000001@g.us", "Team", (AMA.key, BIA.key), "Plans")
USERNAME, PASSWORD = "bridge", "s3cret"
LOGIN = {"Authorization": aiohttp.encode_basic_auth(USERNAME, PASSWORD)}


_populations: WeakKeyDictionary[RunningGateway, Population] = WeakKeyDictionary()


def population_of(running: RunningGateway) -> Population:
    """The gateway's population through a connection of the test's own, as another process would have it."""
    if running not in _populations:
        _populations[running] = Population.open(running.gateway.settings.population_path, OWN, seed=1)
    return _populations[running]


def ended(running: RunningGateway, outcome: str) -> float:
    """How many webhooks ended like that."""
    labels = {"outcome": outcome}
    return running.gateway.counts.registry.get_sample_value("unlost_gateway_webhooks_total", labels) or 0.0


async def until(holds: Callable[[], bool], within_s: float = 10.0) -> None:
    """Return as soon as *holds* is true; raises TimeoutError after *within_s*."""
    async with asyncio.timeout(within_s):
        while not holds():
            await asyncio.sleep(0.005)
