"""Numbered, additive migrations: yesterday's program runs on today's schema, and opening costs the same whatever the size."""

import re
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import apsw

from unlost import __version__
from unlost.journal.unusable import JournalFromLaterWorld

_OLDEST = re.compile(r"^-- oldest program: (\d+)\.(\d+)\.(\d+)$", re.MULTILINE)


class Migration(NamedTuple):
    """One step of the schema. *oldest_program*: the oldest version that may use a journal that has it."""

    number: int
    name: str
    sql: str
    oldest_program: str


@cache
def migrations() -> tuple[Migration, ...]:
    """All that this program knows, in order."""
    folder = files("unlost.journal").joinpath("migrations")
    found = sorted(file.name for file in folder.iterdir() if file.name.endswith(".sql"))
    return tuple(_read(name, folder.joinpath(name).read_text(encoding="utf-8")) for name in found)


def needs_migration(connection: apsw.Connection) -> bool:
    """True where steps are missing. Raises JournalFromLaterWorld where this program is too old for the journal."""
    oldest = _meta(connection, "oldest_program")
    if oldest is not None and _version(str(oldest)) > _version(__version__):
        raise JournalFromLaterWorld(
            f"this journal needs unlost {oldest} or later, and this is {__version__}; install that, or restore an older backup"
        )
    return schema_version(connection) < migrations()[-1].number


def schema_version(connection: apsw.Connection) -> int:
    """The number of the last step the journal has; 0 for a blank file."""
    return int(str(_meta(connection, "schema_version") or 0))


def migrate(connection: apsw.Connection) -> None:
    """Carry out the missing steps inside the caller's transaction. Quick: they only create and add."""
    for step in migrations():
        if step.number > schema_version(connection):
            connection.execute(step.sql)
            for key, value in (("schema_version", step.number), ("oldest_program", step.oldest_program)):
                connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (key, value))


def _meta(connection: apsw.Connection, key: str) -> object:
    if not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'meta'").fetchall():
        return None
    rows = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchall()
    return rows[0][0] if rows else None


def _read(name: str, sql: str) -> Migration:
    oldest = _OLDEST.search(sql)
    assert oldest is not None, f"{name} does not say which oldest program may use it"
    return Migration(int(name.split("_")[0]), name, sql, ".".join(oldest.groups()))


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text)[:3])
