"""The worker's end of the device record. Any thread may call; every call that writes is one synced commit."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from unlost.gateway.engines.record import noticed
from unlost.gateway.engines.record.file import RecordDamaged, opened, rows, writing
from unlost.gateway.engines.record.noticed import Noticed, Settles

__all__ = ["DeviceRecord", "RecordDamaged", "Seen", "Told"]
SEEN_COLUMNS = ("id", "chat", "sender", "addresses", "parts", "at", "place", "told", "unread", "given_up")
ADDRESSES_MAX = 16  # a stanza names two or three; the rest would be somebody's joke


class Seen(msgspec.Struct, frozen=True):
    """A message stanza as its first line shows it: *chat* is its `from`, *sender* its `participant`.

    *addresses* are all accounts it names, as they stand there. *parts*: encrypted parts, at least 1. *again*: it had come
    before; *done*: and all of it was told then.
    """

    id: str
    chat: str
    sender: str
    addresses: tuple[str, ...]
    parts: int
    at: float
    place: int = 0
    told: int = 0
    unread: int = 0
    given_up: bool = False
    again: bool = False
    done: bool = False


class Told(msgspec.Struct, frozen=True):
    """What the engine told: its own number for the kind, and its own bytes."""

    code: int
    raw: bytes
    at: float
    id: str = ""
    chat: str = ""
    sender: str = ""
    place: int = 0


class DeviceRecord:
    """Opened once per worker."""

    def __init__(self, path: Path) -> None:
        """Raises RecordDamaged; a file that cannot be made or written raises apsw.Error."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = opened(path)
        self._turn = threading.Lock()

    def see(self, seen: Seen) -> Seen:
        """Write down that the stanza came, and where. One that comes again begins again, unless it is done."""
        with self._turn, writing(self._connection):
            for place, done, given_up in self._rows(
                "SELECT place, done, given_up FROM seen WHERE id = ? AND chat = ? AND sender = ?",
                (seen.id, seen.chat, seen.sender),
            ):
                known = msgspec.structs.replace(seen, place=place, given_up=bool(given_up), again=True, done=bool(done))
                if not done:
                    self._rows("UPDATE seen SET parts = ?, told = 0, unread = 0 WHERE place = ?", (seen.parts, place))
                return known
            addresses = msgspec.json.encode(seen.addresses[:ADDRESSES_MAX]).decode()
            self._rows(
                "INSERT INTO seen (id, chat, sender, addresses, parts, at) VALUES (?, ?, ?, ?, ?, ?)",
                (seen.id, seen.chat, seen.sender, addresses, seen.parts, seen.at),
            )
            return msgspec.structs.replace(seen, place=self._connection.last_insert_rowid())

    def write(
        self,
        told: Told,
        translate: Callable[[Told], Sequence[bytes] | None],
        progress: Mapping[int, tuple[int, int, bool]],
        pairings: Iterable[tuple[str, str]] = (),
        settles: Settles | None = None,
    ) -> int:
        """Write down what the engine told, its events, and how far its stanzas are with it; returns the last event's place.

        *translate* makes the events of *told*, which has its place by then; None: not yet. It must not raise.
        *progress*: place in `seen` → (told, unread, done). *pairings*: LID and phone address. *settles*: the line *told*
        stands for; of one that was told before no events are made.
        """
        with self._turn, writing(self._connection):
            self._rows(
                "INSERT INTO done (code, id, chat, sender, raw, at) VALUES (?, ?, ?, ?, ?, ?)",
                (told.code, told.id, told.chat, told.sender, told.raw, told.at),
            )
            place = self._connection.last_insert_rowid()
            repeats = settles is not None and noticed.settle(self._connection, settles)
            events = () if repeats else translate(msgspec.structs.replace(told, place=place))
            if events is not None:
                self._put(place, events, told.at)
                self._rows("UPDATE done SET translated = 1 WHERE place = ?", (place,))
            for one, (parts, unread, done) in progress.items():
                self._rows("UPDATE seen SET told = ?, unread = ?, done = ? WHERE place = ?", (parts, unread, done, one))
            for lid, phone in pairings:
                self._rows("INSERT OR REPLACE INTO pairing (lid, phone) VALUES (?, ?)", (lid, phone))
            return self._upto()

    def notice(self, one: Noticed) -> None:
        """Write down a notice or a receipt as it came in."""
        with self._turn, writing(self._connection):
            noticed.put(self._connection, one)

    def noticed(self, limit: int) -> list[Noticed]:
        """Notices and receipts that came in and were not told, at a start: what a crash left behind, oldest first."""
        with self._turn:
            return noticed.left(self._connection, limit)

    def untranslated(self, limit: int) -> list[Told]:
        """What stands without its events, oldest first."""
        sql = "SELECT code, raw, at, id, chat, sender, place FROM done WHERE translated = 0 ORDER BY place LIMIT ?"
        with self._turn:
            return [Told(*row) for row in self._rows(sql, (limit,))]

    def translated(self, place: int, events: Sequence[bytes], at: float) -> int:
        """Write down the events of a row that had none; returns the last event's place."""
        with self._turn, writing(self._connection):
            self._put(place, events, at)
            self._rows("UPDATE done SET translated = 1 WHERE place = ?", (place,))
            return self._upto()

    def in_flight(self) -> list[Seen]:
        """Stanzas that came and are neither done nor given up: what a crash left behind, at a start."""
        sql = (
            "SELECT id, chat, sender, addresses, parts, at, place, told, unread, given_up FROM seen"
            " WHERE done = 0 AND given_up = 0 ORDER BY place"
        )
        with self._turn:
            return [_seen(row) for row in self._rows(sql)]

    def give_up(self, place: int, event: bytes, at: float) -> int:
        """Write down, once, that a stanza will not be read: *event* says so. Returns the last event's place."""
        with self._turn, writing(self._connection):
            if self._rows("UPDATE seen SET given_up = 1 WHERE place = ? AND given_up = 0 RETURNING 1", (place,)):
                self._put(-place, (event,), at)
            return self._upto()

    def finish(self, place: int) -> None:
        """Every part that will ever be told of this stanza has been."""
        with self._turn, writing(self._connection):
            self._rows("UPDATE seen SET done = 1 WHERE place = ?", (place,))

    def release(self, id: str, chat: str, why: str, at: float) -> None:
        """Write down that a receipt is about to leave although its message is not done."""
        with self._turn, writing(self._connection):
            self._rows("INSERT INTO released (id, chat, why, at) VALUES (?, ?, ?, ?)", (id, chat, why, at))

    def releases(self) -> int:
        """How many receipts left so."""
        with self._turn:
            return _number(self._rows("SELECT count(*) FROM released"))

    def send_begins(self, key: str, id: str, chat: str, at: float) -> None:
        """Write down that *id* is about to leave on behalf of the intent *key*."""
        with self._turn, writing(self._connection):
            self._rows("INSERT OR IGNORE INTO sending (key, id, chat, at) VALUES (?, ?, ?, ?)", (key, id, chat, at))

    def was_sent(self, id: str) -> bool:
        """True if *id* is one of ours."""
        with self._turn:
            return bool(self._rows("SELECT 1 FROM sending WHERE id = ? LIMIT 1", (id,)))

    def find(self, id: str, chat: str) -> Told | None:
        """What was told last under this id; in *chat* if any of them was."""
        sql = (
            "SELECT code, raw, at, id, chat, sender, place FROM done WHERE id = ? AND id <> ''"
            " ORDER BY chat = ? DESC, place DESC LIMIT 1"
        )
        with self._turn:
            return next((Told(*row) for row in self._rows(sql, (id, chat))), None)

    def events_under(self, id: str) -> list[tuple[str, bytes]]:
        """What was told under this id became these events: the sender and the event, oldest first."""
        sql = "SELECT done.sender, body FROM done JOIN event ON source = done.place WHERE id = ? AND id <> '' ORDER BY 1, 2"
        with self._turn:
            return [(str(sender), bytes(body)) for sender, body in self._rows(sql, (id,))]

    def at_place(self, place: int) -> Told | None:
        """What was told there, unless it is too old to be kept."""
        sql = "SELECT code, raw, at, id, chat, sender, place FROM done WHERE place = ?"
        with self._turn:
            return next((Told(*row) for row in self._rows(sql, (place,))), None)

    def about(self, name: str) -> str:
        """A word about the device itself, or nothing."""
        with self._turn:
            found = self._rows("SELECT value FROM about WHERE name = ?", (name,))
        return str(found[0][0]) if found else ""

    def set_about(self, name: str, value: str) -> None:
        """Remember a word about the device itself."""
        with self._turn, writing(self._connection):
            self._rows("INSERT OR REPLACE INTO about (name, value) VALUES (?, ?)", (name, value))

    def prune(self, before: float, limit: int = 500) -> int:
        """Forget what is older than *before* and needed by nobody, at most *limit* rows of a kind; returns how many."""
        old = {
            "event": "at < ? AND taken = 1",
            "done": "at < ? AND translated = 1",
            "seen": "at < ? AND (done = 1 OR given_up = 1)",
            "noticed": "at < ? AND told = 1",
        }
        forget = "DELETE FROM {0} WHERE place IN (SELECT place FROM {0} WHERE {1} LIMIT ?) RETURNING 1"
        sends = "DELETE FROM sending WHERE id IN (SELECT id FROM sending WHERE at < ? LIMIT ?) RETURNING 1"
        with self._turn, writing(self._connection):
            forgotten = [self._rows(forget.format(*one), (before, limit)) for one in old.items()]
            return sum(map(len, [*forgotten, self._rows(sends, (before, limit))]))

    def close(self) -> None:
        """Let go of the file."""
        with self._turn:
            self._connection.close()

    def _put(self, source: int, events: Sequence[bytes], at: float) -> None:
        for part, body in enumerate(events):
            self._rows(
                "INSERT OR IGNORE INTO event (source, part, body, at) VALUES (?, ?, ?, ?)", (source, part, body, at)
            )

    def _upto(self) -> int:
        return _number(self._rows("SELECT coalesce(max(place), 0) FROM event"))

    def _rows(self, sql: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        return rows(self._connection, sql, values)


def _number(found: list[tuple[Any, ...]]) -> int:
    return int(found[0][0])


def _seen(row: tuple[Any, ...]) -> Seen:
    values = dict(zip(SEEN_COLUMNS, row, strict=True)) | {"addresses": msgspec.json.decode(row[3])}
    return msgspec.convert(values, Seen, strict=False)
