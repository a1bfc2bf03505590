"""Sweeps, rescues, notes."""

import pytest
from msgspec.structs import replace

from tests.unit.interpret.given import (
    A_KNOWN_CHAT,
    A_NEW_CHAT,
    ANA,
    CONTACT,
    CONVERSATION,
    KEY,
    begun,
    link,
    message,
    reaction,
    refused,
    step_of,
)
from unlost.interpret import dead
from unlost.interpret.follow_ups import dead_unread
from unlost.interpret.words import words_of
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.envelopes import Direction, Kind
from unlost.vocabulary.events import Event, LookUpDue, NoteDue, RescueDue, SweepDue, Unreadable
from unlost.vocabulary.facts import Facts
from unlost.vocabulary.ids import ConversationId, HelpdeskMessageId
from unlost.vocabulary.links import Known, Part
from unlost.vocabulary.steps import (
    CloseTwin,
    DeleteMessage,
    FindEmptyTwins,
    FindMessage,
    PostMessage,
    ReadStatuses,
    SetStatus,
    Step,
)
from unlost.vocabulary.verdicts import Dead, Delivered, Skipped, SkipReason, Verdict


def ids(*numbers: int) -> tuple[HelpdeskMessageId, ...]:
    return tuple(HelpdeskMessageId(n) for n in numbers)


ONE, TWO, THREE = ids(101, 105, 110)
SWEEP = SweepDue(
    chat=ANA, conversation=CONVERSATION, source_id="WAID:1", key="k", above=HelpdeskMessageId(40), keep=TWO
)
SEARCH = FindMessage(CONVERSATION, "WAID:1", "k", HelpdeskMessageId(40))
SWEEPS: list[tuple[str, SweepDue, Facts, Step | Verdict]] = [
    ("search first", SWEEP, Facts(), SEARCH),
    ("the younger copy", SWEEP, Facts(copies=ids(105, 110)), DeleteMessage(CONVERSATION, THREE)),
    ("the older copy", SWEEP, Facts(copies=ids(101, 105)), DeleteMessage(CONVERSATION, ONE)),
    ("one after another", SWEEP, Facts(copies=ids(101, 105, 110), deleted=ids(101)), DeleteMessage(CONVERSATION, THREE)),
    ("nothing but the linked one", SWEEP, Facts(copies=ids(105)), Delivered()),
    ("nothing at all", SWEEP, Facts(copies=()), Delivered()),
    ("never without knowing which to keep", replace(SWEEP, keep=None), Facts(copies=ids(101, 110)), Delivered()),
    ("a delete in doubt", SWEEP, Facts(copies=ids(105, 110), begun=begun("DeleteMessage", message=THREE)), SEARCH),
    (
        "a refused delete is left",
        SWEEP,
        replace(refused(DeleteMessage, 404), copies=ids(101, 105, 110)),
        DeleteMessage(CONVERSATION, THREE),
    ),
    ("all refused", SWEEP, replace(refused(DeleteMessage, times=2), copies=ids(101, 105, 110)), Delivered()),
    ("a refused search", SWEEP, refused(FindMessage, 404), Delivered()),
]  # fmt: skip


def test_a_sweep_for_a_gone_journals_post_takes_ours_under_any_key_of_its_direction() -> None:
    event = replace(SWEEP, any_key=True, direction="outgoing")
    search = replace(SEARCH, any_text=True, direction="outgoing")
    assert step_of(event, A_KNOWN_CHAT, Facts(), direction=Direction.CHORE) == search


@pytest.mark.parametrize(("event", "facts", "expected"), [r[1:] for r in SWEEPS], ids=[r[0] for r in SWEEPS])
def test_a_sweep_removes_what_the_link_does_not_name(event: SweepDue, facts: Facts, expected: Step | Verdict) -> None:
    assert step_of(event, A_KNOWN_CHAT, facts, direction=Direction.CHORE) == expected


INSTEAD = SweepDue(chat=ANA, conversation=CONVERSATION, source_id="WAID:1", key="k", keep=TWO, stand_in=ONE)
REMOVALS: list[tuple[str, Facts, Step | Verdict]] = [
    ("unlooked: it is ours by its link", Facts(), DeleteMessage(CONVERSATION, ONE)),
    ("once", Facts(deleted=ids(101)), Delivered()),
    ("refused", refused(DeleteMessage, 403), Delivered()),
    (
        "in doubt",
        Facts(begun=begun("DeleteMessage", message=ONE)),
        FindMessage(CONVERSATION, "WAID:1", "k", HelpdeskMessageId(0)),
    ),
]


@pytest.mark.parametrize(("facts", "expected"), [r[1:] for r in REMOVALS], ids=[r[0] for r in REMOVALS])
def test_the_line_for_what_came_without_content_is_removed_behind_it(facts: Facts, expected: Step | Verdict) -> None:
    assert step_of(INSTEAD, facts=facts, direction=Direction.CHORE) == expected


def test_a_sweep_believes_a_link_that_is_newer_than_itself() -> None:
    known = Known(own=(link(message=THREE),))
    assert step_of(SWEEP, known, Facts(copies=ids(105, 110))) == Delivered()


