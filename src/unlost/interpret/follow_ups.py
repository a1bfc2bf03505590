"""Background work that an ending brings, and the ending that brings a note."""

from unlost.interpret.duplicates import stand_in_for
from unlost.interpret.from_gateway.files import downloads
from unlost.interpret.people import chosen_name, resolved
from unlost.interpret.standing import Standing, derived_key, link_id, marker_of, source_id_of, unlost_key
from unlost.vocabulary.addresses import Address, is_group, is_lid, is_newsletter, is_phone
from unlost.vocabulary.envelopes import Direction, Kind
from unlost.vocabulary.events import (
    Event,
    FileDue,
    LookUpDue,
    MessageArrived,
    MessageEdited,
    MessageRevoked,
    NoteDue,
    Noticed,
    ReactionArrived,
    ReferralDue,
    RenameDue,
    RescueDue,
    SweepDue,
    Told,
)
from unlost.vocabulary.ids import ConversationId, HelpdeskMessageId
from unlost.vocabulary.links import Part
from unlost.vocabulary.verdicts import Dead, FollowUp

RESCUE_WAIT_S = 10.0
"""Chatwoot waits 5 s for our door before it marks a message; its queue may lag a little."""


def dead(event: Event, cause: str, *, key: str, entry: int = 0) -> Dead:
    """*event* ends without effect, for *cause*; if it would have stood in a chat, the agents are told there.

    *entry* is the journal's number for the note, 0 where the caller does not know it. A note, a sweep, a look-up, a receipt and
    what came from the helpdesk leave no note: nobody in the chat misses them, and a note about a note has no end.
    """
    match event:
        case MessageArrived() | ReactionArrived() | MessageEdited() | MessageRevoked() | Noticed() | FileDue() if (
            event.chat
        ):
            return Dead(cause, then=(_note(event.chat, key, entry),))
        case _:
            return Dead(cause)


TOLD_IN_A_CHAT = frozenset({Kind.MESSAGE, Kind.REACTION, Kind.EDIT, Kind.REVOKE, Kind.CALL, Kind.FILE})


def dead_unread(kind: Kind, chat: Address, cause: str, *, key: str, entry: int) -> Dead:
    """What may not be read again ends for *cause*; the agents are told where the kind alone says that it stands in a chat."""
    if kind not in TOLD_IN_A_CHAT or not chat:
        return Dead(cause)
    return Dead(cause, then=(_note(chat, key, entry),))


def _note(chat: Address, key: str, entry: int) -> FollowUp:
    return FollowUp(Kind.NOTE, Direction.CHORE, chat, derived_key(key, "note"), NoteDue(chat=chat, entry=entry))


def after_post(event: Told, standing: Standing) -> tuple[FollowUp, ...]:
    """What a message that stands now brings: look-ups of who is new, sweeps for what was begun more than once, a look at marks."""
    return (
        *look_ups(event, standing),
        *renames(event, standing),
        *sweeps(event, standing),
        *removals(event, standing),
        *rescues(event, standing),
        *referrals(event, standing),
        *(downloads(event, standing) if isinstance(event, MessageArrived) else ()),
    )


def referrals(event: Told, standing: Standing) -> tuple[FollowUp, ...]:
    """The ad that brought the customer, for the conversation his message stands in."""
    where = standing.conversation
    if not isinstance(event, MessageArrived) or event.referral is None or where is None:
        return ()
    chat = resolved(event.chat, standing.known)
    due = ReferralDue(chat=chat, conversation=where, fields=event.referral.fields)
    return (FollowUp(Kind.REFERRAL, Direction.CHORE, chat, derived_key(standing.key, "referral"), due),)


def renames(event: Told, standing: Standing) -> tuple[FollowUp, ...]:
    """The name that a person chose, for a contact that still has the catalogue's: told with a message, so it costs no look-up.

    Asked for once for each name: messages that follow before it is given tell the same.
    """
    link, contact = standing.known.chat, standing.contact
    if contact is None or link is None or not link.name_is_ours or standing.facts.contact_is_new:
        return ()
    chat = resolved(event.chat, standing.known)
    name = chosen_name(chat, event.push_name, from_me=event.from_me)
    if not name:
        return ()
    key = derived_key("rename", chat, str(contact), name)
    return (FollowUp(Kind.RENAME, Direction.CHORE, chat, key, RenameDue(chat=chat, name=name)),)


def removals(event: Told, standing: Standing) -> tuple[FollowUp, ...]:
    """Of the line that stood in for this message while its content was missing."""
    line = stand_in_for(event, standing.known)
    if line is None:
        return ()
    chat = resolved(event.chat, standing.known)
    due = SweepDue(
        chat=chat,
        conversation=line.conversation,
        source_id=source_id_of(link_id(event, standing.key), Part.TEXT),
        key=unlost_key(standing.key, Part.TEXT),
        above=HelpdeskMessageId(line.message - 1),
        keep=standing.facts.posted,
        stand_in=line.message,
    )
    return (FollowUp(Kind.SWEEP, Direction.CHORE, chat, derived_key(standing.key, "stand_in", str(line.message)), due),)


