"""A message: typed by a customer, by a group's member, or by the firm on its own phone."""

from msgspec.structs import replace

from unlost.interpret.duplicates import stands_already
from unlost.interpret.follow_ups import sweeps
from unlost.interpret.from_gateway.contents import shown_content
from unlost.interpret.from_gateway.empty import empty_step
from unlost.interpret.from_gateway.files import Carried, carried_by, file_wait
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
    if facts.content_stands:
        return Skipped(SkipReason.EMPTY_TWIN)
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
    held = None if is_underway else file_wait(standing)
    if held is not None:
        return held
    return stand(event, message_draft(event, standing), standing)


def message_draft(event: MessageArrived, standing: Standing) -> Draft:
    """The message's words and its file, or a line for what hangs on it; above them what WhatsApp says about it."""
    words, carried = standing.words, _carried(event, standing)
    text = _words(event, standing)
    without = words.unrecovered if event.is_unrecovered else words.unsupported
    body = _above(carried.line, text) or ("" if carried.files else without)
    draft = draft_of(event, body, standing, answers=target_of(standing) if event.quote else None)
    return replace(
        draft,
        heading=(*draft.heading, *((words.revoked,) if standing.known.is_revoked else ()), *_marks(event, words)),
        quoted=event.quote.text if event.quote else "",
        forwarded=event.forwarded,
        view_once=event.view_once,
        files=carried.files,
        body_without_files=_above(carried.line_without, text),
        settles_file=carried.settles,
        is_without_content=event.is_empty,
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


def _carried(event: MessageArrived, standing: Standing) -> Carried:
    """What hangs on the message, as far as it can be read or is here; else the catalogue's line for it."""
    words, kind = standing.words, event.attachment
    if event.content is not None or event.inline_file is not None:
        named = words.attachments[kind] if kind else ""
        line = shown_content(event.content, words) if event.content is not None else named
        return Carried((event.inline_file,) if event.inline_file else (), line=line, line_without=line)
    if kind is Attachment.INTERACTIVE and event.text.strip():
        return Carried(line=words.interactive)
    return carried_by(event, standing)


def _words(event: MessageArrived, standing: Standing) -> str:
    """Text or caption, empty where there is none; an edit that came while the message was a dead letter has changed it."""
    edited = standing.known.replacement_text
    text = cleaned((event.text if edited is None else edited)[: CONTENT_MAX_CHARS + 1])
    return text if text.strip() else ""


def _above(line: str, text: str) -> str:
    return f"{line}\n{text}" if line and text else line or text
