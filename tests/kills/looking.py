"""Looks into a journal that others write: read-only but for one question, a connection for each look, so that no look changes what a start finds."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import apsw

HELD = """
SELECT entry.id, entry.direction, entry.begun, entry.crashes FROM entry JOIN lane ON lane.id = entry.lease_lane
 WHERE entry.state = 'leased' AND lane.lease_holder = ?1 ORDER BY entry.id"""
UNSETTLED = """
SELECT count(*) FROM entry WHERE state IN ('waiting', 'leased', 'parked')
   AND NOT (kind = 'sweep' AND state <> 'leased' AND due_at > ?1)"""
LOOK_UPS = "SELECT count(*) FROM entry WHERE direction = 'look' AND state IN ('waiting', 'leased')"
DEAD = "SELECT id, kind, reason FROM entry WHERE state = 'dead' ORDER BY id"
SETTLED = "SELECT settled_at FROM entry WHERE id = ?1 AND state = 'done' AND verdict = 'delivered'"
STORY = """
SELECT kind, (SELECT count(*) FROM failure WHERE entry_id = ?1), (SELECT group_concat(cause, ' ') FROM failure WHERE entry_id = ?1)
  FROM entry WHERE id = ?1"""
JOINED = """
SELECT lid, phone FROM pairing
 WHERE EXISTS (SELECT 1 FROM lane WHERE channel = pairing.channel AND address = lid AND direction = 'in' AND absorbed_by IS NOT NULL)"""
TRIES = 6
"""Of about ten seconds each: longer than any bridge is made to stand still."""
Unreadable = apsw.ProtocolError
"""Somebody stands still with the log's own locks in hand: nobody can look until he goes on, or is dead."""


@dataclass(frozen=True, slots=True)
class Held:
    """An entry in a bridge's hand. *begun*: a once-only step was begun, and its fact is not written. *crashes*: before this one."""

    entry: int
    direction: str
    begun: bool
    crashes: int


def holder_of(pid: int) -> str:
    """The name under which the bridge *pid* holds leases now: that of the lock file it has open (Linux). Empty: none yet."""
    for handle in Path(f"/proc/{pid}/fd").iterdir():
        try:
            target = Path(os.readlink(handle))
        except OSError:
            continue
        if target.suffix == ".lock" and target.parent.name.endswith(".bridges"):
            return target.stem
    return ""


def held_by(journal: Path, holder: str, *, tries: int = TRIES) -> list[Held]:
    """What *holder* has leased. Raises Unreadable."""
    rows = _rows(journal, HELD, (holder,), tries)
    return [Held(int(entry), str(direction), bool(begun), int(crashes)) for entry, direction, begun, crashes in rows]


def is_being_written(journal: Path) -> bool:
    """Whether somebody holds the write lock now."""
    connection = apsw.Connection(str(journal))
    try:
        connection.execute("BEGIN IMMEDIATE")
    except apsw.BusyError:
        return True
    else:
        connection.execute("ROLLBACK")
        return False
    finally:
        connection.close()


def unsettled(journal: Path, *, sweeps_until: float) -> int:
    """Entries without an ending, sweeps that are due later than *sweeps_until* left out."""
    return int(_rows(journal, UNSETTLED, (sweeps_until,))[0][0])


def waiting_look_ups(journal: Path) -> int:
    """Contacts whose name or picture is still to be asked for."""
    return int(_rows(journal, LOOK_UPS, ())[0][0])


def dead_letters(journal: Path) -> list[str]:
    """Each in one line."""
    return [" ".join(map(str, row)) for row in _rows(journal, DEAD, ())]


def joined(journal: Path) -> list[tuple[str, str]]:
    """LID and number of each person whom the journal met under the LID before it knew the number."""
    return [(str(lid), str(phone)) for lid, phone in _rows(journal, JOINED, ())]


def delivered_at(journal: Path, entry: int) -> float | None:
    """When it was delivered, as an epoch second; None where it ended otherwise, or not at all."""
    rows = _rows(journal, SETTLED, (entry,))
    return float(rows[0][0]) if rows else None


def story_of(journal: Path, entry: int) -> str:
    """What it is, and why it waited."""
    kind, failures, causes = _rows(journal, STORY, (entry,))[0]
    return f"{kind}, {failures} failures{f' ({causes})' if causes else ''}"


def _rows(journal: Path, sql: str, values: tuple[float | str, ...], tries: int = TRIES) -> list[tuple[Any, ...]]:
    for left in reversed(range(tries)):
        try:
            return _rows_once(journal, sql, values)
        except Unreadable:
            if not left:
                raise
    raise AssertionError("the last try returns or raises")


def _rows_once(journal: Path, sql: str, values: tuple[float | str, ...]) -> list[tuple[Any, ...]]:
    connection = apsw.Connection(f"file:{journal}?mode=ro", flags=apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI)
    try:
        connection.set_busy_timeout(5000)
        return list(connection.execute(sql, values))
    finally:
        connection.close()
