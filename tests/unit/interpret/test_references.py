"""Reactions, edits and revokes, with and without the message they refer to (hard case 9)."""

import pytest
from msgspec.structs import replace

from tests.unit.interpret.given import (
    A_KNOWN_CHAT,
    CONVERSATION,
    GROUP,
    KEY,
    OWNER,
    begun,
    edit,
    link,
    message,
    post_of,
    reaction,
    refused,
    revoke,
    step_of,
    with_target,
)
from unlost.interpret.words import words_of
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.events import Event
from unlost.vocabulary.facts import Facts
from unlost.vocabulary.ids import ConversationId, HelpdeskMessageId, WhatsAppId
from unlost.vocabulary.links import Known, Part, TargetState
from unlost.vocabulary.policy import Policy
from unlost.vocabulary.steps import DeleteMessage, FindMessage, LookForDeleted, PostMessage, Step
from unlost.vocabulary.verdicts import Dead, Delivered, Parked, Skipped, SkipReason, Until, Verdict

PARKED, MISSING, POSTED = "parked", "target_missing", "posted"
WORDS = words_of("en")

WITHOUT_TARGET: list[tuple[Event, TargetState, bool, str]] = [
    (reaction(), TargetState.UNKNOWN, False, PARKED),
    (reaction(), TargetState.PENDING, False, PARKED),
    (reaction(), TargetState.UNKNOWN, True, MISSING),
    (reaction(), TargetState.PENDING, True, MISSING),
    (reaction(), TargetState.DEAD, False, MISSING),
    (reaction(), TargetState.SETTLED, False, MISSING),
    (edit(), TargetState.UNKNOWN, False, PARKED),
    (edit(), TargetState.PENDING, False, PARKED),
    (edit(), TargetState.UNKNOWN, True, POSTED),
    (edit(), TargetState.PENDING, True, POSTED),
    (edit(), TargetState.DEAD, False, MISSING),
    (edit(), TargetState.DEAD, True, MISSING),
    (edit(), TargetState.SETTLED, False, POSTED),
    (edit(target=None), TargetState.UNKNOWN, False, POSTED),
    (revoke(), TargetState.UNKNOWN, False, PARKED),
    (revoke(), TargetState.PENDING, False, PARKED),
    (revoke(), TargetState.UNKNOWN, True, MISSING),
    (revoke(), TargetState.DEAD, False, MISSING),
    (revoke(), TargetState.SETTLED, False, MISSING),
]


@pytest.mark.parametrize(
    ("event", "state", "waited", "expected"),
    WITHOUT_TARGET,
    ids=[f"{type(e).__name__}-{s}-{'waited' if w else 'fresh'}" for e, s, w, _ in WITHOUT_TARGET],
)
def test_what_refers_to_a_message_that_is_not_there(
    event: Event, state: TargetState, waited: bool, expected: str
) -> None:
    step = step_of(event, replace(A_KNOWN_CHAT, target_state=state), Facts(target_wait_over=waited))
    match step:
        case Parked(Until.TARGET, 60.0):
            found = PARKED
        case Skipped(SkipReason.TARGET_MISSING):
            found = MISSING
        case PostMessage():
            found = POSTED
        case _:
            found = repr(step)
    assert found == expected


@pytest.mark.parametrize(
    ("event", "text"),
    [
        (reaction(), "Reacted with 👍"),
        (reaction(""), "Removed a reaction"),
        (reaction("👍" * 500), "Reacted with " + "👍" * 31 + "…"),
        (edit(), "✏️ Edited: new"),
        (edit("{time} {}"), "✏️ Edited: {time} {}"),
        (edit(None), WORDS.edited_caption),
        (edit(""), WORDS.edited_caption),
        (revoke(), WORDS.revoked),
    ],
)
def test_it_is_a_short_reply_to_its_target(event: Event, text: str) -> None:
    post = post_of(event, with_target())
    assert (post.text, post.reply_to, post.direction) == (text, 55, "incoming")


def test_a_target_in_another_conversation_cannot_be_replied_to() -> None:
    assert post_of(reaction(), with_target(conversation=ConversationId(3))).reply_to is None


def test_in_a_group_it_says_who() -> None:
    assert post_of(reaction(chat=GROUP, push_name="Ana"), with_target(chat=GROUP)).text == "**Ana**: Reacted with 👍"


def test_the_firms_own_reaction_is_outgoing() -> None:
    assert post_of(reaction(from_me=True, sender=OWNER), with_target()).direction == "outgoing"


def test_a_reaction_without_an_id_of_its_own_is_named_by_its_key() -> None:
    assert post_of(reaction(id=None), with_target()).source_id == f"WAID:{KEY}"


def test_as_a_note_it_is_for_the_agents_alone() -> None:
    post = post_of(reaction(), with_target(), policy=Policy(reactions="note"))
    assert (post.private, post.direction, post.reply_to) == (True, "outgoing", 55)


