"""What a performed step leaves for good."""

import pytest
from msgspec.structs import replace

from tests.unit.interpret.given import (
    A_KNOWN_CHAT,
    A_NEW_CHAT,
    ANA,
    ANA_LID,
    CONTACT,
    CONVERSATION,
    GROUP,
    KEY,
    LINKED_CHAT,
    MESSAGE,
    OWNER,
    TOLD_AT,
    agents_message,
    in_group,
    message,
    post_of,
    reaction,
    step_of,
    with_target,
)
from unlost.interpret.duplicates import STAND_IN
from unlost.interpret.linking import chat_link, message_links
from unlost.interpret.text import text_hash
from unlost.vocabulary.envelopes import Kind
from unlost.vocabulary.events import Event, LookUpDue, NoteDue, RenameDue
from unlost.vocabulary.facts import Facts
from unlost.vocabulary.ids import ContactId, HelpdeskMessageId, WhatsAppId
from unlost.vocabulary.links import ChatLink, Known, MessageLink, Part
from unlost.vocabulary.steps import FindMessage, PostMessage

POSTED = Facts(posted=MESSAGE)
FOUND = FindMessage(CONVERSATION, "WAID:3EB0A1", "k", HelpdeskMessageId(40), "hello", "outgoing")
MADE = Facts(contact=CONTACT, contact_is_new=True)


class TestMessages:
    def test_a_posted_message_is_linked_with_all_that_tells_it_from_others(self) -> None:
        assert message_links(message(), POSTED, post_of(message()), KEY) == (
            MessageLink(
                WhatsAppId("3EB0A1"),
                ANA,
                ANA,
                Part.TEXT,
                MESSAGE,
                CONVERSATION,
                is_outgoing=False,
                confirmed_status="sent",
                told_at=TOLD_AT,
                text_hash=text_hash("hello"),
            ),
        )

    def test_a_found_one_is_linked_alike(self) -> None:
        (found,) = message_links(message(from_me=True, sender=OWNER), POSTED, FOUND, KEY)
        assert (found.message, found.conversation, found.is_outgoing) == (MESSAGE, CONVERSATION, True)

    def test_before_it_is_posted_nothing_is_linked(self) -> None:
        assert message_links(message(), Facts(), FOUND, KEY) == ()

    def test_without_an_id_of_its_own_it_is_linked_under_its_key(self) -> None:
        (link,) = message_links(reaction(id=None), POSTED, post_of(reaction(id=None), with_target()), KEY)
        assert link.id == KEY

    def test_the_same_words_are_linked_alike_however_they_are_shown(self) -> None:
        plain = message_links(message(), POSTED, post_of(message()), KEY)[0]
        late = replace(A_KNOWN_CHAT, out_of_place=True)
        shown = message_links(message(), POSTED, post_of(message(), late), KEY)[0]
        assert plain.text_hash == shown.text_hash

    def test_the_line_for_what_came_without_content_is_linked_as_such(self) -> None:
        (line,) = message_links(message(""), POSTED, FOUND, KEY)
        assert line.text_hash == STAND_IN

    def test_a_note_is_a_part_of_its_own(self) -> None:
        due = NoteDue(chat=ANA, entry=1)
        step = step_of(due)
        assert isinstance(step, PostMessage)
        (note,) = message_links(due, POSTED, step, KEY)
        assert (note.part, note.is_outgoing) == (Part.NOTE, True)

    def test_a_sweep_links_nothing(self) -> None:
        assert message_links(agents_message(), POSTED, FOUND, KEY) == ()


CHATS: list[tuple[str, Event, Known, Facts, ChatLink | None]] = [
    ("nothing learned", message(), A_KNOWN_CHAT, Facts(), None),
    ("known as it was", message(), A_KNOWN_CHAT, Facts(contact=CONTACT, conversation=CONVERSATION), None),
    ("made under a chosen name", message(), A_NEW_CHAT, MADE, ChatLink(ANA, CONTACT, name="Ana")),
    ("made under ours", message(push_name=""), A_NEW_CHAT, MADE, ChatLink(ANA, CONTACT, name_is_ours=True)),
    ("a group is made under ours", in_group(), A_NEW_CHAT, MADE, ChatLink(GROUP, CONTACT, name_is_ours=True)),
    (
        "the owner's name is nobody's",
        message(from_me=True, sender=OWNER, push_name="Shop"),
        A_NEW_CHAT,
        MADE,
        ChatLink(ANA, CONTACT, name_is_ours=True),
    ),
    ("adopted: the name is theirs", message(), A_NEW_CHAT, Facts(contact=CONTACT), ChatLink(ANA, CONTACT)),
    (
        "a LID whose number is known",
        message(chat=ANA_LID),
        Known(paired=((ANA_LID, ANA),)),
        Facts(contact=CONTACT),
        ChatLink(ANA, CONTACT),
    ),
    ("made while the chat got another's place", message(), A_KNOWN_CHAT, replace(MADE, contact=ContactId(9)), None),
    (
        "healed",
        message(),
        A_KNOWN_CHAT,
        Facts(contact=ContactId(9), healed=True),
        replace(LINKED_CHAT, contact=ContactId(9)),
    ),
    (
        "bettered by a later message",
        RenameDue(chat=ANA, name="Ana"),
        Known(chat=ChatLink(ANA, CONTACT, CONVERSATION, name_is_ours=True)),
        Facts(renamed=True),
        LINKED_CHAT,
    ),
    (
        "bettered meanwhile: never worsened again",
        message(push_name=""),
        A_KNOWN_CHAT,
        replace(MADE, posted=MESSAGE),
        None,
    ),
    (
        "bettered by a look-up",
        LookUpDue(kind=Kind.LOOK_UP_CONTACT, chat=ANA),
        Known(chat=ChatLink(ANA, CONTACT, CONVERSATION, name_is_ours=True)),
        Facts(user_name="Ana", renamed=True),
        LINKED_CHAT,
    ),
    (
        "a picture",
        LookUpDue(kind=Kind.LOOK_UP_CONTACT, chat=ANA),
        A_KNOWN_CHAT,
        Facts(picture_id="p1", avatar_set=True),
        replace(LINKED_CHAT, picture_id="p1"),
    ),
    (
        "a picture not handed over",
        LookUpDue(kind=Kind.LOOK_UP_CONTACT, chat=ANA),
        A_KNOWN_CHAT,
        Facts(picture_id="p1"),
        None,
    ),
    ("a helpdesk's message", agents_message(), Known(), Facts(), None),
]


@pytest.mark.parametrize(
    ("event", "known", "facts", "expected"), [row[1:] for row in CHATS], ids=[row[0] for row in CHATS]
)
def test_a_chats_link_keeps_what_was_learned(
    event: Event, known: Known, facts: Facts, expected: ChatLink | None
) -> None:
    assert chat_link(event, known, facts) == expected
