"""A file becomes a journal, or says in one line why it cannot be one."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import apsw

from unlost.journal.left_behind import write_anew
from unlost.journal.migrating import migrate, needs_migration
from unlost.journal.unusable import JournalHeld, JournalUnusable, JournalUnwritable, NotAJournal

APPLICATION_ID = 0x756E6C6F  # "unlo": SQLite keeps it in the file's header
BUSY_WAIT_MS = 5_000
WRITER_CACHE_KIB = 16_384  # of 120 MB for the whole idle process
STATEMENTS_KEPT = 256  # there are some 150; with apsw's own 100 the rarer ones were parsed anew each time
SECRET_BYTES = 32
LOG_KEPT_BYTES = (
    67_108_864  # what a log that grew behind a long read is cut to; overwriting is cheaper than growing anew
)


def open_writer(
    path: Path, *, vfs: str | None, now: float, random_bytes: Callable[[int], bytes], is_alone: bool = False
) -> apsw.Connection:
    """The connection that writes: created, checked and migrated. Costs the same whatever the file's size.

    *vfs* names a simulated disk. *is_alone*: everything uses this one connection, which holds the file for itself and so needs
    no shared memory. Raises JournalUnusable and its kinds, JournalFromLaterWorld among them.
    """
    try:
        connection = _connect(path, vfs)
        try:
            _become_ours(connection, path, vfs=vfs, is_alone=is_alone, now=now, random_bytes=random_bytes)
        except BaseException:
            connection.close()
            raise
    except apsw.NotADBError as error:
        raise NotAJournal(f"{path} is not an unlost journal; name another file in [journal] url") from error
    except (apsw.BusyError, apsw.ProtocolError) as error:  # the second: who holds the log's locks stands still
        raise JournalHeld(
            f"{path} is held by another program; end it, or name another file in [journal] url"
        ) from error
    except (apsw.CantOpenError, apsw.ReadOnlyError, apsw.PermissionsError) as error:
        cure = "make its folder writable for this user, or name another file in [journal] url"
        raise JournalUnwritable(f"{path} cannot be written; {cure}") from error
    except (apsw.CorruptError, apsw.FullError, apsw.IOError) as error:
        raise JournalUnusable(f"{path} cannot be opened ({error}); see to the disk, or restore a backup") from error
    return connection


def open_reader(path: Path) -> apsw.Connection:
    """A connection that cannot write."""
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    connection.set_busy_timeout(BUSY_WAIT_MS)
    _keep_plans(connection)
    return connection


def secret_of(connection: apsw.Connection) -> bytes:
    """What keys this journal's hashes."""
    secret = connection.execute("SELECT value FROM meta WHERE key = 'secret'").fetchall()[0][0]
    assert isinstance(secret, bytes)
    return secret


def needs_copy(path: Path) -> bool:
    """True where opening *path* would migrate an existing journal: a copy is due first."""
    if not path.exists() or path.stat().st_size == 0:
        return False
    connection = open_reader(path)
    try:
        return connection.pragma("application_id") == APPLICATION_ID and needs_migration(connection)
    except apsw.Error:
        return False  # not a journal, or not to be read: opening it will say so
    finally:
        connection.close()


def _connect(path: Path, vfs: str | None) -> apsw.Connection:
    if vfs is not None:
        return apsw.Connection(str(path), vfs=vfs, statementcachesize=STATEMENTS_KEPT)
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)  # customers' words: for this user alone
    except OSError as error:
        cure = "make its folder writable for this user, or name another file in [journal] url"
        reason = errno.errorcode.get(error.errno or 0, "error")
        raise JournalUnwritable(f"{path} cannot be written ({reason}); {cure}") from error
    os.close(descriptor)
    return apsw.Connection(str(path), statementcachesize=STATEMENTS_KEPT)


def _become_ours(
    connection: apsw.Connection,
    path: Path,
    *,
    vfs: str | None,
    is_alone: bool,
    now: float,
    random_bytes: Callable[[int], bytes],
) -> None:
    """Nothing is changed in a file that is somebody else's, or of a later world."""
    connection.set_busy_timeout(BUSY_WAIT_MS)
    if is_alone:
        connection.pragma("locking_mode", "EXCLUSIVE")  # before any read: then there is no shared memory to need
    is_blank = connection.execute("SELECT count(*) FROM sqlite_schema").fetchall()[0][0] == 0
    if not is_blank and connection.pragma("application_id") != APPLICATION_ID:
        raise NotAJournal(f"{path} is not an unlost journal; name another file in [journal] url")
    is_behind = is_blank or needs_migration(connection)
    _tune(connection, is_alone=is_alone)
    write_anew(connection, vfs, busy_wait_ms=BUSY_WAIT_MS)
    if is_behind:
        _migrate(connection, now=now, random_bytes=random_bytes)


def _tune(connection: apsw.Connection, *, is_alone: bool) -> None:
    if connection.pragma("journal_mode", "WAL") != "wal":
        raise JournalUnusable("the journal's file system cannot keep a write-ahead log; use a local disk")
    connection.pragma("synchronous", "FULL")
    connection.pragma("foreign_keys", 1)
    connection.pragma("secure_delete", 1)  # what is forgotten or pruned is gone from the file, too
    connection.pragma("cache_size", -WRITER_CACHE_KIB)
    connection.pragma("journal_size_limit", LOG_KEPT_BYTES)
    _keep_plans(connection)
    if not is_alone:
        connection.wal_autocheckpoint(0)  # a thread of its own does it: no commit pays for it (hard case 21)


def _keep_plans(connection: apsw.Connection) -> None:
    """One plan for each statement, whatever is bound to it.

    By default SQLite makes the plan anew when a value is bound that it has looked at: ORDER BY and joins over a bound column,
    5 µs to 15 µs each time (SQLite's documentation of the query planner stability guarantee; measured with 3.54).
    """
    connection.config(apsw.SQLITE_DBCONFIG_ENABLE_QPSG, 1)


def _migrate(connection: apsw.Connection, *, now: float, random_bytes: Callable[[int], bytes]) -> None:
    """In one transaction; of two processes that open a new file together the second finds it done."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.pragma("application_id", APPLICATION_ID)
        migrate(connection)
        _found(connection, now=now, secret=random_bytes(SECRET_BYTES))
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _found(connection: apsw.Connection, *, now: float, secret: bytes) -> None:
    """What a new journal knows of itself; an old one keeps its own."""
    for key, value in (("secret", secret), ("created_at", now)):
        connection.execute("INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT DO NOTHING", (key, value))
