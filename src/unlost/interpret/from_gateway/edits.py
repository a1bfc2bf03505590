"""An edit: a reply with the new text, for the helpdesk lets nobody change what stands (contract page 1.7)."""

from unlost.interpret.duplicates import stands_already
from unlost.interpret.from_gateway.stand import stand
from unlost.interpret.from_gateway.target import target_wait
from unlost.interpret.from_gateway.telling import draft_of, target_of
from unlost.interpret.standing import Standing
from unlost.interpret.text import CONTENT_MAX_CHARS
from unlost.vocabulary.events import MessageEdited
from unlost.vocabulary.links import TargetState
from unlost.vocabulary.steps import Step
from unlost.vocabulary.verdicts import Skipped, SkipReason, Verdict


def edit_step(event: MessageEdited, standing: Standing) -> Step | Verdict:
    """Reply to the target with the new text; alone where the target is not told, or does not come in time.

    Of a dead letter it shows nothing: it changes what a retry posts (`Known.replacement_text`).
    """
    known, facts = standing.known, standing.facts
    if facts.begun is None and facts.posted is None:
        if stands_already(event, known):
            return Skipped(SkipReason.DUPLICATE)
        waiting = target_wait(standing) if event.target is not None else None
        if waiting is not None:
            return waiting
        if event.target is not None and not known.target and known.target_state is TargetState.DEAD:
            return Skipped(SkipReason.TARGET_MISSING)
    answers = target_of(standing) if event.target is not None else None
    return stand(event, draft_of(event, _body(event, standing), standing, answers=answers), standing)


def _body(event: MessageEdited, standing: Standing) -> str:
    text = (event.text or "")[: CONTENT_MAX_CHARS + 1]
    return standing.words.edited.format(text=text) if text.strip("\0 \n") else standing.words.edited_caption
