"""A chat's rows page by page, none passed over because another one went meanwhile.

Pages are counted from the newest row on, and there is no cursor (GOWA page, section 4). A row that is deleted moves all older ones
one place forward, past a reader who goes on where the last page ended. So each page begins a few rows before that end: while one row
of the page before comes again, no row lies between the two. Where none does, the chat is read from its beginning.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

from unlost.errors import Refused, TryLater
from unlost.gowa.readers.shapes import ROW

PAGE: Final = 100
"""The most that GOWA gives at once."""
OVERLAP: Final = 10
"""So many rows but one may go between two pages at no cost; a page more in ten is asked for."""
BEGINNINGS_MAX: Final = 5
"""Somebody who clears a chat is done in a moment; who deletes without end shall not have us read without end."""
ROWS_MAX: Final = 100_000
"""Of one chat in one look: bounds it, also against a gateway that gives the same page for ever."""


@dataclass(frozen=True, slots=True)
class Page:
    """Rows as they came, newest first, without those of the page before. *begins*: what was given before it is given again."""

    rows: tuple[bytes, ...]
    begins: bool


async def steady_pages(read: Callable[[int], Awaitable[Sequence[bytes]]]) -> AsyncIterator[Page]:
    """All rows of a chat. *read* gives at most PAGE of them from an offset on, fewer only at the end; what it raises is raised.

    Raises TryLater where rows go faster than they are read, or are more than ROWS_MAX. Rows of one second that change places among
    themselves between two pages may be missed where more than OVERLAP of them stand across a page's end.
    """
    for _ in range(BEGINNINGS_MAX):
        before: frozenset[str | bytes] = frozenset()
        for offset in range(0, ROWS_MAX, PAGE - OVERLAP):
            rows = await read(offset)
            names = [_name_of(row) for row in rows]
            if offset and before.isdisjoint(names):
                break
            yield Page(
                tuple(row for row, name in zip(rows, names, strict=True) if name not in before), begins=offset == 0
            )
            if len(rows) < PAGE:
                return
            before = frozenset(names)
        else:
            raise TryLater(f"a chat has more than {ROWS_MAX} messages to look at", cause="unreadable", away=False)
    raise TryLater("a chat's messages go faster than they can be read", cause="unreadable", away=False)


def _name_of(row: bytes) -> str | bytes:
    """What tells a row from the chat's others: its id, for the rest of it may change; itself where it has none."""
    try:
        return ROW.decode(row).id or row
    except Refused:
        return row
