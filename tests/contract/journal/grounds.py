"""SQLite without executors: connections that a test drives statement by statement."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import apsw

from tests.contract.journal.building import CHANNEL_ROW, ME, PEER, SetClock
from unlost.journal import channels, holders
from unlost.journal.opening import open_writer, secret_of
from unlost.journal.turn import Turn

T = TypeVar("T")


def connect(path: Path, clock: SetClock) -> apsw.Connection:
    """A writing connection that does not wait for a lock."""
    connection = open_writer(path, vfs=None, now=clock.now(), random_bytes=lambda size: b"s" * size)
    connection.set_busy_timeout(0)
    connection.pragma("synchronous", "OFF")  # these tests ask what is written, not whether it is durable
    return connection


def turn(connection: apsw.Connection, clock: SetClock) -> Turn:
    return Turn(connection, clock.now(), secret_of(connection))


@contextmanager
def transaction(connection: apsw.Connection, clock: SetClock) -> Iterator[Turn]:
    """One turn, committed at the end."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield turn(connection, clock)
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def settle_in(connection: apsw.Connection, clock: SetClock) -> None:
    """One channel, two bridge processes."""
    with transaction(connection, clock) as at:
        channels.introduce(at, (CHANNEL_ROW,))
        for holder in (ME, PEER):
            holders.enrol(at, holder, "host", "/lock")


def steps_of(connection: apsw.Connection, work: Callable[[], T]) -> int:
    """How many steps of SQLite's virtual machine *work* takes: rows visited, not time."""
    steps = 0

    def count() -> bool:
        nonlocal steps
        steps += 1
        return False

    connection.set_progress_handler(count, 1)
    try:
        work()
    finally:
        connection.set_progress_handler(None)
    return steps
