"""The way to a conversation, in the fewest calls, each contact and conversation once."""

import pytest
from msgspec.structs import replace

from tests.unit.interpret.given import (
    A_NEW_CHAT,
    ANA,
    ANA_LID,
    BRAZILIAN,
    CONTACT,
    CONVERSATION,
    GROUP,
    LINKED_CHAT,
    OWNER,
    in_group,
    message,
    refused,
    step_of,
)
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.envelopes import Direction
from unlost.vocabulary.events import MessageArrived, RenameDue
from unlost.vocabulary.facts import Facts, Refusal
from unlost.vocabulary.ids import ContactId, HelpdeskMessageId, WhatsAppId
from unlost.vocabulary.links import Known
from unlost.vocabulary.policy import Policy
from unlost.vocabulary.steps import (
    CreateContact,
    CreateConversation,
    FindContact,
    FindConversation,
    FindPerson,
    JoinInbox,
    PostMessage,
    RenameContact,
    Step,
)
from unlost.vocabulary.verdicts import Dead, Delivered

FROM_BRAZIL = message(chat=BRAZILIAN, sender=BRAZILIAN)
REFUSED = (Refusal("CreateContact", 422, ("identifier",)),)

TO_A_CONVERSATION: list[tuple[str, MessageArrived, Known, Facts, type[Step]]] = [
    ("someone new is created at once", message(), A_NEW_CHAT, Facts(), CreateContact),
    ("a new contact has no conversations", message(), A_NEW_CHAT, Facts(contact=CONTACT, contact_is_new=True), CreateConversation),
    ("one that we made without knowing it may have some", message(), A_NEW_CHAT, Facts(contact=CONTACT, contact_is_new=True, contact_was_found=True), FindConversation),
    ("both are there", message(), A_NEW_CHAT, Facts(contact=CONTACT, conversation=CONVERSATION), PostMessage),
    ("a Brazilian mobile may be known by its other form", FROM_BRAZIL, A_NEW_CHAT, Facts(), FindPerson),
    ("and is created once it is not", FROM_BRAZIL, A_NEW_CHAT, Facts(person_searched=True), CreateContact),
    ("a refusal says: look by source_id", message(), A_NEW_CHAT, Facts(refusals=REFUSED), FindContact),
    ("then by person", message(), A_NEW_CHAT, Facts(refusals=REFUSED, contact_by_source_searched=True), FindPerson),
    ("who came by source_id is in the inbox", message(), A_NEW_CHAT, Facts(contact=CONTACT, contact_by_source_searched=True), FindConversation),
    ("who came by person joins it", message(), A_NEW_CHAT, Facts(contact=CONTACT, person_searched=True), JoinInbox),
    ("then his conversation is looked for", message(), A_NEW_CHAT, Facts(contact=CONTACT, person_searched=True, inbox_joined=True), FindConversation),
    ("none found: one is made", message(), A_NEW_CHAT, Facts(contact=CONTACT, conversations_searched=True), CreateConversation),
    ("a remembered contact without conversation", message(), Known(chat=replace(LINKED_CHAT, conversation=None)), Facts(), FindConversation),
    ("what was remembered and is gone is looked for", message(), Known(chat=LINKED_CHAT), Facts(healed=True), FindContact),
    ("and made anew", message(), Known(chat=LINKED_CHAT), Facts(healed=True, contact_by_source_searched=True, person_searched=True), CreateContact),
]  # fmt: skip


@pytest.mark.parametrize(
    ("event", "known", "facts", "expected"),
    [row[1:] for row in TO_A_CONVERSATION],
    ids=[row[0] for row in TO_A_CONVERSATION],
)
def test_the_next_step_to_a_conversation_is_always_the_cheapest_that_is_sure(
    event: MessageArrived, known: Known, facts: Facts, expected: type[Step]
) -> None:
    assert type(step_of(event, known, facts)) is expected


def test_where_a_resolved_conversation_does_not_go_on_the_remembered_one_is_looked_at_first() -> None:
    step = step_of(message(), Known(chat=LINKED_CHAT), policy=Policy(reopens=False))
    assert step == FindConversation(CONTACT)


def test_and_what_the_look_found_is_posted_to() -> None:
    facts = Facts(conversation=CONVERSATION, conversations_searched=True)
    assert isinstance(step_of(message(), Known(chat=LINKED_CHAT), facts, Policy(reopens=False)), PostMessage)


