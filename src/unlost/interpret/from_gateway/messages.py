"""A message: typed by a customer, by a group's member, or by the firm on its own phone."""

from dataclasses import replace

from unlost.interpret.duplicates import stands_already
from unlost.interpret.follow_ups import sweeps
from unlost.interpret.from_gateway.contents import shown_content
from unlost.interpret.from_gateway.empty import empty_step
from unlost.interpret.from_gateway.stand import stand
from unlost.interpret.from_gateway.telling import draft_of, target_of
from unlost.interpret.posting import Draft
from unlost.interpret.standing import Standing
from unlost.interpret.text import CONTENT_MAX_CHARS, cleaned, one_line
from unlost.interpret.words import Words
from unlost.vocabulary.contents import Referral
from unlost.vocabulary.events import Attachment, MessageArrived
from unlost.vocabulary.steps import Step
from unlost.vocabulary.verdicts import Skipped, SkipReason, Verdict

AD_TITLE_MAX_CHARS = 200
"""One short line; the whole ad stands in the conversation's attributes."""


def message_step(event: MessageArrived, standing: Standing) -> Step | Verdict:
    """Say what a message still needs before it stands in the helpdesk."""
    facts = standing.facts
    is_underway = facts.begun is not None or facts.posted is not None
    if not is_underway and stands_already(event, standing.known):
        reason = SkipReason.EMPTY_TWIN if event.is_empty else SkipReason.DUPLICATE
        return Skipped(reason, then=sweeps(event, standing))
    if not is_underway and standing.known.is_revoked and standing.policy.mirror_deletes:
        return Skipped(SkipReason.DELETED_BY_SENDER)
    if not is_underway and event.is_empty:
        waiting = empty_step(event, standing)
        if waiting is not None:
            return waiting
    return stand(event, message_draft(event, standing), standing)


def message_draft(event: MessageArrived, standing: Standing) -> Draft:
    """The message's words, with a line for what hangs on it, above them what WhatsApp says about it."""
    words = standing.words
    draft = draft_of(event, _body(event, standing), standing, answers=target_of(standing) if event.quote else None)
    return replace(
        draft,
        heading=(*draft.heading, *((words.revoked,) if standing.known.is_revoked else ()), *_marks(event, words)),
        quoted=event.quote.text if event.quote else "",
        forwarded=event.forwarded,
        view_once=event.view_once,
    )


def _marks(event: MessageArrived, words: Words) -> tuple[str, ...]:
    """One short line for each thing that WhatsApp says about the message."""
    marks = (
        _from_ad(event.referral, words) if event.referral else "",
        words.forwarded if event.forwarded else "",
        words.view_once if event.view_once else "",
    )
    return tuple(mark for mark in marks if mark)


def _from_ad(referral: Referral, words: Words) -> str:
    title = one_line(referral.title, AD_TITLE_MAX_CHARS)
    return words.from_ad.format(title=title) if title else words.from_an_ad


def _body(event: MessageArrived, standing: Standing) -> str:
    """An edit that came while the message was a dead letter has changed what is posted."""
    words = standing.words
    edited = standing.known.replacement_text
    text = cleaned((event.text if edited is None else edited)[: CONTENT_MAX_CHARS + 1])
    line = _line(event, words)
    if not text.strip():
        return line or words.unsupported
    return f"{line}\n{text}" if line else text


def _line(event: MessageArrived, words: Words) -> str:
    """What hangs on the message, as far as it can be read; else the catalogue's line for it."""
    if event.content is not None:
        return shown_content(event.content, words)
    if event.attachment is Attachment.INTERACTIVE and event.text.strip():
        return words.interactive
    return words.attachments[event.attachment] if event.attachment else ""
