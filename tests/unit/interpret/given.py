"""Builders: valid values; a test states only what matters to it."""

from typing import Any

from msgspec.structs import replace

from unlost.interpret import next_step
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.envelopes import Direction, Kind
from unlost.vocabulary.events import (
    Event,
    HelpdeskMessage,
    MessageArrived,
    MessageEdited,
    MessageRevoked,
    Noticed,
    ReactionArrived,
)
from unlost.vocabulary.facts import Begun, Facts, Refusal
from unlost.vocabulary.ids import ContactId, ConversationId, HelpdeskMessageId, WhatsAppId
from unlost.vocabulary.links import ChatLink, Known, MessageLink, Part, TargetState
from unlost.vocabulary.policy import Policy
from unlost.vocabulary.steps import PostMessage, Step
from unlost.vocabulary.verdicts import Verdict

KEY = "5f" * 32
ANA = Address("4915112345678@s.whatsapp.net")
ANA_LID = Address("190000000000001@lid")
BRAZILIAN = Address("5511987654321@s.whatsapp.net")
OWNER = Address("628123456789@s.whatsapp.net")
GROUP = Address("120363000000004321@g.us")
CONTACT = ContactId(7)
CONVERSATION = ConversationId(17)
MESSAGE = HelpdeskMessageId(100)
TOLD_AT = 1_760_000_000.0  # 2025-10-09 08:53:20 UTC
COMMON: dict[str, Any] = {"chat": ANA, "sender": ANA, "id": WhatsAppId("3EB0A1"), "from_me": False, "told_at": TOLD_AT}
LINKED_CHAT = ChatLink(ANA, CONTACT, CONVERSATION, name="Ana")
A_KNOWN_CHAT = Known(chat=LINKED_CHAT)
A_NEW_CHAT = Known()


def message(text: str = "hello", **more: Any) -> MessageArrived:
    return MessageArrived(**COMMON | {"text": text, "push_name": "Ana"} | more)


def in_group(text: str = "hello", **more: Any) -> MessageArrived:
    return message(text, **{"chat": GROUP, "sender": ANA} | more)


def reaction(emoji: str = "👍", **more: Any) -> ReactionArrived:
    return ReactionArrived(**COMMON | {"id": WhatsAppId("R1"), "target": WhatsAppId("T1"), "emoji": emoji} | more)


def edit(text: str | None = "new", **more: Any) -> MessageEdited:
    return MessageEdited(**COMMON | {"id": WhatsAppId("E1"), "target": WhatsAppId("T1"), "text": text} | more)


def revoke(**more: Any) -> MessageRevoked:
    return MessageRevoked(**COMMON | {"id": WhatsAppId("V1"), "target": WhatsAppId("T1")} | more)


def notice(kind: Kind, **more: Any) -> Noticed:
    return Noticed(**COMMON | {"kind": kind} | more)


def agents_message(**more: Any) -> HelpdeskMessage:
    values: dict[str, Any] = {
        "kind": Kind.HELPDESK_MESSAGE_CREATED,
        "id": MESSAGE,
        "conversation": CONVERSATION,
        "direction": "outgoing",
        "private": False,
        "source_id": None,
        "deleted": False,
        "created_at": TOLD_AT,
    }
    return HelpdeskMessage(**values | more)


def link(**more: Any) -> MessageLink:
    values: dict[str, Any] = {
        "id": WhatsAppId("T1"),
        "chat": ANA,
        "sender": ANA,
        "part": Part.TEXT,
        "message": HelpdeskMessageId(55),
        "conversation": CONVERSATION,
        "is_outgoing": False,
    }
    return MessageLink(**values | more)


def with_target(**more: Any) -> Known:
    return replace(A_KNOWN_CHAT, target=(link(**more),), target_state=TargetState.LINKED)


def step_of(
    event: Event,
    known: Known = A_KNOWN_CHAT,
    facts: Facts = Facts(),  # noqa: B008 - frozen
    policy: Policy = Policy(),  # noqa: B008 - frozen
    direction: Direction = Direction.INBOUND,
) -> Step | Verdict:
    return next_step(event, known, facts, policy, key=KEY, direction=direction)


def post_of(
    event: Event,
    known: Known = A_KNOWN_CHAT,
    facts: Facts = Facts(),  # noqa: B008 - frozen
    policy: Policy = Policy(),  # noqa: B008 - frozen
) -> PostMessage:
    step = step_of(event, known, facts, policy)
    assert isinstance(step, PostMessage)
    return step


def begun(step: str, **more: Any) -> Begun:
    values: dict[str, Any] = {"step": step, "at": TOLD_AT, "high_water": HelpdeskMessageId(40), "doubted": True}
    return Begun(**values | more)


def refused(step: type[Step], status: int | None = 422, *, times: int = 1, fields: tuple[str, ...] = ()) -> Facts:
    return Facts(refusals=(Refusal(step.__name__, status, fields),) * times)
