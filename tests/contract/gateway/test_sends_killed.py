"""`kill -9` of the gateway before, inside and after the engine's call of a send with a key (hard case 24.3)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from tests.contract.gateway.test_killed import Process, started
from tests.contract.gateway.world import AMA, BIA, OWN, TEAM
from unlost.gateway.population import Population, storage_reading

PROGRAM = """
import asyncio, sys
from pathlib import Path
from unlost.gateway.server import serve
from unlost.gateway.settings import GatewaySettings
folder, takes_ids = sys.argv[1:]
settings = GatewaySettings(
    data_folder=Path(folder), device={own!r}, webhook_urls=(), listen_port=0, enable_faults=True, takes_ids=takes_ids == "yes"
)
asyncio.run(serve(settings, ready=lambda url: print(url, flush=True)))
"""
INSTANTS = ("die_before_send", "die_inside_send", "die_after_send")


@pytest.fixture
def population(tmp_path: Path) -> Population:
    opened = Population.open(tmp_path / "population.db", OWN)
    for customer in (AMA, BIA):
        opened.people.add(customer)
    opened.people.add_group(TEAM)
    return opened


@asynccontextmanager
async def gateway(folder: Path, *, takes_ids: bool) -> AsyncIterator[Process]:
    async with started(PROGRAM.format(own=OWN), str(folder), "yes" if takes_ids else "no") as process:
        yield process


async def say(http: aiohttp.ClientSession, process: Process) -> tuple[int, str]:
    """Status, and the message's id or the refusal's code."""
    told = {"phone": TEAM.jid, "message": "x"}
    async with http.post(f"{process.url}/send/message", json=told, headers={"Idempotency-Key": "k"}) as got:
        body = await got.json()
        return got.status, body.get("results", {}).get("message_id", body["code"])


async def killed(http: aiohttp.ClientSession, process: Process, instant: str) -> None:
    """Ask for a send that the gateway does not survive."""
    async with http.post(f"{process.url}/_gateway/faults", json={instant: 1}) as got:
        assert got.status == 200
    with pytest.raises(aiohttp.ClientError):
        await say(http, process)
    assert (await process.ended())[0] == -9


def stored(population: Population) -> list[str]:
    page = storage_reading.messages(population.connection, OWN, TEAM.jid, storage_reading.Wanted(limit=100))
    return [row.id for row in page]


@pytest.mark.parametrize("instant", INSTANTS)
async def test_killed_at_any_instant_a_key_is_one_message_under_one_id(
    tmp_path: Path, population: Population, instant: str
) -> None:
    async with aiohttp.ClientSession() as http:
        async with gateway(tmp_path, takes_ids=True) as first:
            await killed(http, first, instant)
        async with gateway(tmp_path, takes_ids=True) as second:
            answers = [await say(http, second) for _ in range(2)]
    (sent,) = population.sent()
    assert (answers, stored(population)) == ([(200, sent.id)] * 2, [sent.id])


@pytest.mark.parametrize("instant", INSTANTS)
async def test_where_the_engine_takes_no_id_it_is_409_for_ever_and_never_sent_again(
    tmp_path: Path, population: Population, instant: str
) -> None:
    async with aiohttp.ClientSession() as http:
        async with gateway(tmp_path, takes_ids=False) as first:
            await killed(http, first, instant)
        said = len(list(population.sent()))
        async with gateway(tmp_path, takes_ids=False) as second:
            answers = [await say(http, second) for _ in range(2)]
        async with gateway(tmp_path, takes_ids=True) as third:
            answers.append(await say(http, third))
    assert (answers, len(list(population.sent()))) == ([(409, "outcome_unknown")] * 3, said)


async def test_killed_again_and_again_a_key_is_still_one_message(tmp_path: Path, population: Population) -> None:
    async with aiohttp.ClientSession() as http:
        for instant in INSTANTS:
            async with gateway(tmp_path, takes_ids=True) as process:
                await killed(http, process, instant)
        async with gateway(tmp_path, takes_ids=True) as last, asyncio.timeout(20):
            status, message_id = await say(http, last)
    assert (status, [sent.id for sent in population.sent()]) == (200, [message_id])
