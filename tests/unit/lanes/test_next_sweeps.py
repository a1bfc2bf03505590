"""A late copy is swept for at the chat's next message too."""

from msgspec.structs import replace

from unlost.journal.rows import Claim, HolderId
from unlost.lanes.next_sweeps import NextSweeps
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.envelopes import Direction, Kind, Source
from unlost.vocabulary.events import SweepDue
from unlost.vocabulary.facts import Facts
from unlost.vocabulary.ids import ChannelName, ConversationId, EntryId, LaneId
from unlost.vocabulary.links import Known
from unlost.vocabulary.verdicts import Delivered, FollowUp, Postponed

ANA = Address("5541999990001@s.whatsapp.net")
CLAIM = Claim(
    EntryId(1), LaneId(1), 1, HolderId("h"), ChannelName("c"), Direction.INBOUND, Source.ENVELOPE, Kind.MESSAGE,
    b"{}", ANA, "00", 0.0, None, 0, 0, Facts(), Known(),
)  # fmt: skip
SWEEP = SweepDue(chat=ANA, conversation=ConversationId(1))
SWEEPS = tuple(FollowUp(Kind.SWEEP, Direction.CHORE, ANA, f"s{wait_s}", SWEEP, wait_s) for wait_s in (60.0, 600.0))


def test_the_next_message_brings_one_more_sweep_at_once_and_only_one() -> None:
    owed = NextSweeps()
    owed.settled(CLAIM, Delivered(then=SWEEPS))
    verdict = owed.added_to(CLAIM, Delivered())
    assert verdict == Delivered(then=(replace(SWEEPS[0], key="s60.0:next", wait_s=0.0),))
    owed.settled(CLAIM, verdict)
    assert owed.added_to(CLAIM, Delivered()) == Delivered()


def test_what_ends_no_message_brings_none() -> None:
    owed = NextSweeps()
    owed.settled(CLAIM, Delivered(then=SWEEPS))
    postponed = Postponed(1.0, "timeout", costs_attempt=False)
    assert owed.added_to(CLAIM, postponed) == postponed
    assert owed.added_to(replace(CLAIM, direction=Direction.CHORE), Delivered()) == Delivered()


def test_another_chat_owes_nothing() -> None:
    owed = NextSweeps()
    owed.settled(CLAIM, Delivered(then=SWEEPS))
    assert owed.added_to(replace(CLAIM, chat=Address("x@s.whatsapp.net")), Delivered()) == Delivered()
