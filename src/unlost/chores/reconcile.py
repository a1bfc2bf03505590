"""What the gateway's storage has and the journal has not is appended: the record behind every webhook that was lost.

The storage row is written before the webhook is sent (GOWA page, fact 2), so it is the better record. It never forgets, and the
journal does: nothing older than what the door keys still keep out is taken, whatever is asked for. Pages are counted from the
newest on, so what is written meanwhile only shows a row twice, which the door keys make harmless; what is deleted meanwhile is seen
to where a chat's pages are read. A chat that is written to moves to the front, so several pages of chats are read again until they
hold no new one.

A chat that cannot be read holds up no other: all others are looked at, and it is asked last the next time.

How far it has looked is told by WhatsApp's times, not by this machine's clock: one that runs ahead would hide for as long what comes
meanwhile. So a look begins shortly before the newest message that the last one saw, and is repeated until there is a newer one.
Nothing is looked at while this machine's clock is days behind WhatsApp's: what is before the start mark, or pruned, cannot be told then.
"""

from collections import deque
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from unlost.chores.storage_chats import AHEAD_S, BEHIND_S, StorageChat, both, is_behind, told_until
from unlost.clock import Clock
from unlost.errors import Blocked, NotCommitted, TryLater, UnlostError
from unlost.journal.port import Journal
from unlost.journal.rows import Arrival, GapRow
from unlost.telemetry.shortening import short
from unlost.vocabulary.envelopes import Envelope, Kind
from unlost.vocabulary.ids import ChannelName

OVERLAP_S = 600.0
"""Storage times are whole seconds in the gateway's own zone, compared as text; a margin makes both harmless."""
STORED_LATE_S = 14 * 86_400.0
"""WhatsApp keeps messages for a linked device that is away, and unlinks it after two weeks: as much older than its row one can be."""
QUEUE_S = 3_600.0
"""So long after a gap what lay in WhatsApp's queue may still come; two weeks of it take minutes. Until then looks reach as far back."""
KEPT_MARGIN_S = BEHIND_S
"""Between the oldest message that is taken and the oldest door key that pruning leaves."""
PAGE = 100
CHATS_OVERLAP = 10
"""Of two pages of chats. A queued message moves its chat towards the list's end, and all behind it one place forward, past a reader
who goes on where the last page ended; so many but one may, and hide none."""
CHATS_MAX = 100_000
PASSES_MAX = 5
"""Over the pages of chats: one that finds no new chat ends them; a gateway that shows new ones for ever is not looked through."""
UNREAD_MAX = 50
"""So many messages of which none can be read are no broken ones, but a gateway that writes them otherwise: none becomes a dead letter."""
HELD_ROWS_MAX = 2_000
HELD_BYTES_MAX = 32 * 1024 * 1024
"""What is held of one chat until its oldest row is found; beyond it the oldest go in first, and the chat is looked at again."""
APPEND_MAX = 100
FAILURES_IN_A_ROW_MAX = 10
"""Of chats: a gateway that lets each call time out is as good as away, and has cost 100 s by then."""


@dataclass(frozen=True, slots=True)
class StorageRow:
    """One message of the gateway's storage, as the door would have it, and its JSON text.

    *stored_at*: when the gateway wrote it, later than WhatsApp's time for what lay in an offline queue; None: not told.
    """

    envelope: Envelope
    raw: bytes
    stored_at: float | None = None


@dataclass(frozen=True, slots=True)
class StoragePage:
    """Some rows of a chat. *begins*: the chat is read from its beginning, perhaps anew; what was given before it is given again."""

    rows: Sequence[StorageRow]
    begins: bool


