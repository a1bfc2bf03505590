"""A message: typed by a customer, by a group's member, or by the firm on its own phone."""

from msgspec.structs import replace

from unlost.interpret.duplicates import stands_already
from unlost.interpret.follow_ups import sweeps
from unlost.interpret.from_gateway.empty import empty_step
from unlost.interpret.from_gateway.files import carried_by, file_wait
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
    held = None if is_underway else file_wait(standing)
    if held is not None:
        return held
    return stand(event, message_draft(event, standing), standing)


def message_draft(event: MessageArrived, standing: Standing) -> Draft:
    """The message's words and its file, or a line for what hangs on it; above them what WhatsApp says about it."""
    words, carried = standing.words, carried_by(event, standing)
    text = _words(event, standing)
    body = text if carried.files else _above(carried.line, text) or words.unsupported
    draft = draft_of(event, body, standing, answers=target_of(standing) if event.quote else None)
    marks = (*((words.forwarded,) if event.forwarded else ()), *((words.view_once,) if event.view_once else ()))
    return replace(
        draft,
        heading=(*draft.heading, *marks),
        quoted=event.quote.text if event.quote else "",
        forwarded=event.forwarded,
        view_once=event.view_once,
        files=carried.files,
        body_without_files=_above(carried.line_without, text),
        settles_file=carried.settles,
    )


def _words(event: MessageArrived, standing: Standing) -> str:
    """Text or caption, empty where there is none; an edit that came while the message was a dead letter has changed it."""
    edited = standing.known.replacement_text
    text = cleaned((event.text if edited is None else edited)[: CONTENT_MAX_CHARS + 1])
    return text if text.strip() else ""


def _above(line: str, text: str) -> str:
    return f"{line}\n{text}" if line and text else line or text
