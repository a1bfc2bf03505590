"""The simulated disk, proven with plain SQLite on it: it keeps what was synced, and it can lose what was not."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator

import apsw
import pytest

from tests.simulation.disk import Gone, SimulatedDisk
from tests.simulation.stored_file import StoredFile

SEEDS = 300


@pytest.fixture
def disk() -> Iterator[SimulatedDisk]:
    disk = SimulatedDisk()
    yield disk
    disk.close()


def connect(disk: SimulatedDisk, *, vfs_name: str | None = None, synchronous: str = "FULL") -> apsw.Connection:
    """A connection to the one database of these tests, in WAL, with its table."""
    connection = apsw.Connection("test.db", vfs=vfs_name or disk.vfs_name)
    connection.execute("PRAGMA journal_mode=WAL").fetchall()
    connection.execute(f"PRAGMA synchronous={synchronous}")
    connection.execute("CREATE TABLE IF NOT EXISTS line (n INTEGER PRIMARY KEY, body BLOB)")
    return connection


def write(connection: apsw.Connection, n: int, size: int = 40) -> None:
    connection.execute("INSERT INTO line VALUES (?, ?)", (n, b"x" * size))


def lines(connection: apsw.Connection) -> list[int]:
    return [int(str(n)) for (n,) in connection.execute("SELECT n FROM line ORDER BY n")]


def write_until_death(disk: SimulatedDisk, connection: apsw.Connection, rng: random.Random) -> list[int]:
    """Write rows of many sizes until the disk dies in the middle of something; answer those that were committed."""
    connection.wal_autocheckpoint(rng.choice((3, 20, 1000)))
    disk.die_after(rng.randrange(120))
    committed: list[int] = []
    while len(committed) < 200:
        try:
            write(connection, len(committed), rng.choice((40, 3000, 20_000)))
        except Gone:
            break
        committed.append(len(committed))
    return committed


def survives_crash(seed: int, synchronous: str) -> tuple[list[int], list[int], object]:
    """(committed, found, integrity) of one life that ends in a power loss."""
    rng, disk = random.Random(seed), SimulatedDisk()
    committed = write_until_death(disk, connect(disk, synchronous=synchronous), rng)
    disk.crash(rng)
    try:
        connection = connect(disk, synchronous=synchronous)
        return committed, lines(connection), connection.execute("PRAGMA integrity_check").get
    except apsw.Error as error:
        return committed, [], error
    finally:
        disk.close()


def test_with_full_sync_what_was_committed_survives_every_crash() -> None:
    """The one transaction whose commit did not return may stand or not; nothing else may differ."""
    for seed in range(SEEDS):
        committed, found, _ = survives_crash(seed, "FULL")
        assert found in (committed, [*committed, len(committed)]), f"seed {seed}"


def test_with_full_sync_the_database_is_whole_after_every_crash() -> None:
    assert {str(survives_crash(seed, "FULL")[2]) for seed in range(SEEDS)} == {"ok"}


@pytest.mark.parametrize("synchronous", ["NORMAL", "OFF"])
def test_without_full_sync_some_crash_loses_a_commit(synchronous: str) -> None:
    """The disk can fail: a journal that syncs too little is caught by it."""
    results = (survives_crash(seed, synchronous) for seed in range(SEEDS))
    assert any(not set(committed) <= set(found) for committed, found, _ in results)


def test_without_any_sync_some_crash_spoils_the_database() -> None:
    assert any(str(survives_crash(seed, "OFF")[2]) != "ok" for seed in range(SEEDS))


def test_some_crash_keeps_a_commit_that_did_not_return() -> None:
    results = (survives_crash(seed, "FULL") for seed in range(SEEDS))
    assert any(len(found) > len(committed) for committed, found, _ in results)


def test_a_crash_with_the_same_seed_leaves_the_same_file() -> None:
    """WAL salts come from SQLite's own randomness, so the file is compared, not a database."""
    file = StoredFile(b"a" * 5000)
    file.write(b"b" * 9000, 700)
    file.truncate(6000)
    assert file.survivor(random.Random(7)).content == file.survivor(random.Random(7)).content


