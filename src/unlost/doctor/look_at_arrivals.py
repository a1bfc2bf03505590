"""Compares the gateway's newest messages with what came to the journal: the one look that proves that webhooks come."""

from dataclasses import dataclass

from unlost.doctor.look_at_bridge import OwnBridge
from unlost.doctor.sights import Arrivals
from unlost.errors import Refused, UnlostError
from unlost.gowa.client import GowaClient
from unlost.gowa.readers.shapes import ROW
from unlost.gowa.readers.stamps import told_at_of
from unlost.transport import TransportFailed

DAY_S = 86_400.0
RIPE_S = 120.0
"""GOWA gives a webhook up after 42 s; what is younger may still come."""
CHATS_MAX, ROWS_MAX, ASKED_MAX = 6, 4, 12
BY_WEBHOOK = frozenset({"flat", "envelope"})
NO_CHAT = ("@broadcast", "@newsletter")


async def look_at_arrivals(bridge: OwnBridge, client: GowaClient, now: float) -> Arrivals | None:
    """How the newest messages of the gateway's storage came to the journal; None where one of the two does not answer.

    Only those of the last day that came while the door was open, and that nothing can still be on its way for.
    """
    try:
        counted = Counted()
        for message, at in await _newest(client, now):
            traced = await bridge.trace(f"WAID:{message}")
            if traced is None:
                return None
            if at > float(traced.get("door_open_since") or now):
                counted.add({str(entry["source"]) for entry in traced["entries"]})
        return Arrivals(counted.by_webhook, counted.by_storage, counted.unknown)
    except (UnlostError, TransportFailed):
        return None


@dataclass(slots=True)
class Counted:
    """Sums while they are made."""

    by_webhook: int = 0
    by_storage: int = 0
    unknown: int = 0

    def add(self, sources: set[str]) -> None:
        """One message, by who told of it."""
        if sources & BY_WEBHOOK:
            self.by_webhook += 1
        elif sources:
            self.by_storage += 1
        else:
            self.unknown += 1


async def _newest(client: GowaClient, now: float) -> list[tuple[str, float]]:
    """Ids and times of what others wrote; what this gateway's own API sent is told by no webhook."""
    found: list[tuple[str, float]] = []
    chats = [chat for chat in await client.chats(0) if chat.jid and not chat.jid.endswith(NO_CHAT)]
    for chat in chats[:CHATS_MAX]:
        rows = await client.messages(chat.jid, now - DAY_S, 0)
        ripe = [seen for seen in map(seen_in, rows) if seen is not None and now - DAY_S < seen[1] < now - RIPE_S]
        found += ripe[:ROWS_MAX]
    return sorted(found, key=lambda seen: -seen[1])[:ASKED_MAX]


def seen_in(row: bytes) -> tuple[str, float] | None:
    """Id and time of what somebody else wrote; None for all other rows."""
    try:
        told = ROW.decode(row)
    except Refused:
        return None
    at = told_at_of(told.timestamp)
    return None if told.is_from_me or not told.id or at is None else (told.id, at)
