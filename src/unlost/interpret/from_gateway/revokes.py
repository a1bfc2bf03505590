"""Deleted for everyone: a short reply to what was deleted."""

from unlost.interpret.duplicates import stands_already
from unlost.interpret.from_gateway.stand import stand
from unlost.interpret.from_gateway.target import target_wait
from unlost.interpret.from_gateway.telling import draft_of, target_of
from unlost.interpret.standing import Standing
from unlost.vocabulary.events import MessageRevoked
from unlost.vocabulary.steps import Step
from unlost.vocabulary.verdicts import Skipped, SkipReason, Verdict


def revoke_step(event: MessageRevoked, standing: Standing) -> Step | Verdict:
    """Say under the target that it was deleted; where it never came the revoke stays behind, settled, as a tombstone."""
    known, facts = standing.known, standing.facts
    if facts.begun is None and facts.posted is None:
        if stands_already(event, known):
            return Skipped(SkipReason.DUPLICATE)
        waiting = target_wait(standing)
        if waiting is not None:
            return waiting
        if not known.target:
            return Skipped(SkipReason.TARGET_MISSING)
    return stand(event, draft_of(event, standing.words.revoked, standing, answers=target_of(standing)), standing)
