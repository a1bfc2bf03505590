"""What a running journal shows to somebody who only looks: its commits, its syncs, its leases. Never takes a lock that writes.

Where the numbers stand: sqlite.org/walformat.html, 2.1 (wal-index) and fileformat2.html, 4.1 (log header).
"""

import os
import struct
import threading
from dataclasses import dataclass
from pathlib import Path

import apsw

_COMMITS_AT = 8  # wal-index, iChange: "counter incremented each transaction"
_MOVED_AT = 96  # wal-index, nBackfill: frames of the log that stand in the database already
_RESTARTS_AT = 12  # log header: "checkpoint sequence number", one more each time the log begins anew
_LOOK_EVERY_S = 0.005


@dataclass(frozen=True, slots=True)
class Written:
    """What was made durable so far."""

    commits: int
    checkpoints: int
    restarts: int

    @property
    def syncs(self) -> int:
        """With synchronous=FULL: the log once a commit; log and database once a checkpoint; the log's header when it begins anew."""
        return self.commits + 2 * self.checkpoints + self.restarts

    def since(self, before: "Written") -> "Written":
        """The difference."""
        return Written(
            self.commits - before.commits, self.checkpoints - before.checkpoints, self.restarts - before.restarts
        )


class Watch:
    """Looks at a journal's log all the while: a checkpoint shows only as a number that moves. One that is missed is not counted."""

    def __init__(self, journal: Path) -> None:
        self._index = os.open(f"{journal}-shm", os.O_RDONLY)
        self._log = os.open(f"{journal}-wal", os.O_RDONLY)
        self._checkpoints = 0
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="log-watch", daemon=True)
        self._thread.start()

    def written(self) -> Written:
        """Up to now. The counters wrap at 2^32, which nobody measures."""
        restarts = struct.unpack(">I", os.pread(self._log, 4, _RESTARTS_AT))[0]
        return Written(self._number(_COMMITS_AT), self._checkpoints, restarts)

    def close(self) -> None:
        """Look no more."""
        self._end.set()
        self._thread.join()
        os.close(self._index)
        os.close(self._log)

    def _run(self) -> None:
        seen = self._number(_MOVED_AT)
        while not self._end.wait(_LOOK_EVERY_S):
            moved = self._number(_MOVED_AT)
            self._checkpoints += moved != seen and moved > 0
            seen = moved

    def _number(self, at: int) -> int:
        number: int = struct.unpack("=I", os.pread(self._index, 4, at))[0]
        return number


def leased_chats(journal: Path) -> dict[int, bool]:
    """The number of each chat whose lane is leased, and whether its entry has a begun step."""
    connection = apsw.Connection(str(journal), flags=apsw.SQLITE_OPEN_READONLY)
    connection.set_busy_timeout(5_000)
    rows = connection.execute("SELECT chat, begun FROM entry WHERE state = 'leased'").fetchall()
    connection.close()
    return {int(str(chat).partition("@")[0][5:]): bool(begun) for chat, begun in rows}
