"""What a message says in the helpdesk, and how."""

import pytest
from msgspec.structs import replace

from tests.unit.interpret.given import (
    A_KNOWN_CHAT,
    ANA,
    ANA_LID,
    CONVERSATION,
    GROUP,
    KEY,
    OWNER,
    in_group,
    link,
    message,
    post_of,
    step_of,
    with_target,
)
from unlost.interpret.words import words_of
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.events import Attachment, Quote
from unlost.vocabulary.facts import Begun, Facts
from unlost.vocabulary.ids import ConversationId, HelpdeskMessageId, WhatsAppId
from unlost.vocabulary.links import Part
from unlost.vocabulary.policy import Policy
from unlost.vocabulary.steps import FindMessage, PostMessage
from unlost.vocabulary.verdicts import Delivered


def test_a_text_of_a_known_chat_is_posted_at_once_as_it_is() -> None:
    post = post_of(message("hello *you*\n"))
    assert (post.conversation, post.text, post.direction, post.private) == (
        CONVERSATION,
        "hello *you*\n",
        "incoming",
        False,
    )


def test_a_posted_message_of_a_known_chat_is_delivered_without_any_follow_up() -> None:
    assert step_of(message(), facts=Facts(posted=HelpdeskMessageId(100))) == Delivered()


def test_its_source_id_names_the_whatsapp_message() -> None:
    assert post_of(message()).source_id == "WAID:3EB0A1"


@pytest.mark.parametrize("id", [None, "", "x" * 201, "with space", "with\0nul", "ção"])
def test_a_message_without_an_id_fit_to_be_written_out_is_named_by_its_key(id: str | None) -> None:
    event = message(id=None if id is None else WhatsAppId(id))
    assert post_of(event).source_id == f"WAID:{KEY}"


def test_its_key_is_short_and_the_same_on_every_attempt() -> None:
    first, second = post_of(message()), post_of(message("another"))
    assert first.key == second.key
    assert len(first.key) <= 64


def test_the_key_tells_no_one_who_wrote() -> None:
    assert "4915112345678" not in post_of(message()).key


def test_what_was_typed_on_the_phone_is_outgoing() -> None:
    assert post_of(message(from_me=True, sender=OWNER)).direction == "outgoing"


@pytest.mark.parametrize(
    ("push_name", "speaker"),
    [("Ana", "Ana"), ("", "…5678"), ("A*n*a", "Ana"), ("two\nlines", "two lines"), ("\0", "…5678")],
)
def test_a_group_message_begins_with_its_sender(push_name: str, speaker: str) -> None:
    assert post_of(in_group(push_name=push_name)).text == f"**{speaker}**: hello"


def test_a_group_message_names_its_sender_beside_the_text() -> None:
    assert post_of(in_group()).sender == ANA


def test_a_group_member_known_by_lid_alone_is_shortened_by_his_number_where_it_is_known() -> None:
    known = replace(A_KNOWN_CHAT, paired=((ANA_LID, ANA),))
    assert post_of(in_group(sender=ANA_LID, push_name=""), known).text == "**…5678**: hello"


def test_the_firms_own_group_message_has_no_speaker() -> None:
    post = post_of(in_group(from_me=True, sender=OWNER, push_name="Shop"))
    assert (post.text, post.sender, post.direction) == ("hello", None, "outgoing")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\0b", "ab"),
        ("a\ud83d\ude00b", "a😀b"),
        ("a\ud83db", "a\ufffdb"),
        ("x" * 150_000, "x" * 150_000),
        ("x" * 150_001, "x" * 149_999 + "…"),
        ("\u202eright to left", "\u202eright to left"),
    ],
    ids=["nul", "halves of a pair", "lone half", "just fits", "too long", "direction marks"],
)
def test_hostile_text_is_bounded_and_kept_visible(text: str, shown: str) -> None:
    assert post_of(message(text)).text == shown


def test_a_megabyte_with_a_speaker_still_fits() -> None:
    assert len(post_of(in_group("x" * 1_000_000)).text) == 150_000


@pytest.mark.parametrize("attachment", [one for one in Attachment if one is not Attachment.INTERACTIVE])
def test_what_is_not_carried_yet_becomes_a_readable_line_with_its_caption(attachment: Attachment) -> None:
    line = words_of("en").attachments[attachment]
    assert post_of(message("look", attachment=attachment)).text == f"{line}\nlook"


def test_what_hangs_on_a_message_without_caption_is_one_line() -> None:
    text = post_of(message("", attachment=Attachment.IMAGE), policy=Policy(language="pt-BR")).text
    assert text == "📷 Foto (veja no celular)"


def test_a_text_of_nothing_visible_becomes_the_line_for_what_cannot_be_shown() -> None:
    assert post_of(message("\0 \n")).text == words_of("en").unsupported


def test_an_edit_that_came_while_it_was_dead_changes_what_is_posted() -> None:
    assert post_of(message("old"), replace(A_KNOWN_CHAT, replacement_text="new")).text == "new"


