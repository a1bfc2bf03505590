"""Receipts of several channels in a whole bridge: none waits for another channel's helpdesk."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from tests.contract.journal.building import link, message, receipt
from tests.unit.settings import files
from unlost.assemble.bridge import Outside, build_bridge, open_up, stop, work
from unlost.clock import SystemClock
from unlost.journal.rows import ChannelRow, HolderId, Learned, Pool
from unlost.journal.sqlite_journal import SqliteJournal
from unlost.lanes.locks import FileLocks
from unlost.settings.reading import read_settings
from unlost.settings.values import Settings
from unlost.spool import Spool
from unlost.telemetry.log import silent_telemetry
from unlost.transport import Answer, Call
from unlost.vocabulary.envelopes import Direction
from unlost.vocabulary.facts import Facts
from unlost.vocabulary.ids import ChannelName
from unlost.vocabulary.verdicts import Delivered

HANGING, HEALTHY = ChannelName("hanging"), ChannelName("healthy")
HEALTHY_PORT = 8091
NAMES = ("o1", "o2", "o3")
PATIENCE_S = 20.0
"""Longer than any busy machine takes for six calls; what fails here waits for ever."""


class Helpdesks:
    """One marks messages; nothing else in the world ever answers. *all_marked*: once a status was set at every message."""

    def __init__(self) -> None:
        self.knocked = asyncio.Event()
        self.all_marked = {status: asyncio.Event() for status in ("delivered", "read")}
        self._marks: list[str] = []

    async def send(self, call: Call) -> Answer:
        if call.method != "PATCH":
            await asyncio.Event().wait()
        url = urlsplit(call.url)
        if url.port != HEALTHY_PORT:
            self.knocked.set()
            await asyncio.Event().wait()
        status = json.loads(call.json or b"")["status"]
        self._marks.append(status)
        if self._marks.count(status) == len(NAMES):
            self.all_marked[status].set()
        number = int(url.path.rpartition("/")[2])
        shown = {"id": number, "conversation_id": 7, "inbox_id": 1, "message_type": 1, "status": status}
        return Answer(200, {}, json.dumps(shown).encode())

    async def receive(self, call: Call, into: Callable[[bytes], None]) -> Answer:
        return await self.send(call)


async def wish(journal: SqliteJournal, channel: ChannelName) -> None:
    """Three messages of agents stand in the channel; each is wanted as delivered."""
    worker = HolderId(f"worker of {channel}")
    await journal.introduce([ChannelRow(channel, None, str(channel))])
    await journal.enrol(worker, "host", "/locks/worker")
    await journal.append(channel, [message("carrier", device=None)])
    (claim,) = await journal.claim(worker, Pool(channel, Direction.INBOUND), limit=1)
    links = tuple(link(name, number, outgoing=True) for number, name in enumerate(NAMES, start=1))
    await journal.settle(claim, Delivered(), Facts(), Learned(messages=links))
    await journal.append(channel, [receipt("delivered", *NAMES)])


def outside_of(folder: Path, journal: SqliteJournal, http: Helpdesks) -> Outside:
    """This machine, but for the network."""

    async def nothing(*_: object) -> int:
        return 0

    return Outside(
        journal=journal,
        journal_path=folder / "journal.db",
        journal_is_used=False,
        http=http,
        spool=Spool(folder / "files", 1_000_000),
        clock=SystemClock(),
        locks=FileLocks(folder / "locks"),
        host="host",
        telemetry=silent_telemetry(),
        spread=lambda: 0.0,
        name=lambda: "name",
        backup_to=nothing,
        forget_addresses=journal.forget,
        prune=nothing,
    )


def two_channels(folder: Path) -> Settings:
    """The hanging one first: who carried them in turn would begin there."""
    healthy = files.channel(HEALTHY).replace("8090", str(HEALTHY_PORT))
    return read_settings(files.written(folder, files.channel(HANGING) + healthy), {})


async def test_a_helpdesk_that_hangs_keeps_no_other_channels_receipts_waiting(tmp_path: Path) -> None:
    """Nor in any later round: it is asked again while the other's first call still hangs."""
    settings = two_channels(tmp_path)
    journal = await SqliteJournal.open(tmp_path / "journal.db", clock=SystemClock(), executor="inline")
    await wish(journal, HANGING)
    await wish(journal, HEALTHY)
    helpdesks = Helpdesks()
    bridge = build_bridge(settings, outside_of(tmp_path, journal, helpdesks))
    bridge.receipts = tuple(replace(each, pause_s=0.01) for each in bridge.receipts)
    await open_up(bridge)
    await work(bridge)
    try:
        async with asyncio.timeout(PATIENCE_S):
            await helpdesks.knocked.wait()
            await helpdesks.all_marked["delivered"].wait()
            await journal.append(HEALTHY, [receipt("read", *NAMES)])
            await helpdesks.all_marked["read"].wait()
    finally:
        await stop(bridge)
        await journal.close()
