"""Whatever is told, and whatever the other sides answer, the interpreter ends, stays within bounds, and never acts in doubt."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.property.answers import answered, in_doubt, looked_for_in_vain, turned_down
from unlost.interpret import next_step
from unlost.interpret.linking import chat_link, message_links
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.attachments import FileState, FileTrouble, KnownFile, SpooledFile, ToldFile
from unlost.vocabulary.contents import Card, Cards, Menu, Order, Place, Referral
from unlost.vocabulary.envelopes import Direction, Kind
from unlost.vocabulary.events import (
    FILES,
    Attachment,
    DeletedForMe,
    Event,
    FileDue,
    HelpdeskMessage,
    HelpdeskNotice,
    LookUpDue,
    MessageArrived,
    MessageEdited,
    MessageRevoked,
    NoteDue,
    Noticed,
    Quote,
    ReactionArrived,
    ReceiptArrived,
    ReferralDue,
    RenameDue,
    RescueDue,
    SweepDue,
    Unreadable,
)
from unlost.vocabulary.facts import Facts
from unlost.vocabulary.ids import ContactId, ConversationId, HelpdeskMessageId, WhatsAppId
from unlost.vocabulary.links import ChatLink, Known, MessageLink, Part, TargetState
from unlost.vocabulary.policy import Policy
from unlost.vocabulary.steps import CreateContact, FindMessage, PostMessage, RenameContact, SetStatus, Step
from unlost.vocabulary.verdicts import Dead, Delivered, Held, Parked, Postponed, SentOn, Skipped, Until, Verdict

KEY = "c4" * 32
PERFECT_STEPS_MAX = 12
FAULTY_STEPS_MAX = 64
"""The walk's own bound (`unlost.lanes.walk`)."""

