"""The record's file: opened the same way at both ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import apsw

BUSY_MS = 10_000  # the other end holds the file for one commit at a time; ten seconds is a disk in trouble
FILE_NAME = "record.db"
ACCOUNT = "account"  # the name under which the record knows for whom the device speaks; nobody after a logout
LAST_ACCOUNT = "last_account"  # … and for whom it spoke last: that account's chats stay
PAIRED = "paired"  # set from the pairing on, before the account is known
SCHEMA = Path(__file__).with_name("schema.sql").read_text(encoding="utf-8")


class RecordDamaged(Exception):
    """The file is no record any more; nothing is done about it without a person."""


def opened(path: Path) -> apsw.Connection:
    """A connection whose every commit is on disk when it returns. Raises RecordDamaged, or apsw.Error."""
    try:
        connection = apsw.Connection(str(path))
        connection.set_busy_timeout(BUSY_MS)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        with writing(connection):
            connection.execute(SCHEMA)
    except (apsw.NotADBError, apsw.CorruptError) as error:
        raise RecordDamaged(f"{path.name} is damaged: {error}") from error
    return connection


def rows(connection: apsw.Connection, sql: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
    """All rows *sql* gives; their columns have the types of the schema, which the type checker cannot see."""
    return connection.execute(sql, values).fetchall()


@contextmanager
def writing(connection: apsw.Connection) -> Iterator[None]:
    """One commit: everything inside stands, or nothing does."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
