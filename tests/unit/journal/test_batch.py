"""Group commit: one row never takes a batch with it, and nothing is reported kept that is not (hard case 21)."""

from collections.abc import Iterator

import apsw
import pytest

from unlost.errors import NotCommitted
from unlost.journal.batch import Done, Failed, Operation, commit_batch


@pytest.fixture
def connection() -> Iterator[apsw.Connection]:
    opened = apsw.Connection(":memory:")
    opened.execute("CREATE TABLE kept (value)")
    yield opened
    opened.close()


def keep(value: object) -> Operation:
    def operation(connection: apsw.Connection) -> object:
        connection.execute("INSERT INTO kept VALUES (?)", (value,))
        return value

    return operation


def kept(connection: apsw.Connection) -> list[object]:
    return [row[0] for row in connection.execute("SELECT value FROM kept").fetchall()]


def refuse_after_writing(connection: apsw.Connection) -> None:
    connection.execute("INSERT INTO kept VALUES ('refused')")
    raise LookupError("ours")


def test_each_operation_gets_its_own_outcome(connection: apsw.Connection) -> None:
    assert commit_batch(connection, [keep(1), keep(2)]) == [Done(1), Done(2)]


def test_an_operation_that_raises_undoes_only_itself(connection: apsw.Connection) -> None:
    outcomes = commit_batch(connection, [keep(1), refuse_after_writing, keep(2)])
    assert kept(connection) == [1, 2]
    assert isinstance(outcomes[1], Failed)
    assert isinstance(outcomes[1].error, LookupError)


def test_a_driver_error_leaves_as_not_committed(connection: apsw.Connection) -> None:
    (outcome,) = commit_batch(connection, [lambda at: at.execute("INSERT INTO nowhere VALUES (1)")])
    assert isinstance(outcome, Failed)
    assert isinstance(outcome.error, NotCommitted)


def test_a_commit_that_fails_is_tried_row_by_row(connection: apsw.Connection) -> None:
    """The second row passes its statement and fails the commit: alone it fails, the others stand."""
    connection.execute("CREATE TABLE other (id INTEGER PRIMARY KEY)")
    connection.pragma("foreign_keys", 1)
    connection.execute("CREATE TABLE late (id INTEGER REFERENCES other (id) DEFERRABLE INITIALLY DEFERRED)")
    outcomes = commit_batch(connection, [keep(1), lambda at: at.execute("INSERT INTO late VALUES (9)"), keep(2)])
    assert kept(connection) == [1, 2]
    assert [type(outcome) for outcome in outcomes] == [Done, Failed, Done]


def test_a_row_too_large_for_the_disk_takes_no_other_with_it(connection: apsw.Connection) -> None:
    pages = connection.pragma("page_count")
    assert isinstance(pages, int)
    connection.pragma("max_page_count", pages + 20)
    outcomes = commit_batch(connection, [keep(1), keep(b"x" * 1_000_000), keep(2)])
    assert kept(connection) == [1, 2]
    assert isinstance(outcomes[1], Failed)
    assert isinstance(outcomes[1].error, NotCommitted)


def test_while_no_commit_is_possible_each_operation_says_so_and_service_resumes_by_itself(
    connection: apsw.Connection,
) -> None:
    connection.set_commit_hook(lambda: True)
    refused = commit_batch(connection, [keep(1), keep(2)])
    assert [type(outcome) for outcome in refused] == [Failed, Failed]
    connection.set_commit_hook(None)
    assert commit_batch(connection, [keep(3)]) == [Done(3)]
    assert kept(connection) == [3]
