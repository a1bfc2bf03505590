"""What a performed step leaves for good: the links that outlive its entry."""

from msgspec.structs import replace

from unlost.interpret.duplicates import words_hash
from unlost.interpret.people import chosen_name, resolved
from unlost.interpret.standing import link_id
from unlost.interpret.text import name_of
from unlost.vocabulary.addresses import Address
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
    RenameDue,
    SweepDue,
    Told,
)
from unlost.vocabulary.facts import Facts
from unlost.vocabulary.ids import WhatsAppId
from unlost.vocabulary.links import ChatLink, Known, MessageLink, Part
from unlost.vocabulary.steps import FindMessage, PostMessage


def chat_link(event: Event, known: Known, facts: Facts) -> ChatLink | None:
    """The chat's link with what *facts* have added to it; None where they add nothing.

    A contact goes with its conversation: one that was made or found while the chat had got another's is left out.

    The name of a contact that we made is kept only where a person chose it: an empty *name* with *name_is_ours* means that the
    catalogue's word stands there, to be bettered.
    """
    chat = _chat_of(event, known)
    if chat is None:
        return None
    before = known.chat or ChatLink(chat)
    is_left_out = facts.contact is None or _has_anothers_place(before, facts)
    after = replace(
        before,
        contact=before.contact if is_left_out else facts.contact,
        conversation=facts.conversation if facts.conversation is not None else before.conversation,
        picture_id=facts.picture_id if facts.avatar_set else before.picture_id,
    )
    is_made_now = facts.contact_is_new and before.contact != after.contact
    after = _named(after, event, facts, is_made_now=is_made_now)
    return after if after != before else None


def _has_anothers_place(link: ChatLink, facts: Facts) -> bool:
    """Whether the chat's conversation was there by itself, and not found by way of the contact of *facts*: a person met as two."""
    return link.conversation is not None and facts.conversation is None and not facts.healed


def message_links(event: Event, facts: Facts, step: PostMessage | FindMessage, key: str) -> tuple[MessageLink, ...]:
    """The link of what *step* posted or found; none before that is known. *key*: the entry's door key."""
    if facts.posted is None:
        return ()
    match event:
        case NoteDue():
            note = MessageLink(
                WhatsAppId(key), event.chat, event.chat, Part.NOTE, facts.posted, step.conversation, is_outgoing=True
            )
            return (note,)
        case MessageArrived() | ReactionArrived() | MessageEdited() | MessageRevoked() | Noticed() | FileDue():
            link = MessageLink(
                link_id(event, key),
                event.chat,
                event.sender,
                Part.FILE if isinstance(event, FileDue) else Part.TEXT,
                facts.posted,
                step.conversation,
                is_outgoing=step.direction == "outgoing",
                told_at=event.told_at,
                text_hash="" if isinstance(event, FileDue) else words_hash(event),
            )
            has_file = isinstance(event, MessageArrived) and event.file is not None and facts.file_stands
            return (link, replace(link, part=Part.FILE)) if has_file else (link,)
        case _:
            return ()


def _chat_of(event: Event, known: Known) -> Address | None:
    match event:
        case Told() | LookUpDue() | SweepDue() | NoteDue() | RenameDue():
            return resolved(event.chat, known)
        case _:
            return None


def _named(link: ChatLink, event: Event, facts: Facts, *, is_made_now: bool) -> ChatLink:
    """Once bettered a name is no longer ours to change: an agent may have written it since."""
    match event:
        case Told() if is_made_now:
            name = chosen_name(link.chat, event.push_name, from_me=event.from_me)
            return replace(link, name=name, name_is_ours=not name)
        case RenameDue() if facts.renamed:
            return replace(link, name=event.name, name_is_ours=False)
        case LookUpDue() if facts.renamed:
            return replace(link, name=name_of(facts.group_name or facts.user_name), name_is_ours=False)
        case _:
            return link
