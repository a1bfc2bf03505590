"""What waits costs nothing: steps of SQLite's virtual machine for one verb, with 20,000 entries against 200 (hard case 22)."""

from collections.abc import Callable, Iterator
from pathlib import Path

import apsw
import pytest

from tests.contract.journal.building import CHANNEL, INBOUND, ME, SetClock, empty, link, message
from tests.contract.journal.grounds import connect, settle_in, steps_of, transaction, turn
from unlost.journal import appending, channels, claiming, parking, settling, views
from unlost.journal.opening import open_reader
from unlost.journal.rows import Learned
from unlost.journal.turn import Turn
from unlost.vocabulary.facts import Facts
from unlost.vocabulary.verdicts import Delivered

FEW, MANY = 200, 20_000
RATIO_MAX = 1.5

Shape = Callable[[Turn, int], None]


def fill(
    at: Turn, entries: int, lanes: int, *, due_at: float | None, entry_due_at: float, state: str = "waiting"
) -> None:
    """Entries spread over lanes, written straight into the tables."""
    numbers = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count)"
    names = {"channel": CHANNEL, "now": at.now, "due": due_at, "count": lanes}
    at.connection.execute(
        f"{numbers} INSERT INTO lane (channel, direction, address, last_place, due_at)"
        " SELECT :channel, 'in', i || '@s.whatsapp.net', 1000000, :due FROM n",
        names,
    )
    at.connection.execute(
        f"{numbers} INSERT INTO entry (lane_id, channel, direction, source, kind, state, place, due_at, arrived_at, ordered_at,"
        " chat, sender, door_key, whatsapp_id, waits_for, wait_kind, wait_until)"
        " SELECT 1 + i % :lanes, :channel, 'in', 'envelope', 'message', :state, i, :entry_due, :now - i, :now - i,"
        " (1 + i % :lanes) || '@s.whatsapp.net', '1@s.whatsapp.net', randomblob(16), 'W' || i,"
        " iif(:state = 'parked', 'W' || i, NULL), iif(:state = 'parked', 'twin', NULL),"
        " iif(:state = 'parked', :entry_due, NULL) FROM n",
        {**names, "count": entries, "lanes": lanes, "entry_due": entry_due_at, "state": state},
    )
    at.connection.execute("INSERT INTO body (entry_id, raw) SELECT id, x'7b7d' FROM entry")


def one_lane(at: Turn, entries: int) -> None:
    fill(at, entries, 1, due_at=at.now - 1, entry_due_at=at.now - 1)


def a_lane_each(at: Turn, entries: int) -> None:
    fill(at, entries, entries, due_at=at.now - 1, entry_due_at=at.now - 1)


def behind_leased_heads(at: Turn, entries: int) -> None:
    fill(at, entries, entries // 10, due_at=None, entry_due_at=at.now - 1)


def all_backing_off(at: Turn, entries: int) -> None:
    fill(at, entries, entries, due_at=at.now + 60, entry_due_at=at.now + 60)


def all_paused(at: Turn, entries: int) -> None:
    fill(at, entries, entries, due_at=at.now - 1, entry_due_at=at.now - 1)
    channels.pause(at, INBOUND, "holiday", blocked=False)


def all_parked(at: Turn, entries: int) -> None:
    fill(at, entries, 1, due_at=None, entry_due_at=at.now + 60, state="parked")


SHAPES = [one_lane, a_lane_each, behind_leased_heads, all_backing_off, all_paused, all_parked]


def claim(at: Turn) -> None:
    claiming.claim(at, ME, INBOUND, 10, alone=False)


def claim_and_settle(at: Turn) -> None:
    for taken in claiming.claim(at, ME, INBOUND, 1, alone=False):
        learned = Learned(messages=(link("W1", 5),))
        settling.settle(at, taken, Delivered(), Facts(), learned, None)


def append_text(at: Turn) -> None:
    appending.append(at, CHANNEL, (message("new"),))


def append_empty(at: Turn) -> None:
    appending.append(at, CHANNEL, (empty("new"),))


def look_when_due(at: Turn) -> None:
    claiming.dues(at)


def release(at: Turn) -> None:
    parking.release_overdue(at, 10)


def count(at: Turn) -> None:
    views.counts(at, None)


VERBS = [claim, claim_and_settle, append_text, append_empty, look_when_due, release, count]


@pytest.fixture(params=SHAPES, ids=lambda shape: str(shape.__name__))
def grounds(request: pytest.FixtureRequest, tmp_path: Path, clock: SetClock) -> Iterator[tuple[apsw.Connection, ...]]:
    """The same shape twice: few entries, many entries."""
    shape: Shape = request.param
    connections = []
    for entries in (FEW, MANY):
        connection = connect(tmp_path / f"{entries}.db", clock)
        settle_in(connection, clock)
        with transaction(connection, clock) as at:
            shape(at, entries)
        connections.append(connection)
    yield tuple(connections)
    for connection in connections:
        connection.close()


def test_every_verb_of_the_road_costs_the_same_whatever_waits(
    grounds: tuple[apsw.Connection, apsw.Connection], clock: SetClock
) -> None:
    for verb in VERBS:
        few, many = (cost_of(connection, clock, verb) for connection in grounds)
        assert many <= few * RATIO_MAX, f"{verb.__name__}: {few} steps with {FEW} entries, {many} with {MANY}"


def cost_of(connection: apsw.Connection, clock: SetClock, verb: Callable[[Turn], None]) -> int:
    """Steps of one verb; its effects are undone."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        return steps_of(connection, lambda: verb(turn(connection, clock)))
    finally:
        connection.execute("ROLLBACK")


def test_a_statement_is_planned_once_whatever_is_bound_to_it(tmp_path: Path, clock: SetClock) -> None:
    """Without SQLite's promise of stable plans an ordered look costs its plan, five times its work, each time."""
    writer = connect(tmp_path / "journal.db", clock)
    reader = open_reader(tmp_path / "journal.db")
    try:
        for connection in (writer, reader):
            assert connection.config(apsw.SQLITE_DBCONFIG_ENABLE_QPSG, -1) == 1
    finally:
        reader.close()
        writer.close()
