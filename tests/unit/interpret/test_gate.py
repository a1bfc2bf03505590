"""What a channel leaves out, on purpose and with its reason; and what is told without a message."""

import pytest

from tests.unit.interpret.given import (
    A_KNOWN_CHAT,
    A_NEW_CHAT,
    ANA,
    ANA_LID,
    BRAZILIAN,
    COMMON,
    CONVERSATION,
    GROUP,
    OWNER,
    in_group,
    message,
    notice,
    post_of,
    refused,
    step_of,
)
from unlost.interpret.words import words_of
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.envelopes import Direction, Kind
from unlost.vocabulary.events import DeletedForMe, Event, HelpdeskNotice, ReceiptArrived, Unreadable
from unlost.vocabulary.facts import Facts
from unlost.vocabulary.ids import WhatsAppId
from unlost.vocabulary.links import Known
from unlost.vocabulary.policy import Policy
from unlost.vocabulary.steps import CreateContact, MarkSeen, PostMessage
from unlost.vocabulary.verdicts import Dead, Delivered, SentOn, Skipped, SkipReason

NEWSLETTER = Address("120363@newsletter")
WITHOUT_NINTH = Address("551187654321@s.whatsapp.net")
WORDS = words_of("en")
NO_GROUPS = Policy(groups=False)
IGNORING = Policy(ignored=frozenset({ANA}))


def receipt(status: str) -> ReceiptArrived:
    return ReceiptArrived(**COMMON | {"id": None}, ids=(WhatsAppId("T1"),), status=status)


LEFT_OUT: list[tuple[Event, Known, Policy, SkipReason]] = [
    (message(chat=Address("status@broadcast")), A_KNOWN_CHAT, Policy(), SkipReason.STATUS_BROADCAST),
    (message(chat=NEWSLETTER), A_KNOWN_CHAT, Policy(), SkipReason.NEWSLETTER_OFF),
    (notice(Kind.NEWSLETTER, chat=NEWSLETTER), A_KNOWN_CHAT, Policy(), SkipReason.NEWSLETTER_OFF),
    (notice(Kind.NEWSLETTER, chat=NEWSLETTER), A_KNOWN_CHAT, Policy(newsletters=True), SkipReason.IGNORED),
    (message(), A_KNOWN_CHAT, IGNORING, SkipReason.IGNORED),
    (message(chat=ANA_LID, sender=ANA_LID), Known(paired=((ANA_LID, ANA),)), IGNORING, SkipReason.IGNORED),
    (in_group(), A_KNOWN_CHAT, NO_GROUPS, SkipReason.IGNORED),
    (message(device=ANA), A_KNOWN_CHAT, Policy(device=OWNER), SkipReason.OTHER_DEVICE),
    (notice(Kind.PRESENCE), A_KNOWN_CHAT, Policy(), SkipReason.IGNORED),
    (notice(Kind.LABEL), A_KNOWN_CHAT, Policy(), SkipReason.IGNORED),
    (notice(Kind.LABEL, chat=Address("")), A_KNOWN_CHAT, Policy(), SkipReason.IGNORED),
    (notice(Kind.PARTICIPANTS, chat=GROUP), A_NEW_CHAT, Policy(), SkipReason.IGNORED),
    (DeletedForMe(**COMMON | {"id": None}, target=WhatsAppId("T1")), A_KNOWN_CHAT, Policy(), SkipReason.DELETED_FOR_ME),
    (HelpdeskNotice(name="conversation_typing_on", conversation=CONVERSATION), Known(), Policy(), SkipReason.IGNORED),
]


@pytest.mark.parametrize(("event", "known", "policy", "reason"), LEFT_OUT)
def test_what_a_channel_leaves_out_has_its_reason(
    event: Event, known: Known, policy: Policy, reason: SkipReason
) -> None:
    assert step_of(event, known, policy=policy) == Skipped(reason)


@pytest.mark.parametrize(
    ("told", "ours"),
    [(OWNER, OWNER), (None, OWNER), (OWNER, None), (ANA_LID, OWNER), (BRAZILIAN, WITHOUT_NINTH)],
    ids=["the same", "none told", "none set", "a LID", "the other Brazilian form"],
)
def test_in_doubt_a_device_is_ours(told: Address | None, ours: Address | None) -> None:
    assert isinstance(step_of(message(device=told), policy=Policy(device=ours)), PostMessage)


def test_a_newsletter_that_is_wanted_is_posted() -> None:
    assert isinstance(step_of(message(chat=NEWSLETTER), policy=Policy(newsletters=True)), PostMessage)


def test_what_cannot_be_read_is_dead_without_a_note() -> None:
    assert step_of(Unreadable("not JSON")) == Dead("unreadable")


def test_a_message_that_names_no_chat_is_dead_without_a_note() -> None:
    assert step_of(message(chat=Address(""))) == Dead("names no chat")


@pytest.mark.parametrize("event", [message(), in_group(), notice(Kind.CALL)])
def test_chats_are_written_to_from_inbound_lanes_alone(event: Event) -> None:
    assert step_of(event, direction=Direction.CHORE) == SentOn(Direction.INBOUND)


class TestNotices:
    def test_a_call_is_a_private_note(self) -> None:
        post = post_of(notice(Kind.CALL))
        assert (post.text, post.private, post.direction) == (WORDS.incoming_call, True, "outgoing")

    def test_a_call_of_someone_new_makes_him_a_contact(self) -> None:
        assert isinstance(step_of(notice(Kind.CALL), A_NEW_CHAT), CreateContact)

    @pytest.mark.parametrize(
        ("detail", "text"),
        [
            ("join", "Joined the group: …5678, …0001"),
            ("leave", "Left the group: …5678, …0001"),
            ("promote", "Made group admin: …5678, …0001"),
            ("demote", "No longer group admin: …5678, …0001"),
            ("modify", "Group members changed: …5678, …0001"),
        ],
    )
    def test_who_came_and_went_is_a_private_note(self, detail: str, text: str) -> None:
        post = post_of(notice(Kind.PARTICIPANTS, chat=GROUP, detail=detail, people=(ANA, ANA_LID)))
        assert (post.text, post.private) == (text, True)

    def test_a_crowd_is_counted(self) -> None:
        text = post_of(notice(Kind.PARTICIPANTS, chat=GROUP, detail="join", people=(ANA,) * 1_024)).text
        assert text == "Joined the group: " + ", ".join(["…5678"] * 20) + " and 1004 more"

    @pytest.mark.parametrize("kind", [Kind.UNKNOWN, Kind.MESSAGE])
    def test_what_nobody_knows_becomes_a_readable_line(self, kind: Kind) -> None:
        post = post_of(notice(kind))
        assert (post.text, post.private, post.direction) == (WORDS.unsupported, False, "incoming")


class TestReceipts:
    @pytest.mark.parametrize("status", ["delivered", "read"])
    def test_a_customers_receipt_is_not_the_lanes_business(self, status: str) -> None:
        assert step_of(receipt(status)) == Delivered()

    def test_what_the_firms_phone_read_is_marked_seen(self) -> None:
        assert step_of(receipt("read-self")) == MarkSeen(CONVERSATION)

    @pytest.mark.parametrize(
        ("known", "facts"),
        [(A_KNOWN_CHAT, Facts(marked_seen=True)), (A_NEW_CHAT, Facts()), (A_KNOWN_CHAT, refused(MarkSeen, 404))],
        ids=["marked", "no conversation", "refused"],
    )
    def test_once_marked_or_with_nothing_to_mark_it_is_done(self, known: Known, facts: Facts) -> None:
        assert step_of(receipt("read-self"), known, facts) == Delivered()
