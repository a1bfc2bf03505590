"""What the helpdesk must show at rest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from math import inf

from tests.simulation.checks_calls import is_open
from tests.simulation.clock import EPOCH_S
from tests.simulation.helpdesk_side import ACCOUNT, CALL_TIMEOUT_S, DOUBT_WAIT_S
from tests.simulation.population import Chat, Sort, Told
from tests.simulation.remains import Remains, is_stub, shown
from unlost.deliver.helpdesk_conversations import RESOLVED
from unlost.desk.rows import ACTIVITY, INCOMING, OUTGOING

FALLBACK = "⚠️"
"""What an empty twin becomes whose content never came."""
RANKS = {"sent": 0, "delivered": 1, "read": 2, "failed": -1}


def stands_once(remains: Remains) -> Iterator[str]:
    """Everything that a bridge was told, or could look up, exactly once; nothing twice."""
    for told in remains.played.population.told:
        if told.is_before_start:
            continue
        copies = len(remains.standing(told))
        if copies > 1 and not (remains.was_to_be_swept(told) or remains.was_met_anew(told)):
            yield f"{shown(told)} stands {copies} times"
        elif copies == 0 and told.can_be_had and not _may_be_missing(remains, told):
            yield f"{shown(told)} is lost"
        elif copies and told.sort is Sort.NOISE:
            yield f"{shown(told)} stands, though it is nothing"


def _may_be_missing(remains: Remains, told: Told) -> bool:
    if told.sort is Sort.NOISE or remains.is_removed(told) or remains.is_dead(told) or remains.is_gone(told):
        return True
    if not told.acked_at and told.at < int(EPOCH_S + (remains.played.witness.connected_s or 0.0)):
        return True  # a first start that was ended before it made the channel known has connected nothing
    ended = remains.played.director.wider.forgotten
    if any(
        ended[entry.id].state != "done" for entry in remains.entries_by_id.get(told.event.id, []) if entry.id in ended
    ):
        return True  # it was parked, or dead, and forgotten: nobody could read it any more
    skipped = [entry for entry in remains.entries_by_id.get(told.event.id, []) if entry.reason == "target_missing"]
    return bool(skipped)


def stands_right(remains: Remains) -> Iterator[str]:
    """The sender's words, on the right side, in a conversation of the right chat."""
    for told in remains.played.population.told:
        for row in remains.standing(told):
            if is_stub(row):
                continue
            wanted = OUTGOING if told.event.from_me else INCOMING
            if row.message_type != wanted:
                yield f"{shown(told)} stands as message type {row.message_type}"
            words = (told.words, *told.edited_to)
            is_line = told.has_twin and FALLBACK in (row.content or "")
            if is_line and told.sort is not Sort.POLL and remains.has_content(told) and not remains.is_dead(told):
                yield f"{shown(told)} stands as a line for what cannot be shown, though it came"
            elif told.sort not in (Sort.TEXT, Sort.OWN, Sort.EDIT) or is_line:
                pass
            elif not any(word in (row.content or "") for word in words):
                yield f"{shown(told)} stands with other words"
            chat = remains.chat_of(row.conversation_id)
            if (
                chat not in (told.chat, remains.played.director.wider.contradicted.get(told.number))
                and not remains.played.director.merged
            ):
                yield f"{shown(told)} stands in the conversation of {chat.name if chat else 'nobody'}"
            if told.target is not None and told.sort is not Sort.TEXT:
                yield from _answers_right(remains, told, row.content_attributes.get("in_reply_to"))


def _answers_right(remains: Remains, told: Told, answered: object) -> Iterator[str]:
    assert told.target is not None
    if isinstance(answered, int):
        target = remains.tables.messages.rows.get(answered)
        if target is not None and target.source_id != told.target.source_id:
            yield f"{shown(told)} answers another message than #{told.target.number}"


def links_hold(remains: Remains) -> Iterator[str]:
    """No link names a message that we deleted, or that never was."""
    director = remains.played.director
    for name, message in remains.linked.items():
        row = remains.tables.messages.rows.get(message)
        told = remains.told_by_id.get(name)
        if told is None:
            continue
        if row is None and not remains.is_removed(told):
            yield f"{shown(told)} is linked to message {message}, which is not there"
        elif row is not None and is_stub(row) and message not in director.deleted_by_agent:
            yield f"{shown(told)} is linked to message {message}, which was deleted"


def start_mark(remains: Remains) -> Iterator[str]:
    """What was told before the channel was connected never comes."""
    for told in remains.played.population.told:
        if told.is_before_start and (remains.standing(told) or remains.entries_by_id.get(told.event.id)):
            yield f"{shown(told)} is older than the start mark"


def agents_are_told(remains: Remains) -> Iterator[str]:
    """Nothing is sent; each agent's message that a bridge heard of says so."""
    for call in remains.played.population.sends:
        yield f"the gateway was asked to {call}"
    heard = {entry.whatsapp_id for entry in remains.entries if entry.kind == "message_created"}
    for message in remains.played.director.agents_texts:
        row = remains.tables.messages.rows.get(message)
        if row is not None and str(message) in heard and row.status != "failed" and not is_stub(row):
            yield f"the agent's message {message} is shown as {row.status}"


