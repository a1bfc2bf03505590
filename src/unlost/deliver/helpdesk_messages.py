"""Steps about messages. What each sets: see `to_helpdesk`."""

from collections.abc import Callable
from dataclasses import dataclass

from msgspec.structs import replace

from unlost.chatwoot.answers import Message
from unlost.chatwoot.client import ChatwootClient
from unlost.chatwoot.messages import FILES, NewMessage
from unlost.chatwoot.text import keepable_text
from unlost.deliver.doubts import absent, absent_where_searched, found, high_water, is_by_gone_journal, lowest
from unlost.errors import IDS_WENT_BACK, Blocked, Refused
from unlost.journal.rows import NOTHING_LEARNED, Learned
from unlost.spool import Shelf
from unlost.transport import Upload
from unlost.vocabulary.attachments import SPOOL_MISSING, File, InlineFile
from unlost.vocabulary.facts import Facts
from unlost.vocabulary.ids import HelpdeskMessageId
from unlost.vocabulary.steps import (
    DeleteMessage,
    FindMessage,
    LookForDeleted,
    PostMessage,
    ReadStatuses,
    SetStatus,
)

Done = tuple[Facts, Learned]


@dataclass(frozen=True, slots=True)
class Hearing:
    """Who hears of what only delivery sees. *on_second_forwarder*: a message with our kind of source_id that we did not write.

    *on_text_changed*: the helpdesk keeps another text than was sent (its template engine, see `chatwoot.liquid`).
    """

    on_second_forwarder: Callable[[], None]
    on_text_changed: Callable[[], None]


@dataclass(slots=True)
class _Seen:
    """What a search has come across. *keyed*: ours beyond doubt; *keyless*: says what ours says, and may be another writer's.

    A stub is a copy that somebody deleted: its key went with its text, its source_id stays.
    """

    keyed: set[HelpdeskMessageId]
    keyless: set[HelpdeskMessageId]
    stubs: set[HelpdeskMessageId]
    with_file: set[HelpdeskMessageId]
    is_foreign: bool = False
    has_content: bool = False
    highest: HelpdeskMessageId = HelpdeskMessageId(0)

    @property
    def copies(self) -> set[HelpdeskMessageId]:
        """What may be adopted: without our key only where none has it. Else the sweep would take ours, which is then the late copy."""
        return self.keyed or self.keyless


async def post(client: ChatwootClient, step: PostMessage, facts: Facts, hearing: Hearing, shelf: Shelf) -> Done:
    """Raises Refused, nothing sent, where a file is not in the spool any more; Blocked where the answer cannot be about what was asked: a restored helpdesk, or another one behind its address."""
    message = NewMessage(
        text=step.text,
        direction=step.direction,
        source_id=step.source_id,
        key=step.key,
        private=step.private,
        reply_to=step.reply_to,
        sender=step.sender,
        forwarded=step.forwarded,
        view_once=step.view_once,
        late=step.late,
        uploads=tuple(_upload(file, shelf) for file in step.files),
    )
    saved = await client.messages.post(step.conversation, message)
    if saved.inbox_id != client.account.inbox_id or saved.conversation != step.conversation:
        raise Blocked(
            "the helpdesk put a message into another inbox or conversation than asked for", cause="unreadable"
        )
    if saved.id <= high_water(facts):
        raise Blocked(IDS_WENT_BACK, cause="unreadable")
    if saved.text != keepable_text(step.text):
        hearing.on_text_changed()
    file_stands = saved.has_file or step.settles_file
    facts = replace(facts, begun=None, posted=saved.id, posted_in=step.conversation, file_stands=file_stands)
    return facts, Learned(high_water=saved.id)