def test_and_where_it_found_none_another_is_made() -> None:
    step = step_of(message(), Known(chat=LINKED_CHAT), Facts(conversations_searched=True), Policy(reopens=False))
    assert isinstance(step, CreateConversation)


CONTACTS = [
    ("a number", message(), CreateContact(ANA, ANA, "Ana", "+4915112345678")),
    ("a LID has no number", message(chat=ANA_LID, sender=ANA_LID), CreateContact(ANA_LID, ANA_LID, "Ana", "")),
    ("a group is named by the catalogue", in_group(), CreateContact(GROUP, GROUP, "Group …4321", "")),
    ("no push name", message(push_name=""), CreateContact(ANA, ANA, "Unknown", "+4915112345678")),
    ("an invisible push name", message(push_name="\0\x07 \n"), CreateContact(ANA, ANA, "Unknown", "+4915112345678")),
    (
        "never the owner's name",
        message(from_me=True, sender=OWNER, push_name="The Shop"),
        CreateContact(ANA, ANA, "Unknown", "+4915112345678"),
    ),
    ("a long name", message(push_name="n" * 10_000), CreateContact(ANA, ANA, "n" * 254 + "…", "+4915112345678")),
    (
        "no E.164",
        message(chat=Address("0@s.whatsapp.net")),
        CreateContact("0@s.whatsapp.net", "0@s.whatsapp.net", "Ana", ""),
    ),
    (
        "other digits than ASCII's",
        message(chat=Address("٤٩١٥١@s.whatsapp.net")),
        CreateContact("٤٩١٥١@s.whatsapp.net", "٤٩١٥١@s.whatsapp.net", "Ana", ""),
    ),
]


@pytest.mark.parametrize(("event", "created"), [row[1:] for row in CONTACTS], ids=[row[0] for row in CONTACTS])
def test_a_contact_is_made_under_its_chats_address_and_chosen_name(
    event: MessageArrived, created: CreateContact
) -> None:
    assert step_of(event, A_NEW_CHAT) == created


def test_a_lid_whose_number_is_known_is_the_number() -> None:
    known = Known(paired=((ANA_LID, ANA),))
    assert step_of(message(chat=ANA_LID, sender=ANA_LID), known) == CreateContact(ANA, ANA, "Ana", "+4915112345678")


def test_a_group_is_called_so_in_the_channels_language() -> None:
    step = step_of(in_group(), A_NEW_CHAT, policy=Policy(language="pt-BR"))
    assert isinstance(step, CreateContact)
    assert step.name == "Grupo …4321"


@pytest.mark.parametrize(
    ("digits", "phones"),
    [
        ("5511987654321", ("+5511987654321", "+551187654321")),
        ("551187654321", ("+551187654321", "+5511987654321")),
    ],
)
def test_a_brazilian_mobile_is_looked_for_in_both_forms(digits: str, phones: tuple[str, ...]) -> None:
    chat = Address(f"{digits}@s.whatsapp.net")
    assert step_of(message(chat=chat, sender=chat), A_NEW_CHAT) == FindPerson(chat, phones)


@pytest.mark.parametrize("digits", ["551132123456", "4915112345678", "55119876543210", "5501987654321"])
def test_other_numbers_have_one_form_and_are_not_searched_first(digits: str) -> None:
    chat = Address(f"{digits}@s.whatsapp.net")
    assert isinstance(step_of(message(chat=chat, sender=chat), A_NEW_CHAT), CreateContact)


