"""A file becomes a journal, or one line names the cure; service resumes by itself; the log stays bounded."""

import os
from pathlib import Path

import apsw
import pytest

from tests.contract.journal.building import BEN, CHANNEL, CHANNEL_ROW, SetClock, message, put
from tests.contract.journal.conftest import Opener
from unlost.errors import NotCommitted
from unlost.journal import migrating
from unlost.journal.log_keeper import LONG_PAGES
from unlost.journal.migrating import Migration, migrations
from unlost.journal.rows import Arrival
from unlost.journal.sqlite_journal import SqliteJournal
from unlost.journal.unusable import JournalFromLaterWorld, JournalHeld, JournalUnusable, JournalUnwritable, NotAJournal

PAGE_BYTES = 4_096


def only_one_line(error: pytest.ExceptionInfo[JournalUnusable]) -> bool:
    return "\n" not in str(error.value) and ";" in str(error.value)


async def test_a_journal_is_for_its_user_alone(journal: SqliteJournal, tmp_path: Path) -> None:
    assert (tmp_path / "journal.db").stat().st_mode & 0o777 == 0o600


async def test_every_commit_waits_for_the_disk(journal: SqliteJournal) -> None:
    """What cannot be seen after a kill (hard case 17): the page cache outlives the process."""
    mode = await journal._executor.write(lambda connection: connection.pragma("synchronous"))
    assert mode == 2


@pytest.mark.parametrize("content", [b"not a database at all, but long enough to be read" * 100])
async def test_a_file_of_something_else_is_refused_and_left_alone(
    opener: Opener, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(content)
    with pytest.raises(NotAJournal) as error:
        await opener(path)
    assert only_one_line(error)
    assert path.read_bytes() == content


async def test_another_programs_database_is_refused(opener: Opener, tmp_path: Path) -> None:
    other = apsw.Connection(str(tmp_path / "other.db"))
    other.execute("CREATE TABLE theirs (id)")
    other.close()
    with pytest.raises(NotAJournal):
        await opener(tmp_path / "other.db")


async def test_a_journal_of_a_later_world_names_the_version_it_needs(
    journal: SqliteJournal, opener: Opener, tmp_path: Path
) -> None:
    await journal.close()
    later = apsw.Connection(str(tmp_path / "journal.db"))
    later.execute("UPDATE meta SET value = '99.1.0' WHERE key = 'oldest_program'")
    later.close()
    with pytest.raises(JournalFromLaterWorld, match=r"99\.1\.0") as error:
        await opener(tmp_path / "journal.db")
    assert only_one_line(error)


async def test_a_later_schema_that_still_bears_this_program_is_used(
    journal: SqliteJournal, opener: Opener, tmp_path: Path
) -> None:
    await journal.close()
    later = apsw.Connection(str(tmp_path / "journal.db"))
    later.execute("UPDATE meta SET value = 99 WHERE key = 'schema_version'; ALTER TABLE entry ADD COLUMN hologram")
    later.close()
    assert (await put(await opener(tmp_path / "journal.db"), message("m1")))[0].is_new


async def test_a_journal_held_by_another_program_is_refused(
    opener: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("unlost.journal.opening.BUSY_WAIT_MS", 10)
    holder = apsw.Connection(str(tmp_path / "held.db"))
    holder.pragma("locking_mode", "EXCLUSIVE")
    holder.execute("CREATE TABLE held (id)")
    with pytest.raises(JournalHeld) as error:
        await opener(tmp_path / "held.db")
    holder.close()
    assert only_one_line(error)


async def test_a_folder_that_is_not_there_is_named_with_the_cure(opener: Opener, tmp_path: Path) -> None:
    with pytest.raises(JournalUnwritable) as error:
        await opener(tmp_path / "missing" / "journal.db")
    assert only_one_line(error)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
async def test_a_folder_that_cannot_be_written_is_named_with_the_cure(opener: Opener, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(JournalUnwritable):
        await opener(tmp_path / "journal.db")


async def test_opening_again_keeps_everything(journal: SqliteJournal, opener: Opener, tmp_path: Path) -> None:
    await put(journal, message("m1"))
    await journal.close()
    again = await opener(tmp_path / "journal.db")
    assert not (await put(again, message("m1")))[0].is_new


async def test_a_journal_is_copied_as_it_stood_before_its_migration(
    journal: SqliteJournal, opener: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await put(journal, message("m1"))
    await journal.close()
    before = len(migrations())
    step = Migration(before + 1, "9999_more.sql", "ALTER TABLE entry ADD COLUMN hologram", "0.1.0")
    with_one_more = (*migrations(), step)
    monkeypatch.setattr(migrating, "migrations", lambda: with_one_more)
    again = await opener(tmp_path / "journal.db")
    await put(again, message("b1", BEN))
    await again.settled_down()
    assert again.side_failure is None
    copy = apsw.Connection(str(tmp_path / f"journal.db.schema-{before}"))
    columns = [row[1] for row in copy.execute("PRAGMA table_info(entry)").fetchall()]
    assert "hologram" not in columns
    assert copy.execute("SELECT count(*) FROM entry").fetchall() == [(1,)]
    copy.close()


async def test_while_no_commit_is_possible_the_door_hears_it_and_then_all_is_well_again(journal: SqliteJournal) -> None:
    """A disk without room for one more page; then with room."""
    pages = await journal._executor.write(lambda connection: connection.pragma("page_count"))
    await journal._executor.write(lambda connection: connection.pragma("max_page_count", pages))
    big = message("m1")
    with pytest.raises(NotCommitted):
        await put(journal, Arrival(big.envelope, raw=b"x" * 100_000))
    await journal._executor.write(lambda connection: connection.pragma("max_page_count", 1_000_000))
    assert (await put(journal, Arrival(big.envelope, raw=b"x" * 100_000)))[0].is_new


async def test_the_log_stays_bounded_under_a_writer_that_never_rests(journal: SqliteJournal) -> None:
    """Twice the bound is written. However late the keeper is, the writer moves a long log itself."""
    raw = b"x" * 100_000
    for number in range(2 * LONG_PAGES * PAGE_BYTES // 1_000_000):
        arrivals = [Arrival(message(f"m{number}-{part}").envelope, raw=raw) for part in range(10)]
        await journal.append(CHANNEL, arrivals)
    assert await journal.wal_bytes() < 1.2 * LONG_PAGES * PAGE_BYTES


async def test_a_view_that_takes_too_long_is_cut(
    journal: SqliteJournal, backend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if backend == "inline":
        pytest.skip("with one connection a read is a batch's member")
    monkeypatch.setattr("unlost.journal.executor.READ_MAX_S", 0.01)
    endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
    with pytest.raises(NotCommitted):
        await journal._executor.read(lambda connection: connection.execute(endless).fetchall())
    assert await journal.counts() != []


async def test_a_reader_cannot_write(journal: SqliteJournal, backend: str) -> None:
    if backend == "inline":
        pytest.skip("with one connection a read is a batch's member")
    with pytest.raises(NotCommitted):
        await journal._executor.read(lambda connection: connection.execute("DELETE FROM entry").fetchall())


async def test_after_its_close_a_journal_says_that_it_is_closed(
    opener: Opener, tmp_path: Path, clock: SetClock
) -> None:
    journal = await opener(tmp_path / "other.db")
    await journal.introduce([CHANNEL_ROW])
    await journal.close()
    with pytest.raises(NotCommitted):
        await put(journal, message("m1"))
