"""Chatwoot marks a message failed when our door is down just after it was posted (hard case 19): look back after each gap."""

from collections import defaultdict
from dataclasses import dataclass

import msgspec

from unlost.journal.port import Journal
from unlost.journal.rows import Arrival
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.envelopes import Envelope, Kind, Source
from unlost.vocabulary.events import RescueDue
from unlost.vocabulary.ids import ChannelName, ConversationId, HelpdeskMessageId, WhatsAppId

BEFORE_S = 120.0
"""Sent and marked shortly before the gap: its webhook may have been under way (Chatwoot waits 5 s, its queue may lag)."""
PER_ENTRY = 50
"""Each mark may take a step, and an attempt has at most 64 (`lanes.walk`)."""
LINKS_MAX = 100_000


@dataclass(frozen=True, slots=True)
class Rescue:
    """One channel's."""

    channel: ChannelName
    journal: Journal

    async def look_back(self, gap_began_at: float, gap: int) -> int:
        """Append one entry per conversation that was written to since shortly before *gap_began_at*; how many.

        *gap*: the journal's number of the newest gap looked behind. Every gap deserves a look of its own, but only one: the
        bridge of a next start, or a second one, that sees it unreconciled still, appends nothing.
        """
        links = await self.journal.links_posted_since(self.channel, gap_began_at - BEFORE_S, limit=LINKS_MAX)
        posted: defaultdict[ConversationId, dict[HelpdeskMessageId, str]] = defaultdict(dict)
        for link in links:
            posted[link.conversation][link.message] = link.confirmed_status if link.is_outgoing else "sent"
        arrivals = [
            self._arrival(
                conversation, tuple(part), tuple(marks[m] for m in part), f"rescue:{gap}:{conversation}:{part[0]}"
            )
            for conversation, marks in posted.items()
            for part in _parts(sorted(marks))
        ]
        if arrivals:
            return sum(done.is_new for done in await self.journal.append(self.channel, arrivals))
        return 0

    def _arrival(
        self,
        conversation: ConversationId,
        messages: tuple[HelpdeskMessageId, ...],
        marks: tuple[str, ...],
        key: str,
    ) -> Arrival:
        event = RescueDue(conversation=conversation, messages=messages, marks=marks)
        envelope = Envelope(
            source=Source.CHORE,
            kind=Kind.RESCUE,
            chat=Address(f"conversation:{conversation}"),
            id=WhatsAppId(key),
        )
        return Arrival(envelope, msgspec.json.encode(event))


def _parts(messages: list[HelpdeskMessageId]) -> list[list[HelpdeskMessageId]]:
    return [messages[start : start + PER_ENTRY] for start in range(0, len(messages), PER_ENTRY)]
