"""While a once-only step is in doubt only the search that settles it is answered (hard cases 1 and 16)."""

import pytest
from msgspec.structs import replace

from tests.unit.interpret.given import (
    A_KNOWN_CHAT,
    A_NEW_CHAT,
    ANA,
    ANA_LID,
    CONTACT,
    CONVERSATION,
    KEY,
    OWNER,
    begun,
    in_group,
    link,
    message,
    post_of,
    refused,
    step_of,
    with_target,
)
from unlost.interpret.standing import marker_of
from unlost.vocabulary.envelopes import Direction, Kind
from unlost.vocabulary.events import MessageArrived, Quote, RescueDue, SweepDue
from unlost.vocabulary.facts import Facts
from unlost.vocabulary.ids import ConversationId, HelpdeskMessageId, WhatsAppId
from unlost.vocabulary.policy import Policy
from unlost.vocabulary.steps import FindContact, FindConversation, FindMessage, FindPerson, PostMessage
from unlost.vocabulary.verdicts import Dead, Delivered, Skipped, SkipReason

IN_DOUBT = Facts(begun=begun("PostMessage", conversation=CONVERSATION))


def test_a_post_in_doubt_is_searched_as_it_was_to_stand() -> None:
    post = post_of(in_group())
    late = post_of(in_group(), replace(A_KNOWN_CHAT, out_of_place=True))
    assert step_of(in_group(), facts=IN_DOUBT) == FindMessage(
        CONVERSATION, post.source_id, post.key, HelpdeskMessageId(40), post.text, "incoming", late_text=late.text
    )


def test_it_is_searched_in_the_conversation_that_its_intent_names() -> None:
    facts = Facts(begun=begun("PostMessage", conversation=ConversationId(3)))
    step = step_of(message(), facts=facts)
    assert isinstance(step, FindMessage)
    assert step.conversation == 3


@pytest.mark.parametrize("facts", [Facts(), Facts(healed=True)], ids=["never known", "forgotten"])
def test_it_is_searched_there_even_if_the_chat_has_no_conversation_by_now(facts: Facts) -> None:
    step = step_of(message(), A_NEW_CHAT, replace(facts, begun=IN_DOUBT.begun))
    assert isinstance(step, FindMessage)
    assert step.conversation == CONVERSATION


A_RESTORED_POST = Facts(begun=begun("PostMessage"))
"""What a restored journal makes of an entry whose chat had no conversation in the backup: it may have got one since."""
BY_SOURCE_IN_VAIN = replace(A_RESTORED_POST, contact_by_source_searched=True)

THE_WAY_TO_A_RESTORED_POST = [
    ("the contact first", A_RESTORED_POST, FindContact(ANA)),
    ("then by person", BY_SOURCE_IN_VAIN, FindPerson(ANA, ("+4915112345678",))),
    (
        "his conversation",
        replace(A_RESTORED_POST, contact=CONTACT),
        FindConversation(CONTACT, resolved_too=True),
    ),
    (
        "then who has the source_id, where he has none",
        replace(A_RESTORED_POST, contact=CONTACT, conversations_searched=True),
        FindContact(ANA),
    ),
    (
        "and the conversation of that one",
        replace(A_RESTORED_POST, contact=CONTACT, conversations_searched=True, contact_by_source_searched=True),
        FindConversation(CONTACT, resolved_too=True),
    ),
    (
        "whether we made him or not",
        replace(A_RESTORED_POST, contact=CONTACT, contact_is_new=True),
        FindConversation(CONTACT, resolved_too=True),
    ),
]


@pytest.mark.parametrize(("facts", "search"), [row[1:] for row in THE_WAY_TO_A_RESTORED_POST])
def test_a_post_in_doubt_that_names_no_conversation_makes_nothing_before_it_was_searched(
    facts: Facts, search: FindContact | FindPerson | FindConversation
) -> None:
    assert step_of(message(), A_NEW_CHAT, facts) == search


def test_a_person_is_looked_for_under_the_form_that_was_told_before_anybody_knew_that_both_are_one() -> None:
    known = replace(A_NEW_CHAT, paired=((ANA_LID, ANA),))
    step = step_of(message(chat=ANA_LID, sender=ANA_LID), known, BY_SOURCE_IN_VAIN)
    assert step == FindPerson(ANA, ("+4915112345678",), (ANA_LID,))


