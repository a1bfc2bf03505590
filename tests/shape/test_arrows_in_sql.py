"""The state machine is a table in code; the SQL guards the same arrows."""

from collections.abc import Iterator
from itertools import product

import apsw
import pytest

from unlost.journal.migrating import migrations
from unlost.vocabulary.states import ARROWS, BIRTHS, State

COLUMNS = {
    State.WAITING: "place = 1, lease_token = NULL, lease_lane = NULL, wait_until = NULL, settled_at = NULL",
    State.LEASED: "place = 1, lease_token = 1, lease_lane = 1, wait_until = NULL, settled_at = NULL",
    State.PARKED: "lease_token = NULL, lease_lane = NULL, wait_until = 9, settled_at = NULL",
    State.DONE: "lease_token = NULL, lease_lane = NULL, wait_until = NULL, settled_at = 9, verdict = 'delivered'",
    State.DEAD: "lease_token = NULL, lease_lane = NULL, wait_until = NULL, settled_at = 9, verdict = 'dead'",
}
LEGAL = {(before, after) for (before, _), after in ARROWS.items()}


@pytest.fixture
def connection() -> Iterator[apsw.Connection]:
    opened = apsw.Connection(":memory:")
    for step in migrations():
        opened.execute(step.sql)
    opened.execute("INSERT INTO lane (channel, direction, address) VALUES ('c', 'in', 'a')")
    yield opened
    opened.close()


def be_born(connection: apsw.Connection, state: State) -> None:
    waits, ends = state is State.PARKED, state in (State.DONE, State.DEAD)
    connection.execute(
        "INSERT INTO entry (lane_id, channel, direction, source, kind, state, due_at, arrived_at, ordered_at, door_key,"
        " wait_until, settled_at, verdict) VALUES (1, 'c', 'in', 'flat', 'message', ?, 0, 0, 0, randomblob(16), ?, ?, 'delivered')",
        (state.value, 9 if waits else None, 9 if ends else None),
    )


def put_in(connection: apsw.Connection, state: State) -> None:
    """By whatever way: the guard is not what puts it there."""
    be_born(connection, State.WAITING)
    connection.execute("DROP TRIGGER entry_arrow")
    connection.execute(f"UPDATE entry SET state = '{state}', {COLUMNS[state]}")
    arrow = next(step.sql for step in migrations() if "CREATE TRIGGER entry_arrow" in step.sql)
    connection.execute(arrow[arrow.index("CREATE TRIGGER entry_arrow") : arrow.index("-- Write-once")])


@pytest.mark.parametrize(("before", "after"), [pair for pair in product(State, State) if pair[0] is not pair[1]])
def test_the_sql_lets_an_entry_go_exactly_where_an_arrow_leads(
    connection: apsw.Connection, before: State, after: State
) -> None:
    put_in(connection, before)
    move = f"UPDATE entry SET state = '{after}', {COLUMNS[after]}"
    if (before, after) in LEGAL:
        connection.execute(move)
    else:
        with pytest.raises(apsw.ConstraintError, match="no arrow leads there"):
            connection.execute(move)


@pytest.mark.parametrize("state", State)
def test_the_sql_lets_an_entry_be_born_exactly_as_the_table_says(connection: apsw.Connection, state: State) -> None:
    if state in BIRTHS:
        be_born(connection, state)
    else:
        with pytest.raises(apsw.ConstraintError):
            be_born(connection, state)


def test_two_entries_leased_under_one_lane_are_refused_by_the_net(connection: apsw.Connection) -> None:
    put_in(connection, State.LEASED)
    be_born(connection, State.WAITING)
    with pytest.raises(apsw.ConstraintError):
        connection.execute(f"UPDATE entry SET state = 'leased', {COLUMNS[State.LEASED]} WHERE state = 'waiting'")
