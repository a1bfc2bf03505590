"""The download of a message's file: an entry of its own from the moment of arrival (hard case 12).

It fetches, then looks how its message stands. A message that took the file along needs nothing more; one that went without gets it as a
reply, once; one that is still to come is waited for, off the lane; one that was deleted for everyone gets no late file.
"""

import re
from math import isfinite

from msgspec.structs import replace

from unlost.interpret.follow_ups import dead
from unlost.interpret.from_gateway.files import spool_misses, trouble_line
from unlost.interpret.from_gateway.gate import left_out
from unlost.interpret.from_gateway.stand import stand
from unlost.interpret.from_gateway.telling import draft_of
from unlost.interpret.people import same_person
from unlost.interpret.posting import Draft
from unlost.interpret.standing import Standing
from unlost.vocabulary.attachments import ToldFile
from unlost.vocabulary.envelopes import Direction
from unlost.vocabulary.events import Attachment, FileDue
from unlost.vocabulary.facts import Facts, Refusal
from unlost.vocabulary.links import MessageLink, Part, TargetState
from unlost.vocabulary.steps import AskDownload, AskFileName, FetchFile, HelpdeskStep, Step
from unlost.vocabulary.verdicts import Delivered, Parked, SentOn, Skipped, SkipReason, Until, Verdict

MESSAGE_WAIT_S = 30 * 86_400.0
"""For the message itself. While that waits for the helpdesk, or is a dead letter that somebody may retry yet, its file waits again."""
FETCHES_MAX = 5
"""So often a file may vanish from the spool: a disk that loses more loses everything."""
DOWNLOADS_MAX = 3
"""So often the gateway is asked to fetch it from WhatsApp: one that clears its folder at once would be asked for ever."""
GONE = (404, 410)
TAIL_CHARS = 6
IS_TO_COME = frozenset({TargetState.PENDING, TargetState.DEAD})


def download_step(event: FileDue, standing: Standing) -> Step | Verdict:
    """What the file still needs before it stands in the helpdesk, or need not."""
    facts = standing.facts
    if facts.begun is not None or facts.posted is not None:
        return _in_its_lane(stand(event, _draft(event, standing), standing), standing)
    ended = _ended(event, standing)
    if ended is not None:
        return ended
    is_known = facts.file_trouble is not None or (facts.file is not None and spool_misses(standing) < facts.fetches)
    if not is_known:
        return _fetch(event, standing)
    if not _links(event, standing):
        return _message_wait(standing)
    return _in_its_lane(stand(event, _draft(event, standing), standing), standing)


def _ended(event: FileDue, standing: Standing) -> Verdict | None:
    """Nothing is left to do: it stands, is not wanted, or there is no message that it could belong to."""
    links, known = _links(event, standing), standing.known
    if any(link.part is Part.FILE for link in links):
        return Delivered()
    reason = left_out(event, standing)
    if reason is not None:
        return Skipped(reason)
    is_alone = not links and not _may_stand_yet(standing)
    return Skipped(SkipReason.TARGET_MISSING) if known.is_revoked or is_alone else None


def _may_stand_yet(standing: Standing) -> bool:
    """Links that are not the message's own hide how that stands: behind those it is waited for once."""
    state = standing.known.target_state
    return state in IS_TO_COME or (state is TargetState.LINKED and not standing.facts.target_wait_over)


def _message_wait(standing: Standing) -> Parked:
    """From now on: the journal counts a wait from the arrival, which lies ahead where the clock went back since."""
    age_s = standing.known.age_s
    return Parked(Until.TARGET, MESSAGE_WAIT_S + (age_s if isfinite(age_s) else 0.0))


def _links(event: FileDue, standing: Standing) -> list[MessageLink]:
    """Those of the message itself: another member of a group may have chosen the same id."""
    known = standing.known
    return [link for link in known.target if same_person(link.sender, event.sender, known)]