def rescues(event: Told, standing: Standing) -> tuple[FollowUp, ...]:
    """One look at the mark of a copy that was found, not answered.

    It stood while nobody here knew of it: its webhook may have met a closed door and marked it failed (hard case 19), and the
    rescue after the gap cannot have known it.
    """
    posted, where = standing.facts.posted, _where_it_stands(standing)
    if posted is None or where is None or posted not in (standing.facts.copies or ()):
        return ()
    due = RescueDue(conversation=where, messages=(posted,), marks=("sent",))
    chat = resolved(event.chat, standing.known)
    return (FollowUp(Kind.RESCUE, Direction.CHORE, chat, derived_key(standing.key, "rescue"), due, RESCUE_WAIT_S),)


def look_ups(event: Told, standing: Standing) -> tuple[FollowUp, ...]:
    """One question about a contact or group that this entry made; none about people the helpdesk knew, nor about a newsletter.

    The gateway's questions are about people and groups; it would take a newsletter's address for a phone number.
    """
    chat = resolved(event.chat, standing.known)
    if not standing.facts.contact_is_new or is_newsletter(chat):
        return ()
    if is_group(chat):
        return (_look_up(Kind.LOOK_UP_GROUP, chat, event, standing),)
    is_unnamed = not chosen_name(chat, event.push_name, from_me=event.from_me)
    if is_unnamed or standing.policy.avatars != "off":
        return (_look_up(Kind.LOOK_UP_CONTACT, chat, event, standing),)
    return ()


def _look_up(kind: Kind, chat: Address, event: Told, standing: Standing) -> FollowUp:
    due = LookUpDue(kind=kind, chat=chat, asked_by=link_id(event, standing.key))
    return FollowUp(kind, Direction.LOOK_UP, chat, derived_key(standing.key, kind.value), due)


def sweeps(event: Told, standing: Standing) -> tuple[FollowUp, ...]:
    """At each of the policy's waits: one sweep for a repeated post, one for a repeated conversation."""
    conversation = _conversation_sweep(event, standing)
    due = (*_message_sweeps(event, standing), *(() if conversation is None else (conversation,)))
    return tuple(
        FollowUp(
            Kind.SWEEP,
            Direction.CHORE,
            sweep.chat,
            derived_key(standing.key, "sweep", sweep.marker or str(sweep.conversation), str(turn)),
            sweep,
            wait_s,
        )
        for turn, wait_s in enumerate(standing.policy.sweep_waits_s)
        for sweep in due
    )


def _message_sweeps(event: Told, standing: Standing) -> list[SweepDue]:
    """One for each conversation in which a post was begun: where a LID's chat was joined to its number's these are two."""
    above, keep = _swept_above(standing), _standing_message(standing)
    part = Part.FILE if isinstance(event, FileDue) else Part.TEXT
    if above is None or keep is None:
        return []
    return [
        SweepDue(
            chat=resolved(event.chat, standing.known),
            conversation=conversation,
            source_id=source_id_of(link_id(event, standing.key), part),
            key=unlost_key(standing.key, part),
            above=above,
            keep=keep,
            any_key=standing.facts.gone_reposted and _is_known_by_its_id(event, standing),
            direction="outgoing" if event.from_me else "incoming",
        )
        for conversation in _begun_in(standing)
    ]


def _is_known_by_its_id(event: Told, standing: Standing) -> bool:
    """In a chat of two an id and a direction are one message. In a group another member's may have the same id."""
    chat = resolved(event.chat, standing.known)
    return isinstance(event, MessageArrived | FileDue) and (is_lid(chat) or is_phone(chat))


def _swept_above(standing: Standing) -> HelpdeskMessageId | None:
    """None where there is one copy at most: it was posted once, and no search found a second."""
    facts = standing.facts
    copies = facts.copies or ()
    if facts.reposted_above is None and len(copies) > 1:  # a journal that was restored knows of one of two posts
        return HelpdeskMessageId(min(copies) - 1)
    return facts.reposted_above


def _begun_in(standing: Standing) -> list[ConversationId]:
    last = _where_it_stands(standing)
    return list(dict.fromkeys((*standing.facts.absent_from, *(() if last is None else (last,)))))


def _where_it_stands(standing: Standing) -> ConversationId | None:
    """The conversation of what was posted or found: the one that the begun post named, which the chat may have left since."""
    posted_in = standing.facts.posted_in
    return standing.conversation if posted_in is None else posted_in


def _standing_message(standing: Standing) -> HelpdeskMessageId | None:
    """What this entry posted; else, where another entry was first, what that one did."""
    if standing.facts.posted is not None:
        return standing.facts.posted
    return next((link.message for link in standing.known.own if link.conversation in _begun_in(standing)), None)


def _conversation_sweep(event: Told, standing: Standing) -> SweepDue | None:
    facts = standing.facts
    if facts.conversation_reposted_above is None or standing.contact is None:
        return None
    return SweepDue(
        chat=resolved(event.chat, standing.known),
        conversation=standing.conversation,
        contact=standing.contact,
        marker=marker_of(standing.key),
    )
