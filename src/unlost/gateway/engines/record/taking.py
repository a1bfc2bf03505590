"""The gateway's end of a device record: it reads events, marks those it took over, and asks what became of a send."""

from __future__ import annotations

from pathlib import Path

import msgspec

from unlost.gateway.engines.record.file import ACCOUNT, LAST_ACCOUNT, PAIRED, opened, rows, writing
from unlost.gateway.events import Event

_decoder: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)


class Recorded(msgspec.Struct, frozen=True):
    """An event and its place; places grow in the order WhatsApp told them, and are never used twice."""

    place: int
    event: Event


class RecordReader:
    """One thread at a time may call; reads are short, a mark is one synced commit."""

    def __init__(self, path: Path) -> None:
        """Raises RecordDamaged. Makes the file where the worker has not yet."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = opened(path)

    def waiting(self, limit: int) -> list[Recorded]:
        """Events not taken over yet, oldest first."""
        sql = "SELECT place, body FROM event WHERE taken = 0 ORDER BY place LIMIT ?"
        return [Recorded(place, _decoder.decode(body)) for place, body in rows(self._connection, sql, (limit,))]

    def after(self, place: int, limit: int) -> list[Recorded]:
        """Events behind *place*, taken or not."""
        sql = "SELECT place, body FROM event WHERE place > ? ORDER BY place LIMIT ?"
        return [Recorded(found, _decoder.decode(body)) for found, body in rows(self._connection, sql, (place, limit))]

    def taken(self, upto: int) -> None:
        """Every event up to this place stands somewhere else now."""
        with writing(self._connection):
            self._connection.execute("UPDATE event SET taken = 1 WHERE taken = 0 AND place <= ?", (upto,))

    def sent_under(self, key: str) -> tuple[str, ...]:
        """The ids that left on behalf of this intent; with none, nothing has left."""
        return tuple(
            str(id_) for (id_,) in rows(self._connection, "SELECT id FROM sending WHERE key = ? ORDER BY at", (key,))
        )

    def phones(self) -> dict[str, str]:
        """LID → phone address, as far as messages told."""
        return {str(lid): str(phone) for lid, phone in rows(self._connection, "SELECT lid, phone FROM pairing")}

    def releases(self) -> int:
        """Receipts that left without their message."""
        return int(rows(self._connection, "SELECT count(*) FROM released")[0][0])

    def identity(self) -> str:
        """What no other record is called."""
        return self.about("identity")

    def about(self, name: str) -> str:
        """A word about the device itself, or nothing."""
        found = rows(self._connection, "SELECT value FROM about WHERE name = ?", (name,))
        return str(found[0][0]) if found else ""

    def is_linked(self) -> bool:
        """True from a pairing to the logout."""
        return bool(self.about(ACCOUNT) or self.about(PAIRED))

    def last_account(self) -> str:
        """For whom the device speaks, or spoke last; an address that may name the linked device, or nothing."""
        return self.about(LAST_ACCOUNT) or self.about(ACCOUNT)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()
