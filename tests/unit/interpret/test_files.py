"""A message and its file: how long it waits, what it takes along, what it says instead."""

from typing import Any

import pytest
from msgspec.structs import replace

from tests.unit.interpret.given import (
    A_KNOWN_CHAT,
    ANA,
    CONVERSATION,
    KEY,
    begun,
    in_group,
    link,
    message,
    post_of,
    refused,
    step_of,
)
from unlost.interpret.linking import message_links
from unlost.vocabulary.attachments import (
    SPOOL_MISSING,
    FileState,
    FileTrouble,
    KnownFile,
    SpooledFile,
    ToldFile,
    file_key,
)
from unlost.vocabulary.envelopes import Direction, Kind
from unlost.vocabulary.events import Attachment, FileDue, MessageArrived
from unlost.vocabulary.facts import Facts
from unlost.vocabulary.ids import HelpdeskMessageId, WhatsAppId
from unlost.vocabulary.links import Known, Part
from unlost.vocabulary.policy import Policy
from unlost.vocabulary.steps import FindMessage, PostMessage
from unlost.vocabulary.verdicts import Delivered, Held

FILE = SpooledFile(f"{KEY}-0", "image-B0A1.jpg", "image/jpeg", 7)
HERE, COMING = KnownFile(FileState.HERE, FILE), KnownFile(FileState.COMING)
FOLLOWS = "follows here"


def photo(caption: str = "", **more: Any) -> MessageArrived:
    return message(caption, **{"attachment": Attachment.IMAGE, "file": ToldFile("statics/media/a.jpg")} | more)


def knowing(file: KnownFile, **more: Any) -> Known:
    values: dict[str, Any] = {"file": file, "age_s": 20.0} | more
    return replace(A_KNOWN_CHAT, **values)


def test_a_photo_waits_in_its_place_for_its_file() -> None:
    assert step_of(photo(), knowing(COMING, age_s=0.3)) == Held(20.0)


def test_it_waits_from_its_arrival_and_no_longer() -> None:
    assert isinstance(step_of(photo(), knowing(COMING, age_s=20.0)), PostMessage)


def test_it_does_not_wait_while_the_gateway_is_away() -> None:
    assert FOLLOWS in post_of(photo(), knowing(COMING, age_s=0.0), policy=Policy(media_wait_s=0.0)).text


@pytest.mark.parametrize("state", [FileState.NONE, FileState.LOST])
def test_it_does_not_wait_for_a_file_that_nobody_fetches(state: FileState) -> None:
    assert isinstance(step_of(photo(), knowing(KnownFile(state), age_s=0.0)), PostMessage)


def test_a_post_that_was_begun_waits_for_nothing() -> None:
    facts = Facts(begun=begun("PostMessage", conversation=CONVERSATION))
    assert isinstance(step_of(photo(), knowing(COMING, age_s=0.0), facts), FindMessage)


def test_a_file_that_is_here_goes_with_the_caption_alone() -> None:
    post = post_of(photo("look"), knowing(HERE, age_s=0.0))
    assert (post.text, post.files, post.part, post.source_id) == ("look", (FILE,), Part.TEXT, "WAID:3EB0A1")


def test_a_file_without_caption_goes_without_words() -> None:
    assert post_of(photo(), knowing(HERE)).text == ""


def test_in_a_group_its_sender_s_name_stands_beside_it() -> None:
    event = in_group("", attachment=Attachment.IMAGE, file=ToldFile("a"))
    assert post_of(event, knowing(HERE)).text == "**Ana**"


def test_a_placeholder_says_that_the_file_follows() -> None:
    post = post_of(photo("look"), knowing(COMING))
    assert post.text.startswith("📷 Photo")
    assert FOLLOWS in post.text
    assert post.text.endswith("\nlook")
    assert post.files == ()


def test_of_a_file_that_was_given_up_nothing_is_promised() -> None:
    assert FOLLOWS not in post_of(photo(), knowing(KnownFile(FileState.LOST))).text


@pytest.mark.parametrize(
    ("trouble", "line"),
    [(FileTrouble.TOO_LARGE, "Larger than 25 MB"), (FileTrouble.PICTURE_BOMB, "abnormal size")],
)
def test_a_file_that_is_not_taken_over_is_one_visible_line(trouble: FileTrouble, line: str) -> None:
    known = knowing(KnownFile(FileState.REFUSED, trouble=trouble))
    post = post_of(photo(), known, policy=Policy(media_max_bytes=25 * 1024 * 1024))
    assert line in post.text
    assert post.settles_file


def test_a_file_that_the_helpdesk_refuses_is_left_out() -> None:
    post = post_of(photo("look"), knowing(HERE), refused(PostMessage))
    assert (post.files, post.text.endswith("look"), FOLLOWS in post.text) == ((), True, True)


def test_a_quote_is_dropped_before_the_file() -> None:
    event = photo("look", quote=None)
    known = replace(knowing(HERE), target=(link(),))
    forms = [post_of(event, known, refused(PostMessage, times=times)) for times in (0, 1, 2)]
    assert [len(form.files) for form in forms] == [1, 0, 0]


def test_a_file_that_is_missing_from_the_spool_follows_later() -> None:
    facts = refused(PostMessage, None, fields=(SPOOL_MISSING,))
    post = post_of(photo("look"), knowing(HERE), facts)
    assert (post.files, FOLLOWS in post.text) == ((), True)


def test_a_message_that_is_lost_twice_with_its_file_goes_alone() -> None:
    assert [post_of(photo(), knowing(HERE), Facts(absences=count)).files for count in (1, 2)] == [(FILE,), ()]


def delivered(event: MessageArrived, known: Known, **facts: Any) -> Delivered:
    step = step_of(event, known, Facts(posted=HelpdeskMessageId(100), **facts))
    assert isinstance(step, Delivered)
    return step


def downloads_of(end: Delivered) -> list[tuple[Direction, str, object]]:
    return [(work.direction, work.key, work.target) for work in end.then if work.kind is Kind.FILE]


def test_a_file_that_nobody_fetches_yet_gets_its_download() -> None:
    end = delivered(photo(file=ToldFile()), knowing(KnownFile()))
    assert downloads_of(end) == [(Direction.MEDIA, file_key(KEY), WhatsAppId("3EB0A1"))]
    (due,) = [work.event for work in end.then if isinstance(work.event, FileDue)]
    assert (due.chat, due.hangs, due.file) == (ANA, Attachment.IMAGE, ToldFile())


@pytest.mark.parametrize("known", [knowing(COMING), knowing(HERE), knowing(KnownFile(FileState.LOST))])
def test_a_file_has_at_most_one_download(known: Known) -> None:
    assert downloads_of(delivered(photo(), known)) == []


def test_who_carried_the_file_is_a_link_of_its_own() -> None:
    step = post_of(photo(), knowing(HERE))
    facts = Facts(posted=HelpdeskMessageId(100), file_stands=True)
    assert [(one.part, one.message) for one in message_links(photo(), facts, step, KEY)] == [
        (Part.TEXT, 100),
        (Part.FILE, 100),
    ]


def test_who_went_without_the_file_has_no_such_link() -> None:
    step = post_of(photo(), knowing(COMING))
    links = message_links(photo(), Facts(posted=HelpdeskMessageId(100)), step, KEY)
    assert [one.part for one in links] == [Part.TEXT]
