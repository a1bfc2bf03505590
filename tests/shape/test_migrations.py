"""Migrations are numbered, additive and quick; each query in a file of its own compiles against what they make."""

import re
from importlib.resources import files
from pathlib import Path

import apsw
import pytest

from unlost.journal.migrating import migrations
from unlost.journal.statements import statement

QUERIES = sorted(file.name[:-4] for file in files("unlost.journal").joinpath("sqlite").iterdir())
ROOM = "\n".join(path.read_text(encoding="utf-8") for path in Path(str(files("unlost.journal"))).glob("*.py"))


@pytest.fixture(scope="module")
def connection() -> apsw.Connection:
    opened = apsw.Connection(":memory:")
    for step in migrations():
        opened.execute(step.sql)
    return opened


def test_migrations_are_numbered_without_a_gap() -> None:
    assert [step.number for step in migrations()] == list(range(1, len(migrations()) + 1))


def test_a_migration_after_the_first_only_creates_and_adds() -> None:
    """Quick whatever the size, and yesterday's program runs on."""
    for step in migrations()[1:]:
        sql = re.sub(r"--.*", "", step.sql)
        assert not re.search(r"\b(DROP|RENAME|UPDATE [a-z_]+ SET|DELETE FROM)\b", sql), step.name


@pytest.mark.parametrize("name", QUERIES)
def test_every_query_compiles_and_says_on_top_what_holds(connection: apsw.Connection, name: str) -> None:
    text = files("unlost.journal").joinpath("sqlite", f"{name}.sql").read_text(encoding="utf-8")
    assert text.startswith("-- ")
    connection.execute(f"EXPLAIN {statement(name)}", Nothing()).fetchall()


@pytest.mark.parametrize("name", QUERIES)
def test_every_query_is_asked_for_by_somebody(name: str) -> None:
    assert f'"{name}"' in ROOM


class Nothing(dict[str, None]):
    """Every binding is NULL."""

    def __missing__(self, key: str) -> None:
        return None