def test_switched_off_a_reaction_is_ignored() -> None:
    assert step_of(reaction(), with_target(), policy=Policy(reactions="off")) == Skipped(SkipReason.IGNORED)


def test_an_edit_keeps_the_bound_of_a_message() -> None:
    assert len(post_of(edit("x" * 400_000), with_target()).text) == 150_000


def test_an_edit_that_names_no_target_replies_to_none() -> None:
    assert post_of(edit(target=None, id=WhatsAppId("E9")), with_target()).reply_to is None


TEXT, FILE = link(message=HelpdeskMessageId(55)), link(message=HelpdeskMessageId(56), conversation=ConversationId(18))
NOTE = link(part=Part.NOTE, message=HelpdeskMessageId(57))
BOTH = replace(A_KNOWN_CHAT, target=(NOTE, TEXT, FILE), target_state=TargetState.LINKED)
OTHERS = link(sender=Address("1555@s.whatsapp.net"), message=HelpdeskMessageId(58))
DOUBTED = begun("DeleteMessage", message=HelpdeskMessageId(55), conversation=CONVERSATION)
FIRST, SECOND = DeleteMessage(CONVERSATION, TEXT.message), DeleteMessage(FILE.conversation, FILE.message)
REPLY = "reply"
MIRRORED: list[tuple[str, Known, Facts, Step | Verdict | str]] = [
    ("the first part", BOTH, Facts(), FIRST),
    ("then the next", BOTH, Facts(deleted=(TEXT.message,)), SECOND),
    ("all are gone", BOTH, Facts(deleted=(TEXT.message, FILE.message)), Delivered()),
    ("in doubt it looks", BOTH, Facts(begun=DOUBTED), LookForDeleted(CONVERSATION, TEXT.message)),
    ("found standing it deletes again", BOTH, Facts(absences=1), FIRST),
    ("refused it replies", BOTH, refused(DeleteMessage, 403), REPLY),
    ("refused half-way it replies", BOTH, replace(refused(DeleteMessage, 403), deleted=(TEXT.message,)), REPLY),
    ("nothing but a note", replace(BOTH, target=(NOTE,)), Facts(), REPLY),
    ("never another's of the same id", replace(BOTH, target=(OTHERS, TEXT)), Facts(deleted=(TEXT.message,)), Delivered()),
    ("an admin's, of the only one with the id", replace(BOTH, target=(OTHERS,)), Facts(), DeleteMessage(CONVERSATION, OTHERS.message)),
    ("what is replied already is not deleted", BOTH, Facts(posted=HelpdeskMessageId(90)), Delivered()),
    ("missing", replace(A_KNOWN_CHAT, target_state=TargetState.SETTLED), Facts(), Skipped(SkipReason.TARGET_MISSING)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("known", "facts", "expected"), [row[1:] for row in MIRRORED], ids=[row[0] for row in MIRRORED]
)
def test_mirrored_a_deletion_takes_all_parts_with_it(
    known: Known, facts: Facts, expected: Step | Verdict | str
) -> None:
    answer = step_of(revoke(), known, facts, Policy(mirror_deletes=True))
    if expected == REPLY:
        assert isinstance(answer, PostMessage)
        assert answer.text == WORDS.revoked
    else:
        assert answer == expected


def test_a_deletion_that_has_begun_is_ended_though_the_switch_was_turned_off() -> None:
    assert step_of(revoke(), BOTH, Facts(deleted=(TEXT.message,))) == SECOND
    assert step_of(revoke(), BOTH, Facts(begun=DOUBTED)) == LookForDeleted(CONVERSATION, TEXT.message)


def test_a_deletion_in_doubt_that_cannot_be_looked_for_is_left_to_a_person() -> None:
    facts = replace(refused(LookForDeleted, 403), begun=DOUBTED)
    assert isinstance(step_of(revoke(), BOTH, facts), Dead)


TOMBSTONE = replace(A_KNOWN_CHAT, is_revoked=True)


def test_what_was_deleted_before_it_came_is_not_shown_where_deletions_are_mirrored() -> None:
    step = step_of(message(), TOMBSTONE, policy=Policy(mirror_deletes=True))
    assert step == Skipped(SkipReason.DELETED_BY_SENDER)


def test_else_it_is_shown_with_a_line_that_says_so() -> None:
    assert post_of(message(), TOMBSTONE).text == f"{WORDS.revoked}\nhello"


def test_a_post_that_has_begun_is_looked_for_whatever_came_since() -> None:
    facts = Facts(begun=begun("PostMessage", conversation=CONVERSATION))
    assert isinstance(step_of(message(), TOMBSTONE, facts, Policy(mirror_deletes=True)), FindMessage)