# Surrogates and NUL on purpose: readers may be mended, bodies are kept.
texts = st.text(st.characters(), max_size=300)
ids = st.sampled_from(["T1", "A1", "x" * 300, "a\0b", ""]).map(WhatsAppId)
addresses = st.sampled_from(
    [
        "4915112345678@s.whatsapp.net",
        "5511987654321@s.whatsapp.net",
        "551187654321@s.whatsapp.net",
        "190000000000001@lid",
        "120363000000004321@g.us",
        "120363000000001234@newsletter",
        "status@broadcast",
        "0@s.whatsapp.net",
        "",
    ]
).map(Address)
stamps = st.none() | st.floats() | st.just(1_760_000_000.0)
numbers = st.integers(1, 200)
contacts = numbers.map(ContactId)
conversations = numbers.map(ConversationId)
messages = numbers.map(HelpdeskMessageId)
told: dict[str, Any] = {
    "chat": addresses,
    "sender": addresses,
    "id": st.none() | ids,
    "from_me": st.booleans(),
    "told_at": stamps,
    "push_name": texts,
    "device": st.none() | addresses,
}
contents = (
    st.builds(Cards, st.lists(st.builds(Card, texts, st.lists(texts, max_size=2).map(tuple)), max_size=25).map(tuple))
    | st.builds(Place, st.none() | st.tuples(st.floats(-90, 90), st.floats(-180, 180)), texts, texts, texts)
    | st.builds(Menu, texts, texts, texts)
    | st.builds(Order, texts, texts, texts, st.none() | st.integers(), st.none() | st.integers())
)
referrals = st.builds(
    Referral, texts, st.lists(st.tuples(st.sampled_from(["ref", "ad_title"]), texts), max_size=2).map(tuple)
)
told_files = st.builds(ToldFile, path=st.sampled_from(["", "statics/media/a.jpg"]), name=texts)
known_files = st.one_of(
    st.builds(KnownFile, st.sampled_from([FileState.NONE, FileState.COMING, FileState.LOST])),
    st.builds(lambda trouble: KnownFile(FileState.REFUSED, trouble=trouble), st.sampled_from(FileTrouble)),
    st.just(KnownFile(FileState.HERE, SpooledFile("0" * 32 + "-0", "image-A1.jpg", "image/jpeg", 1))),
)
GATEWAY_KINDS = [Kind.CALL, Kind.PARTICIPANTS, Kind.PRESENCE, Kind.LABEL, Kind.NEWSLETTER, Kind.UNKNOWN, Kind.MESSAGE]
events: st.SearchStrategy[Event] = st.one_of(
    st.builds(
        MessageArrived,
        **told,
        text=texts,
        attachment=st.none() | st.sampled_from(Attachment),
        file=st.none() | told_files,
        quote=st.none() | st.builds(Quote, ids, texts),
        view_once=st.booleans(),
        forwarded=st.booleans(),
        content=st.none() | contents,
        referral=st.none() | referrals,
    ),
    st.builds(ReactionArrived, **told, target=ids, emoji=texts),
    st.builds(MessageEdited, **told, target=st.none() | ids, text=st.none() | texts),
    st.builds(MessageRevoked, **told, target=ids),
    st.builds(DeletedForMe, **told, target=ids),
    st.builds(ReceiptArrived, **told, ids=st.tuples(ids), status=st.sampled_from(["delivered", "read", "read-self"])),
    st.builds(
        Noticed,
        **told,
        kind=st.sampled_from(GATEWAY_KINDS),
        detail=st.sampled_from(["", "join", "leave", "auto_rejected", "composing"]),
        people=st.lists(addresses, max_size=30).map(tuple),
    ),
    st.builds(
        HelpdeskMessage,
        kind=st.sampled_from([Kind.HELPDESK_MESSAGE_CREATED, Kind.HELPDESK_MESSAGE_UPDATED]),
        id=messages,
        conversation=conversations,
        direction=st.sampled_from(["incoming", "outgoing", "template", "activity"]),
        private=st.booleans(),
        source_id=st.none() | texts,
        deleted=st.booleans(),
        created_at=stamps,
    ),
    st.builds(HelpdeskNotice, name=texts, conversation=st.none() | conversations),
    st.builds(LookUpDue, kind=st.sampled_from([Kind.LOOK_UP_CONTACT, Kind.LOOK_UP_GROUP]), chat=addresses),
    st.builds(
        SweepDue,
        chat=addresses,
        conversation=st.none() | conversations,
        keep=st.none() | messages,
        contact=st.none() | contacts,
        marker=st.sampled_from(["", "m"]),
    ),
    st.builds(
        RescueDue,
        conversation=conversations,
        messages=st.lists(messages, max_size=3, unique=True).map(tuple),
        marks=st.lists(st.sampled_from(["sent", "read", "failed"]), max_size=3).map(tuple),
    ),
    st.builds(NoteDue, chat=addresses, entry=numbers),
    st.builds(RenameDue, chat=addresses, name=st.just("Ana")),
    st.builds(ReferralDue, chat=addresses, conversation=conversations, fields=st.just((("ref", "x"),))),
    st.builds(Unreadable, texts),
    st.builds(FileDue, **{**told, "id": ids}, hangs=st.sampled_from(sorted(FILES)), file=told_files),
)
links = st.builds(
    MessageLink,
    id=ids,
    chat=addresses,
    sender=addresses,
    part=st.sampled_from(Part),
    message=messages,
    conversation=conversations,
    is_outgoing=st.booleans(),
    confirmed_status=st.sampled_from(["sent", "delivered", "read", "failed"]),
    told_at=stamps,
)
several_links = st.lists(links, max_size=3).map(tuple)
chats = st.builds(
    ChatLink,
    chat=addresses,
    contact=st.none() | contacts,
    conversation=st.none() | conversations,
    name=texts,
    name_is_ours=st.booleans(),
)
knowns = st.builds(
    Known,
    chat=st.none() | chats,
    own=several_links,
    target=several_links,
    target_state=st.sampled_from(TargetState),
    helpdesk_links=several_links,
    paired=st.lists(st.tuples(addresses, addresses), max_size=2).map(tuple),
    late_s=stamps,
    out_of_place=st.booleans(),
    replacement_text=st.none() | texts,
    file=known_files,
    age_s=st.floats(0, 100),
    is_revoked=st.booleans(),
    before_start=st.booleans(),
)
policies = st.builds(
    Policy,
    language=st.sampled_from(["pt-BR", "en", "es", "id"]),
    groups=st.booleans(),
    newsletters=st.booleans(),
    mirror_deletes=st.booleans(),
    typing=st.booleans(),
    ignored=st.frozensets(addresses, max_size=1),
    reactions=st.sampled_from(["reply", "note", "off"]),
    avatars=st.sampled_from(["off", "on", "always"]),
    device=st.none() | addresses,
)
directions = st.sampled_from([Direction.INBOUND, Direction.CHORE, Direction.MEDIA])
quick = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def after(verdict: Verdict, facts: Facts, direction: Direction) -> tuple[Facts, Direction] | None:
    """How the entry comes back after a verdict that does not end it; None where it ends, or waits anew for a target that is to come."""
    match verdict:
        case Parked(until=Until.TWIN):
            return replace(facts, twin_wait_over=True), direction
        case Parked(until=Until.TARGET) if not facts.target_wait_over:
            return replace(facts, target_wait_over=True), direction
        case SentOn(sent_to):
            return facts, sent_to
        case Held() | Parked() | Delivered() | Skipped() | Dead() | Postponed():
            return None


