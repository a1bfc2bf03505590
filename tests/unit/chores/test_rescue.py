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
    ids: set[WhatsAppId | None] = field(default_factory=set)

    async def links_posted_since(self, channel: ChannelName, since: float, *, limit: int) -> list[MessageLink]:
        return [link(number) for number in range(130)]

    async def append(self, channel: ChannelName, arrivals: Sequence[Arrival]) -> list[Appended]:
        new = [arrival for arrival in arrivals if arrival.envelope.id not in self.ids]
        self.ids |= {arrival.envelope.id for arrival in new}
        self.kept += [msgspec.json.decode(arrival.raw, type=RescueDue) for arrival in new]
        return [Appended(EntryId(number), arrival in new) for number, arrival in enumerate(arrivals, 1)]


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
    rescue = Rescue(CHANNEL, journal)  # type: ignore[arg-type]  # the part of the port that a rescue asks
    assert await rescue.look_back(NOW, 1) == len(journal.kept)
    assert max(len(due.messages) for due in journal.kept) + 2 <= STEPS_MAX
    assert sorted(message for due in journal.kept for message in due.messages) == list(range(100, 230))


async def test_a_second_bridge_that_sees_the_same_gap_looks_no_second_time() -> None:
    journal = SmallJournal()
    first, second = (Rescue(CHANNEL, journal) for _ in range(2))  # type: ignore[arg-type]  # as above
    await first.look_back(NOW, 1)
    assert await second.look_back(NOW, 1) == 0
    assert await second.look_back(NOW + 60, 2) > 0