def test_and_in_the_conversations_of_whoever_has_either_form_for_a_source_id() -> None:
    """Seed 4222290: his contact was known by the LID, and the journal that is gone had made another for his number."""
    known = replace(A_NEW_CHAT, paired=((ANA_LID, ANA),))
    step = step_of(message(), known, replace(A_RESTORED_POST, contact=CONTACT))
    assert step == FindConversation(CONTACT, resolved_too=True, other_sources=(ANA, ANA_LID))


LEFT, OTHER = ConversationId(3), ConversationId(4)
GONE = Facts(begun=begun("PostMessage", by_gone_journal=True, conversation=LEFT), contact=CONTACT)
ALL_PLACES = [
    ("where it was begun", GONE, LEFT),
    ("where else, if not there", replace(GONE, not_in=(LEFT,), may_stand_in=(OTHER, LEFT)), OTHER),
    ("where the chat stands, if none is named", replace(A_RESTORED_POST, conversation=OTHER), OTHER),
]


@pytest.mark.parametrize(("facts", "place"), [row[1:] for row in ALL_PLACES], ids=[row[0] for row in ALL_PLACES])
def test_what_a_journal_that_is_gone_may_have_posted_is_searched(facts: Facts, place: ConversationId) -> None:
    step = step_of(message(), A_NEW_CHAT, facts)
    assert isinstance(step, FindMessage)
    assert step.conversation == place


@pytest.mark.parametrize("is_empty", [False, True])
def test_and_under_any_key_and_where_it_had_no_content_in_any_words(is_empty: bool) -> None:
    event = message("" if is_empty else "hello")
    step = step_of(event, A_NEW_CHAT, GONE)
    assert isinstance(step, FindMessage)
    assert (step.any_key, step.any_words) == (True, is_empty)


def test_an_event_without_content_whose_content_stands_is_its_twin() -> None:
    step = step_of(message(""), A_KNOWN_CHAT, Facts(content_stands=True))
    assert step == Skipped(SkipReason.EMPTY_TWIN)


def test_before_it_counts_as_absent_the_contact_s_other_conversations_are_asked_for() -> None:
    facts = replace(GONE, not_in=(LEFT,))
    assert step_of(message(), A_NEW_CHAT, facts) == FindConversation(CONTACT, resolved_too=True)


def test_and_is_searched_in_what_was_found() -> None:
    step = step_of(message(), A_NEW_CHAT, replace(A_RESTORED_POST, contact=CONTACT, conversation=CONVERSATION))
    assert isinstance(step, FindMessage)


def test_a_repeated_post_is_searched_from_its_first_begin_on() -> None:
    step = step_of(message(), facts=replace(IN_DOUBT, reposted_above=HelpdeskMessageId(12)))
    assert isinstance(step, FindMessage)
    assert step.above == 12


def test_found_it_is_delivered() -> None:
    assert step_of(message(), facts=Facts(posted=HelpdeskMessageId(41))) == Delivered()


def test_absent_it_is_posted_again_under_the_same_key() -> None:
    again = post_of(message(), facts=Facts(absences=1, reposted_above=HelpdeskMessageId(40)))
    assert again == post_of(message())


def test_a_refused_search_never_leads_to_a_second_post() -> None:
    assert isinstance(step_of(message(), facts=refused(FindMessage, 401)), Dead)


def test_a_contact_in_doubt_is_looked_for_by_source_id() -> None:
    assert step_of(message(), A_NEW_CHAT, Facts(begun=begun("CreateContact"))) == FindContact(ANA, "Ana")


def test_a_contact_in_doubt_is_looked_for_under_the_form_it_was_begun_under() -> None:
    """A pairing that was learned since says another form; what was made meanwhile stands under the old one."""
    known = replace(A_NEW_CHAT, paired=((ANA_LID, ANA),))
    facts = Facts(begun=begun("CreateContact", part=ANA_LID))
    assert step_of(message(chat=ANA_LID, sender=ANA_LID), known, facts) == FindContact(ANA_LID, "Ana")


def test_a_copy_that_was_found_gets_a_look_at_its_mark() -> None:
    """It stood while nobody here knew of it: the webhook about it may have met a closed door (hard case 19)."""
    facts = Facts(posted=HelpdeskMessageId(50), copies=(HelpdeskMessageId(50),))
    ending = step_of(message(), A_KNOWN_CHAT, facts)
    assert isinstance(ending, Delivered)
    due = [work.event for work in ending.then if work.kind is Kind.RESCUE]
    assert due == [RescueDue(conversation=CONVERSATION, messages=(HelpdeskMessageId(50),), marks=("sent",))]


