"""Whether an event concerns this channel at all, and which subject it belongs to."""

from typing import assert_never

from unlost.interpret.from_gateway.edits import edit_step
from unlost.interpret.from_gateway.messages import message_step
from unlost.interpret.from_gateway.notices import SAYS_NOTHING, notice_step
from unlost.interpret.from_gateway.reactions import reaction_step
from unlost.interpret.from_gateway.receipts import receipt_step
from unlost.interpret.from_gateway.revokes import revoke_step
from unlost.interpret.people import phones_of, resolved
from unlost.interpret.standing import Standing
from unlost.vocabulary.addresses import Address, is_group, is_newsletter
from unlost.vocabulary.envelopes import Direction
from unlost.vocabulary.events import (
    DeletedForMe,
    GatewayEvent,
    MessageArrived,
    MessageEdited,
    MessageRevoked,
    Noticed,
    ReactionArrived,
    ReceiptArrived,
    Told,
)
from unlost.vocabulary.steps import HelpdeskStep, Step
from unlost.vocabulary.verdicts import Dead, SentOn, Skipped, SkipReason, Verdict

STATUS_BROADCAST = "status@broadcast"


def gateway_step(event: GatewayEvent, standing: Standing) -> Step | Verdict:
    """Skip what the channel's settings leave out, on purpose; else say what the event's subject needs.

    What has begun is ended, whatever the settings say by now. Chats are written to from the inbound lanes alone.
    """
    if not event.chat:
        says_nothing = isinstance(event, Noticed) and event.kind in SAYS_NOTHING
        return Skipped(SkipReason.IGNORED) if says_nothing else Dead("names no chat")
    is_underway = standing.facts.begun is not None or standing.facts.posted is not None
    reason = None if is_underway else left_out(event, standing)
    if reason is not None:
        return Skipped(reason)
    step = _subject_step(event, standing)
    if standing.direction is not Direction.INBOUND and isinstance(step, HelpdeskStep):
        return SentOn(Direction.INBOUND)
    return step


def left_out(event: Told, standing: Standing) -> SkipReason | None:
    """Why the channel does not want the event; None where it does."""
    policy, chat = standing.policy, resolved(event.chat, standing.known)
    if _is_other_device(event.device, policy.device):
        return SkipReason.OTHER_DEVICE
    if event.chat == STATUS_BROADCAST:
        return SkipReason.STATUS_BROADCAST
    if is_newsletter(event.chat) and not policy.newsletters:
        return SkipReason.NEWSLETTER_OFF
    if event.chat in policy.ignored or chat in policy.ignored:
        return SkipReason.IGNORED
    return SkipReason.IGNORED if is_group(event.chat) and not policy.groups else None


def _is_other_device(told: Address | None, ours: Address | None) -> bool:
    """True only where both are numbers, and no spelling of one is a spelling of the other: in doubt it is ours."""
    if told is None or ours is None:
        return False
    theirs, own = set(phones_of(told)), set(phones_of(ours))
    return bool(theirs) and bool(own) and theirs.isdisjoint(own)


def _subject_step(event: GatewayEvent, standing: Standing) -> Step | Verdict:
    match event:
        case MessageArrived():
            return message_step(event, standing)
        case ReactionArrived():
            return reaction_step(event, standing)
        case MessageEdited():
            return edit_step(event, standing)
        case MessageRevoked():
            return revoke_step(event, standing)
        case DeletedForMe():
            return Skipped(SkipReason.DELETED_FOR_ME)
        case ReceiptArrived():
            return receipt_step(event, standing)
        case Noticed():
            return notice_step(event, standing)
        case _:
            assert_never(event)