class Storage(Protocol):
    """One channel's gateway, as far as reconcile needs it. Raises UnlostError."""

    async def chats(self, offset: int) -> Sequence[StorageChat]:
        """A page of at most PAGE chats."""
        ...

    def was_full(self) -> bool:
        """Whether the page read last held PAGE rows before any were left out."""
        ...

    def messages(self, jid: str, since: float) -> AsyncIterator[StoragePage]:
        """A chat's messages from *since* on, newest first. What cannot be read is one too, of kind `unreadable`, with an id of its
        own. Ends, whatever the gateway does.
        """
        ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one run saw and put in. *error* is set where it could not look everywhere; then no gap is closed.

    *told_until*: what storage held when the run began was told at least until then; None: nothing says how late it is.
    """

    looked_at: int
    appended: int
    error: str | None = None
    told_until: float | None = None


@dataclass(frozen=True, slots=True)
class _Window:
    """Rows told or stored from *since* on, but none told before *floor*. *asked_from*: where the pages begin, by WhatsApp's time."""

    since: float
    floor: float
    asked_from: float

    def holds(self, row: StorageRow) -> bool:
        told_at = row.envelope.told_at
        if told_at is None:
            return True
        return told_at >= self.floor and max(told_at, row.stored_at or told_at) >= self.since

    def newest_first(self, rows: Sequence[StorageRow]) -> list[StorageRow]:
        """Those of *rows* that it holds. Pages come newest first; this is so within one, too."""
        return sorted(filter(self.holds, rows), key=lambda row: row.envelope.told_at or 0.0, reverse=True)


@dataclass(slots=True)
class _Oldest:
    """The oldest of what is put in newest first, within bounds. *is_cut*: newer ones had to go."""

    rows: deque[Arrival] = field(default_factory=deque)
    size_bytes: int = 0
    is_cut: bool = False

    def put(self, arrivals: Sequence[Arrival]) -> None:
        for arrival in arrivals:
            self.rows.append(arrival)
            self.size_bytes += len(arrival.raw)
        while len(self.rows) > 1 and (len(self.rows) > HELD_ROWS_MAX or self.size_bytes > HELD_BYTES_MAX):
            self.size_bytes -= len(self.rows.popleft().raw)
            self.is_cut = True


@dataclass(slots=True)
class _Sight:
    """What a run has seen until now, and the first failure of a chat. *held*: what cannot be read, by its name, until more is seen."""

    looked_at: int = 0
    appended: int = 0
    failed: int = 0
    in_a_row: int = 0
    first: str | None = None
    told_until: float | None = None
    unread: int = 0
    has_read: bool = False
    held: dict[str, Arrival] = field(default_factory=dict)

    def meet(self, rows: Sequence[StorageRow]) -> None:
        """Raises TryLater where so many cannot be read, and not one can."""
        unread = sum(row.envelope.kind is Kind.UNREADABLE for row in rows)
        self.unread += unread
        self.has_read = self.has_read or unread < len(rows)
        if self.is_strange:
            raise TryLater(
                "none of so many messages can be read; it keeps them in a new way", cause="unreadable", away=False
            )

    @property
    def is_strange(self) -> bool:
        """Whether storage may be another than we know."""
        return self.unread >= UNREAD_MAX and not self.has_read

    def hold_unread(self, missing: Sequence[Arrival]) -> list[Arrival]:
        """Those of *missing* that may come in; until anything could be read, what cannot be is held back."""
        if self.has_read:
            return list(missing)
        self.held |= {str(one.envelope.id): one for one in missing if one.envelope.kind is Kind.UNREADABLE}
        return [one for one in missing if one.envelope.kind is not Kind.UNREADABLE]

    def could_read(self) -> None:
        self.in_a_row = 0

    def could_not_read(self, jid: str, error: UnlostError) -> None:
        self.failed, self.in_a_row = self.failed + 1, self.in_a_row + 1
        self.first = self.first or f"{short(jid)}: {error}"

    def outcome(self, stopped_by: UnlostError | None = None) -> Outcome:
        told = [str(stopped_by)] if stopped_by is not None else []
        if self.first is not None:
            told.append(f"chats that could not be read: {self.failed}, first {self.first}")
        return Outcome(self.looked_at, self.appended, "; ".join(told) or None, self.told_until)


