"""Checkpoints on a thread of their own, so that no commit pays for one and the write-ahead log stays bounded (hard case 21)."""

import threading
from collections.abc import Callable
from pathlib import Path

import apsw

CHECKPOINT_PAGES = 1_000  # 4 MB: SQLite's own measure
CUT_PAGES = (
    8_000  # 32 MB: past it the log is cut while writers wait; the passive checkpoint before it leaves little to do
)
BUSY_WAIT_MS = 200  # how long a cut may hold writers while a reader is in the way


def log_bytes(path: Path) -> int:
    """The size of the journal's write-ahead log; 0 where it has none."""
    log = Path(f"{path}-wal")
    return log.stat().st_size if log.exists() else 0


class LogKeeper:
    """Told by the writer how long the log is; moves it into the file, and cuts it where that alone does not bound it."""

    def __init__(self, connect: Callable[[], apsw.Connection]) -> None:
        self._connect = connect
        self._due = threading.Event()
        self._is_closed = False
        self._thread = threading.Thread(target=self._run, name="journal-checkpoints", daemon=True)
        self._thread.start()

    def watch(self, writer: apsw.Connection) -> None:
        """Look at the log after each commit of this connection."""

        def after_commit(_connection: apsw.Connection, _name: str, pages: int) -> int:
            if pages >= CHECKPOINT_PAGES:
                self._due.set()
            return apsw.SQLITE_OK

        writer.set_wal_hook(after_commit)

    def close(self) -> None:
        """End the thread."""
        self._is_closed = True
        self._due.set()
        self._thread.join()

    def _run(self) -> None:
        connection = self._connect()
        connection.set_busy_timeout(BUSY_WAIT_MS)
        while True:
            self._due.wait()
            self._due.clear()
            if self._is_closed:
                break
            self._checkpoint(connection)
        connection.close()

    def _checkpoint(self, connection: apsw.Connection) -> None:
        try:
            pages, _ = connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)
            if pages >= CUT_PAGES:
                connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
        except apsw.BusyError:
            return  # a reader or writer is in the way: the next commit asks again
        except (apsw.FullError, apsw.IOError):
            return  # the writer meets the same disk and says so
