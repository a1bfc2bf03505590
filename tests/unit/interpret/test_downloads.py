"""The download of a message's file: fetched once, and standing at most once (hard case 12)."""

from math import inf
from typing import Any

import pytest
from msgspec.structs import replace

from tests.unit.interpret.given import (
    A_KNOWN_CHAT,
    ANA,
    BRAZILIAN,
    COMMON,
    CONVERSATION,
    GROUP,
    KEY,
    begun,
    link,
    message,
    post_of,
    refused,
    step_of,
)
from unlost.interpret.linking import message_links
from unlost.vocabulary.attachments import SPOOL_MISSING, FileTrouble, SpooledFile, ToldFile
from unlost.vocabulary.envelopes import Direction
from unlost.vocabulary.events import Attachment, FileDue
from unlost.vocabulary.facts import Facts, Refusal
from unlost.vocabulary.ids import ConversationId, HelpdeskMessageId, WhatsAppId
from unlost.vocabulary.links import Known, Part, TargetState
from unlost.vocabulary.policy import Policy
from unlost.vocabulary.steps import AskDownload, AskFileName, FetchFile, FindMessage, PostMessage, Step
from unlost.vocabulary.verdicts import Dead, Delivered, Parked, SentOn, Skipped, SkipReason, Until, Verdict

ID = WhatsAppId("3EB0A1")
TOLD = ToldFile("statics/media/a.jpg", mime_type="image/jpeg")
FILE = SpooledFile(f"{KEY}-0", "image-EB0A1.jpg", "image/jpeg", 7)
FETCHED = Facts(file=FILE, fetches=1)
PENDING = replace(A_KNOWN_CHAT, target_state=TargetState.PENDING)
TEXT_STANDS = replace(A_KNOWN_CHAT, target=(link(id=ID),), target_state=TargetState.LINKED)
FILE_STANDS = replace(TEXT_STANDS, target=(link(id=ID), link(id=ID, part=Part.FILE)))
GONE = Skipped(SkipReason.TARGET_MISSING)
DAY_S = 86_400.0


def due(**more: Any) -> FileDue:
    return FileDue(**COMMON | {"hangs": Attachment.IMAGE, "file": TOLD} | more)


def fetching(known: Known = PENDING, facts: Facts = Facts(), **more: Any) -> Step | Verdict:  # noqa: B008 - frozen
    return step_of(due(**more), known, facts, direction=Direction.MEDIA)


def writing(known: Known, facts: Facts = FETCHED, **more: Any) -> Step | Verdict:
    return step_of(due(**more), known, facts, direction=Direction.INBOUND)


def test_it_fetches_from_where_the_file_was_told_to_lie() -> None:
    assert fetching() == FetchFile(TOLD, "image", f"{KEY}-0", "image-3EB0A1", Policy().media_max_bytes)


def test_what_lies_nowhere_is_asked_for() -> None:
    assert fetching(file=ToldFile(url="https://mmg.whatsapp.net/x")) == AskDownload(ANA, ID)


def test_what_is_not_there_any_more_is_asked_for() -> None:
    assert fetching(facts=refused(FetchFile, 404)) == AskDownload(ANA, ID)


def test_what_was_asked_for_is_fetched_from_where_it_lies_now() -> None:
    step = fetching(facts=replace(refused(FetchFile, 404), file_path="statics/media/again.jpg"))
    assert isinstance(step, FetchFile)
    assert step.told.path == "statics/media/again.jpg"


@pytest.mark.parametrize("status", [404, 410])
def test_what_is_gone_again_from_where_it_was_put_is_asked_for_anew(status: int) -> None:
    """The gateway cleared its folder meanwhile."""
    facts = replace(refused(FetchFile, status, times=2), file_path="statics/media/again.jpg", downloads=1)
    assert fetching(facts=facts) == AskDownload(ANA, ID)
    step = fetching(facts=replace(facts, file_path="statics/media/anew.jpg", downloads=2))
    assert isinstance(step, FetchFile)
    assert step.told.path == "statics/media/anew.jpg"


def test_what_was_asked_for_before_that_was_counted_is_asked_for_anew_too() -> None:
    facts = replace(refused(FetchFile, 404, times=2), file_path="statics/media/again.jpg")
    assert fetching(facts=facts) == AskDownload(ANA, ID)


