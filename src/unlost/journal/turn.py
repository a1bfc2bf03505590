"""One transaction at one time: all that a verb of this room has in hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import apsw

from unlost.journal.statements import statement

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """A connection inside a transaction that somebody else opened and will end; *now* in epoch seconds.

    *secret* keys the hashes. *nth*: of the bodies that are kept in one call, which is in hand. Nothing here reads a clock or draws
    a random number.
    """

    connection: apsw.Connection
    now: float
    secret: bytes
    nth: int = 0

    def of_call(self, nth: int) -> "Turn":
        """This turn, for the *nth* body (from 0) of one call."""
        return Turn(self.connection, self.now, self.secret, nth) if nth else self

    def all(self, name: str, bindings: Mapping[str, Any]) -> list[Row]:
        """Every row of `sqlite/<name>.sql`."""
        return self.connection.execute(statement(name), bindings).fetchall()

    def row(self, name: str, bindings: Mapping[str, Any]) -> Row | None:
        """The first row, or None; the statement is run to its end."""
        rows = self.connection.execute(statement(name), bindings).fetchall()
        return rows[0] if rows else None

    def value(self, name: str, bindings: Mapping[str, Any]) -> Any:
        """The first column of the first row, or None."""
        rows = self.connection.execute(statement(name), bindings).fetchall()
        return rows[0][0] if rows else None

    def run(self, name: str, bindings: Mapping[str, Any]) -> None:
        """Carry it out; its rows, if any, are of no interest."""
        self.connection.execute(statement(name), bindings).fetchall()
