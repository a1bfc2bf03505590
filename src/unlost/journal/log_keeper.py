"""Checkpoints on a thread of their own, so that no commit pays for one and the write-ahead log stays bounded (hard case 21)."""

import threading
from collections.abc import Callable
from pathlib import Path

import apsw

CHECKPOINT_PAGES = 4_000  # 16 MB: a page that is written often is moved once
CUT_PAGES = 8_000  # 32 MB: under load a log is never wholly moved while writers go on; past this they wait for the rest
LONG_PAGES = 12_000  # 48 MB: the keeper has not kept up; the writer moves the log itself before it goes on
CUT_WAIT_MS = 100  # how long a cut waits for a reader in the way before it leaves it for the next time


def log_bytes(path: Path) -> int:
    """The size of the journal's write-ahead log; 0 where it has none."""
    log = Path(f"{path}-wal")
    return log.stat().st_size if log.exists() else 0


class LogKeeper:
    """Told by the writer how long the log is; moves it into the file. Where that alone does not bound it, the writer cuts it.

    A checkpoint that runs beside a busy writer never reaches the log's end, so the log would never begin anew. The cut is the
    writer's own, between two batches: from another thread it would have to win the lock from a writer that never rests.
    """

    def __init__(self, connect: Callable[[], apsw.Connection], *, busy_wait_ms: int) -> None:
        self._connect = connect
        self._busy_wait_ms = busy_wait_ms
        self._due = threading.Event()
        self._moving = (
            threading.Lock()
        )  # SQLite lets one move the log at a time, and a cut that finds another at it fails
        self._cut_is_due = False
        self._cut_at_pages = LONG_PAGES
        self._move_at_pages = CHECKPOINT_PAGES
        self._is_closed = False
        self._thread = threading.Thread(target=self._run, name="journal-checkpoints", daemon=True)
        self._thread.start()

    def watch(self, writer: apsw.Connection) -> None:
        """Look at the log after each commit of this connection."""

        def after_commit(_connection: apsw.Connection, _name: str, pages: int) -> int:
            if pages < CHECKPOINT_PAGES:
                self._move_at_pages = CHECKPOINT_PAGES
            elif pages >= self._move_at_pages:
                self._move_at_pages = pages + CHECKPOINT_PAGES  # not after every commit: each move syncs the whole file
                self._due.set()
            if pages < LONG_PAGES:
                self._cut_at_pages = LONG_PAGES
            elif pages >= self._cut_at_pages:
                self._cut_at_pages = (
                    pages + CHECKPOINT_PAGES
                )  # a reader may be in the way for long: not after every commit
                self._cut_is_due = True
            return apsw.SQLITE_OK

        writer.set_wal_hook(after_commit)

    def between_batches(self, writer: apsw.Connection) -> None:
        """The writer's turn: what is left of a long log, after the keeper has moved most of it."""
        if not self._cut_is_due:
            return
        self._cut_is_due = False
        writer.set_busy_timeout(CUT_WAIT_MS)
        try:
            with self._moving:
                writer.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_RESTART)
        except (apsw.BusyError, apsw.FullError, apsw.IOError):
            return  # a reader is in the way, or the disk is: the next long log asks again, the next commit says so
        finally:
            writer.set_busy_timeout(self._busy_wait_ms)

    def close(self) -> None:
        """End the thread."""
        self._is_closed = True
        self._due.set()
        self._thread.join()

    def _run(self) -> None:
        connection = self._connect()
        connection.pragma("journal_mode")  # before its first read a connection does not know that there is a log
        while True:
            self._due.wait()
            self._due.clear()
            if self._is_closed:
                break
            self._checkpoint(connection)
        connection.close()

    def _checkpoint(self, connection: apsw.Connection) -> None:
        try:
            with self._moving:
                pages, _ = connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)
        except (apsw.BusyError, apsw.FullError, apsw.IOError):
            return  # somebody else checkpoints, or the disk is full: the writer meets it too and says so
        self._cut_is_due = pages >= CUT_PAGES
