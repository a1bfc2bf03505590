"""A row that this program cannot read (a later one wrote it, or a disk damaged it) is nobody else's trouble."""

from pathlib import Path

import apsw
import pytest

from tests.contract.journal.building import BEN, message, put, take, take_one, text_of
from unlost.journal.rows import Appended
from unlost.journal.sqlite_journal import SqliteJournal

NO_BODY = "DELETE FROM body WHERE entry_id = ?"
DAMAGES = [
    ("torn facts", "UPDATE entry SET facts = x'7b' WHERE id = ?"),
    ("facts of another shape", 'UPDATE entry SET facts = CAST(\'{"absences": "many"}\' AS BLOB) WHERE id = ?'),
    ("a kind of tomorrow", "UPDATE entry SET kind = 'telepathy' WHERE id = ?"),
    ("no body", NO_BODY),
]


def damage(path: Path, how: str, entry: int) -> None:
    connection = apsw.Connection(str(path))
    connection.execute(how, (entry,))
    connection.close()


async def damaged_head(journal: SqliteJournal, path: Path, how: str) -> Appended:
    """The first of two messages of one chat; a third stands in another."""
    bad, *_ = await put(journal, message("m1"), message("m2"), message("b1", BEN))
    damage(path, how, bad.entry)
    return bad


@pytest.mark.parametrize("how", [row[1] for row in DAMAGES], ids=[row[0] for row in DAMAGES])
async def test_it_ends_dead_and_is_shown(journal: SqliteJournal, tmp_path: Path, how: str) -> None:
    bad = await damaged_head(journal, tmp_path / "journal.db", how)
    await take(journal)
    assert [letter.id for letter in await journal.dead(reason="unreadable row")] == [bad.entry]


async def test_it_holds_back_neither_its_chat_nor_another(journal: SqliteJournal, tmp_path: Path) -> None:
    await damaged_head(journal, tmp_path / "journal.db", DAMAGES[0][1])
    claims = [*await take(journal), *await take(journal)]
    assert sorted(text_of(claim) for claim in claims) == ["b1", "m2"]


async def test_retried_it_is_put_aside_again_and_no_other_letter_with_it(
    journal: SqliteJournal, tmp_path: Path
) -> None:
    bad = await damaged_head(journal, tmp_path / "journal.db", DAMAGES[0][1])
    await take(journal)
    assert await journal.retry([bad.entry], "who") == 1
    await journal.give_back(await take(journal))
    assert text_of(await take_one(journal)) == "m2"