@pytest.mark.parametrize("downloads", [1, 3])
def test_what_was_retried_without_its_count_is_asked_for_again(downloads: int) -> None:
    assert isinstance(fetching(facts=Facts(downloads=downloads)), FetchFile)
    assert fetching(facts=replace(refused(FetchFile, 404), downloads=downloads)) == AskDownload(ANA, ID)


NOBODYS = [
    ("gone every time", {"downloads": 3}, refused(FetchFile, 404, times=4)),
    ("not handed out", {"downloads": 1}, refused(FetchFile, 403, times=2)),
    (
        "not to be downloaded",
        {"downloads": 1},
        replace(
            refused(FetchFile, 404, times=2),
            refusals=(
                *refused(FetchFile, 404, times=2).refusals,
                Refusal(AskDownload.__name__, 404),
            ),
        ),
    ),
]


@pytest.mark.parametrize(("more", "facts"), [row[1:] for row in NOBODYS], ids=[row[0] for row in NOBODYS])
def test_what_nobody_has_any_more_ends_dead_with_a_note(more: dict[str, Any], facts: Facts) -> None:
    step = fetching(facts=replace(facts, file_path="statics/media/again.jpg", **more))
    assert isinstance(step, Dead)
    assert len(step.then) == 1


@pytest.mark.parametrize(("hangs", "asks"), [(Attachment.DOCUMENT, True), (Attachment.IMAGE, False)])
def test_a_document_without_a_name_is_asked_for_it(hangs: Attachment, asks: bool) -> None:
    assert isinstance(fetching(hangs=hangs), AskFileName) is asks


@pytest.mark.parametrize("facts", [Facts(file_name_asked=True), refused(AskFileName), Facts(file_name="a.pdf")])
def test_and_asked_for_it_once(facts: Facts) -> None:
    assert isinstance(fetching(facts=facts, hangs=Attachment.DOCUMENT), FetchFile)


@pytest.mark.parametrize("state", [TargetState.PENDING, TargetState.DEAD])
def test_a_fetched_file_waits_off_the_lane_for_its_message_to_end(state: TargetState) -> None:
    step = fetching(replace(A_KNOWN_CHAT, target_state=state), FETCHED)
    assert isinstance(step, Parked)
    assert step.until is Until.TARGET


@pytest.mark.parametrize("state", [TargetState.PENDING, TargetState.DEAD])
@pytest.mark.parametrize(("age_s", "wait_s"), [(31 * DAY_S, 61 * DAY_S), (inf, 30 * DAY_S)], ids=["old", "clock back"])
def test_a_file_waits_again_while_its_message_may_come(state: TargetState, age_s: float, wait_s: float) -> None:
    """The journal counts from the arrival: a wait that did not grow would be over at once, again and again."""
    known = replace(A_KNOWN_CHAT, target_state=state, age_s=age_s)
    assert fetching(known, replace(FETCHED, target_wait_over=True)) == Parked(Until.TARGET, wait_s)


def test_behind_another_member_s_message_of_the_same_id_it_waits_once() -> None:
    stranger = link(id=ID, chat=GROUP, sender=BRAZILIAN)
    known = replace(TEXT_STANDS, target=(stranger,), target_state=TargetState.LINKED)
    assert isinstance(fetching(known, FETCHED, chat=GROUP), Parked)
    assert fetching(known, replace(FETCHED, target_wait_over=True), chat=GROUP) == GONE


def test_a_message_that_took_its_file_along_leaves_nothing_to_do() -> None:
    assert fetching(FILE_STANDS, FETCHED) == Delivered()


def test_a_message_that_went_without_gets_it_as_a_reply() -> None:
    assert fetching(TEXT_STANDS, FETCHED) == SentOn(Direction.INBOUND)
    post = writing(TEXT_STANDS)
    assert isinstance(post, PostMessage)
    assert (post.files, post.part, post.source_id, post.reply_to) == ((FILE,), Part.FILE, f"WAID:{ID}#file", 55)


ELSEWHERE = replace(TEXT_STANDS, target=(link(id=ID, conversation=ConversationId(3)),))


@pytest.mark.parametrize(
    "facts",
    [
        FETCHED,
        Facts(file_trouble=FileTrouble.TOO_LARGE),
        replace(FETCHED, begun=begun("PostMessage", conversation=CONVERSATION)),
    ],
    ids=["file", "trouble", "in doubt"],
)
def test_where_its_message_stands_in_another_conversation_a_late_file_says_to_which_it_belongs(facts: Facts) -> None:
    step = writing(ELSEWHERE, facts)
    assert isinstance(step, PostMessage | FindMessage)
    assert step.conversation == CONVERSATION
    assert step.text.startswith("> #3: 📷 Photo (you can see it on the phone)\n\n")
    assert not isinstance(step, PostMessage) or step.reply_to is None


