"""A message event without content: a twin, a poll and a failed download look alike (hard case 7). Nothing is skipped at sight."""

from unlost.interpret.people import same_person
from unlost.interpret.standing import Standing
from unlost.vocabulary.envelopes import Direction
from unlost.vocabulary.events import MessageArrived
from unlost.vocabulary.steps import AskStorage, Step
from unlost.vocabulary.verdicts import Parked, SentOn, Skipped, SkipReason, Until, Verdict


def empty_step(event: MessageArrived, standing: Standing) -> Step | Verdict | None:
    """What an empty event waits for or asks; None when all has been tried and only the catalogue's line is left.

    The storage is asked from the chores' lanes: a gateway that is away must not hold up its chat.
    """
    facts = standing.facts
    if _is_own_noise(event, standing):
        return Skipped(SkipReason.OWN_NOISE)
    if not facts.twin_wait_over:
        return Parked(Until.TWIN, standing.policy.twin_wait_s)
    if event.id is None or facts.storage_asked or standing.was_refused(AskStorage):
        return None
    if standing.direction is Direction.CHORE:
        return AskStorage(event.chat, event.id, event.told_at)
    return SentOn(Direction.CHORE)


def _is_own_noise(event: MessageArrived, standing: Standing) -> bool:
    return event.from_me and same_person(event.chat, event.sender, standing.known)
