"""`failed` on a message of ours that did not fail: what the helpdesk confirmed before is put back (hard case 19)."""

from collections.abc import Iterable, Mapping

from unlost.interpret.standing import Standing
from unlost.vocabulary.ids import ConversationId, HelpdeskMessageId
from unlost.vocabulary.links import MessageLink
from unlost.vocabulary.steps import SetStatus

FAILED = "failed"
RANKS = {"sent": 0, "delivered": 1, "read": 2}


def first_wrong_mark(
    conversation: ConversationId, right: Mapping[HelpdeskMessageId, str], standing: Standing
) -> SetStatus | None:
    """The next message to put right among those whose statuses were read; None where all is right, or was tried.

    *right*: the status that each message should show; what is not in it is left alone.
    """
    wrong = [step for step in _wrong_marks(conversation, right, standing) if step.message not in standing.facts.patched]
    # A refusal does not name its message; they are tried in order, so as many from the front were refused.
    tried = sum(1 for r in standing.facts.refusals if r.step == SetStatus.__name__)
    return wrong[tried] if tried < len(wrong) else None


def _wrong_marks(
    conversation: ConversationId, right: Mapping[HelpdeskMessageId, str], standing: Standing
) -> list[SetStatus]:
    return [
        SetStatus(conversation, message, right[message])
        for message, status in standing.facts.statuses or ()
        if _is_wrong(status, right.get(message, FAILED))
    ]


def _is_wrong(shown: str, right: str) -> bool:
    """Failed, though it did not; or below what was confirmed, since two calls that set marks overtook each other."""
    if FAILED in (shown, right):
        return shown == FAILED and right != FAILED
    return RANKS.get(shown, 0) < RANKS.get(right, 0)


def right_marks(links: Iterable[MessageLink]) -> dict[HelpdeskMessageId, str]:
    """What each linked message should show."""
    return {link.message: right_status(link) for link in links}


def right_status(link: MessageLink) -> str:
    """What the message's mark was before; a customer's message knows nothing but sent."""
    return link.confirmed_status if link.is_outgoing else "sent"
