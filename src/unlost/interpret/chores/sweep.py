"""Late copies of what was posted or created twice: removed, but never the one that a link names (hard case 16)."""

from unlost.interpret.standing import Standing
from unlost.vocabulary.events import SweepDue
from unlost.vocabulary.ids import HelpdeskMessageId
from unlost.vocabulary.steps import CloseTwin, DeleteMessage, FindEmptyTwins, FindMessage, Step
from unlost.vocabulary.verdicts import Delivered, Verdict


def sweep_step(event: SweepDue, standing: Standing) -> Step | Verdict:
    """Look for copies, then remove them one by one."""
    return _twins_step(event, standing) if event.marker else _copies_step(event, standing)


def _copies_step(event: SweepDue, standing: Standing) -> Step | Verdict:
    if event.conversation is None:
        return Delivered()
    facts = standing.facts
    search = FindMessage(
        event.conversation,
        event.source_id,
        event.key,
        event.above,
        direction=event.direction,
        any_text=event.any_key,
    )
    if standing.in_doubt(DeleteMessage):
        return search
    if event.stand_in is not None:
        is_over = event.stand_in in facts.deleted or standing.was_refused(DeleteMessage)
        return Delivered() if is_over else DeleteMessage(event.conversation, event.stand_in)
    if facts.copies is None:
        return Delivered() if standing.was_refused(FindMessage) else search
    copies = _unlinked(event, standing)
    # A refusal does not name its message; they are tried in order, so as many from the front were refused.
    tried = sum(1 for r in facts.refusals if r.step == DeleteMessage.__name__)
    return DeleteMessage(event.conversation, copies[tried]) if tried < len(copies) else Delivered()


def _unlinked(event: SweepDue, standing: Standing) -> list[HelpdeskMessageId]:
    """Nothing, where nobody says which message is the one to keep."""
    known, facts = standing.known, standing.facts
    linked = {link.message for link in (*known.own, *known.helpdesk_links) if link.conversation == event.conversation}
    linked |= set() if event.keep is None else {event.keep}
    copies = facts.copies or ()
    return sorted(c for c in copies if c not in linked and c not in facts.deleted) if linked else []


def _twins_step(event: SweepDue, standing: Standing) -> Step | Verdict:
    facts = standing.facts
    keep = event.conversation or standing.conversation
    if keep is None or event.contact is None:
        return Delivered()
    if facts.empty_twins is None:
        return (
            Delivered() if standing.was_refused(FindEmptyTwins) else FindEmptyTwins(event.contact, event.marker, keep)
        )
    twins = [t for t in facts.empty_twins if t != keep and t not in facts.closed_twins]
    tried = sum(1 for r in facts.refusals if r.step == CloseTwin.__name__)
    return CloseTwin(twins[tried]) if tried < len(twins) else Delivered()