async def find(client: ChatwootClient, step: FindMessage, facts: Facts, hearing: Hearing) -> Done:
    """Every message above *step.above* is looked at: a copy may stand anywhere behind it, and absence needs the end.

    In a conversation that is gone nothing stands; others that may hold the post of a journal that is gone are still to be searched.
    """
    seen = _Seen(set(), set(), set(), set())
    try:
        async for page in client.messages.pages_above(step.conversation, step.above):
            for message in page:
                _look_at(message, step, seen)
    except Refused as refused:
        if refused.status != 404 or not is_by_gone_journal(facts) or not await client.probe_token():
            raise
    if seen.is_foreign:
        hearing.on_second_forwarder()
    learned = Learned(high_water=seen.highest) if seen.highest else NOTHING_LEARNED
    facts = replace(facts, copies=tuple(sorted(seen.copies)))
    standing = seen.copies or seen.stubs
    if standing:
        # Under a stub an agent wants no file: what he deleted is not to come back.
        file_stands = min(standing) in seen.with_file or not seen.copies
        if seen.keyless and not seen.keyed and not step.any_key:
            # Another writer's stands for ours, whose request may still run: what comes of it late is swept.
            facts = replace(facts, reposted_above=lowest(facts.reposted_above, high_water(facts)))
        facts = found(facts, (PostMessage, DeleteMessage))
        return replace(facts, posted=min(standing), posted_in=step.conversation, file_stands=file_stands), learned
    if seen.has_content:
        return replace(found(facts, (PostMessage,)), content_stands=True), learned
    return absent_where_searched(found(facts, (DeleteMessage,)), step.conversation), learned


async def delete(client: ChatwootClient, step: DeleteMessage, facts: Facts) -> Done:
    """One that is gone is deleted."""
    try:
        await client.messages.delete(step.conversation, step.message)
    except Refused as refused:
        if refused.status != 404:
            raise
    return replace(facts, begun=None, deleted=(*facts.deleted, step.message)), NOTHING_LEARNED


async def look_for_deleted(client: ChatwootClient, step: LookForDeleted, facts: Facts) -> Done:
    """A stub says that it was deleted; still standing means that the deletion was not done."""
    shown = await client.messages.read_back(step.conversation, (step.message,))
    if any(not message.deleted for message in shown):
        return absent(facts, (DeleteMessage,)), NOTHING_LEARNED
    return replace(found(facts, (DeleteMessage,)), deleted=(*facts.deleted, step.message)), NOTHING_LEARNED


async def read_statuses(client: ChatwootClient, step: ReadStatuses, facts: Facts) -> Done:
    """Of those that stand; what is gone is left out."""
    shown = await client.messages.read_back(step.conversation, step.messages)
    return replace(facts, statuses=tuple((message.id, message.status) for message in shown)), NOTHING_LEARNED


async def set_status(client: ChatwootClient, step: SetStatus, facts: Facts) -> Done:
    """What is confirmed is what stands now, asked for or not."""
    status = await client.messages.set_status(step.conversation, step.message, step.status, step.external_error)
    confirmed = ((step.message, status),) if status else ()
    return replace(facts, patched=(*facts.patched, step.message)), Learned(confirmed=confirmed)


def tell_second_forwarder(facts: Facts, hearing: Hearing) -> Done:
    """Nobody is asked anything."""
    hearing.on_second_forwarder()
    return replace(facts, forwarder_told=True), NOTHING_LEARNED


def _upload(file: File, shelf: Shelf) -> Upload:
    """Streamed from the spool while it is sent."""
    if isinstance(file, InlineFile):
        return Upload(FILES, file.name, file.mime_type, file.content)
    path = shelf.find(file.spooled)
    if path is None:
        raise Refused("the file is not in the spool", cause="unreadable", fields=(SPOOL_MISSING,))
    return Upload(FILES, file.name, file.mime_type, path)


def _look_at(message: Message, step: FindMessage, seen: _Seen) -> None:
    seen.highest = max(seen.highest, message.id)
    if message.source_id != keepable_text(step.source_id):
        return
    if message.has_file:
        seen.with_file.add(message.id)
    if message.deleted:
        seen.stubs.add(message.id)
    elif message.key == step.key or (step.any_text and message.key and message.direction == step.direction):
        seen.keyed.add(message.id)
    elif not message.key or step.any_key:
        seen.is_foreign |= not message.key
        texts = {keepable_text(text) for text in (step.text, step.late_text) if text}
        is_bare_file = not step.text and step.any_key and message.has_file and not message.text
        says_ours = message.text in texts or is_bare_file
        if says_ours and message.direction == step.direction:
            seen.keyless.add(message.id)
        elif message.key and step.any_words:
            seen.has_content = True
