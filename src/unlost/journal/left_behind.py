"""A log that a dead process left behind is written once more before anything is appended to it.

Where a sync fails, Linux keeps the pages readable and forgets that they have to be written (the PostgreSQL project's findings of 2018 on
fsync errors). If the process dies then, SQLite's recovery takes such a commit for a good one; what is committed behind it is synced, but
the power takes all of it, for what is read back ends at the first page that never reached the disk.
"""

import apsw

CHUNK_BYTES = 65_536  # of 128 KiB and more SQLite's unix VFS writes only the remainder: it never has a longer page
LOCK_WAIT_MS = 1_000
"""Far longer than a transaction of another bridge; one that stands still in its own shall not keep us from answering at the door."""


def write_anew(connection: apsw.Connection, vfs: str | None, *, busy_wait_ms: int) -> None:
    """The log's bytes, as they are read now, stand on the disk. At most 64 MiB and what a long read kept; nothing where there is none.

    Under the writer's lock, so that nobody appends meanwhile. Where another holds it, that one wrote the log anew when he began.
    *busy_wait_ms* is the connection's own afterwards. Raises apsw.IOError where the disk refuses: then nothing may be promised on this
    log.
    """
    connection.set_busy_timeout(LOCK_WAIT_MS)
    try:
        connection.execute("BEGIN IMMEDIATE")
    except apsw.BusyError:
        return
    finally:
        connection.set_busy_timeout(busy_wait_ms)
    try:
        log = apsw.VFSFile(vfs or "", connection.filename_wal, [apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_WAL, 0])
        try:
            for start in range(0, log.xFileSize(), CHUNK_BYTES):
                log.xWrite(log.xRead(min(CHUNK_BYTES, log.xFileSize() - start), start), start)
            log.xSync(apsw.SQLITE_SYNC_NORMAL)
        finally:
            log.xClose()
    finally:
        connection.execute("ROLLBACK")