def check_bounds(step: Step) -> None:
    """What the helpdesk would refuse, or could not store, is never asked of it."""
    match step:
        case PostMessage():
            assert (0 if step.files else 1) <= len(step.text) <= 150_000
            assert len(step.key) <= 64
            shown = step.text + step.source_id + step.key
        case CreateContact():
            assert 0 < len(step.name) <= 255
            shown = step.name + step.phone
        case RenameContact():
            assert 0 < len(step.name) <= 255
            shown = step.name
        case SetStatus():
            shown = step.external_error
        case _:
            return
    assert "\0" not in shown
    shown.encode()


class TestWithSidesThatAnswer:
    @quick
    @given(events, knowns, policies, directions, st.data())
    def test_every_event_ends_in_a_dozen_steps(
        self, event: Event, known: Known, policy: Policy, direction: Direction, data: st.DataObject
    ) -> None:
        facts, performed = Facts(), 0
        for _ in range(PERFECT_STEPS_MAX + 4):
            answer = next_step(event, known, facts, policy, key=KEY, direction=direction)
            if isinstance(answer, Verdict):
                back = after(answer, facts, direction)
                if back is None:
                    return
                facts, direction = back
                continue
            check_bounds(answer)
            facts = answered(answer, event, facts, data.draw)
            performed += 1
            assert performed <= PERFECT_STEPS_MAX
        pytest.fail("no verdict")


class TestWithSidesThatFail:
    @quick
    @given(events, knowns, policies, directions, st.data())
    def test_nothing_is_done_in_doubt_and_everything_ends(
        self, event: Event, known: Known, policy: Policy, direction: Direction, data: st.DataObject
    ) -> None:
        """Refused, unsure, found or absent, as drawn; five absences end an entry, as the walk has it."""
        facts = Facts()
        for _ in range(FAULTY_STEPS_MAX):
            answer = next_step(event, known, facts, policy, key=KEY, direction=direction)
            if isinstance(answer, Verdict):
                back = after(answer, facts, direction)
                if back is None:
                    return
                facts, direction = back
                continue
            assert facts.begun is None or not answer.once_only
            check_bounds(answer)
            facts = self.tried(answer, event, facts, data)
            chat = chat_link(event, known, facts)
            known = known if chat is None else replace(known, chat=chat)
            if isinstance(answer, PostMessage | FindMessage):
                message_links(event, facts, answer, KEY)
            if facts.absences >= 5:
                return
        pytest.fail("no verdict")

    @staticmethod
    def tried(step: Step, event: Event, facts: Facts, data: st.DataObject) -> Facts:
        happening = data.draw(st.sampled_from(["answered", "answered", "refused", "in vain"]))
        if happening == "refused":
            return turned_down(step, facts, data.draw(st.sampled_from([401, 404, 413, 422])))
        if happening == "in vain":
            return in_doubt(step, facts) if step.once_only else looked_for_in_vain(step, facts)
        return answered(step, event, facts, data.draw)


@quick
@given(events, knowns, policies, directions)
def test_the_same_is_answered_twice(event: Event, known: Known, policy: Policy, direction: Direction) -> None:
    """Compared as text: a stamp that is not a number is not equal to itself."""
    once, twice = (next_step(event, known, Facts(), policy, key=KEY, direction=direction) for _ in range(2))
    assert repr(once) == repr(twice)
