"""A sync fails, its process dies, and what was committed since is asked for after the power went."""

import os
import random
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from tests.simulation.disk import SimulatedDisk
from unlost.journal.left_behind import CHUNK_BYTES
from unlost.journal.opening import open_writer
from unlost.journal.unusable import JournalUnusable

SEEDS = 40


def opened(disk: SimulatedDisk) -> apsw.Connection:
    return open_writer(Path("a.db"), vfs=disk.vfs_name, now=0.0, random_bytes=bytes)


def note(connection: apsw.Connection, key: str) -> None:
    connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, 1)", (key,))


def stands(connection: apsw.Connection, key: str) -> bool:
    return bool(connection.execute("SELECT 1 FROM meta WHERE key = ?", (key,)).fetchall())


@pytest.fixture
def disk() -> Iterator[SimulatedDisk]:
    """Its log holds a commit whose sync failed, and whose process is dead."""
    made = SimulatedDisk()
    writer = opened(made)
    made.fail_next("sync")
    with pytest.raises(apsw.IOError):
        note(writer, "refused")
    made.kill()
    yield made
    made.close()


@pytest.mark.parametrize("seed", range(SEEDS))
def test_what_is_committed_behind_a_failed_sync_outlives_the_power(disk: SimulatedDisk, seed: int) -> None:
    note(opened(disk), "kept")
    disk.crash(random.Random(seed))
    assert stands(opened(disk), "kept")


def test_what_was_refused_may_stand_and_then_stands_for_good(disk: SimulatedDisk) -> None:
    is_there = stands(opened(disk), "refused")
    disk.crash(random.Random(0))
    assert stands(opened(disk), "refused") == is_there


def test_a_log_that_cannot_be_written_anew_is_not_used(disk: SimulatedDisk) -> None:
    disk.fail_next("sync")
    with pytest.raises(JournalUnusable, match="see to the disk"):
        opened(disk)


def test_beside_a_writer_in_its_transaction_a_second_opens_all_the_same(disk: SimulatedDisk) -> None:
    first = opened(disk)
    first.execute("BEGIN IMMEDIATE")
    beside = disk.attach()
    second = open_writer(Path("a.db"), vfs=beside, now=0.0, random_bytes=bytes)
    first.execute("COMMIT")
    note(second, "kept")
    assert stands(first, "kept")


@pytest.mark.parametrize("bytes_long", [1, CHUNK_BYTES, 4 * CHUNK_BYTES + 1])
def test_on_a_real_disk_a_log_is_written_byte_for_byte(tmp_path: Path, bytes_long: int) -> None:
    path, log = tmp_path / "a.db", tmp_path / "a.db-wal"
    writer = open_writer(path, vfs=None, now=0.0, random_bytes=bytes)
    writer.execute("INSERT INTO meta (key, value) VALUES ('long', zeroblob(?))", (bytes_long,))
    before, told = log.read_bytes(), os.stat(log).st_mtime_ns
    second = open_writer(path, vfs=None, now=0.0, random_bytes=bytes)
    assert log.read_bytes() == before
    assert os.stat(log).st_mtime_ns > told
    assert second.execute("SELECT length(value) FROM meta WHERE key = 'long'").fetchall() == [(bytes_long,)]
