"""Where a chat's messages stand: its contact and conversation, found or made, each exactly once.

The order of the look-ups is chosen for the fewest calls (design section 4, cost): someone new is created at once, and what the
helpdesk objects to says what to look for. Where a resolved conversation does not go on, a remembered one is looked at before each
message: nothing else tells for sure that it was resolved. Facts about Chatwoot: contract page 1.2 to 1.4.
"""

from unlost.interpret.people import chosen_name, phones_of, resolved, unnamed
from unlost.interpret.standing import Standing, marker_of
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.events import Told
from unlost.vocabulary.ids import ContactId, ConversationId
from unlost.vocabulary.steps import (
    CreateContact,
    CreateConversation,
    FindContact,
    FindConversation,
    FindPerson,
    JoinInbox,
    PostMessage,
    Step,
)

FORMS_OF_CONTACT = 3
"""Full, without its number, and with the catalogue's name: a helpdesk that refuses all three wants no contact at all."""
HEALED_BY_FORGETTING = frozenset(s.__name__ for s in (PostMessage, FindConversation, CreateConversation))
"""Steps that name a remembered id: the first 404 has it forgotten (`Facts.healed`), the next is the end."""
SEARCHES = (FindContact, FindPerson)
NOT_ALLOWED = frozenset({401, 402, 403})
SOURCE_ID_TAKEN = 422
"""Of a conversation: its source_id is another contact's (contract page 1.4), as happens where two lanes met one person as two."""

Place = ConversationId | Step | str
"""The conversation; or what is needed to have it; or, as text, why there is none."""


def place_for(event: Told, standing: Standing) -> Place:
    """The conversation of the event's chat, or the next step towards it, or the cause why there can be none."""
    chat = resolved(event.chat, standing.known)
    if standing.in_doubt(CreateContact):
        # Decides it: the source_id is unique, and written in one transaction with the contact.
        made = _new_contact(event, chat, standing, lesser_form=len(standing.refusals_of(CreateContact)))
        return FindContact(_begun_under(standing) or chat, made_as=made.name)
    if standing.in_doubt(CreateConversation):
        contact = standing.contact
        return FindContact(chat) if contact is None else FindConversation(contact, marker_of(standing.key))
    if any(standing.was_refused(search) for search in SEARCHES) or standing.refusals_of(FindConversation):
        return "the helpdesk refused a search"
    if _is_gone_for_good(standing):
        return "what stood for the chat was not there, twice"
    goes_on = standing.conversation if standing.policy.reopens else standing.facts.conversation
    if goes_on is not None:
        return goes_on
    if standing.contact is None:
        return _ensure_contact(event, chat, standing)
    return _ensure_conversation(standing.contact, chat, standing)


def place_of_doubt(event: Told, standing: Standing) -> Place:
    """Where a post in doubt is looked for: in the conversation its intent names; where that names none (a restored journal), in
    whatever stands for the chat by now. Nothing is made meanwhile: where there is no contact or conversation there is no post.

    What a journal that is gone may have begun is looked for in every other conversation of the contact, too, and in those of the
    person's contacts under every form: it may not have known that they are one.
    """
    facts = standing.facts
    if facts.may_stand_in is not None:
        left = next((place for place in facts.may_stand_in if place not in facts.not_in), None)
        if left is not None:
            return left
    named = None if facts.begun is None else facts.begun.conversation
    if named is not None and named not in facts.not_in:
        return named
    if any(standing.was_refused(search) for search in SEARCHES) or standing.refusals_of(FindConversation):
        return "the helpdesk refused a search"
    if _is_gone_for_good(standing):
        return "what stood for the chat was not there, twice"
    if standing.conversation is not None and standing.conversation not in facts.not_in:
        return standing.conversation
    chat = resolved(event.chat, standing.known)
    others = tuple(lid for lid, phone in standing.known.paired if phone == chat)
    if standing.contact is not None:
        if named is None and facts.conversations_searched and not facts.contact_by_source_searched:
            return FindContact(chat)  # the source_id may be another's: then the journal that is gone went on with him
        sources = (chat, *others) if others else ()  # known under one of them, he may have another contact under each
        return FindConversation(standing.contact, resolved_too=True, other_sources=sources)
    return FindPerson(chat, phones_of(chat), others) if facts.contact_by_source_searched else FindContact(chat)


def _begun_under(standing: Standing) -> Address | None:
    """The form of the chat that the contact in doubt was begun under: a pairing may have been learned since."""
    begun = standing.facts.begun
    return Address(begun.part) if begun is not None and begun.part else None


def _is_gone_for_good(standing: Standing) -> bool:
    return any(r.status == 404 and r.step in HEALED_BY_FORGETTING for r in standing.facts.refusals)


def _ensure_contact(event: Told, chat: Address, standing: Standing) -> Step | str:
    facts, phones = standing.facts, phones_of(chat)
    refusals = standing.refusals_of(CreateContact)
    may_exist = bool(refusals) or facts.healed or facts.absences > 0
    has_two_spellings = len(phones) > 1
    if may_exist and not facts.contact_by_source_searched:
        return FindContact(chat)
    if (may_exist or has_two_spellings) and not facts.person_searched:
        return FindPerson(chat, phones)
    if any(r.status in NOT_ALLOWED for r in refusals) or len(refusals) >= FORMS_OF_CONTACT:
        return f"the helpdesk refused the contact ({refusals[-1].status or 'no status'})"
    return _new_contact(event, chat, standing, lesser_form=len(refusals))


def _new_contact(event: Told, chat: Address, standing: Standing, *, lesser_form: int) -> CreateContact:
    phones = phones_of(chat)
    name = chosen_name(chat, event.push_name, from_me=event.from_me)
    return CreateContact(
        chat,
        chat,
        name if name and lesser_form < 2 else unnamed(chat, standing.words),
        phones[0] if phones and lesser_form < 1 else "",
    )


def _ensure_conversation(contact: ContactId, chat: Address, standing: Standing) -> Step | str:
    facts, refusals = standing.facts, standing.refusals_of(CreateConversation)
    if len(refusals) > 1 or any(r.status != SOURCE_ID_TAKEN for r in refusals):
        return f"the helpdesk refused the conversation ({refusals[-1].status or 'no status'})"
    if refusals and not facts.contact_by_source_searched:
        return FindContact(chat)  # the source_id may be somebody else's: then he is the one
    if _came_by_person(standing):
        if not standing.was_refused(JoinInbox):
            return JoinInbox(contact, chat)
        if not facts.contact_by_source_searched:
            return FindContact(chat)  # the source_id is somebody else's: then he is the one
        return "the helpdesk refused to join the contact to the inbox"
    is_blank = facts.contact_is_new and not facts.contact_was_found
    if not is_blank and not facts.conversations_searched:
        return FindConversation(contact)
    return CreateConversation(contact, chat, marker_of(standing.key))


def _came_by_person(standing: Standing) -> bool:
    """True for a contact found by identifier or number in this entry: it may not have our source_id in this inbox yet."""
    facts = standing.facts
    return facts.contact is not None and facts.person_searched and not facts.contact_is_new and not facts.inbox_joined
