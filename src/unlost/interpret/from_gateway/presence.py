"""Somebody types. It says something for a moment only: late it is left out, and nothing is made for it."""

from unlost.interpret.people import resolved
from unlost.interpret.standing import Standing
from unlost.vocabulary.events import Noticed
from unlost.vocabulary.steps import ShowTyping, Step
from unlost.vocabulary.verdicts import Delivered, Skipped, SkipReason, Verdict

COMPOSING = "composing"
STALE_S = 10.0
"""Chatwoot's dashboard forgets a typing customer by itself after 30 s; WhatsApp tells it anew about as often."""


def presence_step(event: Noticed, standing: Standing) -> Step | Verdict:
    """Show it in the chat's conversation where the channel wants it, there is one, and it is news."""
    late_s, where = standing.known.late_s, standing.conversation
    is_news = late_s is not None and late_s <= STALE_S
    if not standing.policy.typing or not is_news or where is None or event.from_me:
        return Skipped(SkipReason.IGNORED)
    if standing.facts.typing_shown or standing.was_refused(ShowTyping):
        return Delivered()
    return ShowTyping(where, resolved(event.chat, standing.known), event.detail == COMPOSING)
