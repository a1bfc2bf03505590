"""A device with the real engine, supervised as in production, whose WhatsApp is the fake one."""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from tests.contract.gateway.engines.world import Told
from tests.fake_whatsapp.wheel import why_not_both
from unlost.gateway.engines import neonize
from unlost.gateway.engines.deaths import Pace
from unlost.gateway.engines.engine_counts import EngineCounts
from unlost.gateway.engines.frames import Pulse, Qr, Recorded, StateName
from unlost.gateway.engines.record import RecordReader
from unlost.gateway.engines.record.file import FILE_NAME, rows
from unlost.gateway.engines.supervisor import Supervisor
from unlost.gateway.engines.worker_process import WorkerCommand
from unlost.gateway.events import CallOffer, Event, Message, Notice, Participants, Receipt, Text

WAIT_S = 60.0
PACE = Pace(restart_first_s=0.01, restart_most_s=1.0)
WHY_NOT = why_not_both()
needs_engine = pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)


def command(endpoint_file: Path, folder: Path, unrecovered_after_s: float, *wrapped: str) -> WorkerCommand:
    """The worker's own command, begun through what makes its engine know only the fake."""
    plain = neonize.worker_command(folder, unrecovered_after_s=unrecovered_after_s)
    module = (*wrapped, neonize.MODULE) if wrapped else (neonize.MODULE,)
    patched = (sys.executable, "-m", "tests.fake_whatsapp.patched", str(endpoint_file), *module, *plain.argv[3:])
    return WorkerCommand(patched, plain.env)


class Device:
    """One supervised device and its record, as the gateway sees both."""

    def __init__(
        self, endpoint_file: Path, folder: Path, *wrapped: str, unrecovered_after_s: float = 600.0, pace: Pace = PACE
    ) -> None:
        self.folder = folder
        self.registry = CollectorRegistry()
        self.told = Told()
        self.supervisor = Supervisor(
            folder.name,
            command(endpoint_file, folder, unrecovered_after_s, *wrapped),
            counts=EngineCounts(self.registry),
            pace=pace,
            hear=self.told.hear,
        )
        self.reader = RecordReader(folder / FILE_NAME)

    async def code(self) -> str:
        """The newest QR code."""
        await self.told.until(lambda: any(isinstance(one, Qr) for one in self.told.all))
        return next(one.codes[-1] for one in reversed(self.told.all) if isinstance(one, Qr))

    async def logged_in(self, times: int = 1) -> None:
        await self.told.logged_in(times)

    async def recorded(self, count: int) -> list[Event]:
        """The first *count* events or more, once they are there."""
        await self.told.until(lambda: len(self.reader.after(0, count)) >= count)
        return [one.event for one in self.reader.after(0, 10_000)]

    async def text(self, id: str) -> Message:
        """The text message with this id, once it is recorded."""
        await self.told.until(lambda: self.find(id) is not None)
        found = self.find(id)
        assert found is not None
        return found

    def find(self, id: str) -> Message | None:
        return next((one for one in self.messages() if one.id == id), None)

    def is_done(self, id: str) -> bool:
        """True if what the engine told under this id is on disk now."""
        return bool(rows(self.reader._connection, "SELECT 1 FROM done WHERE id = ?", (id,)))

    def messages(self) -> list[Message]:
        return [one.event for one in self.reader.after(0, 10_000) if isinstance(one.event, Message)]

    def texts(self) -> list[str]:
        return [one.content.text for one in self.messages() if isinstance(one.content, Text)]

    def notices(self, event: str) -> list[Notice]:
        found = [one.event for one in self.reader.after(0, 10_000)]
        return [one for one in found if isinstance(one, Notice) and one.event == event]

    def changes(self) -> list[Participants]:
        return [one.event for one in self.reader.after(0, 10_000) if isinstance(one.event, Participants)]

    def receipts(self) -> list[Receipt]:
        return [one.event for one in self.reader.after(0, 10_000) if isinstance(one.event, Receipt)]

    def calls(self) -> list[CallOffer]:
        return [one.event for one in self.reader.after(0, 10_000) if isinstance(one.event, CallOffer)]

    async def pulses(self, fits: Callable[[Pulse], bool], count: int) -> list[Pulse]:
        """The next *count* pulses in a row that fit."""
        found: list[Pulse] = []
        async with asyncio.timeout(WAIT_S):
            while len(found) < count:
                last = self.supervisor.pulse
                while self.supervisor.pulse is last:
                    await asyncio.sleep(0.01)
                found = [*found, self.supervisor.pulse] if fits(self.supervisor.pulse) else []
        return found

    def states(self) -> list[StateName]:
        return self.told.names()

    def upto(self) -> int:
        return max((one.upto for one in self.told.all if isinstance(one, Recorded)), default=0)

    def forget(self) -> None:
        """Let go of the record."""
        self.reader.close()
        shutil.rmtree(self.folder, ignore_errors=True)


@asynccontextmanager
async def device(
    endpoint_file: Path, folder: Path, *wrapped: str, unrecovered_after_s: float = 600.0, pace: Pace = PACE
) -> AsyncIterator[Device]:
    """A device that is begun, not paired."""
    made = Device(endpoint_file, folder, *wrapped, unrecovered_after_s=unrecovered_after_s, pace=pace)
    made.supervisor.start()
    try:
        yield made
    finally:
        await made.supervisor.stop()
        made.forget()
