"""What is told without a message: calls, group members, presence, labels, and kinds that nobody knows yet."""

from unlost.interpret.duplicates import stands_already
from unlost.interpret.from_gateway.presence import presence_step
from unlost.interpret.from_gateway.stand import stand
from unlost.interpret.from_gateway.telling import draft_of, note_of, shown
from unlost.interpret.standing import Standing
from unlost.vocabulary.envelopes import Kind
from unlost.vocabulary.events import Noticed
from unlost.vocabulary.steps import Step
from unlost.vocabulary.verdicts import Skipped, SkipReason, Verdict

PEOPLE_SHOWN_MAX = 20
"""A group may take in 1,024 people at once; a note names so many."""
SAYS_NOTHING = frozenset({Kind.PRESENCE, Kind.LABEL, Kind.NEWSLETTER, Kind.CONNECTION})
"""Nothing that an agent could read: typing (which may be shown), the phone's own labels, counters of a newsletter, and the
gateway's link to WhatsApp, which opens and closes gaps."""

AUTO_REJECTED = "auto_rejected"


def notice_step(event: Noticed, standing: Standing) -> Step | Verdict:
    """A private note for calls and members; nothing for what says nothing; a readable line for everything unknown."""
    facts = standing.facts
    is_underway = facts.begun is not None or facts.posted is not None
    if event.kind is Kind.PRESENCE:
        return presence_step(event, standing)
    if not is_underway:
        if event.kind in SAYS_NOTHING:
            return Skipped(SkipReason.IGNORED)
        if event.kind is Kind.PARTICIPANTS and standing.conversation is None:
            return Skipped(SkipReason.IGNORED)  # who came and went is no reason to open a conversation
        if stands_already(event, standing.known):
            return Skipped(SkipReason.DUPLICATE)
    if event.kind is Kind.PARTICIPANTS:
        return stand(event, note_of(event, _members(event, standing), standing, is_spoken=False), standing)
    if event.kind is Kind.CALL:
        return stand(event, note_of(event, _call(event, standing), standing), standing)
    return stand(event, draft_of(event, standing.words.unsupported, standing), standing)


def _call(event: Noticed, standing: Standing) -> str:
    words = standing.words
    return words.rejected_call if event.detail == AUTO_REJECTED else words.incoming_call


def _members(event: Noticed, standing: Standing) -> str:
    words = standing.words
    lines = {"join": words.joined, "leave": words.left, "promote": words.promoted, "demote": words.demoted}
    names = [shown(person, standing) for person in event.people[:PEOPLE_SHOWN_MAX]]
    hidden = len(event.people) - len(names)
    people = ", ".join(names) + (f" {words.more_people.format(count=hidden)}" if hidden > 0 else "")
    return lines.get(event.detail, words.members_changed).format(people=people or "…")
