"""Steps about contacts. What each sets: see `to_helpdesk`."""

from msgspec.structs import replace

from unlost.chatwoot.client import ChatwootClient
from unlost.deliver.doubts import absent, absent_with_its_place, found, is_about
from unlost.errors import Refused, TryLater
from unlost.journal.rows import NOTHING_LEARNED, Learned
from unlost.spool import can_be_shown
from unlost.vocabulary.facts import Facts
from unlost.vocabulary.steps import (
    CreateContact,
    CreateConversation,
    FindContact,
    FindPerson,
    JoinInbox,
    RenameContact,
    SetAvatar,
)

Done = tuple[Facts, Learned]
DOUBTS_OF_NOBODY = (CreateContact, CreateConversation)


async def find_contact(client: ChatwootClient, step: FindContact, facts: Facts) -> Done:
    """By the inbox's source_id. Who has it is in the inbox; in doubt, under the name we gave, it is the one we made."""
    contact = await client.contacts.by_source(step.source_id)
    facts = replace(facts, contact_by_source_searched=True)
    if contact is None:
        return absent(facts, DOUBTS_OF_NOBODY), NOTHING_LEARNED
    if step.made_as and contact.name == step.made_as and is_about(facts, (CreateContact,)):
        facts = replace(facts, contact_is_new=True, contact_was_found=True)
    elif facts.contact not in (
        None,
        contact.id,
    ):  # another than we had: what is known of that one's conversations is not his
        facts = replace(facts, contact_is_new=False, contact_was_found=False, conversations_searched=False)
    return replace(found(facts, (CreateContact,)), contact=contact.id, inbox_joined=True), NOTHING_LEARNED


async def find_person(client: ChatwootClient, step: FindPerson, facts: Facts) -> Done:
    """By identifier or number."""
    contact = await client.contacts.by_person(step.identifier, step.phones, step.other_identifiers)
    facts = replace(facts, person_searched=True)
    if contact is None:
        return absent_with_its_place(absent(facts, DOUBTS_OF_NOBODY)), NOTHING_LEARNED
    return replace(found(facts, (CreateContact,)), contact=contact.id), NOTHING_LEARNED


async def create_contact(client: ChatwootClient, step: CreateContact, facts: Facts) -> Done:
    """With its place in the inbox."""
    contact = await client.contacts.create(
        source_id=step.source_id, identifier=step.identifier, name=step.name, phone=step.phone
    )
    return replace(facts, begun=None, contact=contact.id, contact_is_new=True), NOTHING_LEARNED


async def join_inbox(client: ChatwootClient, step: JoinInbox, facts: Facts) -> Done:
    """Raises Refused (fields: source_id) where the source_id is another contact's: Chatwoot has only a bare 500 for that."""
    try:
        await client.contacts.join_inbox(step.contact, step.source_id)
    except TryLater as error:
        if error.status != 500 or not await _is_anothers(client, step):
            raise
        raise Refused("join_inbox: the source_id is another contact's", fields=("source_id",)) from error
    return replace(facts, inbox_joined=True), NOTHING_LEARNED


async def rename_contact(client: ChatwootClient, step: RenameContact, facts: Facts) -> Done:
    """Its name."""
    await client.contacts.rename(step.contact, step.name)
    return replace(facts, renamed=True), NOTHING_LEARNED


async def set_avatar(client: ChatwootClient, step: SetAvatar, facts: Facts, picture: bytes) -> Done:
    """Its picture, as an upload: an avatar_url would be fetched later, from elsewhere, and fail in silence.

    Raises Refused (fields: avatar), nothing sent, where it claims more pixels than anybody can show, or does not say how many.
    """
    if not can_be_shown(picture):
        raise Refused("set_avatar: no picture that can be shown", fields=("avatar",))
    await client.contacts.set_avatar(step.contact, picture)
    return replace(facts, avatar_set=True), NOTHING_LEARNED


async def _is_anothers(client: ChatwootClient, step: JoinInbox) -> bool:
    owner = await client.contacts.by_source(step.source_id)
    return owner is not None and owner.id != step.contact
