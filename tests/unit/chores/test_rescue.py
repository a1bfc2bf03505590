"""After a gap: what was posted or marked shortly before it is read back, in parts that one attempt can carry."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec

from tests.unit.chores.worlds import CHANNEL, NOW
from unlost.chores.rescue import Rescue
from unlost.journal.rows import Appended, Arrival
from unlost.lanes.walk import STEPS_MAX
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.events import RescueDue
from unlost.vocabulary.ids import ChannelName, ConversationId, EntryId, HelpdeskMessageId, WhatsAppId
from unlost.vocabulary.links import MessageLink, Part


@dataclass
class SmallJournal:
    """A hundred and thirty messages of one conversation were posted."""

    kept: list[RescueDue] = field(default_factory=list)

    async def links_posted_since(self, channel: ChannelName, since: float, *, limit: int) -> list[MessageLink]:
        return [link(number) for number in range(130)]

    async def append(self, channel: ChannelName, arrivals: Sequence[Arrival]) -> list[Appended]:
        self.kept += [msgspec.json.decode(arrival.raw, type=RescueDue) for arrival in arrivals]
        return [Appended(EntryId(number), True) for number, _ in enumerate(arrivals, 1)]


def link(number: int) -> MessageLink:
    chat = Address("628111111111@s.whatsapp.net")
    return MessageLink(
        id=WhatsAppId(f"m{number}"),
        chat=chat,
        sender=chat,
        part=Part.TEXT,
        message=HelpdeskMessageId(100 + number),
        conversation=ConversationId(7),
        is_outgoing=False,
        confirmed_status="sent",
    )


async def test_every_part_can_be_put_right_in_one_attempt() -> None:
    """One step reads the marks, each wrong one takes a step, and the verdict is asked for once more."""
    journal = SmallJournal()
    rescue = Rescue(CHANNEL, journal, lambda: "word")  # type: ignore[arg-type]  # the part of the port that a rescue asks
    assert await rescue.look_back(NOW) == len(journal.kept)
    assert max(len(due.messages) for due in journal.kept) + 2 <= STEPS_MAX
    assert sorted(message for due in journal.kept for message in due.messages) == list(range(100, 230))
