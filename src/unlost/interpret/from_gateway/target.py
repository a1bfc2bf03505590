"""What an event refers to: waited for while it may still come (hard case 9)."""

from unlost.interpret.standing import Standing
from unlost.vocabulary.links import TargetState
from unlost.vocabulary.verdicts import Parked, Until

MAY_COME = frozenset({TargetState.UNKNOWN, TargetState.PENDING})


def target_wait(standing: Standing) -> Parked | None:
    """Off the lane until the target stands or its wait is over; None when there is nothing to wait for (any more)."""
    known, facts = standing.known, standing.facts
    is_underway = facts.begun is not None or facts.posted is not None
    if is_underway or known.target or known.target_state not in MAY_COME or facts.target_wait_over:
        return None
    return Parked(Until.TARGET, standing.policy.target_wait_s)
