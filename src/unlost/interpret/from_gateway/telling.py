"""Who speaks, when, and to what: what every told thing has in common when it is put into words."""

from msgspec.structs import replace

from unlost.interpret.people import resolved, short_number
from unlost.interpret.posting import Draft
from unlost.interpret.standing import Standing, link_id
from unlost.interpret.text import name_of, time_shown
from unlost.vocabulary.addresses import Address, is_group
from unlost.vocabulary.events import Told
from unlost.vocabulary.links import MessageLink, Part
from unlost.vocabulary.steps import PostMessage


def draft_of(event: Told, body: str, standing: Standing, *, answers: MessageLink | None = None) -> Draft:
    """*body* as the event's sender says it, below the time where it comes late."""
    is_members = is_group(event.chat) and not event.from_me
    return Draft(
        id=link_id(event, standing.key),
        body=body,
        heading=late_line(event, standing),
        heading_if_late=_told_line(event, standing) if standing.in_doubt(PostMessage) else (),
        speaker=speaker_of(event, standing) if is_members else "",
        sender=event.sender if is_members else None,
        direction="outgoing" if event.from_me else "incoming",
        answers=answers,
    )


def note_of(
    event: Told, body: str, standing: Standing, *, answers: MessageLink | None = None, is_spoken: bool = True
) -> Draft:
    """The same as a private note for the agents. *is_spoken* is False where the sender is not the one it tells of."""
    draft = draft_of(event, body, standing, answers=answers)
    speaker = draft.speaker if is_spoken else ""
    return replace(draft, speaker=speaker, direction="outgoing", private=True, sender=None)


def late_line(event: Told, standing: Standing) -> tuple[str, ...]:
    """WhatsApp's time, where the message comes late or after its place had passed.

    Not while it is looked for: it may have been posted in time, or late, and so may a copy that somebody else wrote.
    """
    if standing.in_doubt(PostMessage):
        return ()
    late_s = standing.known.late_s
    is_late = late_s is not None and late_s > standing.policy.late_after_s
    return _told_line(event, standing) if is_late or standing.known.out_of_place else ()


def _told_line(event: Told, standing: Standing) -> tuple[str, ...]:
    """WhatsApp's time, as a line of its own."""
    words = standing.words
    time = time_shown(event.told_at, utc_offset_s=standing.policy.utc_offset_s, pattern=words.time_pattern)
    return (words.told_at.format(time=time) if time else words.told_earlier,)


def speaker_of(event: Told, standing: Standing) -> str:
    """The group member's name as he chose it, else the end of his number."""
    return name_of(event.push_name) or shown(event.sender, standing)


def shown(address: Address, standing: Standing) -> str:
    """The end of the number, of the LID where no number is known: enough for people who know each other."""
    return short_number(resolved(address, standing.known))


def target_of(standing: Standing) -> MessageLink | None:
    """The helpdesk message that shows what the event refers to."""
    links = standing.known.target
    return next((link for link in links if link.part is Part.TEXT), links[0] if links else None)