def test_and_it_is_looked_at_where_it_stands() -> None:
    """A LID's chat was joined to its number's while the answer was out: the copy stands in the conversation that was left."""
    left, posted = ConversationId(3), (HelpdeskMessageId(50),)
    ending = step_of(message(), A_KNOWN_CHAT, Facts(posted=posted[0], posted_in=left, copies=posted))
    assert isinstance(ending, Delivered)
    due = [work.event for work in ending.then if work.kind is Kind.RESCUE]
    assert due == [RescueDue(conversation=left, messages=posted, marks=("sent",))]


def test_a_contact_in_doubt_is_looked_for_again_whatever_an_earlier_search_said() -> None:
    facts = Facts(begun=begun("CreateContact"), contact_by_source_searched=True, person_searched=True)
    assert step_of(message(), A_NEW_CHAT, facts) == FindContact(ANA, "Ana")


def test_a_contact_that_was_not_made_after_all_is_looked_for_by_person_before_it_is_made_again() -> None:
    facts = Facts(absences=1, contact_by_source_searched=True)
    assert step_of(message(), A_NEW_CHAT, facts) == FindPerson(ANA, ("+4915112345678",))


def test_a_conversation_in_doubt_is_looked_for_by_its_marker() -> None:
    facts = Facts(contact=CONTACT, contact_is_new=True, begun=begun("CreateConversation"))
    assert step_of(message(), A_NEW_CHAT, facts) == FindConversation(CONTACT, marker_of(KEY))


def test_settings_that_changed_meanwhile_do_not_leave_a_doubt_behind() -> None:
    assert isinstance(step_of(in_group(), facts=IN_DOUBT, policy=Policy(groups=False)), FindMessage)


class TestSweeps:
    def test_a_repeated_post_is_swept_for_at_each_wait(self) -> None:
        verdict = step_of(
            message(), facts=Facts(posted=HelpdeskMessageId(105), reposted_above=HelpdeskMessageId(40), absences=1)
        )
        assert isinstance(verdict, Delivered)
        assert [(f.kind, f.direction, f.wait_s) for f in verdict.then] == [
            (Kind.SWEEP, Direction.CHORE, 60.0),
            (Kind.SWEEP, Direction.CHORE, 600.0),
        ]

    def test_the_sweep_keeps_the_linked_copy(self) -> None:
        post = post_of(message())
        verdict = step_of(message(), facts=Facts(posted=HelpdeskMessageId(105), reposted_above=HelpdeskMessageId(40)))
        assert isinstance(verdict, Delivered)
        assert verdict.then[0].event == SweepDue(
            chat=ANA,
            conversation=CONVERSATION,
            source_id=post.source_id,
            key=post.key,
            above=HelpdeskMessageId(40),
            keep=HelpdeskMessageId(105),
        )

    @pytest.mark.parametrize(
        ("event", "any_key"),
        [(message(), True), (message(from_me=True, sender=OWNER), True), (in_group(), False)],
        ids=["customer", "own", "group"],
    )
    def test_a_gone_journals_late_post_is_swept_under_any_key_where_an_id_is_one_message(
        self, event: MessageArrived, any_key: bool
    ) -> None:
        """It knew another pairing, so that its key was another (seed 4271692). In a group two members may have one id."""
        facts = Facts(posted=HelpdeskMessageId(105), reposted_above=HelpdeskMessageId(40), gone_reposted=True)
        verdict = step_of(event, facts=facts)
        assert isinstance(verdict, Delivered)
        swept = [work.event for work in verdict.then if isinstance(work.event, SweepDue)]
        direction = "outgoing" if event.from_me else "incoming"
        assert {(sweep.any_key, sweep.direction) for sweep in swept} == {(any_key, direction)}

    def test_a_search_that_finds_two_copies_has_the_other_swept(self) -> None:
        """A journal that was restored knows of the first post only (simulation, seed 400082)."""
        copies = (HelpdeskMessageId(50), HelpdeskMessageId(55))
        verdict = step_of(message(), facts=Facts(posted=copies[0], posted_in=CONVERSATION, copies=copies))
        assert isinstance(verdict, Delivered)
        swept = [work.event for work in verdict.then if isinstance(work.event, SweepDue)]
        assert {(sweep.above, sweep.keep) for sweep in swept} == {(49, 50)}

    def test_each_conversation_in_which_it_was_begun_is_swept(self) -> None:
        """A LID's chat was joined to its number's between two tries: a late copy of the first comes into what was left."""
        left = ConversationId(3)
        facts = Facts(
            posted=HelpdeskMessageId(105),
            posted_in=CONVERSATION,
            reposted_above=HelpdeskMessageId(40),
            absent_from=(left,),
        )
        verdict = step_of(message(), facts=facts)
        assert isinstance(verdict, Delivered)
        swept = [work.event.conversation for work in verdict.then if isinstance(work.event, SweepDue)]
        assert sorted(map(int, filter(None, swept))) == [3, 3, CONVERSATION, CONVERSATION]
        assert len({work.key for work in verdict.then}) == 4

    def test_a_repeated_conversation_is_swept_for_by_its_marker(self) -> None:
        facts = Facts(
            contact=CONTACT,
            conversation=CONVERSATION,
            conversation_reposted_above=HelpdeskMessageId(40),
            posted=HelpdeskMessageId(105),
        )
        verdict = step_of(message(), A_NEW_CHAT, facts)
        assert isinstance(verdict, Delivered)
        sweep = verdict.then[0].event
        assert sweep == SweepDue(chat=ANA, conversation=CONVERSATION, contact=CONTACT, marker=marker_of(KEY))

    def test_every_follow_up_has_a_key_of_its_own(self) -> None:
        facts = Facts(
            contact=CONTACT,
            contact_is_new=True,
            conversation=CONVERSATION,
            conversation_reposted_above=HelpdeskMessageId(40),
            reposted_above=HelpdeskMessageId(40),
            posted=HelpdeskMessageId(105),
        )
        verdict = step_of(message(), A_NEW_CHAT, facts)
        assert isinstance(verdict, Delivered)
        assert len({f.key for f in verdict.then}) == len(verdict.then) == 5

    def test_a_repeated_post_that_another_entry_made_meanwhile_is_swept_for_too(self) -> None:
        own = link(id=WhatsAppId("3EB0A1"), message=HelpdeskMessageId(99))
        known = replace(A_KNOWN_CHAT, own=(own,))
        verdict = step_of(message(), known, Facts(absences=1, reposted_above=HelpdeskMessageId(40)))
        assert isinstance(verdict, Skipped)
        assert (verdict.reason, getattr(verdict.then[0].event, "keep", None)) == (SkipReason.DUPLICATE, 99)


