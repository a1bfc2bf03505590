"""Steps about conversations. What each sets: see `to_helpdesk`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from msgspec.structs import replace

from unlost.chatwoot.answers import Conversation
from unlost.chatwoot.client import ChatwootClient
from unlost.deliver.doubts import (
    absent,
    absent_everywhere,
    absent_with_its_place,
    found,
    high_water,
    is_by_gone_journal,
    lowest,
)
from unlost.errors import Blocked, Refused
from unlost.journal.rows import NOTHING_LEARNED, Learned
from unlost.vocabulary.facts import Facts
from unlost.vocabulary.ids import ContactId, ConversationId, HelpdeskMessageId
from unlost.vocabulary.steps import (
    AddAttributes,
    CloseTwin,
    CreateConversation,
    FindConversation,
    FindEmptyTwins,
    MarkSeen,
    ShowTyping,
)

Done = tuple[Facts, Learned]
RESOLVED: Final = "resolved"
TWIN_LABEL: Final = "late-twin"
"""So that an agent who meets one knows that it is empty on purpose."""


@dataclass(frozen=True, slots=True)
class ConversationPolicy:
    """*new_status* of a conversation we create. *reopen*: a resolved one goes on with the next message; else a new one begins."""

    new_status: Literal["open", "pending"]
    reopen: bool


async def find(client: ChatwootClient, step: FindConversation, facts: Facts, policy: ConversationPolicy) -> Done:
    """The contact's newest in our inbox, an unresolved one before a resolved one; with a marker only the one made under it."""
    listed = await client.conversations.of_contact(step.contact)
    others = await _of_others(client, step)
    learned = _high_water_of((*listed, *others))
    facts = replace(facts, conversations_searched=True)
    if step.marker:
        fitting = [one for one in listed if one.marker == step.marker]
    else:
        fitting = _usable(listed, reopen=policy.reopen or step.resolved_too)
    if not fitting and is_by_gone_journal(facts):  # that one may have begun a conversation, too
        facts = replace(facts, conversation_reposted_above=_twins_above(facts))
    places = _places((*listed, *others), fitting, facts) if step.resolved_too else ()
    if places and (fitting or not _may_be_with_another(facts)):
        goes_on = places[0] if fitting else facts.conversation
        return absent_everywhere(replace(facts, conversation=goes_on, may_stand_in=places)), learned
    if fitting:
        return replace(found(facts, (CreateConversation,)), conversation=fitting[0].id), learned
    return _absent(facts), learned


async def create(client: ChatwootClient, step: CreateConversation, facts: Facts, policy: ConversationPolicy) -> Done:
    """Raises Blocked where the answer is about another inbox: then it is not the helpdesk we know."""
    made = await client.conversations.create(step.contact, step.source_id, marker=step.marker, status=policy.new_status)
    if made.inbox_id != client.account.inbox_id:
        raise Blocked("the helpdesk made the conversation in another inbox than asked for", cause="unreadable")
    return replace(facts, begun=None, conversation=made.id), _high_water_of([made])


async def find_empty_twins(client: ChatwootClient, step: FindEmptyTwins, facts: Facts) -> Done:
    """Without any message, not closed yet, and not the one to keep."""
    listed = await client.conversations.of_contact(step.contact)
    twins = [one for one in listed if one.marker == step.marker and one.is_empty and one.status != RESOLVED]
    return replace(facts, empty_twins=tuple(one.id for one in twins if one.id != step.keep)), NOTHING_LEARNED


async def close_twin(client: ChatwootClient, step: CloseTwin, facts: Facts) -> Done:
    """Labelled, then resolved: what is resolved is not looked for again. One that is gone is closed."""
    try:
        await client.conversations.set_labels(step.conversation, (TWIN_LABEL,))
        await client.conversations.set_status(step.conversation, RESOLVED)
    except Refused as refused:
        if refused.status != 404:
            raise
    return replace(facts, closed_twins=(*facts.closed_twins, step.conversation)), NOTHING_LEARNED


async def add_attributes(client: ChatwootClient, step: AddAttributes, facts: Facts) -> Done:
    """Chatwoot replaces them all at once, our marker with them, so they are read first. Nothing is written where nothing is new."""
    before = await client.conversations.attributes(step.conversation)
    after = {**before, **dict(step.attributes)}
    if after != before:
        await client.conversations.set_attributes(step.conversation, after)
    return replace(facts, attributes_added=True), NOTHING_LEARNED


async def show_typing(client: ChatwootClient, step: ShowTyping, facts: Facts) -> Done:
    """To whoever looks at the conversation now."""
    await client.typing.show(step.conversation, step.source_id, is_typing=step.is_typing)
    return replace(facts, typing_shown=True), NOTHING_LEARNED


async def mark_seen(client: ChatwootClient, step: MarkSeen, facts: Facts) -> Done:
    """For the agents."""
    await client.conversations.mark_seen(step.conversation)
    return replace(facts, marked_seen=True), NOTHING_LEARNED


async def _of_others(client: ChatwootClient, step: FindConversation) -> list[Conversation]:
    owners = [await client.contacts.by_source(source_id) for source_id in step.other_sources]
    others = dict.fromkeys(owner.id for owner in owners if owner is not None and owner.id != step.contact)
    return [one for contact in others for one in await _of_contact_if_there(client, contact)]


async def _of_contact_if_there(client: ChatwootClient, contact: ContactId) -> list[Conversation]:
    """None of one that an agent deleted meanwhile."""
    try:
        return list(await client.conversations.of_contact(contact))
    except Refused as refused:
        if refused.status != 404 or not await client.probe_token():
            raise
        return []


def _usable(listed: Sequence[Conversation], *, reopen: bool) -> list[Conversation]:
    """Unresolved ones first; each group newest first, as listed."""
    usable = [one for one in listed if reopen or one.status != RESOLVED]
    return sorted(usable, key=lambda one: one.status == RESOLVED)


def _places(
    listed: Sequence[Conversation], fitting: Sequence[Conversation], facts: Facts
) -> tuple[ConversationId, ...]:
    """Where a post that was begun may be: first where the chat goes on (something *fitting* stands there, if anywhere), then
    wherever a message above is shown.

    What shows nothing yet is searched too: a late twin may have been the first place, and then the sweep has to know of it.
    """
    above = lowest(facts.reposted_above, high_water(facts))
    best = sorted(fitting, key=lambda one: one.is_empty)[:1]
    holding = [one for one in listed if one.newest > above or one.is_empty]
    return tuple(dict.fromkeys(one.id for one in (*best, *holding)))


def _absent(facts: Facts) -> Facts:
    after = absent(facts, (CreateConversation,))
    if after.absences == facts.absences:
        return after if _may_be_with_another(facts) else absent_with_its_place(after)
    return replace(after, conversation_reposted_above=_twins_above(facts))


def _twins_above(facts: Facts) -> HelpdeskMessageId:
    """What was begun and is not there may come still, beside what is made now: a late twin, for which sweeps look."""
    return lowest(facts.conversation_reposted_above, high_water(facts))


def _may_be_with_another(facts: Facts) -> bool:
    """Of a post that names no conversation: the journal that is gone may have met another who has the source_id, and posted there."""
    return facts.begun is not None and facts.begun.conversation is None and not facts.contact_by_source_searched


def _high_water_of(listed: Sequence[Conversation]) -> Learned:
    newest = max((one.newest for one in listed), default=HelpdeskMessageId(0))
    return Learned(high_water=newest) if newest else NOTHING_LEARNED
