"""A reaction, given or taken back: a short reply to its target. Chatwoot has none of its own (contract page 1.5)."""

from unlost.interpret.duplicates import stands_already
from unlost.interpret.from_gateway.stand import stand
from unlost.interpret.from_gateway.target import target_wait
from unlost.interpret.from_gateway.telling import draft_of, note_of, target_of
from unlost.interpret.standing import Standing
from unlost.interpret.text import EMOJI_MAX_CHARS, one_line
from unlost.vocabulary.events import ReactionArrived
from unlost.vocabulary.steps import Step
from unlost.vocabulary.verdicts import Skipped, SkipReason, Verdict


def reaction_step(event: ReactionArrived, standing: Standing) -> Step | Verdict:
    """Reply to the target, note it, or leave it out, as the channel has it; without its target it says nothing."""
    is_underway = standing.facts.begun is not None or standing.facts.posted is not None
    if not is_underway:
        if standing.policy.reactions == "off":
            return Skipped(SkipReason.IGNORED)
        if stands_already(event, standing.known):
            return Skipped(SkipReason.DUPLICATE)
        waiting = target_wait(standing)
        if waiting is not None:
            return waiting
        if not standing.known.target:
            return Skipped(SkipReason.TARGET_MISSING)
    as_told = note_of if standing.policy.reactions == "note" else draft_of
    return stand(event, as_told(event, _body(event, standing), standing, answers=target_of(standing)), standing)


def _body(event: ReactionArrived, standing: Standing) -> str:
    emoji = one_line(event.emoji, EMOJI_MAX_CHARS)
    return standing.words.reacted.format(emoji=emoji) if emoji else standing.words.took_back_reaction
