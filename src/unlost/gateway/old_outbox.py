"""The outbox of an earlier version: one file with one table. What it holds is promised anew, in order; then it is gone."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import apsw

from unlost.gateway.clerk import Clerk
from unlost.gateway.feed import Promise
from unlost.gateway.outbox import Outbox
from unlost.gateway.population.database import rows

SLICE = 500
Row = tuple[int, str, str, str, bytes]


async def take_over(path: Path, outbox: Outbox, clerk: Clerk) -> int:
    """Promise all that *path* holds and remove it; how many webhooks. Nothing where there is no such file.

    Killed in between it begins anew, and finds by their names what was promised already: the names are those that the same
    events still have in WhatsApp's queue, so that neither comes twice.
    """
    taken, place = 0, 0
    while some := await clerk.do(_after, path, place):
        for url, of_url in groupby(some, key=lambda row: row[2]):
            await outbox.introduce([url])
            await outbox.keep([_promise(row) for row in of_url], [url])
        taken, place = taken + len(some), some[-1][0]
    await clerk.do(_remove, path)
    return taken


def _promise(row: Row) -> Promise:
    _, name, url, chat, body = row
    return Promise(name.removesuffix(f"/{url}"), chat, body)


def _after(path: Path, place: int) -> list[Row]:
    if not path.exists():
        return []
    connection = apsw.Connection(str(path))
    try:
        if not rows(connection, "SELECT 1 FROM sqlite_schema WHERE name = 'outgoing'"):
            return []
        sql = "SELECT place, name, url, chat, body FROM outgoing WHERE place > ? ORDER BY place LIMIT ?"
        return [(number, *rest) for number, *rest in rows(connection, sql, (place, SLICE))]
    finally:
        connection.close()


def _remove(path: Path) -> None:
    """The file first: its log says nothing without it."""
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
