"""Disk and loop together: a process that writes dies at a place of the seed's choosing, and the power with it."""

from __future__ import annotations

import asyncio
import random

import apsw

from tests.simulation.clock import VirtualClock
from tests.simulation.disk import SimulatedDisk
from tests.simulation.loop import run
from tests.simulation.process import Process

SEEDS = 100


async def writes(disk: SimulatedDisk, promised: list[int]) -> None:
    """Commit a row every second, from an executor; promise it when the commit has returned. Keep a read open."""
    connection = apsw.Connection("rows.db", vfs=disk.vfs_name)
    connection.execute("PRAGMA journal_mode=WAL").fetchall()
    connection.execute("CREATE TABLE IF NOT EXISTS line (n INTEGER PRIMARY KEY, at REAL)")
    reading = connection.execute("SELECT 1 UNION SELECT 2")
    for n in range(50):
        await asyncio.to_thread(connection.execute, "INSERT INTO line VALUES (?, julianday('now'))", (n,))
        promised.append(n)
        await asyncio.sleep(1)
    reading.close()


async def life_and_death(rng: random.Random) -> tuple[list[int], list[int]]:
    """(promised, found after the power came back)."""
    disk = SimulatedDisk(now=VirtualClock(asyncio.get_running_loop()).now)
    try:
        promised: list[int] = []
        process = Process("writer")
        disk.die_after(rng.randrange(90), tell=process.kill)
        process.spawn(writes(disk, promised))
        await asyncio.sleep(rng.uniform(0, 60))
        process.kill()
        disk.crash(rng)
        connection = apsw.Connection("rows.db", vfs=disk.vfs_name)
        connection.execute("CREATE TABLE IF NOT EXISTS line (n INTEGER PRIMARY KEY, at REAL)")
        return list(promised), [int(str(n)) for (n,) in connection.execute("SELECT n FROM line ORDER BY n")]
    finally:
        disk.close()


def outcome(seed: int) -> tuple[list[int], list[int]]:
    rng = random.Random(seed)
    return run(life_and_death(rng), rng=rng)


def test_what_a_process_promised_stands_after_its_death_and_the_powers() -> None:
    for seed in range(SEEDS):
        promised, found = outcome(seed)
        assert found[: len(promised)] == promised, f"seed {seed}"


def test_a_seed_replays_exactly() -> None:
    assert [outcome(seed) for seed in range(20)] == [outcome(seed) for seed in range(20)]


def test_some_death_falls_between_a_commit_and_its_promise() -> None:
    assert any(len(found) > len(promised) for promised, found in map(outcome, range(SEEDS)))
