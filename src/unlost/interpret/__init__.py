"""4. Meaning. A plain function from what is known to what comes next; it knows the vocabulary and nothing else.

No I/O, no clock, no randomness: the lane performs a step, writes down what it taught, and asks again. All branching sits
here, so a crash anywhere resumes from the journal. While a once-only step is in doubt, only the search that settles it is
answered, never the step itself.
"""

from typing import assert_never

from unlost.interpret.chores.note import note_step
from unlost.interpret.chores.referral import referral_step
from unlost.interpret.chores.rename import rename_step
from unlost.interpret.chores.rescue import rescue_step
from unlost.interpret.chores.sweep import sweep_step
from unlost.interpret.follow_ups import dead
from unlost.interpret.from_gateway.downloads import download_step
from unlost.interpret.from_gateway.gate import gateway_step
from unlost.interpret.from_helpdesk.messages import helpdesk_message_step
from unlost.interpret.look_ups.contact import contact_look_up_step
from unlost.interpret.look_ups.group import group_look_up_step
from unlost.interpret.standing import Standing
from unlost.vocabulary.envelopes import Direction, Kind
from unlost.vocabulary.events import (
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
    ReactionArrived,
    ReceiptArrived,
    ReferralDue,
    RenameDue,
    RescueDue,
    SweepDue,
    Unreadable,
    WebhookDue,
)
from unlost.vocabulary.facts import Facts
from unlost.vocabulary.links import Known
from unlost.vocabulary.policy import Policy
from unlost.vocabulary.steps import Step
from unlost.vocabulary.verdicts import Dead, Skipped, SkipReason, Verdict

__all__ = ["dead", "next_step"]


def next_step(
    event: Event, known: Known, facts: Facts, policy: Policy, *, key: str, direction: Direction
) -> Step | Verdict:
    """Say what an entry still needs, or how its attempt ends.

    *key* is the entry's door key, hex: it names the intent and is never shown. *direction* is that of the lane the entry is in
    now. Total: every event ends in a verdict after at most a dozen performed steps, if none is refused or left in doubt.
    """
    standing = Standing(known, facts, policy, key, direction)
    match event:
        case (
            MessageArrived()
            | ReactionArrived()
            | MessageEdited()
            | MessageRevoked()
            | DeletedForMe()
            | ReceiptArrived()
            | Noticed()
        ):
            return gateway_step(event, standing)
        case HelpdeskMessage():
            return helpdesk_message_step(event, standing)
        case HelpdeskNotice():
            return Skipped(SkipReason.IGNORED)
        case LookUpDue():
            is_group = event.kind is Kind.LOOK_UP_GROUP
            return group_look_up_step(event, standing) if is_group else contact_look_up_step(event, standing)
        case SweepDue():
            return sweep_step(event, standing)
        case RescueDue():
            return rescue_step(event, standing)
        case NoteDue():
            return note_step(event, standing)
        case RenameDue():
            return rename_step(event, standing)
        case ReferralDue():
            return referral_step(event, standing)
        case FileDue():
            return download_step(event, standing)
        case Unreadable() | WebhookDue():  # the second is a gateway's own: none comes to a bridge
            return Dead("unreadable")
        case _:
            assert_never(event)
