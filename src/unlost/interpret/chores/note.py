"""The agents are told that a message became a dead letter: a private note in the chat's conversation."""

from unlost.interpret.posting import Draft, post_or_find
from unlost.interpret.standing import Standing
from unlost.vocabulary.events import NoteDue
from unlost.vocabulary.ids import WhatsAppId
from unlost.vocabulary.links import Part
from unlost.vocabulary.steps import PostMessage, Step
from unlost.vocabulary.verdicts import Dead, Delivered, Skipped, SkipReason, Verdict


def note_step(event: NoteDue, standing: Standing) -> Step | Verdict:
    """Post the note once. Without a conversation there is nowhere to tell it; it may fail, and leaves no note itself."""
    if standing.facts.posted is not None:
        return Delivered()
    begun = standing.facts.begun
    where = begun.conversation if begun is not None and standing.in_doubt(PostMessage) else standing.conversation
    if where is None:
        return Skipped(SkipReason.TARGET_MISSING)
    missing = sum(1 for r in standing.facts.refusals if r.step == PostMessage.__name__ and r.status == 404)
    if missing > 1:
        return Dead("what stood for the chat was not there, twice")
    post = post_or_find(_draft(standing), where, standing)
    return Dead(post) if isinstance(post, str) else post


def _draft(standing: Standing) -> Draft:
    return Draft(
        id=WhatsAppId(standing.key[:32]),
        body=standing.words.note_of_dead_letter,
        part=Part.NOTE,
        direction="outgoing",
        private=True,
    )
