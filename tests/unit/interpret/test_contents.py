"""Cards, places, lists, orders, ads: what an agent reads instead of "see the phone"."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.unit.interpret.given import (
    A_KNOWN_CHAT,
    A_NEW_CHAT,
    ANA,
    CONVERSATION,
    message,
    notice,
    post_of,
    refused,
    step_of,
)
from unlost.interpret.from_gateway.contents import shown_content
from unlost.interpret.words import CATALOGUES, words_of
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.attachments import InlineFile
from unlost.vocabulary.contents import Card, Cards, Choice, Content, Menu, Order, Place, Referral, Section
from unlost.vocabulary.envelopes import Direction, Kind
from unlost.vocabulary.events import Attachment, MessageArrived, ReferralDue
from unlost.vocabulary.facts import Facts
from unlost.vocabulary.ids import ContactId, HelpdeskMessageId
from unlost.vocabulary.links import Known
from unlost.vocabulary.policy import Policy
from unlost.vocabulary.steps import AddAttributes, CreateContact, PostMessage, ShowTyping
from unlost.vocabulary.verdicts import Delivered, Skipped, SkipReason

NEWS = Address("120363123456789@newsletter")
TWENTY_ONE = Cards(tuple(Card(f"N{n}") for n in range(21)), more=2)

SHOWN: list[tuple[Attachment, Content, str]] = [
    (Attachment.CONTACT, Cards((Card("Ana", ("+1", "+2")),)), "👤 Ana\n+1\n+2"),
    (Attachment.CONTACT, Cards((Card("", ("+1",)),)), "👤 +1"),
    (Attachment.CONTACT, Cards((Card(" \0", ()),)), "👤 …"),
    (Attachment.CONTACT, Cards((Card("A\nna", ("+1\n2",)),)), "👤 A na\n+1 2"),
    (Attachment.CONTACTS, Cards((Card("Ana", ("+1",)), Card("Bia"))), "👤 Ana\n+1\n👤 Bia"),
    (Attachment.CONTACTS, TWENTY_ONE, "\n".join(f"👤 N{n}" for n in range(20)) + "\nand 3 more"),
    (Attachment.LOCATION, Place((-6.2088, 106.8456)), "📍 Location\nhttps://maps.google.com/?q=-6.2088,106.8456"),
    (
        Attachment.LOCATION,
        Place((0.0, -0.00000001), "Null Island", "Sea", "bring a boat"),
        "📍 Null Island\nSea\nbring a boat\nhttps://maps.google.com/?q=0,-0",
    ),
    (Attachment.LOCATION, Place(None, "Somewhere", "Somewhere"), "📍 Somewhere"),
    (
        Attachment.LIVE_LOCATION,
        Place((1.5, 2.0), comment="on my way", is_live=True),
        "📍 Live location\non my way\nhttps://maps.google.com/?q=1.5,2",
    ),
    (Attachment.LIVE_LOCATION, Place(None, "Park", is_live=True), "📍 Live location: Park"),
    (Attachment.LIST, Menu("Menu", "Choose", "thanks"), "📋 Menu\nChoose\nthanks"),
    (Attachment.LIST, Menu(), "📋 List"),
    (
        Attachment.LIST,
        Menu("M", sections=(Section("Hot*", (Choice("Tea", "black"), Choice("Soup"), Choice(" "))), Section("", ()))),
        "📋 M\n*Hot*\n• Tea: black\n• Soup",
    ),
    (
        Attachment.ORDER,
        Order("77", "Catalogue", "please", 2, 150_000, "BRL"),
        "🛒 Order 77\nCatalogue\nplease\nItems: 2\nTotal: BRL 150.00",
    ),
    (Attachment.ORDER, Order(amount_1000=1_999), "🛒 Order …\nTotal: 1.999"),
    (Attachment.ORDER, Order("7", items=-1, amount_1000=-5), "🛒 Order 7"),
]


@pytest.mark.parametrize(("attachment", "content", "text"), SHOWN)
def test_content_is_shown_in_words(attachment: Attachment, content: Content, text: str) -> None:
    assert post_of(message("", attachment=attachment, content=content)).text == text


def test_a_price_is_written_as_the_language_does() -> None:
    shown = shown_content(Order("7", amount_1000=1_550, currency="BRL"), words_of("pt-BR"))
    assert shown == "🛒 Pedido 7\nTotal: BRL 1,55"


def test_words_that_came_with_it_stand_below() -> None:
    event = message("look here", attachment=Attachment.LOCATION, content=Place((1.0, 2.0), "Park"))
    assert post_of(event).text == "📍 Park\nhttps://maps.google.com/?q=1,2\nlook here"


def test_what_could_not_be_read_is_a_line_from_the_catalogue() -> None:
    assert post_of(message("", attachment=Attachment.ORDER)).text == words_of("en").attachments[Attachment.ORDER]


def test_an_interactive_message_is_shown_by_its_words() -> None:
    event = message("Summer sale\n🔗 Visit: https://example.com", attachment=Attachment.INTERACTIVE)
    assert post_of(event).text == "🔘 Interactive message\nSummer sale\n🔗 Visit: https://example.com"


VCF = InlineFile("Ana.vcf", "text/vcard", b"BEGIN:VCARD\r\nEND:VCARD\r\n")


def test_a_card_s_file_goes_with_its_words() -> None:
    event = message("", attachment=Attachment.CONTACT, content=Cards((Card("Ana"),)), inline_file=VCF)
    post = post_of(event)
    assert (post.text, post.files) == ("👤 Ana", (VCF,))


def test_a_card_that_shows_nothing_is_a_line_and_its_file() -> None:
    post = post_of(message("", attachment=Attachment.CONTACT, inline_file=VCF))
    assert (post.text, post.files) == (words_of("en").attachments[Attachment.CONTACT], (VCF,))


def test_where_the_helpdesk_refuses_the_file_the_words_stand_alone() -> None:
    event = message("hi", attachment=Attachment.CONTACT, content=Cards((Card("Ana"),)), inline_file=VCF)
    post = post_of(event, A_KNOWN_CHAT, refused(PostMessage, 422))
    assert (post.text, post.files) == ("👤 Ana\nhi", ())


texts = st.text(max_size=30)
contents: st.SearchStrategy[Content] = (
    st.builds(Cards, st.lists(st.builds(Card, texts, st.lists(texts, max_size=3).map(tuple)), min_size=1).map(tuple))
    | st.builds(Place, st.none() | st.tuples(st.floats(-90, 90), st.floats(-180, 180)), texts, texts, texts, st.booleans())
    | st.builds(
        Menu,
        texts,
        texts,
        texts,
        st.lists(st.builds(Section, texts, st.lists(st.builds(Choice, texts, texts)).map(tuple)), max_size=3).map(tuple),
    )
    | st.builds(Order, texts, texts, texts, st.none() | st.integers(), st.none() | st.integers(), st.sampled_from(("", "BRL")))
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(contents, st.sampled_from(sorted(CATALOGUES)))
def test_whatever_was_told_something_is_shown_that_can_be_kept(content: Content, language: Any) -> None:
    text = shown_content(content, words_of(language))
    assert text.strip()
    text.encode()
    assert "\0" not in text


class TestAds:
    REFERRAL = Referral("Your\nDream Farm", (("ad_title", "Your\nDream Farm"),))

    def test_the_ad_is_one_short_line_above_the_words(self) -> None:
        assert post_of(message("hi", referral=self.REFERRAL)).text == "📣 From an ad: Your Dream Farm\nhi"

    def test_an_ad_without_a_title_is_a_line_too(self) -> None:
        assert post_of(message("hi", referral=Referral())).text == "📣 From an ad\nhi"

    def test_it_is_written_down_with_the_conversation_behind_the_message(self) -> None:
        facts = Facts(posted=HelpdeskMessageId(9))
        done = step_of(message("hi", referral=self.REFERRAL), A_KNOWN_CHAT, facts)
        assert isinstance(done, Delivered)
        (work,) = done.then
        assert (work.kind, work.event) == (
            Kind.REFERRAL,
            ReferralDue(chat=ANA, conversation=CONVERSATION, fields=self.REFERRAL.fields),
        )

    DUE = ReferralDue(chat=ANA, conversation=CONVERSATION, fields=(("ref", "r"), ("source_id", "7")))

    def test_its_fields_cannot_be_taken_for_the_firms_own_attributes(self) -> None:
        expected = AddAttributes(CONVERSATION, (("referral_ref", "r"), ("referral_source_id", "7")))
        assert step_of(self.DUE, direction=Direction.CHORE) == expected

    @pytest.mark.parametrize("facts", [Facts(attributes_added=True), refused(AddAttributes, 422)])
    def test_written_down_or_refused_it_is_done(self, facts: Facts) -> None:
        assert step_of(self.DUE, A_KNOWN_CHAT, facts, direction=Direction.CHORE) == Delivered()


class TestNewsletters:
    POST = message("news", chat=NEWS, sender=NEWS, push_name="")
    ON = Policy(newsletters=True)

    def test_one_without_a_name_is_called_by_the_end_of_its_address(self) -> None:
        step = step_of(self.POST, A_NEW_CHAT, policy=self.ON)
        assert isinstance(step, CreateContact)
        assert (step.name, step.phone) == ("Channel …6789", "")

    def test_nobody_is_asked_who_it_is(self) -> None:
        facts = Facts(contact=ContactId(7), contact_is_new=True, posted=HelpdeskMessageId(9))
        assert step_of(self.POST, A_NEW_CHAT, facts, self.ON) == Delivered()


def test_a_poll_is_a_readable_line_once_its_wait_and_the_storage_are_through() -> None:
    poll = MessageArrived(
        **{name: getattr(message(""), name) for name in ("chat", "sender", "id", "from_me", "told_at")}
    )
    facts = Facts(twin_wait_over=True, storage_asked=True)
    assert post_of(poll, A_KNOWN_CHAT, facts).text == words_of("en").unsupported


def test_a_call_that_the_gateway_rejected_says_so() -> None:
    assert post_of(notice(Kind.CALL, detail="auto_rejected")).text == words_of("en").rejected_call


class TestTyping:
    ON = Policy(typing=True)
    FRESH = replace(A_KNOWN_CHAT, late_s=1.0)
    TYPES = notice(Kind.PRESENCE, detail="composing", id=None)

    @pytest.mark.parametrize(("detail", "is_typing"), [("composing", True), ("paused", False)])
    def test_switched_on_it_is_shown_in_the_chats_conversation(self, detail: str, is_typing: bool) -> None:
        step = step_of(notice(Kind.PRESENCE, detail=detail, id=None), self.FRESH, policy=self.ON)
        assert step == ShowTyping(CONVERSATION, ANA, is_typing)

    @pytest.mark.parametrize(
        ("known", "policy"),
        [
            (FRESH, Policy()),
            (replace(A_KNOWN_CHAT, late_s=11.0), ON),
            (replace(A_KNOWN_CHAT, late_s=None), ON),
            (replace(A_NEW_CHAT, late_s=1.0), ON),
        ],
        ids=["switched off", "too late", "without a time", "without a conversation"],
    )
    def test_otherwise_it_says_nothing(self, known: Known, policy: Policy) -> None:
        assert step_of(self.TYPES, known, policy=policy) == Skipped(SkipReason.IGNORED)

    @pytest.mark.parametrize("facts", [Facts(typing_shown=True), refused(ShowTyping, 404)])
    def test_shown_or_refused_it_is_done(self, facts: Facts) -> None:
        assert step_of(self.TYPES, self.FRESH, facts, self.ON) == Delivered()
