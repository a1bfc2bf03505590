"""What WhatsApp's servers know of linked devices: which account each of them speaks for."""

from __future__ import annotations

import apsw

from unlost.gateway.population.database import rows, writing


def account_of(connection: apsw.Connection, session: str) -> str | None:
    """The account's phone address; empty where the device was logged out, None where it was never heard of."""
    found = rows(connection, "SELECT jid FROM linked WHERE session = ?", (session,))
    return str(found[0][0]) if found else None


def link(connection: apsw.Connection, session: str, jid: str) -> None:
    """From now on *session* speaks for *jid*; for nobody where that is empty."""
    with writing(connection):
        connection.execute("INSERT OR REPLACE INTO linked VALUES (?, ?)", (session, jid))
