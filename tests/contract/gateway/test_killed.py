"""A gateway's process that dies by `kill -9`, by its own panic, or stops cleanly (GOWA page, 2.3)."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from tests.contract.gateway.receiver import Receiver
from tests.contract.gateway.world import AMA, BIA, OWN
from unlost.gateway.population import Population, storage_reading
from unlost.gateway.settings import Dialect, Temper

PROGRAM = """
import asyncio, sys
from pathlib import Path
from unlost.gateway.server import serve
from unlost.gateway.settings import Dialect, GatewaySettings, Temper
folder, url, temper, dialect, version, contain = sys.argv[1:]
settings = GatewaySettings(
    data_folder=Path(folder), device={own!r}, webhook_urls=(url,), listen_port=0, temper=Temper(temper),
    dialect=Dialect(dialect), version=version, enable_faults=True, drain_every_s=0.01, contain_panics=contain == "yes",
)
asyncio.run(serve(settings, ready=lambda url: print(url, flush=True)))
"""


class Process:
    """A gateway in a process of its own."""

    def __init__(self, process: asyncio.subprocess.Process, url: str) -> None:
        self.process = process
        self.url = url

    async def end(self, number: signal.Signals) -> tuple[int, str]:
        """Send *number*; returns the exit status and what stood on stderr."""
        self.process.send_signal(number)
        return await self.ended()

    async def ended(self) -> tuple[int, str]:
        async with asyncio.timeout(20):
            _, errors = await self.process.communicate()
        return self.process.returncode or 0, errors.decode()


@asynccontextmanager
async def started(program: str, *arguments: str) -> AsyncIterator[Process]:
    """*program* in a process of its own, once it has told its URL; killed at the end if it still runs."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", program, *arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(20):
            line = ""
            while not line.startswith("http"):
                line = (await process.stdout.readline()).decode()
                assert line, "the gateway ended before it listened"
        yield Process(process, line.strip())
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


@asynccontextmanager
async def gateway(
    folder: Path,
    receiver: Receiver,
    temper: Temper,
    *,
    dialect: Dialect = Dialect.ENVELOPE,
    version: str = "",
    contain: bool = True,
) -> AsyncIterator[Process]:
    arguments = (str(folder), receiver.url, temper.value, dialect.value, version, "yes" if contain else "no")
    async with started(PROGRAM.format(own=OWN), *arguments) as process:
        yield process


@pytest.fixture
def population(tmp_path: Path) -> Population:
    opened = Population.open(tmp_path / "population.db", OWN)
    for customer in (AMA, BIA):
        opened.people.add(customer)
    return opened


def stored_texts(population: Population) -> list[str]:
    page = storage_reading.messages(population.connection, OWN, BIA.key, storage_reading.Wanted(limit=100))
    return sorted(row.content for row in page)


async def test_a_kill_loses_gowa_s_webhooks_and_no_storage_row(
    tmp_path: Path, receiver: Receiver, population: Population
) -> None:
    """GOWA page 2.3: `Kill = every event in retry is lost`; storage is written before the webhook starts."""
    receiver.status = lambda call: 503
    async with gateway(tmp_path, receiver, Temper.GOWA) as first:
        population.send_text(BIA.key, "#1")
        await receiver.wait_for(1)
        await first.end(signal.SIGKILL)
    receiver.status = lambda call: 200
    receiver.calls.clear()
    async with gateway(tmp_path, receiver, Temper.GOWA):
        population.send_text(BIA.key, "#2")
        await receiver.wait_for(1)
    assert (receiver.texts(), stored_texts(population)) == (["#2"], ["#1", "#2"])


async def test_a_kill_loses_nothing_of_the_durable_temper(
    tmp_path: Path, receiver: Receiver, population: Population
) -> None:
    receiver.status = lambda call: 503
    async with gateway(tmp_path, receiver, Temper.DURABLE) as first:
        sent = [population.send_text(BIA.key, f"#{number}").text for number in range(5)]
        await receiver.wait_for(1)
        await first.end(signal.SIGKILL)
    receiver.status = lambda call: 200
    receiver.calls.clear()
    async with gateway(tmp_path, receiver, Temper.DURABLE):
        await receiver.wait_for(5)
    assert receiver.texts() == sent


async def test_kills_under_load_keep_the_durable_temper_s_order_and_lose_nothing(
    tmp_path: Path, receiver: Receiver, population: Population
) -> None:
    """At least once: a webhook that was taken as the process died may come again, never behind a newer one's first."""
    sent: list[str] = []
    for _ in range(4):
        async with gateway(tmp_path, receiver, Temper.DURABLE) as process:
            sent += [population.send_text(BIA.key, f"#{len(sent) + number}").text for number in range(20)]
            await receiver.wait_for(len(receiver.calls) + 5)
            await process.end(signal.SIGKILL)
    async with gateway(tmp_path, receiver, Temper.DURABLE):
        while len(receiver.counted()) < len(sent):
            await receiver.wait_for(len(receiver.calls) + 1)
    assert list(dict.fromkeys(receiver.texts())) == sent


async def test_what_customers_send_while_the_gateway_is_dead_comes_when_it_is_back(
    tmp_path: Path, receiver: Receiver, population: Population
) -> None:
    population.send_text(BIA.key, "#1")
    async with gateway(tmp_path, receiver, Temper.GOWA):
        await receiver.wait_for(1)
    assert receiver.texts() == ["#1"]


async def test_sigterm_does_not_wait_for_gowa_s_webhooks(
    tmp_path: Path, receiver: Receiver, population: Population
) -> None:
    """GOWA page 2.3: `HTTP server drained up to 15 s, then exit; webhook goroutines are not awaited`."""
    receiver.status = lambda call: 503
    async with gateway(tmp_path, receiver, Temper.GOWA) as process:
        population.send_text(BIA.key, "#1")
        await receiver.wait_for(1)
        async with asyncio.timeout(5):
            status, _ = await process.end(signal.SIGTERM)
    assert (status, len(receiver.calls), stored_texts(population)) == (0, 1, ["#1"])


async def test_up_to_8_0_0_an_uncontained_panic_ends_the_process_with_status_2(
    tmp_path: Path, receiver: Receiver, population: Population
) -> None:
    """The incident: "unsupported payload type: *store.PrivacyToken" takes every account down (GOWA page, 6.1)."""
    async with (
        gateway(tmp_path, receiver, Temper.GOWA, dialect=Dialect.FLAT, version="7.7.0", contain=False) as process,
        aiohttp.ClientSession() as http,
    ):
        await command(http, process, panics=1)
        with pytest.raises(aiohttp.ClientError):
            await look_up(http, process)
        status, errors = await process.ended()
    assert status == 2
    assert "panic: unsupported payload type: *store.PrivacyToken" in errors


async def test_a_fatal_panic_on_command_ends_the_process_too(
    tmp_path: Path, receiver: Receiver, population: Population
) -> None:
    async with gateway(tmp_path, receiver, Temper.DURABLE) as process, aiohttp.ClientSession() as http:
        await command(http, process, panics=1, fatal=True)
        with pytest.raises(aiohttp.ClientError):
            await look_up(http, process)
        assert (await process.ended())[0] == 2


async def command(http: aiohttp.ClientSession, process: Process, **told: object) -> None:
    async with http.post(f"{process.url}/_gateway/faults", json=told) as got:
        assert got.status == 200


async def look_up(http: aiohttp.ClientSession, process: Process) -> None:
    async with http.get(f"{process.url}/user/avatar", params={"phone": AMA.phone}):
        pass
