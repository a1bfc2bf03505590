"""The ad that brought a customer, written down with the conversation behind his message, so that it holds up none."""

from unlost.interpret.standing import Standing
from unlost.vocabulary.events import ReferralDue
from unlost.vocabulary.steps import AddAttributes, Step
from unlost.vocabulary.verdicts import Delivered, Verdict

PREFIX = "referral_"
"""The wire's names (`source_id`, `ref`) may be attributes of the firm's own."""


def referral_step(event: ReferralDue, standing: Standing) -> Step | Verdict:
    """Once; a refusal leaves the conversation as it is: the message's own line has told the ad."""
    if not event.fields or standing.facts.attributes_added or standing.was_refused(AddAttributes):
        return Delivered()
    return AddAttributes(event.conversation, tuple((PREFIX + name, text) for name, text in event.fields))
