"""`kill -9` of a whole gateway with the real engine: its workers die with it, and nothing is lost or told under another number."""

from __future__ import annotations

import asyncio
import signal
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp

from tests.contract.gateway.engines.joined import OWN, USER, until
from tests.contract.gateway.engines.real import WAIT_S, needs_engine
from tests.contract.gateway.receiver import Receiver
from tests.contract.gateway.test_killed import Process, started

pytestmark = needs_engine

if TYPE_CHECKING:
    from tests.fake_whatsapp.account import Account
    from tests.fake_whatsapp.peer import Peer
    from tests.fake_whatsapp.server import FakeWhatsApp

PROGRAM = """
import asyncio, sys
from pathlib import Path
from tests.contract.gateway.engines.joined import OWN, workers
from unlost.gateway.server import serve
from unlost.gateway.settings import EngineName, GatewaySettings
folder, url, endpoint = sys.argv[1:]
settings = GatewaySettings(
    data_folder=Path(folder), device=OWN, webhook_urls=(url,), listen_port=0, engine=EngineName.NEONIZE, call_wait_s=30.0
)
asyncio.run(serve(settings, ready=lambda url: print(url, flush=True), workers=workers(Path(endpoint))))
"""


@asynccontextmanager
async def gateway(server: FakeWhatsApp, folder: Path, receiver: Receiver) -> AsyncIterator[Process]:
    async with started(PROGRAM, str(folder), receiver.url, str(server.endpoint_file)) as process:
        yield process


async def linked(process: Process, server: FakeWhatsApp) -> Account:
    async with aiohttp.ClientSession() as http:
        async with http.post(f"{process.url}/devices/{OWN}/login/code", params={"phone": USER}) as got:
            code = (await got.json())["results"]["pair_code"]
        account = await server.pair_by_code(code, USER)
        await server.logged_in(account, WAIT_S)
    return account


def children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def numbers_of(receiver: Receiver) -> dict[str, set[str]]:
    """Under which of the feed's numbers each message was told."""
    told: dict[str, set[str]] = defaultdict(set)
    for call in receiver.calls:
        if call.json["event"] == "message":
            told[call.text].add(f"{call.headers['X-Unlost-Feed']}/{call.headers['X-Unlost-Event']}")
    return told


class Burst:
    """Bob's messages, in order."""

    def __init__(self, server: FakeWhatsApp, bob: Peer) -> None:
        self._server = server
        self._bob = bob
        self.sent: list[str] = []

    async def push(self, account: Account, count: int) -> None:
        for _ in range(count):
            self.sent.append(f"#{len(self.sent)}")
            await self._server.push_text(self._bob, account, self.sent[-1])


async def killed_amid(process: Process, receiver: Receiver, pushing: asyncio.Task[None]) -> None:
    """Kill the gateway once some of what is *pushing* was told; its worker ends with it."""
    heard = len(receiver.calls)
    await until(lambda: len(receiver.calls) > heard + 10)
    (worker,) = children(process.process.pid)
    await process.end(signal.SIGKILL)
    await pushing
    await until(lambda: not Path(f"/proc/{worker}").exists())


async def test_killed_under_load_it_loses_nothing_and_tells_nothing_under_two_numbers(
    server: FakeWhatsApp, disk: Path, receiver: Receiver, bob: Peer
) -> None:
    """Three kills, each somewhere between the messages of a burst; more come while it is dead."""
    burst = Burst(server, bob)
    account: Account | None = None
    for _ in range(3):
        async with gateway(server, disk, receiver) as process:
            account = account or await linked(process, server)
            await killed_amid(process, receiver, asyncio.create_task(burst.push(account, 40)))
        await burst.push(account, 5)
    async with gateway(server, disk, receiver):
        await until(lambda: set(burst.sent) <= set(receiver.texts()))
    told = numbers_of(receiver)
    assert [words for words, under in told.items() if len(under) != 1] == []
    assert list(told) == burst.sent
