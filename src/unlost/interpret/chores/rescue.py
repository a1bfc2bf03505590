"""After a start or a gap: messages that the helpdesk marked failed while our door was closed get their marks back."""

from unlost.interpret.from_helpdesk.wrong_marks import first_wrong_mark, right_marks
from unlost.interpret.standing import Standing
from unlost.vocabulary.events import RescueDue
from unlost.vocabulary.steps import ReadStatuses, Step
from unlost.vocabulary.verdicts import Delivered, Verdict


def rescue_step(event: RescueDue, standing: Standing) -> Step | Verdict:
    """Read the marks of one conversation's messages, then put each wrong one right."""
    if not event.messages:
        return Delivered()
    if standing.facts.statuses is None and not standing.was_refused(ReadStatuses):
        return ReadStatuses(event.conversation, event.messages)
    right = dict(zip(event.messages, event.marks, strict=False)) | right_marks(standing.known.helpdesk_links)
    mend = first_wrong_mark(event.conversation, right, standing)
    return mend if mend is not None else Delivered()
