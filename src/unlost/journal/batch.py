"""Group commit: many operations, one transaction.

Nearly every batch has nothing that raises, and a savepoint costs copies of every page it sees: so the first try has none. Where an
operation raises, all is undone and the batch runs again with a savepoint for each, so that it undoes only itself: operations must
bear being run twice. Where the transaction cannot begin or commit, each operation is tried in one of its own; what still cannot be
kept gets NotCommitted. The same code runs on the writer's thread and inside the simulation.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import apsw

from unlost.errors import NotCommitted

Operation = Callable[[apsw.Connection], Any]


@dataclass(frozen=True, slots=True)
class Done:
    """What an operation returned, committed."""

    value: Any


@dataclass(frozen=True, slots=True)
class Failed:
    """Why an operation left nothing behind."""

    error: Exception


Outcome = Done | Failed


class _TransactionLostError(Exception):
    """SQLite rolled the whole transaction back (disk full, I/O error)."""


def commit_batch(connection: apsw.Connection, operations: Sequence[Operation]) -> list[Outcome]:
    """The outcome of each, in order. Nothing is reported done that is not durable."""
    try:
        return _plainly(connection, operations)
    except apsw.BusyError as error:
        roll_back(connection)
        return [_not_committed(error) for _ in operations]  # whoever holds the lock holds it from each of them
    except Exception:  # noqa: BLE001 - the top of the loop: whose fault it was, the second run tells
        roll_back(connection)
        return _with_care(connection, operations)


def _plainly(connection: apsw.Connection, operations: Sequence[Operation]) -> list[Outcome]:
    connection.execute("BEGIN IMMEDIATE")
    outcomes: list[Outcome] = [Done(operation(connection)) for operation in operations]
    connection.execute("COMMIT")
    return outcomes


def _with_care(connection: apsw.Connection, operations: Sequence[Operation]) -> list[Outcome]:
    try:
        return _together(connection, operations)
    except (apsw.Error, _TransactionLostError) as error:
        roll_back(connection)
        if len(operations) == 1 or isinstance(error, apsw.BusyError):
            return [_not_committed(error) for _ in operations]  # whoever holds the lock holds it from each of them
        return [outcome for operation in operations for outcome in _with_care(connection, [operation])]


def roll_back(connection: apsw.Connection) -> None:
    """Leave no transaction open, whatever state it is in."""
    if connection.in_transaction:
        try:
            connection.execute("ROLLBACK")
        except apsw.Error:
            assert not connection.in_transaction, "a rollback that fails has rolled back"


def _together(connection: apsw.Connection, operations: Sequence[Operation]) -> list[Outcome]:
    connection.execute("BEGIN IMMEDIATE")
    outcomes = [_guarded(connection, operation) for operation in operations]
    connection.execute("COMMIT")
    return outcomes


def _guarded(connection: apsw.Connection, operation: Operation) -> Outcome:
    connection.execute("SAVEPOINT operation")
    try:
        value = operation(connection)
    except Exception as error:  # the top of the loop: one operation's bug or refusal is its caller's alone
        if not connection.in_transaction:
            raise _TransactionLostError(str(error)) from error
        connection.execute("ROLLBACK TO operation")
        connection.execute("RELEASE operation")
        return _not_committed(error) if isinstance(error, apsw.Error) else Failed(error)
    connection.execute("RELEASE operation")
    return Done(value)


def _not_committed(error: Exception) -> Failed:
    """The driver's words (never a row's) in our own class."""
    refusal = NotCommitted(f"the journal could not commit: {type(error).__name__}: {error}", cause="bug")
    refusal.__cause__ = error
    return Failed(refusal)