class TestForms:
    """What the helpdesk refuses is posted in a lesser form; it is dead only when none is left (design section 7)."""

    def test_without_a_quote_the_text_is_cut_and_then_it_is_dead(self) -> None:
        second = post_of(message("x" * 2_000), facts=refused(PostMessage))
        assert second.text == "x" * 999 + "…"
        assert isinstance(step_of(message("x" * 2_000), facts=refused(PostMessage, times=2)), Dead)

    def test_the_least_form_carries_no_attributes(self) -> None:
        post = post_of(in_group(forwarded=True, view_once=True), facts=refused(PostMessage))
        assert (post.sender, post.forwarded, post.view_once) == (None, False, False)

    @pytest.mark.parametrize("status", [401, 402, 403])
    def test_who_may_not_post_does_not_try_a_lesser_form(self, status: int) -> None:
        assert isinstance(step_of(message(), facts=refused(PostMessage, status)), Dead)

    def test_every_form_has_the_same_key(self) -> None:
        assert post_of(message(), facts=refused(PostMessage)).key == post_of(message()).key

    def test_a_lesser_form_in_doubt_is_searched_by_its_own_words(self) -> None:
        facts = replace(refused(PostMessage), begun=IN_DOUBT.begun)
        step = step_of(message("x" * 2_000), facts=facts)
        assert isinstance(step, FindMessage)
        assert step.text == "x" * 999 + "…"


@pytest.mark.parametrize(("refusals", "reply_to", "length"), [(0, 55, 2_000), (1, None, 2_000), (2, None, 1_000)])
def test_the_quote_is_dropped_before_the_text_is_cut(refusals: int, reply_to: int | None, length: int) -> None:
    event = message("x" * 2_000, quote=Quote(WhatsAppId("T1"), "what?"))
    post = post_of(event, with_target(), refused(PostMessage, times=refusals))
    assert (post.reply_to, len(post.text)) == (reply_to, length)


def test_a_quoting_message_refused_in_three_forms_is_dead() -> None:
    event = message(quote=Quote(WhatsAppId("T1"), "what?"))
    assert isinstance(step_of(event, facts=refused(PostMessage, times=3)), Dead)