TWINS = SweepDue(chat=ANA, conversation=CONVERSATION, contact=CONTACT, marker="m")
LATE = (ConversationId(18), ConversationId(19))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (Facts(), FindEmptyTwins(CONTACT, "m", CONVERSATION)),
        (Facts(empty_twins=LATE), CloseTwin(ConversationId(18))),
        (Facts(empty_twins=LATE, closed_twins=LATE[:1]), CloseTwin(ConversationId(19))),
        (Facts(empty_twins=LATE, closed_twins=LATE), Delivered()),
        (Facts(empty_twins=(CONVERSATION,)), Delivered()),
        (replace(refused(CloseTwin, 404), empty_twins=LATE), CloseTwin(ConversationId(19))),
        (refused(FindEmptyTwins, 404), Delivered()),
    ],
)
def test_an_empty_late_conversation_is_closed(facts: Facts, expected: Step | Verdict) -> None:
    assert step_of(TWINS, A_KNOWN_CHAT, facts, direction=Direction.CHORE) == expected


RESCUE = RescueDue(conversation=CONVERSATION, messages=ids(101, 105, 110), marks=("sent", "read", "failed"))
ALL_FAILED = Facts(statuses=((ONE, "failed"), (TWO, "failed"), (THREE, "failed")))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (Facts(), ReadStatuses(CONVERSATION, ids(101, 105, 110))),
        (ALL_FAILED, SetStatus(CONVERSATION, ONE, "sent")),
        (replace(ALL_FAILED, patched=(ONE,)), SetStatus(CONVERSATION, TWO, "read")),
        (replace(ALL_FAILED, patched=(ONE, TWO)), Delivered()),
        (replace(ALL_FAILED, refusals=refused(SetStatus).refusals), SetStatus(CONVERSATION, TWO, "read")),
        (Facts(statuses=((ONE, "sent"), (TWO, "read"))), Delivered()),
        (Facts(statuses=((ONE, "sent"), (TWO, "delivered"))), SetStatus(CONVERSATION, TWO, "read")),
        (refused(ReadStatuses, 404), Delivered()),
    ],
)
def test_a_rescue_puts_back_what_was_wrongly_marked_failed(facts: Facts, expected: Step | Verdict) -> None:
    assert step_of(RESCUE, A_NEW_CHAT, facts, direction=Direction.CHORE) == expected


def test_a_rescue_believes_a_link_that_is_newer_than_itself() -> None:
    known = Known(helpdesk_links=(link(message=ONE, is_outgoing=True, confirmed_status="read"),))
    assert step_of(RESCUE, known, ALL_FAILED) == SetStatus(CONVERSATION, ONE, "read")


class TestNotes:
    DUE = NoteDue(chat=ANA, entry=42)

    def test_it_is_private_and_names_the_dead_letter(self) -> None:
        post = step_of(self.DUE, direction=Direction.CHORE)
        assert isinstance(post, PostMessage)
        assert (post.part, post.private, post.direction, post.source_id, post.text) == (
            Part.NOTE,
            True,
            "outgoing",
            f"WAID:{KEY}#note",
            words_of("en").note_of_dead_letter + " (#42)",
        )

    def test_in_doubt_it_is_searched(self) -> None:
        facts = Facts(begun=begun("PostMessage", conversation=CONVERSATION))
        assert isinstance(step_of(self.DUE, facts=facts), FindMessage)

    def test_posted_it_is_done(self) -> None:
        assert step_of(self.DUE, facts=Facts(posted=ONE)) == Delivered()

    def test_without_a_conversation_there_is_nowhere_to_tell_it(self) -> None:
        assert step_of(self.DUE, A_NEW_CHAT) == Skipped(SkipReason.TARGET_MISSING)

    @pytest.mark.parametrize(
        "facts", [refused(PostMessage, times=2), refused(PostMessage, 401), refused(PostMessage, 404)]
    )
    def test_it_may_fail_and_leaves_no_note_itself(self, facts: Facts) -> None:
        verdict = step_of(self.DUE, facts=facts)
        assert isinstance(verdict, Dead)
        assert verdict.then == ()


class TestDeadLetters:
    @pytest.mark.parametrize("event", [message(), reaction()])
    def test_what_would_have_stood_in_a_chat_leaves_one_note_there(self, event: Event) -> None:
        verdict = dead(event, "gave up", key=KEY, entry=42)
        assert [(f.kind, f.direction, f.chat, f.event) for f in verdict.then] == [
            (Kind.NOTE, Direction.CHORE, ANA, NoteDue(chat=ANA, entry=42))
        ]

    def test_dying_twice_it_leaves_the_same_note(self) -> None:
        assert dead(message(), "a", key=KEY).then[0].key == dead(message(), "b", key=KEY).then[0].key

    @pytest.mark.parametrize(
        "event",
        [NoteDue(chat=ANA, entry=1), SWEEP, RESCUE, LookUpDue(kind=Kind.LOOK_UP_CONTACT, chat=ANA), Unreadable("x")],
        ids=lambda e: type(e).__name__,
    )
    def test_what_nobody_in_a_chat_misses_leaves_none(self, event: Event) -> None:
        assert dead(event, "gave up", key=KEY).then == ()

    @pytest.mark.parametrize("kind", [Kind.MESSAGE, Kind.EDIT, Kind.CALL, Kind.FILE])
    def test_unread_it_leaves_the_same_note(self, kind: Kind) -> None:
        verdict = dead_unread(kind, ANA, "gave up", key=KEY, entry=42)
        assert verdict == dead(message(), "gave up", key=KEY, entry=42)

    @pytest.mark.parametrize(("kind", "chat"), [(Kind.SWEEP, ANA), (Kind.MESSAGE, Address(""))])
    def test_unread_what_nobody_in_a_chat_misses_leaves_none(self, kind: Kind, chat: Address) -> None:
        assert dead_unread(kind, chat, "gave up", key=KEY, entry=42) == Dead("gave up")