def _fetch(event: FileDue, standing: Standing) -> Step | Verdict:
    """From where it was told to lie; where it is not, the gateway is asked to fetch it from WhatsApp again."""
    facts = standing.facts
    if standing.direction is not Direction.MEDIA:
        return SentOn(Direction.MEDIA)
    if facts.fetches >= FETCHES_MAX:
        return dead(event, "its file vanished again and again", key=standing.key)
    assert event.id is not None, "a download is known by its message's id"
    if _needs_name(event, standing):
        return AskFileName(event.chat, event.id, event.told_at)
    path = _path(event, facts)
    if path:
        told = ToldFile(path, mime_type=event.file.mime_type, name=event.file.name or facts.file_name)
        spooled = f"{standing.key}-{facts.fetches}"
        return FetchFile(told, event.hangs.value, spooled, _called(event), standing.policy.media_max_bytes)
    if _may_be_asked_for(facts) and not standing.was_refused(AskDownload):
        return AskDownload(event.chat, event.id)
    return dead(event, "the gateway does not have the file", key=standing.key)


def _path(event: FileDue, facts: Facts) -> str:
    """The newest that was told, empty where that was refused: each is refused once."""
    told = ([event.file.path] if event.file.path else []) + [facts.file_path] * _downloads(facts)
    return told[-1] if len(told) > len(_refusals(facts)) else ""


def _may_be_asked_for(facts: Facts) -> bool:
    """It never was; or it was gone from where it had been put: a gateway's folder is cleared by whoever needs the room."""
    is_first = _downloads(facts) == 0
    return is_first or (_downloads(facts) < DOWNLOADS_MAX and _refusals(facts)[-1].status in GONE)


def _downloads(facts: Facts) -> int:
    """None where no path is known of any: whoever retried it forgot the path, and may not have forgotten the count."""
    return max(facts.downloads, 1) if facts.file_path else 0


def _refusals(facts: Facts) -> list[Refusal]:
    return [refusal for refusal in facts.refusals if refusal.step == FetchFile.__name__]


def _needs_name(event: FileDue, standing: Standing) -> bool:
    """A document is known by its name; of a photo nobody wants to know what a phone called it."""
    facts = standing.facts
    is_nameless = event.hangs is Attachment.DOCUMENT and not event.file.name and not facts.file_name
    return is_nameless and not facts.file_name_asked and not standing.was_refused(AskFileName)


def _called(event: FileDue) -> str:
    """A name for what has none: its kind, and the end of its message's id to tell two apart."""
    tail = re.sub(r"[^A-Za-z0-9]", "", event.id or "")[-TAIL_CHARS:]
    return f"{event.hangs.value.replace('_', '-')}-{tail}"


def _draft(event: FileDue, standing: Standing) -> Draft:
    links, facts, words = _links(event, standing), standing.facts, standing.words
    answers = next((link for link in links if link.part is Part.TEXT), None)
    name = words.attachments[event.hangs]
    # Shown where the chat goes on elsewhere. Where the message stands the customer's file would open what was resolved, and
    # draw his next message there (contract page 1.4); a conversation that is gone would cost the chat the one that it has.
    quoted = f"#{answers.conversation}: {name}" if answers is not None else name
    if facts.file is None or facts.file_trouble is not None:
        body = f"{name}\n{trouble_line(facts.file_trouble, standing)}"
        draft = draft_of(event, body, standing, answers=answers)
        return replace(draft, part=Part.FILE, speaker="", quoted=quoted)
    draft = draft_of(event, words.file_late, standing, answers=answers)
    without = f"{name}\n{words.file_not_taken}"
    return replace(draft, part=Part.FILE, speaker="", quoted=quoted, files=(facts.file,), body_without_files=without)


def _in_its_lane(step: Step | Verdict, standing: Standing) -> Step | Verdict:
    """Chats are written to from the inbound lanes alone."""
    if standing.direction is not Direction.INBOUND and isinstance(step, HelpdeskStep):
        return SentOn(Direction.INBOUND)
    return step
