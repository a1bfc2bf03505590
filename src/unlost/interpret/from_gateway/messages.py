"""A message: typed by a customer, by a group's member, or by the firm on its own phone."""


from msgspec.structs import replace

from unlost.interpret.duplicates import stands_already
from unlost.interpret.follow_ups import sweeps
from unlost.interpret.from_gateway.empty import empty_step
from unlost.interpret.from_gateway.stand import stand
from unlost.interpret.from_gateway.telling import draft_of, target_of
from unlost.interpret.posting import Draft
from unlost.interpret.standing import Standing
from unlost.interpret.text import CONTENT_MAX_CHARS, cleaned
from unlost.vocabulary.events import MessageArrived
from unlost.vocabulary.steps import Step
from unlost.vocabulary.verdicts import Skipped, SkipReason, Verdict


def message_step(event: MessageArrived, standing: Standing) -> Step | Verdict:
    """Say what a message still needs before it stands in the helpdesk."""
    facts = standing.facts
    is_underway = facts.begun is not None or facts.posted is not None
    if not is_underway and stands_already(event, standing.known):
        reason = SkipReason.EMPTY_TWIN if event.is_empty else SkipReason.DUPLICATE
        return Skipped(reason, then=sweeps(event, standing))
    if not is_underway and event.is_empty:
        waiting = empty_step(event, standing)
        if waiting is not None:
            return waiting
    return stand(event, message_draft(event, standing), standing)


def message_draft(event: MessageArrived, standing: Standing) -> Draft:
    """The message's words, with a line for what hangs on it, above them what WhatsApp says about it."""
    words = standing.words
    draft = draft_of(event, _body(event, standing), standing, answers=target_of(standing) if event.quote else None)
    marks = (*((words.forwarded,) if event.forwarded else ()), *((words.view_once,) if event.view_once else ()))
    return replace(
        draft,
        heading=(*draft.heading, *marks),
        quoted=event.quote.text if event.quote else "",
        forwarded=event.forwarded,
        view_once=event.view_once,
    )


def _body(event: MessageArrived, standing: Standing) -> str:
    """An edit that came while the message was a dead letter has changed what is posted."""
    words = standing.words
    edited = standing.known.replacement_text
    text = cleaned((event.text if edited is None else edited)[: CONTENT_MAX_CHARS + 1])
    line = words.attachments[event.attachment] if event.attachment else ""
    if not text.strip():
        return line or words.unsupported
    return f"{line}\n{text}" if line else text
