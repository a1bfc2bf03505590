"""Reactions, edits and revokes, with and without the message they refer to (hard case 9)."""

import pytest
from msgspec.structs import replace

from tests.unit.interpret.given import (
    A_KNOWN_CHAT,
    GROUP,
    KEY,
    OWNER,
    edit,
    post_of,
    reaction,
    revoke,
    step_of,
    with_target,
)
from unlost.interpret.words import words_of
from unlost.vocabulary.events import Event
from unlost.vocabulary.facts import Facts
from unlost.vocabulary.ids import ConversationId, WhatsAppId
from unlost.vocabulary.links import TargetState
from unlost.vocabulary.policy import Policy
from unlost.vocabulary.steps import PostMessage
from unlost.vocabulary.verdicts import Parked, Skipped, SkipReason, Until

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
