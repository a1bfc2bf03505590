"""The gate: a receipt waits until its message is on disk.

It lets a receipt go when
- every encrypted part of its message is accounted for and what was told is written (`done`), or
- the callback thread has ended so many turns since that nothing the engine told before can still be under way, or
- its `message.unrecovered` is written, or
- it could not be read and too many such receipts wait.
In the last three cases `released` is written first. Time plays no part: a machine that stalls proves nothing. What could
not be read waits, for the engine has asked the sender for it again, and WhatsApp takes an acknowledgement by id, be it for
the first copy or the second. After a failed write nothing leaves any more.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

import apsw

from unlost.gateway.engines.record import DeviceRecord, Noticed, Seen

# goneonize hands events over through a channel of 100 (engine-feasibility, 1); one more may be in hand, one be on its way in
TURNS_IN_THE_CHANNEL = 102
REPEATS_MAX = 4096  # ids that came again; what is forgotten may be told a second time, never lost
HELD_MAX = 128  # each holds a thread of the engine's; a backlog of unreadable messages must not take thousands
_Value = TypeVar("_Value")


class Open:
    """A stanza that came and is not done."""

    def __init__(self, seen: Seen, since: float) -> None:
        self.seen = seen
        self.since = since
        self.told = seen.told
        self.unread = seen.unread
        self.ignored = 0
        self.done = False
        self.given_up = False

    def begin_again(self, seen: Seen, since: float) -> None:
        """Another copy of it came; receipts that were held for the first wait for this one."""
        self.seen, self.since = seen, since
        self.told = self.unread = self.ignored = 0
        self.given_up = False

    @property
    def accounted(self) -> bool:
        """True if no part of it is still to come."""
        return self.told + self.unread + self.ignored >= self.seen.parts

    @property
    def unreadable(self) -> bool:
        """True if the engine said so of every part, but for those it had read before."""
        return self.accounted and self.told == 0 and self.unread > 0


class Gate:
    """Any thread may call. *failed* is called once, with the reason, when the record cannot be written."""

    def __init__(self, record: DeviceRecord, failed: Callable[[str], None]) -> None:
        self._record = record
        self._failed = failed
        self._changed = threading.Condition()
        self._open: dict[str, list[Open]] = {}
        self._sending: tuple[str, str] | None = None
        self._again: dict[str, None] = {}
        self.turn = 0
        self.in_turn = False
        self.held = 0
        self.released = record.releases()
        self.replayed = 0
        self.broken = False
        for seen in record.in_flight():
            self._open.setdefault(seen.id, []).append(Open(seen, time.monotonic()))

    def arrived(self, seen: Seen) -> None:
        """A stanza came; it is on disk when this returns."""
        placed = self._written(lambda: self._record.see(seen))
        with self._changed:
            if placed.again:
                self._again[placed.id] = None
                while len(self._again) > REPEATS_MAX:
                    del self._again[next(iter(self._again))]
            if placed.done:
                return
            known = self._open.setdefault(placed.id, [])
            same = next((one for one in known if one.seen.place == placed.place), None)
            if same is None:
                known.append(Open(placed, time.monotonic()))
            else:
                same.begin_again(placed, time.monotonic())

    def noticed(self, one: Noticed) -> None:
        """A notice or a receipt came; it is on disk when this returns, and its acknowledgement may leave."""
        self._written(lambda: self._record.notice(one))

    def came_again(self, id: str) -> bool:
        """True if a stanza of this id came more than once, as far as is remembered."""
        with self._changed:
            return id in self._again

    def told_before(self) -> None:
        """One that came again had been told, so that it was not told again."""
        with self._changed:
            self.replayed += 1

    def ignored(self, id: str) -> None:
        """The engine dropped a part that it had read before: it will not tell it again."""
        with self._changed:
            self.replayed += 1
            for one in self._open.get(id, []):
                one.ignored += 1
            self._changed.notify_all()

    def leaving(self, ids: Sequence[str]) -> None:
        """Returns when the receipt for *ids* may leave; if the record has failed, never."""
        with self._changed:
            waiting = [one for id_ in ids for one in self._open.get(id_, [])]
            if not waiting:
                self._hold_if_broken()
                return
            self.held += 1
            began = self.turn
            while (why := self._why_go(waiting, began)) is None:
                self._changed.wait()
            self.held -= 1
        self._let_go(waiting, why)

    def begin_turn(self) -> None:
        """The callback thread has something in hand."""
        self.in_turn = True

    def end_turn(self) -> None:
        """The callback thread is through with it."""
        with self._changed:
            self.turn += 1
            self.in_turn = False
            self._changed.notify_all()

    def match(self, id: str, addresses: Sequence[str]) -> list[Open]:
        """The stanzas an event with this id came in: those of its own sender, or all of them if none is."""
        with self._changed:
            found = list(self._open.get(id, []))
        own = [one for one in found if users(addresses) & users(one.seen.addresses)]
        return own or found

    def progress(self, found: Sequence[Open], *, readable: bool) -> dict[int, tuple[int, int, bool]]:
        """How far each stanza is once one more part is written: told, unread, done."""
        after = {}
        for one in found:
            told, unread = one.told + int(readable), one.unread + int(not readable)
            done = told > 0 and told + unread + one.ignored >= one.seen.parts
            after[one.seen.place] = (told, unread, done)
        return after

    def written(self, found: Sequence[Open], after: dict[int, tuple[int, int, bool]]) -> None:
        """That progress is on disk."""
        with self._changed:
            for one in found:
                one.told, one.unread, one.done = after[one.seen.place]
                if one.done:
                    self._forget(one)
            self._changed.notify_all()

    def overdue(self, before: float) -> list[Open]:
        """What is open and came before *before* on the monotonic clock."""
        with self._changed:
            return [one for found in self._open.values() for one in found if one.since < before]

    def gave_up(self, one: Open) -> None:
        """Its `message.unrecovered` is on disk; it may still come."""
        with self._changed:
            one.given_up = True
            self._forget(one)
            self._changed.notify_all()

    def finish(self, one: Open) -> None:
        """Nothing more of it will be told; what was told is all of it."""
        self._written(lambda: self._record.finish(one.seen.place))
        with self._changed:
            one.done = True
            self._forget(one)
            self._changed.notify_all()

    def sends_for(self, key: str) -> None:
        """The next new message that leaves is this intent's."""
        self._sending = (key, "")

    def has_left(self) -> bool:
        """True if a message of the intent in hand stands in the record, so that it may have left."""
        return self._sending is not None and bool(self._sending[1])

    def sent(self) -> None:
        """No intent is being sent any more."""
        self._sending = None

    def sending(self, id: str, chat: str) -> None:
        """A message is about to leave; if it is the intent's, that is on disk when this returns."""
        intent = self._sending
        if intent is not None and not intent[1] and not self._written(lambda: self._record.was_sent(id)):
            self._sending = (intent[0], id)
            self._written(lambda: self._record.send_begins(intent[0], id, chat, time.time()))
        with self._changed:
            self._hold_if_broken()

    def break_off(self, why: str) -> None:
        """The record failed: from here on nothing leaves."""
        with self._changed:
            first, self.broken = not self.broken, True
        if first:
            self._failed(why)

    def _why_go(self, waiting: Sequence[Open], began: int) -> str | None:
        """Why this receipt may leave, empty if all is done, None if it may not."""
        left = [one for one in waiting if not one.done]
        if self.broken:
            return None
        if not left:
            return ""
        if all(one.given_up for one in left):
            return "given up"
        if any(one.unread for one in left):
            return "unreadable" if self.held > HELD_MAX and all(one.unreadable for one in left) else None
        return "no event" if self.turn - began >= TURNS_IN_THE_CHANNEL else None

    def _let_go(self, waiting: Sequence[Open], why: str) -> None:
        for one in waiting:
            if one.done:
                continue
            if why == "no event" and one.told > 0:
                self.finish(one)
                continue
            self._release(one.seen, why)
        with self._changed:
            self._hold_if_broken()

    def _release(self, seen: Seen, why: str) -> None:
        self._written(lambda: self._record.release(seen.id, seen.chat, why, time.time()))
        with self._changed:
            self.released += 1

    def _forget(self, one: Open) -> None:
        left = [other for other in self._open.get(one.seen.id, []) if other is not one]
        if left:
            self._open[one.seen.id] = left
        else:
            self._open.pop(one.seen.id, None)

    def _hold_if_broken(self) -> None:
        while self.broken:
            self._changed.wait()

    def _written(self, write: Callable[[], _Value]) -> _Value:
        try:
            return write()
        except (apsw.Error, OSError) as error:
            self.break_off(f"{type(error).__name__}: {error}")
            with self._changed:
                self._hold_if_broken()
            raise AssertionError("a broken gate lets nobody through") from error


def users(addresses: Sequence[str]) -> frozenset[str]:
    """The accounts behind addresses, without their devices; groups name nobody."""
    named = (one.partition("@") for one in addresses)
    return frozenset(
        f"{user.partition(':')[0].partition('.')[0]}@{server}" for user, _, server in named if server != "g.us"
    )
