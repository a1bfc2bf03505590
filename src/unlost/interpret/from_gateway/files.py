"""A message and its file: how long it waits for it, what it takes along, and what it says instead."""

from typing import NamedTuple

from unlost.interpret.standing import Standing
from unlost.vocabulary.attachments import SPOOL_MISSING, File, FileState, FileTrouble, file_key
from unlost.vocabulary.envelopes import Direction, Kind
from unlost.vocabulary.events import FileDue, MessageArrived
from unlost.vocabulary.steps import PostMessage
from unlost.vocabulary.verdicts import FollowUp, Held

ABSENCES_MAX = 2
"""So often a message was posted with its file and not found: then it goes alone, and the file tries on by itself."""
MEBIBYTE = 1024 * 1024
ALMOST_S = 0.001
"""A wait that is over by the clock may fall short of itself by a rounding."""


class Carried(NamedTuple):
    """What a message takes along. *line* stands above its words; *settles*: nothing more is to follow."""

    files: tuple[File, ...] = ()
    line: str = ""
    line_without: str = ""
    settles: bool = False


def file_wait(standing: Standing) -> Held | None:
    """Until the file is there, or the policy's wait is over: that is none while the gateway is away."""
    wait_s = standing.policy.media_wait_s
    is_coming = standing.known.file.state is FileState.COMING
    return Held(wait_s) if is_coming and standing.known.age_s + ALMOST_S < wait_s else None


def carried_by(event: MessageArrived, standing: Standing) -> Carried:
    """The file where it is here and can be sent; else one line that says what is to be known of it."""
    if event.attachment is None:
        return Carried()
    words, known = standing.words, standing.known.file
    name = words.attachments[event.attachment]
    if event.file is None or event.id is None:
        return Carried(line=name)
    follows = f"{name}\n{words.file_follows}"
    match known.state:
        case FileState.HERE if known.file is not None and _may_go_with_it(standing):
            return Carried((known.file,), line_without=follows)
        case FileState.REFUSED:
            return Carried(line=f"{name}\n{trouble_line(known.trouble, standing)}", settles=True)
        case FileState.LOST:
            return Carried(line=name)
        case _:
            return Carried(line=follows)


def trouble_line(trouble: FileTrouble | None, standing: Standing) -> str:
    """Why a file is not taken over."""
    words = standing.words
    if trouble is FileTrouble.PICTURE_BOMB:
        return words.picture_bomb
    return words.file_too_large.format(limit=max(1, standing.policy.media_max_bytes // MEBIBYTE))


def downloads(event: MessageArrived, standing: Standing) -> tuple[FollowUp, ...]:
    """One for a file that nobody fetches yet: it was told of only by the gateway's storage."""
    has_one = standing.known.file.state is not FileState.NONE
    if event.file is None or event.id is None or event.attachment is None or standing.facts.file_stands or has_one:
        return ()
    due = FileDue(
        chat=event.chat,
        sender=event.sender,
        id=event.id,
        from_me=event.from_me,
        told_at=event.told_at,
        hangs=event.attachment,
        file=event.file,
    )
    key = file_key(standing.key)
    return (FollowUp(Kind.FILE, Direction.MEDIA, event.chat, key, due, target=event.id),)


def spool_misses(standing: Standing) -> int:
    """How often the file was not where it had been put."""
    return sum(1 for r in standing.facts.refusals if r.step == PostMessage.__name__ and SPOOL_MISSING in r.fields)


def _may_go_with_it(standing: Standing) -> bool:
    return not spool_misses(standing) and standing.facts.absences < ABSENCES_MAX
