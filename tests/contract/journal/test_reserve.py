"""A full disk: the reserve is given up, what was asked for is kept after all, and the reserve comes back when there is room."""

import os
from collections.abc import Callable
from pathlib import Path

import apsw
import pytest

from tests.contract.journal.building import CHANNEL, CHANNEL_ROW, SetClock, message, put
from unlost.errors import NotCommitted
from unlost.journal import reserve
from unlost.journal.executor import ThreadExecutor
from unlost.journal.opening import open_reader, open_writer
from unlost.journal.sqlite_journal import SqliteJournal

PAGES_LEFT = 1
BODY = "x" * 100_000


@pytest.fixture
async def journal(tmp_path: Path) -> SqliteJournal:
    """Over threads, as in production."""
    journal = await SqliteJournal.open(tmp_path / "journal.db", clock=SetClock())
    await journal.introduce([CHANNEL_ROW])
    return journal


async def on_a_full_disk(tmp_path: Path, make_room: Callable[[apsw.Connection], bool]) -> ThreadExecutor:
    """A writer whose file may not grow until *make_room* has made it so."""
    path = tmp_path / "full.db"
    writer = open_writer(path, vfs=None, now=0.0, random_bytes=os.urandom)
    writer.pragma("max_page_count", writer.pragma("page_count") + PAGES_LEFT)
    return ThreadExecutor(
        lambda: writer, lambda: open_reader(path), between_batches=lambda _: None, make_room=lambda: make_room(writer)
    )


def keep_much(connection: apsw.Connection) -> int:
    connection.execute("INSERT INTO meta (key, value) VALUES ('much', ?)", (BODY,))
    return 1


async def test_what_found_no_room_is_kept_once_room_was_made(tmp_path: Path) -> None:
    def make_room(writer: apsw.Connection) -> bool:
        writer.pragma("max_page_count", 100_000)
        return True

    executor = await on_a_full_disk(tmp_path, make_room)
    assert await executor.write(keep_much) == 1
    assert await executor.read(lambda at: at.execute("SELECT count(*) FROM meta WHERE key = 'much'").get) == 1
    await executor.close()


async def test_without_room_to_make_it_is_not_committed(tmp_path: Path) -> None:
    executor = await on_a_full_disk(tmp_path, lambda _: False)
    with pytest.raises(NotCommitted):
        await executor.write(keep_much)
    await executor.close()


async def test_room_that_does_not_suffice_is_asked_for_once(tmp_path: Path) -> None:
    asked: list[apsw.Connection] = []

    def make_little_room(writer: apsw.Connection) -> bool:
        asked.append(writer)
        return True

    executor = await on_a_full_disk(tmp_path, make_little_room)
    with pytest.raises(NotCommitted):
        await executor.write(keep_much)
    assert len(asked) == 1
    await executor.close()


async def test_a_journal_holds_a_reserve_and_takes_it_again_when_it_was_given(
    journal: SqliteJournal, tmp_path: Path
) -> None:
    kept = tmp_path / "journal.db.reserve"
    assert os.stat(kept).st_blocks * 512 >= reserve.RESERVE_BYTES
    assert reserve.Reserve(tmp_path / "journal.db").give()
    assert not kept.exists()
    await journal.prune(keep_days=1, keep_links_days=2)
    assert kept.exists()
    await journal.close()


async def test_a_reserve_that_was_taken_in_part_when_the_power_went_is_taken_whole(tmp_path: Path) -> None:
    kept = tmp_path / "journal.db.reserve"
    kept.touch()
    assert reserve.Reserve(tmp_path / "journal.db").take()
    assert kept.stat().st_size == reserve.RESERVE_BYTES


async def test_a_disk_with_little_room_is_left_what_it_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reserve, "PLENTY", 1 << 40)
    journal = await SqliteJournal.open(tmp_path / "journal.db", clock=SetClock())
    await journal.introduce([CHANNEL_ROW])
    assert not (tmp_path / "journal.db.reserve").exists()
    assert (await put(journal, message("m1")))[0].is_new
    assert await journal.knows(CHANNEL, [message("m1")]) == [True]
    await journal.close()