class TestRefusals:
    SEARCHED = Facts(contact_by_source_searched=True, person_searched=True)

    @pytest.mark.parametrize(
        ("refusals", "name", "phone"), [(0, "Ana", "+4915112345678"), (1, "Ana", ""), (2, "Unknown", "")]
    )
    def test_a_contact_that_nobody_has_and_the_helpdesk_refuses_gets_a_lesser_form(
        self, refusals: int, name: str, phone: str
    ) -> None:
        facts = replace(self.SEARCHED, refusals=REFUSED * refusals)
        assert step_of(message(), A_NEW_CHAT, facts) == CreateContact(ANA, ANA, name, phone)

    @pytest.mark.parametrize("status", [401, 402, 403])
    def test_who_may_not_create_contacts_does_not_try_a_lesser_form(self, status: int) -> None:
        facts = replace(self.SEARCHED, refusals=refused(CreateContact, status).refusals)
        assert isinstance(step_of(message(), A_NEW_CHAT, facts), Dead)

    def test_three_forms_refused_are_a_dead_letter_with_its_note(self) -> None:
        verdict = step_of(message(), A_NEW_CHAT, replace(self.SEARCHED, refusals=REFUSED * 3))
        assert isinstance(verdict, Dead)
        assert len(verdict.then) == 1

    @pytest.mark.parametrize("search", [FindContact, FindPerson, FindConversation])
    def test_a_refused_search_ends_it_because_nothing_is_created_unlooked(self, search: type[Step]) -> None:
        assert isinstance(step_of(message(), A_NEW_CHAT, refused(search, 401)), Dead)

    def test_a_source_id_that_is_somebody_elses_makes_him_the_contact(self) -> None:
        facts = replace(refused(JoinInbox), contact=CONTACT, person_searched=True)
        assert step_of(message(), A_NEW_CHAT, facts) == FindContact(ANA)

    def test_a_second_404_after_the_healing_ends_it(self) -> None:
        facts = replace(refused(PostMessage, 404), healed=True)
        assert isinstance(step_of(message(), Known(chat=LINKED_CHAT), facts), Dead)

    def test_a_refused_conversation_asks_whose_the_source_id_is(self) -> None:
        """Two lanes met one person as two: the LID's contact has no right to the number's source_id (simulation, seed 104935)."""
        facts = replace(refused(CreateConversation), contact=CONTACT, contact_is_new=True)
        assert step_of(message(), A_NEW_CHAT, facts) == FindContact(ANA)

    def test_and_makes_him_the_contact(self) -> None:
        facts = replace(refused(CreateConversation), contact=ContactId(8), contact_by_source_searched=True)
        assert step_of(message(), A_NEW_CHAT, facts) == FindConversation(ContactId(8))

    def test_a_conversation_refused_twice_ends_it(self) -> None:
        facts = replace(refused(CreateConversation, times=2), contact=CONTACT, conversations_searched=True)
        assert isinstance(step_of(message(), A_NEW_CHAT, facts), Dead)

    def test_a_conversation_refused_for_who_asks_ends_it(self) -> None:
        facts = replace(refused(CreateConversation, 403), contact=CONTACT, conversations_searched=True)
        assert isinstance(step_of(message(), A_NEW_CHAT, facts), Dead)


def test_after_the_healing_only_what_was_learned_since_counts() -> None:
    facts = Facts(healed=True, contact=ContactId(8), contact_by_source_searched=True)
    assert step_of(message(), Known(chat=LINKED_CHAT), facts) == FindConversation(ContactId(8))


class TestANameThatIsOurs:
    OURS = Known(chat=replace(LINKED_CHAT, name="", name_is_ours=True))
    POSTED = Facts(posted=HelpdeskMessageId(100))
    DUE = RenameDue(chat=ANA, name="Ana")

    def test_the_customers_first_message_is_posted_before_his_name_is_bettered(self) -> None:
        assert isinstance(step_of(message(), self.OURS), PostMessage)

    def test_his_push_name_then_takes_the_place_of_unknown_behind_the_message(self) -> None:
        ending = step_of(message(), self.OURS, self.POSTED)
        assert isinstance(ending, Delivered)
        assert [work.event for work in ending.then] == [self.DUE]

    def test_a_name_that_the_next_message_tells_again_is_given_once(self) -> None:
        endings = [step_of(message(id=WhatsAppId(name)), self.OURS, self.POSTED) for name in ("m1", "m2")]
        assert len({work.key for ending in endings if isinstance(ending, Delivered) for work in ending.then}) == 1

    def test_the_name_is_given_while_it_is_ours_to_give(self) -> None:
        steps = [step_of(self.DUE, known, direction=Direction.CHORE) for known in (self.OURS, Known(chat=LINKED_CHAT))]
        assert steps == [RenameContact(CONTACT, "Ana"), Delivered()]

    @pytest.mark.parametrize(
        "event",
        [message(push_name=""), message(from_me=True, sender=OWNER, push_name="Shop"), in_group()],
        ids=["none told", "the owner's", "a group member's"],
    )
    def test_nobody_elses_name_does(self, event: MessageArrived) -> None:
        assert step_of(event, self.OURS, self.POSTED) == Delivered()

    def test_a_refused_name_is_left_as_it_is(self) -> None:
        assert step_of(self.DUE, self.OURS, refused(RenameContact), direction=Direction.CHORE) == Delivered()
