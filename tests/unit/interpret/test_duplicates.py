"""Which message with a linked id is the same one, and which is another's (design section 4, door key; hard case 10)."""

from typing import Any

import pytest
from msgspec.structs import replace

from tests.unit.interpret.given import (
    A_KNOWN_CHAT,
    ANA,
    ANA_LID,
    CONVERSATION,
    GROUP,
    TOLD_AT,
    begun,
    edit,
    link,
    message,
    notice,
    reaction,
    revoke,
    step_of,
)
from unlost.interpret.duplicates import STAND_IN
from unlost.interpret.text import text_hash
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.envelopes import Kind
from unlost.vocabulary.events import GatewayEvent, SweepDue
from unlost.vocabulary.facts import Facts
from unlost.vocabulary.ids import HelpdeskMessageId, WhatsAppId
from unlost.vocabulary.links import Known, Part, TargetState
from unlost.vocabulary.steps import FindMessage, PostMessage
from unlost.vocabulary.verdicts import Delivered, Skipped, SkipReason

BOB = Address("4915187654321@s.whatsapp.net")
DUPLICATE = Skipped(SkipReason.DUPLICATE)
AS_LID: dict[str, Any] = {"chat": ANA_LID, "sender": ANA_LID}
TWIN: dict[str, Any] = {"told_at": TOLD_AT, "text_hash": text_hash("hello")}


def known_with(paired: tuple[tuple[Address, Address], ...] = (), **of_link: Any) -> Known:
    return replace(A_KNOWN_CHAT, own=(link(**{"id": WhatsAppId("3EB0A1")} | of_link),), paired=paired)


THE_SAME: list[tuple[str, Known]] = [
    ("same chat and sender", known_with()),
    ("a LID whose number is known", known_with(paired=((ANA_LID, ANA),), **AS_LID)),
    ("a LID not paired, same time and words", known_with(**AS_LID, **TWIN)),
]
ANOTHER: list[tuple[str, Known]] = [
    ("another member of a group", known_with(sender=BOB, **TWIN)),
    ("another chat", known_with(chat=GROUP, **TWIN)),
    ("a LID not paired, other words", known_with(**AS_LID, **TWIN | {"text_hash": text_hash("bye")})),
    ("a LID not paired, another time", known_with(**AS_LID, **TWIN | {"told_at": TOLD_AT + 1})),
    ("a LID not paired, no time", known_with(**AS_LID, **TWIN | {"told_at": None})),
    ("a LID not paired, no words kept", known_with(**AS_LID, **TWIN | {"text_hash": ""})),
    ("a LID paired with somebody else", known_with(paired=((ANA_LID, BOB),), **AS_LID, **TWIN)),
    ("a number paired with another LID", known_with(paired=((Address("1@lid"), ANA),), **AS_LID, **TWIN)),
    ("a note about it", known_with(part=Part.NOTE)),
    ("another id", known_with(id=WhatsAppId("OTHER"))),
]


@pytest.mark.parametrize("known", [row[1] for row in THE_SAME], ids=[row[0] for row in THE_SAME])
def test_the_same_message_is_a_duplicate(known: Known) -> None:
    assert step_of(message(), known) == DUPLICATE


@pytest.mark.parametrize("known", [row[1] for row in ANOTHER], ids=[row[0] for row in ANOTHER])
def test_another_message_with_the_same_id_is_posted(known: Known) -> None:
    assert isinstance(step_of(message(), known), PostMessage)


def test_what_this_entry_posted_is_not_its_own_duplicate() -> None:
    assert step_of(message(), known_with(), Facts(posted=HelpdeskMessageId(55))) == Delivered()


def test_a_post_in_doubt_is_searched_before_it_is_called_a_duplicate() -> None:
    facts = Facts(begun=begun("PostMessage", conversation=CONVERSATION))
    assert isinstance(step_of(message(), known_with(), facts), FindMessage)


def test_an_empty_event_of_a_linked_message_is_its_twin() -> None:
    assert step_of(message(""), known_with()) == Skipped(SkipReason.EMPTY_TWIN)


def test_a_reaction_told_twice_is_a_duplicate() -> None:
    known = replace(known_with(id=WhatsAppId("R1")), target=(link(),), target_state=TargetState.LINKED)
    assert step_of(reaction(), known) == DUPLICATE


def test_an_edit_under_its_targets_own_id_is_no_duplicate_of_it() -> None:
    known = replace(
        known_with(id=WhatsAppId("T1"), text_hash=text_hash("old")), target=(link(),), target_state=TargetState.LINKED
    )
    assert isinstance(step_of(edit("new", id=WhatsAppId("T1")), known), PostMessage)


def test_an_edit_told_twice_is_a_duplicate() -> None:
    known = replace(known_with(id=WhatsAppId("E1"), text_hash=text_hash("new")), target=(link(),))
    assert step_of(edit("new"), known) == DUPLICATE


CONTENTS: list[GatewayEvent] = [
    message(),
    reaction(""),
    edit("new"),
    revoke(),
    notice(Kind.CALL),
]


def behind_its_line(event: GatewayEvent) -> Known:
    assert event.id is not None
    known = known_with(id=event.id, message=HelpdeskMessageId(50), text_hash=STAND_IN)
    return replace(known, target=(link(),), target_state=TargetState.LINKED)


@pytest.mark.parametrize("event", CONTENTS, ids=lambda event: type(event).__name__)
def test_content_that_comes_after_the_line_that_stood_in_for_it_is_posted(event: GatewayEvent) -> None:
    """A process that stood still held the webhook for longer than its empty twin waits (simulation, seed 100015)."""
    assert isinstance(step_of(event, behind_its_line(event)), PostMessage)


@pytest.mark.parametrize("event", CONTENTS, ids=lambda event: type(event).__name__)
def test_and_then_the_line_is_removed(event: GatewayEvent) -> None:
    ending = step_of(event, behind_its_line(event), Facts(posted=HelpdeskMessageId(60), posted_in=CONVERSATION))
    assert isinstance(ending, Delivered)
    due = [work.event for work in ending.then if isinstance(work.event, SweepDue)]
    assert [(sweep.conversation, sweep.stand_in, sweep.keep) for sweep in due] == [(CONVERSATION, 50, 60)]


def test_a_second_twin_behind_that_line_is_a_twin_still() -> None:
    assert step_of(message(""), behind_its_line(message(""))) == Skipped(SkipReason.EMPTY_TWIN)


def test_an_edit_under_its_targets_id_leaves_the_line_that_may_be_the_targets() -> None:
    told = edit("new", id=WhatsAppId("T1"))
    posted = Facts(posted=HelpdeskMessageId(60))
    assert step_of(told, behind_its_line(told), posted) == Delivered()


@pytest.mark.parametrize("text", ["", "hello", "\ud83d", "a\0b"])
def test_the_hash_of_words_is_sixteen_hex_digits(text: str) -> None:
    assert len(bytes.fromhex(text_hash(text))) == 8
