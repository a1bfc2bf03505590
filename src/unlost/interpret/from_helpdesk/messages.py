"""A message of the helpdesk: an agent's, which is not sent, or an echo of our own."""

from unlost.interpret.from_helpdesk.wrong_marks import FAILED, first_wrong_mark, right_marks
from unlost.interpret.standing import SOURCE_PREFIX, Standing
from unlost.vocabulary.envelopes import Kind
from unlost.vocabulary.events import HelpdeskMessage
from unlost.vocabulary.steps import ReadStatuses, SetStatus, Step, TellSecondForwarder
from unlost.vocabulary.verdicts import Skipped, SkipReason, Verdict

FOR_CUSTOMERS = frozenset({"outgoing", "template"})


def helpdesk_message_step(event: HelpdeskMessage, standing: Standing) -> Step | Verdict:
    """Mark an agent's new message as not sent, put right a wrong mark on one of ours, leave everything else as it is."""
    if _is_of_another_inbox(event, standing):
        return Skipped(SkipReason.IGNORED)
    if event.kind is Kind.HELPDESK_MESSAGE_UPDATED:
        return _updated_step(event, standing)
    if _is_second_forwarders(event, standing) and not standing.facts.forwarder_told:
        return TellSecondForwarder()
    reason = _reason_to_leave(event, standing)
    if reason is not None:
        return Skipped(reason)
    if event.id in standing.facts.patched or standing.was_refused(SetStatus):
        return Skipped(SkipReason.OUTBOUND_OFF)
    return SetStatus(event.conversation, event.id, FAILED, standing.words.not_sent)


def _is_second_forwarders(event: HelpdeskMessage, standing: Standing) -> bool:
    """True for a message with our kind of source_id that no bridge wrote: each of our posts carries its key, linked or not yet.

    GOWA's own forwarder writes the same source_ids (GOWA page 2.4): both at once show every message twice.
    """
    is_like_ours = (event.source_id or "").startswith(SOURCE_PREFIX)
    return is_like_ours and not event.key and not event.deleted and not _is_ours(event, standing)


def _reason_to_leave(event: HelpdeskMessage, standing: Standing) -> SkipReason | None:
    """Why nobody waits for this message to be sent; None where an agent must be told that it is not."""
    if event.source_id or _is_ours(event, standing) or event.direction == "incoming":
        return SkipReason.OWN_ECHO
    if event.private:
        return SkipReason.PRIVATE
    if event.deleted:
        return SkipReason.DELETED_BY_AGENT
    if event.direction not in FOR_CUSTOMERS:
        return SkipReason.IGNORED
    return SkipReason.OUTBOUND_OFF if standing.known.before_start else None


def _updated_step(event: HelpdeskMessage, standing: Standing) -> Step | Verdict:
    """A hint to read: Chatwoot marks even our own messages failed when a webhook found our door closed (hard case 19).

    One that carries a key is a bridge's post whose answer is not written down yet; nobody will tell of its mark again.
    """
    if _may_be_retried(event, standing):
        return _retried_step(event, standing)
    if not _is_ours(event, standing) and not event.key:
        return Skipped(SkipReason.OUTBOUND_OFF)
    if event.deleted:
        return Skipped(SkipReason.DELETED_BY_AGENT)
    if standing.facts.statuses is None and not standing.was_refused(ReadStatuses):
        return ReadStatuses(event.conversation, (event.id,))
    right = {event.id: "sent"} | right_marks(standing.known.helpdesk_links)
    mend = first_wrong_mark(event.conversation, right, standing)
    return mend if mend is not None else Skipped(SkipReason.OWN_ECHO)


def _may_be_retried(event: HelpdeskMessage, standing: Standing) -> bool:
    """Chatwoot's Retry sends nothing, shows the message as sent, and takes its error away (contract page 1.8)."""
    return not event.deleted and not event.has_error and _reason_to_leave(event, standing) is None


def _retried_step(event: HelpdeskMessage, standing: Standing) -> Step | Verdict:
    """Mark it as not sent again, where it says otherwise; a hint may be of anything else that changed."""
    facts = standing.facts
    if facts.statuses is None and not standing.was_refused(ReadStatuses):
        return ReadStatuses(event.conversation, (event.id,))
    shown = dict(facts.statuses or ()).get(event.id, FAILED)
    if shown == FAILED or event.id in facts.patched or standing.was_refused(SetStatus):
        return Skipped(SkipReason.OUTBOUND_OFF)
    return SetStatus(event.conversation, event.id, FAILED, standing.words.not_sent)


def _is_of_another_inbox(event: HelpdeskMessage, standing: Standing) -> bool:
    """An account's own webhook tells of every inbox; another inbox's messages are none of ours to mark."""
    return event.inbox is not None and standing.policy.inbox is not None and event.inbox != standing.policy.inbox


def _is_ours(event: HelpdeskMessage, standing: Standing) -> bool:
    return any(link.message == event.id for link in standing.known.helpdesk_links)
