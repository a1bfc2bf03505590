"""Times in which the door answered no: written down as soon as the journal can be written again."""

import asyncio
import contextlib
from dataclasses import dataclass, field

from unlost.clock import Clock
from unlost.errors import NotCommitted
from unlost.journal.port import Journal
from unlost.journal.rows import GapCause
from unlost.telemetry.log import Telemetry
from unlost.telemetry.sides import GapTurned
from unlost.vocabulary.ids import ChannelName

RETRY_S = 1.0  # between tries to write a gap down while the journal cannot be written
QUIET_S = (
    5.0  # a journal that can be written, and no refusal for so long: the door is open, though nobody has knocked since
)
TOO_LARGE_EVERY_S = 60.0  # a stranger may send large bodies all day: one gap a minute says as much


@dataclass(slots=True, eq=False)
class _Gap:
    """One that is not closed yet. *row*: its number once it is written; *refused_at*: its last 503, monotonic."""

    channel: ChannelName
    cause: GapCause
    since: float
    is_over: bool = False
    row: int | None = None
    refused_at: float = 0.0


@dataclass(slots=True)
class GapKeeper:
    """Remembers in memory and writes behind the door's back. `run` must run for as long as the door is open."""

    journal: Journal
    clock: Clock
    telemetry: Telemetry
    _unwritten: list[_Gap] = field(default_factory=list)
    _lasting: dict[ChannelName, _Gap] = field(default_factory=dict)
    _too_large_at: dict[ChannelName, float] = field(default_factory=dict)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)

    def not_kept(self, channel: ChannelName) -> None:
        """A 503 was answered; the gap lasts until the next `kept`, or until it is written and QUIET_S have passed."""
        if channel not in self._lasting:
            self._lasting[channel] = self._remember(_Gap(channel, GapCause.NOT_COMMITTED, self.clock.now()))
        self._lasting[channel].refused_at = self.clock.monotonic()

    def kept(self, channel: ChannelName) -> None:
        """A body was committed."""
        if self._lasting and channel in self._lasting:
            self._lasting.pop(channel).is_over = True
            self._wake.set()

    def too_large(self, channel: ChannelName) -> None:
        """A 413 was answered: whatever it was, it is missed."""
        now = self.clock.monotonic()
        if now - self._too_large_at.get(channel, float("-inf")) >= TOO_LARGE_EVERY_S:
            self._too_large_at[channel] = now
            self._remember(_Gap(channel, GapCause.TOO_LARGE, self.clock.now(), is_over=True))

    def _remember(self, gap: _Gap) -> _Gap:
        self._unwritten.append(gap)
        self._wake.set()
        return gap

    async def run(self) -> None:
        """Write down what is remembered, whenever there is something. Ends only by being cancelled."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            if not await self.write():
                await asyncio.sleep(RETRY_S)
                self._wake.set()
            elif self._lasting:
                await self._until_quiet()

    async def _until_quiet(self) -> None:
        """What was written shows that the journal can be written: without another refusal the door is open again."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(QUIET_S):
                await self._wake.wait()
        now = self.clock.monotonic()
        for channel, gap in list(self._lasting.items()):
            if gap.row is not None and now - gap.refused_at >= QUIET_S:
                self.kept(channel)
        if self._lasting:
            self._wake.set()

    async def write(self) -> bool:
        """One round; False where the journal could not be written."""
        try:
            for gap in list(self._unwritten):
                await self._written(gap)
        except NotCommitted:
            return False
        return True

    async def _written(self, gap: _Gap) -> None:
        if gap.row is None:
            gap.row = await self.journal.open_gap(gap.channel, gap.cause, since=gap.since)
            self.telemetry.tell(GapTurned(gap.channel, gap.cause, "opened"))
        if gap.is_over:
            # Again, since another bridge may have closed it meanwhile: then the whole of it is one more.
            gap.row = await self.journal.open_gap(gap.channel, gap.cause, since=gap.since)
            await self.journal.close_gap(gap.row)
            self._unwritten.remove(gap)
            self.telemetry.tell(GapTurned(gap.channel, gap.cause, "closed"))