def test_a_crash_can_tear_one_write() -> None:
    file = StoredFile(b"a" * 4096)
    file.write(b"b" * 4096, 0)
    survivors = [bytes(file.survivor(random.Random(seed)).content) for seed in range(SEEDS)]
    assert any(0 < content.count(b"b") < 4096 for content in survivors)


def test_a_crash_can_drop_an_earlier_write_and_keep_a_later_one() -> None:
    file = StoredFile(b"a" * 2)
    file.write(b"b", 0)
    file.write(b"c", 1)
    assert b"ac" in [bytes(file.survivor(random.Random(seed)).content) for seed in range(SEEDS)]


def test_torn_wal_frames_are_ignored(disk: SimulatedDisk) -> None:
    """The last frames are cut at every length; what came before them stands."""
    connection = connect(disk)
    write(connection, 0)
    whole = disk.files["test.db-wal"].content[:]
    start = len(whole)
    write(connection, 1, 5000)
    longer = disk.files["test.db-wal"].content[:]
    for end in range(start, len(longer), 97):
        disk.kill()
        disk.files["test.db-wal"] = StoredFile(longer[:end])
        assert lines(connect(disk)) == [0]


def test_a_killed_process_loses_nothing(disk: SimulatedDisk) -> None:
    connection = connect(disk, synchronous="OFF")
    for n in range(50):
        write(connection, n)
    disk.kill()
    assert lines(connect(disk)) == list(range(50))


def test_a_killed_process_loses_its_open_transaction(disk: SimulatedDisk) -> None:
    connection = connect(disk)
    connection.execute("BEGIN IMMEDIATE")
    write(connection, 0)
    disk.kill()
    assert lines(connect(disk)) == []


def test_what_a_killed_process_left_unsynced_is_lost_by_a_later_crash(disk: SimulatedDisk) -> None:
    write(connect(disk, synchronous="OFF"), 0)
    disk.kill()
    assert any(file.pending for file in disk.files.values())


def test_connections_are_dead_after_a_crash(disk: SimulatedDisk) -> None:
    connection = connect(disk)
    disk.crash(random.Random(0))
    with pytest.raises(apsw.ConnectionClosedError):
        lines(connection)


def test_two_processes_share_one_database(disk: SimulatedDisk) -> None:
    first, second = connect(disk), connect(disk, vfs_name=disk.attach())
    write(first, 0)
    write(second, 1)
    assert lines(first) == lines(second) == [0, 1]


def test_two_processes_exclude_each_other_while_one_writes(disk: SimulatedDisk) -> None:
    first, second = connect(disk), connect(disk, vfs_name=disk.attach())
    first.execute("BEGIN IMMEDIATE")
    with pytest.raises(apsw.BusyError):
        second.execute("BEGIN IMMEDIATE")


def test_a_death_frees_the_locks_for_the_other_process(disk: SimulatedDisk) -> None:
    other = disk.attach()
    first, second = connect(disk), connect(disk, vfs_name=other)
    first.execute("BEGIN IMMEDIATE")
    write(first, 0)
    disk.kill(disk.vfs_name)
    write(second, 1)
    assert lines(second) == [1]


@pytest.mark.parametrize("operations", range(8))
def test_a_process_that_dies_inside_a_commit_leaves_the_other_a_whole_database(
    disk: SimulatedDisk, operations: int
) -> None:
    other = disk.attach()
    first, second = connect(disk), connect(disk, vfs_name=other)
    first.wal_autocheckpoint(1)
    disk.die_after(operations, vfs_name=disk.vfs_name)
    with pytest.raises(Gone):  # noqa: PT012  # death strikes one of these writes, whichever
        for n in range(5):
            write(first, n, 20_000)
    disk.kill(disk.vfs_name)
    write(second, 9)
    assert second.execute("PRAGMA integrity_check").get == "ok"


def test_death_tells_when_it_strikes(disk: SimulatedDisk) -> None:
    told: list[str] = []
    connection = connect(disk)
    disk.die_after(1, tell=lambda: told.append("dead"))
    with pytest.raises(Gone):
        write(connection, 0)
    assert told == ["dead"]


