"""The population's file, opened so that a commit survives a `kill -9` and several processes may write."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib import resources
from typing import Any, TypeVar

import apsw
import msgspec

T = TypeVar("T", bound=msgspec.Struct)
BUSY_WAIT_MS = 10_000  # a traffic process and a draining gateway wait for one another; both commit within milliseconds


def opened(path: str) -> apsw.Connection:
    """A connection to *path* (`:memory:` for one of its own), its tables made where they are missing."""
    connection = apsw.Connection(path)
    connection.set_busy_timeout(BUSY_WAIT_MS)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    schema = resources.files("unlost.gateway.population").joinpath("schema.sql").read_text("utf-8")
    with writing(connection):
        connection.execute(schema)
    return connection


def rows(connection: apsw.Connection, sql: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
    """All rows *sql* gives; their columns have the types of the schema, which the type checker cannot see."""
    return connection.execute(sql, values).fetchall()


def read(kind: type[T], found: Iterable[tuple[Any, ...]]) -> list[T]:
    """Rows as values of *kind*, column for field; 0 and 1 become booleans, seconds since 1970 aware times."""
    fields = kind.__struct_fields__
    return [msgspec.convert(dict(zip(fields, row, strict=True)), kind, strict=False) for row in found]


@contextmanager
def writing(connection: apsw.Connection) -> Iterator[None]:
    """One transaction that holds the writer's lock from its start, so that it never fails half-way for want of it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
