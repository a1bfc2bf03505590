"""A gateway's storage and the part of a journal that chores ask, in memory; a clock that stands until it is moved."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace

from unlost.chores.reconcile import PAGE, Outcome, Reconcile, StoragePage, StorageRow
from unlost.chores.storage_chats import StorageChat
from unlost.errors import UnlostError
from unlost.journal.rows import Appended, Arrival, GapCause, GapRow
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.envelopes import Envelope, Kind, Source
from unlost.vocabulary.ids import ChannelName, EntryId, WhatsAppId

CHANNEL = ChannelName("support")
DAY_S = 86_400.0
KEPT_S = 400 * DAY_S
NOW = 2_000 * DAY_S


@dataclass
class FixedClock:
    """Stands at NOW until it is moved."""

    at: float = NOW

    def now(self) -> float:
        return self.at

    def monotonic(self) -> float:
        return self.at


@dataclass
class SmallJournal:
    """Keeps arrivals by message id, in the order in which they came."""

    clock: FixedClock
    mark: float = NOW - 10 * DAY_S
    looked: float | None = None
    is_right: bool = False
    mark_is_this_clocks: bool = False
    rows: list[GapRow] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    kinds: dict[str, Kind] = field(default_factory=dict)

    async def gaps(self, *, open_only: bool) -> list[GapRow]:
        return [gap for gap in self.rows if not open_only or gap.reconciled_at is None]

    async def is_clock_right(self) -> bool:
        return self.is_right

    async def raise_start_mark(self, channel: ChannelName, until: float) -> None:
        if self.mark_is_this_clocks:
            self.mark = max(self.mark, until)

    async def last_gap_end(self, channel: ChannelName) -> float | None:
        ends = (gap.closed_at for gap in self.rows if gap.channel == channel and gap.cause is not GapCause.TOO_LARGE)
        return max((end for end in ends if end is not None), default=None)

    async def gap_reconciled(self, gap: int) -> None:
        self.rows = [replace(row, reconciled_at=self.clock.now()) if row.id == gap else row for row in self.rows]

    async def start_mark(self, channel: ChannelName) -> float:
        return self.mark

    async def looked_until(self, channel: ChannelName) -> float | None:
        return self.looked

    async def mark_looked(self, channel: ChannelName, at: float) -> None:
        self.looked = at if self.looked is None else max(at, self.looked)

    async def knows(self, channel: ChannelName, arrivals: Sequence[Arrival]) -> list[bool]:
        return [arrival.envelope.id in self.kept for arrival in arrivals]

    async def append(self, channel: ChannelName, arrivals: Sequence[Arrival]) -> list[Appended]:
        appended = []
        for arrival in arrivals:
            assert arrival.envelope.id is not None
            is_new = arrival.envelope.id not in self.kept
            if is_new:
                self.kept.append(arrival.envelope.id)
                self.kinds[arrival.envelope.id] = arrival.envelope.kind
            appended.append(Appended(EntryId(self.kept.index(arrival.envelope.id) + 1), is_new))
        return appended

    def gap(self, opened_at: float, closed_at: float | None) -> None:
        row = GapRow(len(self.rows) + 1, CHANNEL, GapCause.DOOR_CLOSED, opened_at, closed_at, None)
        self.rows.append(row)

    @property
    def open_gaps(self) -> list[int]:
        return [gap.id for gap in self.rows if gap.reconciled_at is None]


@dataclass
class SmallStorage:
    """Chats, last touched first, and rows, newest first, as GOWA pages them. *between* runs after each page of chats.

    *fails*: chats whose messages cannot be read. *begins_anew*: so often a chat's end is not trusted, and all is given again.
    """

    clock: FixedClock
    rows: dict[str, dict[str, StorageRow]] = field(default_factory=dict)
    touched: dict[str, float] = field(default_factory=dict)
    between: Callable[[], None] = lambda: None
    pages_asked: list[tuple[str, float, int]] = field(default_factory=list)
    fails: dict[str, UnlostError] = field(default_factory=dict)
    begins_anew: int = 0
    _full: bool = False

    def write(
        self,
        id: str,
        chat: str = "c",
        *,
        told_at: float,
        stored_at: float | None = None,
        kind: Kind = Kind.MESSAGE,
    ) -> None:
        stored_at = told_at if stored_at is None else stored_at
        envelope = Envelope(Source.STORAGE, kind, chat=Address(chat), id=WhatsAppId(id), told_at=told_at)
        self.rows.setdefault(chat, {})[id] = StorageRow(envelope, id.encode(), stored_at)
        self.touched[chat] = max(self.touched.get(chat, 0.0), stored_at)

    async def chats(self, offset: int) -> Sequence[StorageChat]:
        order = sorted(self.touched, key=lambda jid: self.touched[jid], reverse=True)
        page = [StorageChat(jid, self.touched[jid], self._told(jid)) for jid in order[offset : offset + PAGE]]
        self._full = len(page) == PAGE
        self.between()
        return page

    def _told(self, jid: str) -> float | None:
        told = [row.envelope.told_at for row in self.rows.get(jid, {}).values()]
        return max((at for at in told if at is not None), default=None)

    def was_full(self) -> bool:
        return self._full

    async def messages(self, jid: str, since: float) -> AsyncIterator[StoragePage]:
        beginnings, offset = self.begins_anew, 0
        while True:
            self.pages_asked.append((jid, since, offset))
            if jid in self.fails:
                raise self.fails[jid]
            found = [row for row in self.rows[jid].values() if (row.envelope.told_at or 0.0) >= since]
            found.sort(key=lambda row: row.envelope.told_at or 0.0, reverse=True)
            page = found[offset : offset + PAGE]
            yield StoragePage(page, begins=offset == 0)
            offset += PAGE
            if len(page) < PAGE:
                if not beginnings:
                    return
                beginnings, offset = beginnings - 1, 0


@dataclass
class World:
    """One channel, whose journal knows nothing of what storage has."""

    clock: FixedClock = field(default_factory=FixedClock)
    journal: SmallJournal = field(init=False)
    storage: SmallStorage = field(init=False)

    def __post_init__(self) -> None:
        self.journal = SmallJournal(self.clock)
        self.storage = SmallStorage(self.clock)

    async def run(self, since: float | None = None) -> Outcome:
        """As after a start: nothing is remembered but by the journal."""
        return await self.run_of(self.reconcile(), since)

    async def run_of(self, reconcile: Reconcile, since: float | None = None) -> Outcome:
        return await reconcile.run(await self.journal.gaps(open_only=True), since)

    def reconcile(self) -> Reconcile:
        return Reconcile(
            CHANNEL,
            self.journal,  # type: ignore[arg-type]  # the part of the port that reconcile asks
            self.storage,
            self.clock,
            lambda: 0.5,
            60.0,
            KEPT_S,
        )
