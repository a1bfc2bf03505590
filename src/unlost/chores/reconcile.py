"""What the gateway's storage has and the journal has not is appended: the record behind every webhook that was lost.

The storage row is written before the webhook is sent (GOWA page, fact 2), so it is the better record. Chats are all looked
at, since a chat's last_message_time may move backwards (section 4 there); pages overlap by what arrives meanwhile, which the
journal's door keys make harmless.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import floor
from typing import Protocol

from unlost.clock import Clock
from unlost.errors import UnlostError
from unlost.journal.port import Journal
from unlost.journal.rows import Arrival, GapRow
from unlost.vocabulary.envelopes import Envelope
from unlost.vocabulary.ids import ChannelName

OVERLAP_S = 600.0
"""Storage times are whole seconds in the gateway's own zone, compared as text; a margin makes both harmless."""
PAGE = 100
CHATS_MAX = 100_000
ROWS_MAX = 100_000
"""Of one chat in one run: bounds a run; the next one begins where the last ended."""
APPEND_MAX = 100


@dataclass(frozen=True, slots=True)
class StorageChat:
    """One chat of the gateway's storage. *touched_at*: the later of its last message and its last change; None: unknown."""

    jid: str
    touched_at: float | None


@dataclass(frozen=True, slots=True)
class StorageRow:
    """One message of the gateway's storage, as the door would have it, and its JSON text."""

    envelope: Envelope
    raw: bytes


class Storage(Protocol):
    """One channel's gateway, as far as reconcile needs it. Raises UnlostError."""

    async def chats(self, offset: int) -> Sequence[StorageChat]:
        """A page of at most PAGE chats."""
        ...

    async def messages(self, jid: str, since: float, offset: int) -> Sequence[StorageRow]:
        """A page of at most PAGE messages from *since* on; rows that are no messages are left out (so a page may be short)."""
        ...

    def was_full(self) -> bool:
        """Whether the page read last held PAGE rows before any were left out."""
        ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run saw. *error* is set where it could not look everywhere; then no gap is closed."""

    looked_at: int
    appended: int
    error: str | None = None


@dataclass(slots=True)
class Reconcile:
    """One channel's. *hold_s*: the reorder wait in force, so that what is recovered is sorted in with what arrives."""

    channel: ChannelName
    journal: Journal
    storage: Storage
    clock: Clock
    hold_s: Callable[[], float]
    twin_wait_s: float
    _looked_until: float | None = None

    async def run(self, since: float | None = None) -> Outcome:
        """Look from *since* (default: the oldest gap not yet looked behind, else the last run), never behind the start mark."""
        began_at = self.clock.now()
        gaps = [gap for gap in await self.journal.gaps(open_only=True) if gap.channel == self.channel]
        mark = await self.journal.start_mark(self.channel)
        start = float(floor(max(await self._start(since, gaps), mark)))  # storage's times have whole seconds
        try:
            outcome = await self._look(start)
        except UnlostError as error:
            return Outcome(0, 0, str(error))
        for gap in gaps:
            if (
                gap.closed_at is not None and max(gap.opened_at, mark) >= start
            ):  # a clock that stepped back may lie before it
                await self.journal.gap_reconciled(gap.id)
        self._looked_until = began_at
        return outcome

    async def _start(self, since: float | None, gaps: Sequence[GapRow]) -> float:
        if since is not None:
            return since
        mark = await self.journal.start_mark(self.channel)
        last = self._looked_until if self._looked_until is not None else mark
        return min([last, *(gap.opened_at for gap in gaps)]) - OVERLAP_S

    async def _look(self, since: float) -> Outcome:
        looked_at = appended = offset = 0
        while offset < CHATS_MAX:
            chats = await self.storage.chats(offset)
            full = self.storage.was_full()
            for chat in chats:
                if chat.touched_at is None or chat.touched_at >= since:
                    looked, new = await self._look_at(chat, since)
                    looked_at, appended = looked_at + looked, appended + new
            if not full:
                break
            offset += PAGE
        return Outcome(looked_at, appended)

    async def _look_at(self, chat: StorageChat, since: float) -> tuple[int, int]:
        """Oldest first, so that places follow WhatsApp's time; (looked at, appended)."""
        rows: list[StorageRow] = []
        for offset in range(0, ROWS_MAX, PAGE):
            rows += await self.storage.messages(chat.jid, since, offset)
            if not self.storage.was_full():
                break
        rows = [row for row in rows if row.envelope.told_at is None or row.envelope.told_at >= since]
        rows.sort(key=lambda row: row.envelope.told_at or 0.0)
        hold_s = self.hold_s()
        new = 0
        for start in range(0, len(rows), APPEND_MAX):
            batch = rows[start : start + APPEND_MAX]
            arrivals = [Arrival(row.envelope, row.raw, hold_s, self.twin_wait_s) for row in batch]
            missing = [
                arrival
                for arrival, known in zip(arrivals, await self.journal.knows(self.channel, arrivals), strict=True)
                if not known
            ]
            if missing:
                new += sum(done.is_new for done in await self.journal.append(self.channel, missing))
        return len(rows), new