def test_wal_in_exclusive_mode_works_too(disk: SimulatedDisk) -> None:
    connection = apsw.Connection("alone.db", vfs=disk.vfs_name)
    connection.execute("PRAGMA locking_mode=EXCLUSIVE")
    assert connection.execute("PRAGMA journal_mode=WAL").get == "wal"


def test_a_full_disk_raises(disk: SimulatedDisk) -> None:
    connection = connect(disk)
    disk.full = True
    with pytest.raises(apsw.FullError):
        write(connection, 0)
    disk.full = False


def test_service_resumes_when_a_full_disk_has_space_again(disk: SimulatedDisk) -> None:
    connection = connect(disk)
    disk.room_bytes = 10_000
    with pytest.raises(apsw.FullError):
        write(connection, 0, 50_000)
    disk.full = False
    write(connection, 1)
    assert lines(connection) == [1]


@pytest.mark.parametrize("operation", ["write", "sync"])
def test_service_resumes_after_an_io_error(disk: SimulatedDisk, operation: str) -> None:
    connection = connect(disk)
    disk.fail_next("write" if operation == "write" else "sync")
    with pytest.raises(apsw.IOError):
        write(connection, 0)
    write(connection, 1)
    assert lines(connection) == [1]


def test_a_sync_that_failed_does_not_count_as_done_later(disk: SimulatedDisk) -> None:
    """Linux marks pages clean when their write-back failed; a later fsync succeeds without them."""
    connection = connect(disk)
    wal = disk.files["test.db-wal"]
    before = bytes(wal.synced)
    disk.fail_next("sync")
    with pytest.raises(apsw.IOError):
        write(connection, 0)
    wal.sync()
    assert (len(wal.content) > len(before), bytes(wal.synced)) == (True, before)


def test_after_failed_syncs_what_was_committed_survives_every_crash() -> None:
    for seed in range(SEEDS):
        rng, disk = random.Random(seed), SimulatedDisk()
        connection, committed = connect(disk), set[int]()
        connection.wal_autocheckpoint(4)
        disk.fail_next("sync", spared=rng.randrange(10), times=rng.randrange(1, 4))
        for n in range(15):
            try:
                write(connection, n, rng.choice((40, 9000)))
            except apsw.IOError:
                continue
            committed.add(n)
        disk.crash(rng)
        assert committed <= set(lines(connect(disk))), f"seed {seed}"
        disk.close()


def test_a_read_only_disk_raises_and_recovers(disk: SimulatedDisk) -> None:
    connection = connect(disk)
    disk.read_only = True
    with pytest.raises(apsw.IOError):
        write(connection, 0)
    disk.heal()
    write(connection, 1)
    assert lines(connection) == [1]


def test_a_new_file_that_was_never_synced_may_be_missing_after_a_crash(disk: SimulatedDisk) -> None:
    outcomes = set()
    for seed in range(20):
        disk.files["new"] = StoredFile()
        disk.crash(random.Random(seed))
        outcomes.add("new" in disk.files)
        disk.files.clear()
        disk.settled.clear()
    assert outcomes == {True, False}


def test_sql_sees_the_clock_of_the_disk() -> None:
    disk = SimulatedDisk(now=lambda: 1_700_000_000.25)
    try:
        connection = apsw.Connection("clock.db", vfs=disk.vfs_name)
        assert connection.execute("SELECT strftime('%s %f', 'now')").get == "1700000000 20.250"
    finally:
        disk.close()


def test_one_commit_costs_one_sync(disk: SimulatedDisk) -> None:
    connection = connect(disk)
    write(connection, 0)
    before = disk.syncs
    write(connection, 1)
    assert disk.syncs == before + 1


def test_a_closed_disk_leaves_nothing_registered() -> None:
    disk = SimulatedDisk()
    connect(disk)
    disk.close()
    assert disk.vfs_name not in apsw.vfs_names()


def test_a_closed_disk_holds_no_references_to_its_files() -> None:
    disk = SimulatedDisk()
    connection = connect(disk)
    file = disk.files["test.db"]
    disk.close()
    del connection
    assert sys.getrefcount(file) == 2
