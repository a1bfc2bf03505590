"""The journal's entries as anybody reads them who looks at the file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import inf

import apsw

from tests.simulation.population import Chat

ENTRIES = """
SELECT entry.id, direction, source, kind, state, verdict, reason, is_empty, late, attempts, crashes, arrived_at, settled_at,
       chat, whatsapp_id, raw
  FROM entry JOIN body ON body.entry_id = entry.id ORDER BY entry.id
"""


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry of the journal."""

    id: int
    direction: str
    source: str
    kind: str
    state: str
    verdict: str | None
    reason: str | None
    is_empty: bool
    late: bool
    attempts: int
    crashes: int
    arrived_at: float
    settled_at: float | None
    chat: str | None
    whatsapp_id: str | None
    raw: bytes

    @property
    def is_gateways(self) -> bool:
        """Whether a webhook or a storage row brought it."""
        return self.source in ("flat", "envelope", "storage")


def was_met_as_two(chat: Chat, entries: Iterable[EntryRow], taught_by: Mapping[str, int]) -> bool:
    """Whether both forms of a person were told before anything (the entry that *taught_by* names) said that they are one."""
    told = {entry.chat for entry in entries if entry.is_gateways and entry.id < taught_by.get(chat.lid, inf)}
    return bool(chat.lid) and chat.forms <= told


def entries_of(connection: apsw.Connection) -> list[EntryRow]:
    """All of them."""
    return [EntryRow(*row) for row in connection.execute(ENTRIES)]