def marks_are_right(remains: Remains) -> Iterator[str]:
    """A helpdesk that could not reach our door marks what it told of as failed; that is put right.

    A rescue asks about what links name, a file that came by itself included: of neither has a restored journal a link where only
    the journal that is gone had the message.
    """
    excused = remains.played.helpdesk.hooks.hints_lost
    for rows in remains.rows_by_source.values():
        for row in rows:
            told = remains.told_by_id.get((row.source_id or "").removeprefix("WAID:").removesuffix("#file"))
            if told is not None and (remains.is_unknown_again(told) or remains.is_copy_of_gone_journal(told, row)):
                continue
            if told is not None and remains.is_file_of_gone_journal(told, row):
                continue
            if row.status == "failed" and row.id not in excused and not is_stub(row):
                yield f"message {row.id} ({row.source_id}) is shown as failed"


def receipts_arrive(remains: Remains) -> Iterator[str]:
    """The highest status that was told of a message typed on the phone."""
    if remains.played.director.wider.restored_at is not None:
        return  # of some only the journal knew that is gone
    for name, status in remains.played.population.receipts.items():
        told = remains.told_by_id[name]
        if remains.is_forgotten(told):
            continue
        for row in remains.standing(told):
            if RANKS[row.status] < RANKS[status] and not is_stub(row):
                yield f"{shown(told)} is shown as {row.status}, not {status}"


def contacts_once(remains: Remains) -> Iterator[str]:
    """At most one per form of address, and one in all for a person whose forms were known to be one from the start."""
    if remains.played.director.merged:
        return
    found: defaultdict[str, set[int]] = defaultdict(set)
    for place in remains.tables.contact_inboxes.rows.values():
        chat = next((chat for chat in remains.played.population.chats if place.source_id in chat.forms), None)
        found[chat.name if chat else place.source_id].add(place.contact_id)
    for chat in remains.played.population.chats:
        if len(found.get(chat.name, set()) - _late_orphans(remains, chat)) > _forms_met(remains, chat.name):
            yield f"{chat.name} has {len(found[chat.name])} contacts"
    names = {chat.name for chat in remains.played.population.chats}
    for name in set(found) - names:
        if name.partition("@")[0] != remains.played.population.own_user:
            yield f"a contact for {name}, who never wrote"


def _late_orphans(remains: Remains, chat: Chat) -> set[int]:
    """Contacts begun under its LID, run long after the doubt was over and the number known, and used by nobody.

    No helpdesk forbids it.
    """
    used = {row.contact_id for row in remains.tables.conversations.rows.values()}
    posts = (
        call
        for call in remains.played.helpdesk.calls
        if call.path == ACCOUNT + "contacts" and call.method == "POST" and call.body.get("identifier") == chat.lid
    )
    over_at = min((call.began_at for call in posts if is_open(call)), default=inf) + CALL_TIMEOUT_S + DOUBT_WAIT_S
    contacts = remains.tables.contacts.rows.values()
    return {row.id for row in contacts if row.identifier == chat.lid and row.created_at > over_at} - used


def _forms_met(remains: Remains, name: str) -> int:
    """As how many people a journal had to take one."""
    chat = next((chat for chat in remains.played.population.chats if chat.name == name), None)
    if chat is None:
        return 1
    return 2 if remains.met_as_two(chat) or remains.may_have_met_anew(chat) else 1


def conversations_once(remains: Remains) -> Iterator[str]:
    """One per chat is in use; a late twin is empty, resolved and labelled, or an agent resolved it before us, or only a journal that is
    gone would know of it (hard case 3).
    """
    if remains.played.director.merged or remains.played.director.removed:
        return
    used: defaultdict[str, list[int]] = defaultdict(list)
    for row in remains.tables.conversations.rows.values():
        messages = [message for message in remains.tables.messages.rows.values() if message.conversation_id == row.id]
        foreign = remains.played.director.wider.foreign
        is_ours = any(message.source_id and message.id not in foreign for message in messages)
        is_agents = not is_ours and any(message.sender_type == "User" or message.id in foreign for message in messages)
        is_empty = all(message.message_type == ACTIVITY for message in messages)
        is_put_away = is_empty and row.status == RESOLVED and row.id in remains.played.director.resolved_by_agent
        chat = remains.chat_of(row.id)
        is_nobodys = is_empty and remains.is_twin_of_gone_journal(row)
        if is_ours or not (is_agents or is_put_away or is_nobodys or "late-twin" in row.labels):
            used[chat.name if chat else "nobody"].append(row.id)
    for name, conversations in used.items():
        if len(conversations) > _forms_met(remains, name):
            yield f"{name} has conversations {conversations}"


def places_agree(remains: Remains) -> Iterator[str]:
    """A chat's link names the contact whose conversation it names: its name and picture are what agents see there."""
    if remains.played.director.merged or remains.played.director.removed:
        return
    for chat, contact, conversation in remains.played.journal.execute(
        "SELECT chat, contact, conversation FROM chat_link"
    ):
        row = remains.tables.conversations.rows.get(int(conversation or 0))
        if row is not None and row.contact_id != contact:
            yield f"{chat} is contact {contact} in conversation {conversation}, which is contact {row.contact_id}'s"
