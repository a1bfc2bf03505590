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
    if any(r.step == PostMessage.__name__ and r.status == 404 for r in standing.facts.refusals):
        return Dead("the chat's conversation is not there")
    post = post_or_find(_draft(event, standing), where, standing)
    return Dead(post) if isinstance(post, str) else post


def _draft(event: NoteDue, standing: Standing) -> Draft:
    """With the dead letter's number, so that whoever may retry it finds it."""
    number = f" (#{event.entry})" if event.entry else ""
    return Draft(
        id=WhatsAppId(standing.key),
        body=standing.words.note_of_dead_letter + number,
        part=Part.NOTE,
        direction="outgoing",
        private=True,
    )