def test_where_its_message_stands_beside_it_a_late_file_is_a_reply_and_repeats_nothing() -> None:
    post = writing(TEXT_STANDS)
    assert isinstance(post, PostMessage)
    assert (post.text, post.reply_to) == ("📎 The file of this message", 55)


def test_the_late_file_has_a_key_of_its_own() -> None:
    post = writing(TEXT_STANDS)
    assert isinstance(post, PostMessage)
    assert post.key != post_of(message()).key


def test_a_message_deleted_for_everyone_gets_no_late_file() -> None:
    assert writing(replace(TEXT_STANDS, is_revoked=True)) == GONE
    assert fetching(replace(PENDING, is_revoked=True)) == GONE


@pytest.mark.parametrize("state", [TargetState.SETTLED, TargetState.UNKNOWN])
def test_without_its_message_there_is_nothing_to_fetch(state: TargetState) -> None:
    assert fetching(replace(A_KNOWN_CHAT, target_state=state)) == GONE


def test_what_the_channel_leaves_out_is_not_fetched() -> None:
    step = step_of(due(), PENDING, policy=Policy(ignored=frozenset({ANA})), direction=Direction.MEDIA)
    assert step == Skipped(SkipReason.IGNORED)


def test_another_member_s_message_of_the_same_id_is_not_its_own() -> None:
    known = replace(TEXT_STANDS, target=(link(id=ID, chat=GROUP, sender=BRAZILIAN),), target_state=TargetState.PENDING)
    assert isinstance(fetching(known, FETCHED, chat=GROUP), Parked)


@pytest.mark.parametrize("trouble", FileTrouble)
def test_a_file_not_taken_over_is_told_under_a_placeholder_once(trouble: FileTrouble) -> None:
    post = writing(TEXT_STANDS, Facts(file_trouble=trouble))
    assert isinstance(post, PostMessage)
    assert (post.files, post.part) == ((), Part.FILE)
    assert "not taken over" in post.text


def test_a_file_lost_from_the_spool_is_fetched_again_under_another_name() -> None:
    facts = replace(FETCHED, refusals=(Refusal(PostMessage.__name__, None, (SPOOL_MISSING,)),))
    assert writing(TEXT_STANDS, facts) == SentOn(Direction.MEDIA)
    step = fetching(TEXT_STANDS, facts)
    assert isinstance(step, FetchFile)
    assert step.spooled == f"{KEY}-1"


def test_a_file_that_is_lost_again_and_again_ends_dead() -> None:
    missing = Refusal(PostMessage.__name__, None, (SPOOL_MISSING,))
    assert isinstance(fetching(TEXT_STANDS, Facts(file=FILE, fetches=5, refusals=(missing,) * 5)), Dead)


def test_a_file_fetched_again_goes_as_if_it_had_never_been_lost() -> None:
    facts = replace(FETCHED, fetches=2, refusals=(Refusal(PostMessage.__name__, None, (SPOOL_MISSING,)),))
    post = writing(TEXT_STANDS, facts)
    assert isinstance(post, PostMessage)
    assert post.files == (FILE,)


def test_a_file_that_the_helpdesk_refuses_is_told_in_words() -> None:
    facts = replace(FETCHED, refusals=refused(PostMessage, 413, times=2).refusals)
    post = writing(TEXT_STANDS, facts)
    assert isinstance(post, PostMessage)
    assert (post.files, "did not take the file" in post.text) == ((), True)


def test_a_late_file_in_doubt_is_searched_for_before_anything_else() -> None:
    facts = replace(FETCHED, begun=begun("PostMessage", conversation=CONVERSATION))
    step = writing(FILE_STANDS, facts)
    assert isinstance(step, FindMessage)
    assert step.source_id == f"WAID:{ID}#file"


def test_the_late_file_is_linked_as_a_part_of_its_own() -> None:
    post = writing(TEXT_STANDS)
    assert isinstance(post, PostMessage)
    facts = replace(FETCHED, posted=HelpdeskMessageId(120))
    (made,) = message_links(due(), facts, post, KEY)
    assert (made.id, made.part, made.message) == (ID, Part.FILE, 120)
