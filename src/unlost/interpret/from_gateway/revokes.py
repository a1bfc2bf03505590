"""Deleted for everyone: a short reply to what was deleted, or its deletion in the helpdesk too, as the channel has it."""

from unlost.interpret.duplicates import stands_already
from unlost.interpret.follow_ups import dead
from unlost.interpret.from_gateway.stand import stand
from unlost.interpret.from_gateway.target import target_wait
from unlost.interpret.from_gateway.telling import draft_of, target_of
from unlost.interpret.people import resolved, same_person
from unlost.interpret.standing import Standing
from unlost.vocabulary.events import MessageRevoked
from unlost.vocabulary.links import MessageLink, Part
from unlost.vocabulary.steps import DeleteMessage, LookForDeleted, PostMessage, Step
from unlost.vocabulary.verdicts import Delivered, Skipped, SkipReason, Verdict


def revoke_step(event: MessageRevoked, standing: Standing) -> Step | Verdict:
    """Delete all parts of the target, or say under it that it was deleted.

    Where the target never came the revoke stays behind, settled, as a tombstone: see `Known.is_revoked`.
    """
    known, facts = standing.known, standing.facts
    if facts.begun is None and facts.posted is None and not facts.deleted:
        if stands_already(event, known):
            return Skipped(SkipReason.DUPLICATE)
        waiting = target_wait(standing)
        if waiting is not None:
            return waiting
        if not known.target:
            return Skipped(SkipReason.TARGET_MISSING)
    mirrored = _mirrored(event, standing)
    if mirrored is not None:
        return mirrored
    return stand(event, draft_of(event, standing.words.revoked, standing, answers=target_of(standing)), standing)


def _mirrored(event: MessageRevoked, standing: Standing) -> Step | Verdict | None:
    """The next deletion, or that all are done; None where the reply is to say it. What has begun is ended either way."""
    begun, facts = standing.facts.begun, standing.facts
    if begun is not None and standing.in_doubt(DeleteMessage):
        if standing.was_refused(LookForDeleted):
            return dead(event, "the helpdesk refused the search for a deleted message", key=standing.key)
        assert begun.conversation is not None, "a deletion names where it is"
        assert begun.message is not None, "and what it deletes"
        return LookForDeleted(begun.conversation, begun.message)
    is_replying = facts.posted is not None or standing.in_doubt(PostMessage)
    is_refused = standing.was_refused(DeleteMessage) or standing.was_refused(LookForDeleted)
    parts = _parts_of(event, standing)
    if is_replying or is_refused or not parts or not (standing.policy.mirror_deletes or facts.deleted):
        return None
    left = [part for part in parts if part.message not in facts.deleted]
    return DeleteMessage(left[0].conversation, left[0].message) if left else Delivered()


def _parts_of(event: MessageRevoked, standing: Standing) -> tuple[MessageLink, ...]:
    """What shows the deleted message, our private notes aside.

    Ids are the senders' choice. A group's admin may delete what others wrote: that is believed where only one member used the id.
    """
    known = standing.known
    parts = tuple(link for link in known.target if link.part is not Part.NOTE)
    own = tuple(link for link in parts if same_person(link.sender, event.sender, known))
    writers = {resolved(link.sender, known) for link in parts}
    return own or (parts if len(writers) == 1 else ())
