"""Performs the helpdesk's steps: each is one call, answered by the facts with what it taught.

Which facts a step sets (all else stays as it was):

    FindContact         contact_by_source_searched; contact and inbox_joined where somebody has the source_id;
                        contact_is_new and contact_was_found where that is the one in doubt
    FindPerson          person_searched; contact where somebody is the person
    CreateContact       contact, contact_is_new
    JoinInbox           inbox_joined
    RenameContact       renamed                                SetAvatar      avatar_set
    FindConversation    conversations_searched; conversation where there is one; may_stand_in, all that may hold a post in doubt, where
                        it asks for the resolved ones too
    CreateConversation  conversation
    FindEmptyTwins      empty_twins                            CloseTwin      closed_twins, one more
    MarkSeen            marked_seen                            ShowTyping     typing_shown
    AddAttributes       attributes_added
    PostMessage         posted, posted_in
    FindMessage         copies; posted, the oldest of them, and posted_in, where there is one
                        content_stands where only the content of what had none does
    DeleteMessage       deleted, one more                      LookForDeleted deleted, one more, where it is gone
    ReadStatuses        statuses of those that stand           SetStatus      patched, one more
    TellSecondForwarder forwarder_told

A post that a journal that is gone may have begun stays in doubt until every conversation in may_stand_in is in not_in: FindMessage
in vain adds its own.

A once-only step that was done clears `begun`. A search clears it too where it settles the doubt: FindContact and FindPerson that of
CreateContact (in vain also that of CreateConversation: no contact, no conversation), FindConversation with a marker that of
CreateConversation, FindPerson and, once it is known who has the source_id, FindConversation in vain that of a PostMessage that
names no conversation, FindMessage that of PostMessage and DeleteMessage, LookForDeleted that of DeleteMessage. In vain it adds one
to `absences` (not for a deletion) and sets `reposted_above`, or `conversation_reposted_above`, to the lowest high water any of the
intents was begun above; a post's conversation joins `absent_from`. Where FindMessage adopts another writer's copy it sets
`reposted_above`, too: ours may still come.

Learned: the high water from every message id seen, and what the helpdesk confirmed. Links are made by the road.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from unlost.chatwoot.client import ChatwootClient
from unlost.deliver import helpdesk_contacts, helpdesk_conversations, helpdesk_messages
from unlost.deliver.helpdesk_conversations import ConversationPolicy
from unlost.deliver.helpdesk_messages import Hearing
from unlost.errors import Blocked, Refused
from unlost.journal.rows import Learned
from unlost.spool import Shelf
from unlost.vocabulary.facts import Facts
from unlost.vocabulary.steps import (
    AddAttributes,
    CloseTwin,
    CreateContact,
    CreateConversation,
    DeleteMessage,
    FindContact,
    FindConversation,
    FindEmptyTwins,
    FindMessage,
    FindPerson,
    HelpdeskStep,
    JoinInbox,
    LookForDeleted,
    MarkSeen,
    PostMessage,
    ReadStatuses,
    RenameContact,
    SetAvatar,
    SetStatus,
    ShowTyping,
    TellSecondForwarder,
)

Fetch = Callable[[str], Awaitable[tuple[str, bytes]]]
"""From a picture's address to its content type and bytes. Raises UnlostError."""

ABOUT_US: Final = frozenset({401, 403, 404})
"""Answers that may be about this entry alone (an agent may not see that conversation; it is gone), or about our token or inbox."""


@dataclass(frozen=True, slots=True)
class ToHelpdesk:
    """One channel's way into its helpdesk."""

    client: ChatwootClient
    conversations: ConversationPolicy
    fetch: Fetch
    hearing: Hearing
    shelf: Shelf

    async def perform(self, step: HelpdeskStep, facts: Facts) -> tuple[Facts, Learned]:
        """Do *step*; for a once-only one *facts* hold it as begun. Raises UnlostError.

        A refusal that may be about the whole channel is told apart at once: Blocked where the token does not open the inbox.
        """
        try:
            return await self._perform(step, facts)
        except Refused as refused:
            if refused.status not in ABOUT_US or await self.client.probe_token():
                raise
            text = f"the helpdesk answers {refused.status} to our credentials: check token, account and inbox"
            raise Blocked(text, cause=refused.cause, status=refused.status) from refused

    async def _perform(self, step: HelpdeskStep, facts: Facts) -> tuple[Facts, Learned]:
        client = self.client
        match step:
            case FindContact():
                return await helpdesk_contacts.find_contact(client, step, facts)
            case FindPerson():
                return await helpdesk_contacts.find_person(client, step, facts)
            case CreateContact():
                return await helpdesk_contacts.create_contact(client, step, facts)
            case JoinInbox():
                return await helpdesk_contacts.join_inbox(client, step, facts)
            case RenameContact():
                return await helpdesk_contacts.rename_contact(client, step, facts)
            case SetAvatar():
                _, picture = await self.fetch(step.url)
                return await helpdesk_contacts.set_avatar(client, step, facts, picture)
            case FindConversation():
                return await helpdesk_conversations.find(client, step, facts, self.conversations)
            case CreateConversation():
                return await helpdesk_conversations.create(client, step, facts, self.conversations)
            case FindEmptyTwins():
                return await helpdesk_conversations.find_empty_twins(client, step, facts)
            case CloseTwin():
                return await helpdesk_conversations.close_twin(client, step, facts)
            case AddAttributes():
                return await helpdesk_conversations.add_attributes(client, step, facts)
            case ShowTyping():
                return await helpdesk_conversations.show_typing(client, step, facts)
            case MarkSeen():
                return await helpdesk_conversations.mark_seen(client, step, facts)
            case PostMessage():
                return await helpdesk_messages.post(client, step, facts, self.hearing, self.shelf)
            case FindMessage():
                return await helpdesk_messages.find(client, step, facts, self.hearing)
            case DeleteMessage():
                return await helpdesk_messages.delete(client, step, facts)
            case LookForDeleted():
                return await helpdesk_messages.look_for_deleted(client, step, facts)
            case ReadStatuses():
                return await helpdesk_messages.read_statuses(client, step, facts)
            case SetStatus():
                return await helpdesk_messages.set_status(client, step, facts)
            case TellSecondForwarder():
                return helpdesk_messages.tell_second_forwarder(facts, self.hearing)