@dataclass(slots=True)
class Reconcile:
    """One channel's. *hold_s*: the reorder wait in force, so that what is recovered is sorted in with what arrives.

    *kept_s*: how long the journal keeps door keys and links. *_troubled*: chats that could not be read when last asked. *_ran_at*: when the last whole
    look began.
    """

    channel: ChannelName
    journal: Journal
    storage: Storage
    clock: Clock
    hold_s: Callable[[], float]
    twin_wait_s: float
    kept_s: float
    _troubled: set[str] = field(default_factory=set)
    _ran_at: float | None = None

    async def run(self, gaps: Sequence[GapRow], since: float | None = None) -> Outcome:
        """Look from *since* (default: the oldest of *gaps*, else the last run), never behind the floor.

        *gaps*: the channel's that are not yet looked behind; no other is closed. The floor is the start mark, or what the door keys
        still keep out. A run behind a gap also finds what WhatsApp delivered then, or within QUEUE_S of its end, and is much older
        (STORED_LATE_S).
        """
        began_at = self.clock.now()
        floor = await self._floor(began_at)
        looked_until = min(max(await self.journal.looked_until(self.channel) or floor, floor), began_at)
        seen = [gap for gap in gaps if gap.closed_at is None or gap.closed_at >= floor]
        start = min([looked_until, *(gap.opened_at for gap in seen)]) - OVERLAP_S if since is None else since
        start = max(start, floor)
        reaches_back = bool(gaps) or await self._may_bring_old(
            start if self._ran_at is None else self._ran_at - OVERLAP_S
        )
        asked_from = max(start - STORED_LATE_S, floor) if reaches_back else start
        outcome = await self._look(_Window(start, floor, asked_from), began_at)
        if outcome.error is not None:
            return outcome
        hides_all = floor >= began_at - 1.0  # a start mark in the future: what lies behind it was not looked for
        await self._looked(seen if hides_all else gaps, start, floor)
        until = outcome.told_until
        if start <= looked_until and until is not None and until >= floor:  # what the floor hides was not looked at
            await self.journal.mark_looked(self.channel, until)
        self._ran_at = began_at
        return outcome

    async def _floor(self, now: float) -> float:
        """In whole seconds, as storage's times are. May lie in the future: the clock is behind, or was ahead when the mark was written."""
        mark = await self.journal.start_mark(self.channel)
        return float(int(max(mark, now - self.kept_s + KEPT_MARGIN_S)))

    async def _may_bring_old(self, since: float) -> bool:
        """Whether what was stored from *since* on may have come out of WhatsApp's queue, behind a gap that is closed already."""
        end = await self.journal.last_gap_end(self.channel)
        return end is not None and end + QUEUE_S >= since

    async def _looked(self, gaps: Sequence[GapRow], start: float, floor: float) -> None:
        """Close the gaps that lie within; behind the floor there is nothing to be had."""
        for gap in gaps:
            is_behind = gap.closed_at is not None and gap.closed_at < floor
            if is_behind or (gap.closed_at is not None and max(gap.opened_at, floor) >= start):
                await self.journal.gap_reconciled(gap.id)

    async def _look(self, window: _Window, now: float) -> Outcome:
        sight = _Sight()
        try:
            chats = await self._chats()
            await self._doubt_clock(chats.values(), now)
            sight.told_until = told_until(chats.values(), now)
            for jid in self._troubled_last(chats):
                touched_at = chats[jid].touched_at
                if touched_at is None or touched_at >= window.since:
                    await self._try(jid, window, sight)
            if not sight.is_strange:
                await self._append(sight.held.values(), sight)
        except UnlostError as error:
            return sight.outcome(error)
        return sight.outcome()

    async def _doubt_clock(self, chats: Collection[StorageChat], now: float) -> None:
        """Raises TryLater where this machine's clock is behind by so much that what is old cannot be told from what is new.

        Before the first look that it disturbs, what storage holds is from before the channel was made known.
        """
        ahead = [at for chat in chats if (at := chat.told_at) is not None and at > now + AHEAD_S]
        if not ahead or await self.journal.is_clock_right():
            return  # nonsense, if anything
        if await self.journal.looked_until(self.channel) is None:
            before = await self.journal.start_mark(self.channel)
            await self.journal.raise_start_mark(self.channel, max(ahead) + 1.0)  # storage's whole seconds
            if await self.journal.start_mark(self.channel) > before:
                raise TryLater("this machine's clock is behind WhatsApp's; set it", cause="unreadable", away=False)
        if is_behind(chats, now):
            raise TryLater("this machine's clock is days behind WhatsApp's; set it", cause="unreadable", away=False)

    def _troubled_last(self, chats: Iterable[str]) -> list[str]:
        """So that each run comes further than the one before, whatever ends it."""
        self._troubled.intersection_update(chats)
        return sorted(chats, key=self._troubled.__contains__)

    async def _try(self, jid: str, window: _Window, sight: _Sight) -> None:
        """Look at one chat; what is only its own failure is put down. Raises what makes it vain to ask for the next."""
        try:
            await self._look_at(jid, window, sight)
        except UnlostError as error:
            if _is_of_all(error):
                raise
            self._troubled.add(jid)
            sight.could_not_read(jid, error)
            if sight.in_a_row >= FAILURES_IN_A_ROW_MAX:
                raise TryLater("stopped after so many chats in a row", cause=error.cause, away=False) from error
        else:
            self._troubled.discard(jid)
            sight.could_read()

    async def _chats(self) -> dict[str, StorageChat]:
        """All chats. Raises TryLater where they keep moving or never end.

        A chat that only the last pass shows says that the list moves, and may hide others still. Not so one that was written to since
        the run began: it moved by that, and what it got is the next run's as well.
        """
        began_at = float(int(self.clock.now()))  # storage's times are whole seconds
        chats: dict[str, StorageChat] = {}
        late: list[float | None] = []
        is_steady = False
        for _ in range(PASSES_MAX):
            before = frozenset(chats)
            room, is_steady = await self._pass(chats)
            if room <= PAGE or (is_steady and len(chats) == len(before)):
                return chats
            late = [chat.touched_at for jid, chat in chats.items() if jid not in before]
        if is_steady and all(touched_at is not None and touched_at >= began_at for touched_at in late):
            return chats
        raise TryLater("the gateway's chats move faster than they can be read", cause="unreadable", away=False)

    async def _pass(self, chats: dict[str, StorageChat]) -> tuple[int, bool]:
        """Read all pages of chats once; how many rows they had room for, and whether each began before the end of the last."""
        before: frozenset[str] | None = None
        is_steady = True
        for offset in range(0, CHATS_MAX, PAGE - CHATS_OVERLAP):
            page = await self.storage.chats(offset)
            full = self.storage.was_full()
            names = frozenset(chat.jid for chat in page)
            is_steady = is_steady and (before is None or not before.isdisjoint(names))
            before = names
            for chat in page:
                chats[chat.jid] = both(chats.get(chat.jid, chat), chat)
            if not full:
                return offset + PAGE, is_steady
        raise TryLater(f"the gateway has more than {CHATS_MAX} chats", cause="unreadable", away=False)

    async def _look_at(self, jid: str, window: _Window, sight: _Sight) -> None:
        """Oldest first, so that places follow WhatsApp's time."""
        before = sight.looked_at
        while True:
            oldest, looked_at = _Oldest(), 0
            async for page in self.storage.messages(jid, window.asked_from):
                if page.begins:
                    oldest, looked_at = _Oldest(), 0
                rows = window.newest_first(page.rows)
                looked_at += len(rows)
                sight.looked_at = max(sight.looked_at, before + looked_at)  # a row that is looked at again is one row
                sight.meet(rows)
                oldest.put(sight.hold_unread(await self._missing(rows)))
            new = await self._append(oldest.rows, sight)
            if not oldest.is_cut:
                return
            if not new:
                raise TryLater("a chat's oldest messages cannot be kept", cause="unreadable", away=False)

    async def _missing(self, rows: Sequence[StorageRow]) -> list[Arrival]:
        arrivals = [Arrival(row.envelope, row.raw, self.hold_s(), self.twin_wait_s) for row in rows]
        known = await self.journal.knows(self.channel, arrivals)
        return [arrival for arrival, is_known in zip(arrivals, known, strict=True) if not is_known]

    async def _append(self, missing: Iterable[Arrival], sight: _Sight) -> int:
        arrivals = sorted(missing, key=lambda arrival: arrival.envelope.told_at or 0.0)
        before = sight.appended
        for start in range(0, len(arrivals), APPEND_MAX):
            batch = arrivals[start : start + APPEND_MAX]
            sight.appended += sum(done.is_new for done in await self.journal.append(self.channel, batch))
        return sight.appended - before


def _is_of_all(error: UnlostError) -> bool:
    """Says that the gateway as a whole, or the journal, is not to be had: the next chat would meet the same."""
    return isinstance(error, NotCommitted | Blocked) or (isinstance(error, TryLater) and error.away)
