"""Receipts. Delivered and read are wanted statuses, kept by the journal outside the lanes; here only the firm's own reading."""

from unlost.interpret.standing import Standing
from unlost.vocabulary.events import ReceiptArrived
from unlost.vocabulary.steps import MarkSeen, Step
from unlost.vocabulary.verdicts import Delivered, Verdict

READ_SELF = "read-self"


def receipt_step(event: ReceiptArrived, standing: Standing) -> Step | Verdict:
    """Mark the conversation seen where the firm's own phone read the chat and there is a conversation; else it is done."""
    is_due = event.status == READ_SELF and not standing.facts.marked_seen and not standing.was_refused(MarkSeen)
    if is_due and standing.conversation is not None:
        return MarkSeen(standing.conversation)
    return Delivered()