class TestMarks:
    def test_forwarded_stands_above_the_text_and_in_the_attributes(self) -> None:
        post = post_of(message(forwarded=True))
        assert (post.text, post.forwarded) == ("↪️ Forwarded\nhello", True)

    def test_view_once_stands_above_the_text_and_in_the_attributes(self) -> None:
        post = post_of(message("", attachment=Attachment.IMAGE, view_once=True))
        assert (post.text.splitlines()[0], post.view_once) == ("👁️ View once", True)


class TestLateness:
    BERLIN = Policy(utc_offset_s=7200)

    @pytest.mark.parametrize(
        ("late_s", "out_of_place", "first_line"),
        [
            (None, False, "hello"),
            (300.0, False, "hello"),
            (-50_000.0, False, "hello"),
            (300.5, False, "🕓 Sent on 09/10/2025 10:53"),
            (5.0, True, "🕓 Sent on 09/10/2025 10:53"),
        ],
    )
    def test_a_late_message_says_when_it_was_sent(
        self, late_s: float | None, out_of_place: bool, first_line: str
    ) -> None:
        known = replace(A_KNOWN_CHAT, late_s=late_s, out_of_place=out_of_place)
        assert post_of(message(), known, policy=self.BERLIN).text.splitlines()[0] == first_line

    @pytest.mark.parametrize("told_at", [None, 0.0, -1.0, 253_402_300_799.0, 1e300, float("nan"), float("inf")])
    def test_a_late_message_whose_time_no_calendar_knows_says_so_without_it(self, told_at: float | None) -> None:
        known = replace(A_KNOWN_CHAT, out_of_place=True)
        assert post_of(message(told_at=told_at), known, policy=self.BERLIN).text == "🕓 Sent earlier\nhello"

    @pytest.mark.parametrize("by_gone", [True, False], ids=["by a journal that is gone", "by this one"])
    def test_what_may_have_been_posted_is_looked_for_with_and_without_the_line(self, by_gone: bool) -> None:
        """It may have become late since, and what another program wrote never has our line."""
        begun = Begun("PostMessage", 0.0, conversation=CONVERSATION, part="text", by_gone_journal=by_gone)
        step = step_of(message(told_at=None), A_KNOWN_CHAT, Facts(begun=begun))
        assert isinstance(step, FindMessage)
        assert (step.text, step.late_text) == ("hello", "🕓 Sent earlier\nhello")

    @pytest.mark.parametrize("by_gone", [True, False], ids=["by a journal that is gone", "by this one"])
    def test_what_may_have_been_posted_late_is_looked_for_without_the_line_too(self, by_gone: bool) -> None:
        known = replace(A_KNOWN_CHAT, out_of_place=True, late_s=900.0)
        begun = Begun("PostMessage", 0.0, conversation=CONVERSATION, part="text", by_gone_journal=by_gone)
        step = step_of(message(told_at=None), known, Facts(begun=begun))
        assert isinstance(step, FindMessage)
        assert (step.text, step.late_text) == ("hello", "🕓 Sent earlier\nhello")


class TestQuotes:
    QUOTING = message("yes", quote=Quote(WhatsAppId("T1"), "shall we\nmeet?"))

    def test_a_linked_quote_is_a_reply(self) -> None:
        post = post_of(self.QUOTING, with_target())
        assert (post.reply_to, post.text) == (55, "yes")

    def test_an_unknown_quote_is_shown_inline_on_one_line(self) -> None:
        post = post_of(self.QUOTING)
        assert (post.reply_to, post.text) == (None, "> shall we meet?\n\nyes")

    def test_a_quote_in_another_conversation_is_shown_inline(self) -> None:
        post = post_of(self.QUOTING, with_target(conversation=ConversationId(3)))
        assert (post.reply_to, post.text) == (None, "> shall we meet?\n\nyes")

    def test_an_unknown_quote_without_text_leaves_the_answer_alone(self) -> None:
        assert post_of(message("yes", quote=Quote(WhatsAppId("T1")))).text == "yes"

    def test_a_long_quote_is_cut(self) -> None:
        text = post_of(message("yes", quote=Quote(WhatsAppId("T1"), "q" * 9_000))).text
        assert text == "> " + "q" * 199 + "…\n\nyes"

    def test_the_reply_goes_to_the_text_and_not_to_a_note_about_it(self) -> None:
        note = link(part=Part.NOTE, message=HelpdeskMessageId(56))
        known = replace(with_target(), target=(note, link()))
        assert post_of(self.QUOTING, known).reply_to == 55


def test_an_unknown_newsletter_like_group_is_written_to_under_its_own_chat() -> None:
    post = post_of(message(chat=Address("120363@g.us"), sender=ANA))
    assert post.conversation == CONVERSATION


def test_a_message_in_a_group_chat_is_a_post_and_nothing_else() -> None:
    assert isinstance(step_of(in_group(chat=GROUP)), PostMessage)
