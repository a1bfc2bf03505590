"""Who is new, what he looks like, what a group is called: asked later, and an answer is never needed."""

import pytest
from msgspec.structs import replace

from tests.unit.interpret.given import (
    A_NEW_CHAT,
    ANA,
    CONTACT,
    GROUP,
    LINKED_CHAT,
    OWNER,
    in_group,
    message,
    refused,
    step_of,
)
from unlost.vocabulary.envelopes import Direction, Kind
from unlost.vocabulary.events import LookUpDue, MessageArrived
from unlost.vocabulary.facts import Facts, Refusal
from unlost.vocabulary.ids import ConversationId, HelpdeskMessageId, WhatsAppId
from unlost.vocabulary.links import ChatLink, Known
from unlost.vocabulary.policy import Policy
from unlost.vocabulary.steps import AskAvatar, AskGroupInfo, AskUserInfo, RenameContact, SetAvatar, Step
from unlost.vocabulary.verdicts import Dead, Delivered, Verdict

CONTACT_DUE = LookUpDue(kind=Kind.LOOK_UP_CONTACT, chat=ANA, asked_by=WhatsAppId("3EB0A1"))
GROUP_DUE = LookUpDue(kind=Kind.LOOK_UP_GROUP, chat=GROUP)
UNNAMED = Known(chat=replace(LINKED_CHAT, name="", name_is_ours=True))
NAMED = Known(chat=LINKED_CHAT)
TOLD = Facts(user_asked=True, user_name="Ana", picture_id="p1")
OFF = Policy(avatars="off")

CONTACT_STEPS: list[tuple[str, Known, Facts, Policy, Step | Verdict]] = [
    ("ask first", UNNAMED, Facts(), Policy(), AskUserInfo(ANA)),
    ("better a name that is ours", UNNAMED, TOLD, Policy(), RenameContact(CONTACT, "Ana")),
    ("leave any other", NAMED, TOLD, Policy(), AskAvatar(ANA)),
    ("then the picture", UNNAMED, replace(TOLD, renamed=True), Policy(), AskAvatar(ANA)),
    ("not where avatars are off", UNNAMED, replace(TOLD, renamed=True), OFF, Delivered()),
    ("nor where it is the same", Known(chat=replace(LINKED_CHAT, picture_id="p1")), TOLD, Policy(), Delivered()),
    ("nor where there is none", NAMED, Facts(user_asked=True), Policy(), Delivered()),
    ("hand it over", NAMED, replace(TOLD, picture_asked=True, picture_url="u"), Policy(), SetAvatar(CONTACT, "u")),
    ("hidden: without", NAMED, replace(TOLD, picture_asked=True), Policy(), Delivered()),
    ("done", NAMED, replace(TOLD, picture_asked=True, picture_url="u", avatar_set=True), Policy(), Delivered()),
    ("nobody to ask about", A_NEW_CHAT, Facts(), Policy(), Delivered()),
    ("info refused: without", UNNAMED, refused(AskUserInfo, 500), Policy(), Delivered()),
    ("avatar refused: without", NAMED, replace(TOLD, refusals=refused(AskAvatar).refusals), Policy(), Delivered()),
    ("name refused: go on", UNNAMED, replace(TOLD, refusals=refused(RenameContact).refusals), Policy(), AskAvatar(ANA)),
    (
        "upload refused: without",
        NAMED,
        replace(TOLD, picture_asked=True, picture_url="u", refusals=refused(SetAvatar).refusals),
        Policy(),
        Delivered(),
    ),
]


@pytest.mark.parametrize(
    ("known", "facts", "policy", "expected"), [r[1:] for r in CONTACT_STEPS], ids=[r[0] for r in CONTACT_STEPS]
)
def test_a_contact_is_looked_up_step_by_step(
    known: Known, facts: Facts, policy: Policy, expected: Step | Verdict
) -> None:
    assert step_of(CONTACT_DUE, known, facts, policy, Direction.LOOK_UP) == expected


GROUP_KNOWN = Known(chat=ChatLink(GROUP, CONTACT, ConversationId(17), name_is_ours=True))
GROUP_STEPS: list[tuple[str, Known, Facts, Step | Verdict]] = [
    ("ask first", GROUP_KNOWN, Facts(), AskGroupInfo(GROUP)),
    ("call it so", GROUP_KNOWN, Facts(group_asked=True, group_name="Team"), RenameContact(CONTACT, "Team")),
    ("a name alone is an answer", GROUP_KNOWN, Facts(group_name="Team"), RenameContact(CONTACT, "Team")),
    ("done", GROUP_KNOWN, Facts(group_asked=True, group_name="Team", renamed=True), Delivered()),
    ("no name", GROUP_KNOWN, Facts(group_asked=True), Delivered()),
    ("refused", GROUP_KNOWN, refused(AskGroupInfo, 500), Delivered()),
    ("named by an agent", Known(chat=replace(LINKED_CHAT, chat=GROUP)), Facts(group_name="Team"), Delivered()),
    ("nobody to ask about", A_NEW_CHAT, Facts(), Delivered()),
]


@pytest.mark.parametrize(("known", "facts", "expected"), [r[1:] for r in GROUP_STEPS], ids=[r[0] for r in GROUP_STEPS])
def test_a_group_is_looked_up_step_by_step(known: Known, facts: Facts, expected: Step | Verdict) -> None:
    assert step_of(GROUP_DUE, known, facts, direction=Direction.LOOK_UP) == expected


NEW = Facts(contact=CONTACT, contact_is_new=True, conversation=ConversationId(17), posted=HelpdeskMessageId(100))
ADOPTED = replace(NEW, contact_is_new=False)


@pytest.mark.parametrize(
    ("event", "facts", "policy", "kinds"),
    [
        (message(), NEW, Policy(), [Kind.LOOK_UP_CONTACT]),
        (message(), NEW, OFF, []),
        (message(push_name=""), NEW, OFF, [Kind.LOOK_UP_CONTACT]),
        (message(from_me=True, sender=OWNER, push_name="Shop"), NEW, OFF, [Kind.LOOK_UP_CONTACT]),
        (in_group(), NEW, OFF, [Kind.LOOK_UP_GROUP]),
        (message(), ADOPTED, Policy(), []),
    ],
    ids=[
        "a picture is missing",
        "nothing is",
        "a name is",
        "the owner's is none",
        "a group's is",
        "known to the helpdesk",
    ],
)
def test_who_is_new_is_looked_up_for_what_is_missing(
    event: MessageArrived, facts: Facts, policy: Policy, kinds: list[Kind]
) -> None:
    verdict = step_of(event, A_NEW_CHAT, facts, policy)
    assert isinstance(verdict, Delivered)
    assert [f.kind for f in verdict.then] == kinds


def test_the_look_up_names_the_message_that_first_asked() -> None:
    verdict = step_of(message(), A_NEW_CHAT, NEW)
    assert isinstance(verdict, Delivered)
    assert verdict.then[0].event == CONTACT_DUE


@pytest.mark.parametrize("due", [CONTACT_DUE, GROUP_DUE], ids=["contact", "group"])
def test_what_killed_the_gateway_twice_is_not_asked_on(due: LookUpDue) -> None:
    """Two connections in a row that broke during a look-up end it; kept, so that a person may ask again."""
    died = Facts(refusals=(Refusal("AskUserInfo", None, ("gateway_died",)),))
    assert step_of(due, UNNAMED, died, direction=Direction.LOOK_UP) == Dead("gateway_died")
