"""What the phone tells a new device of the past: messages for chat storage, of which no webhook ever tells."""

from __future__ import annotations

from collections.abc import Iterator

from unlost.gateway.addresses import is_broadcast, without_device
from unlost.gateway.engines.neonize_worker import message_content
from unlost.gateway.engines.neonize_worker.library import Proto
from unlost.gateway.engines.neonize_worker.times import time_of
from unlost.gateway.events import Empty, Event, History, Message

KINDS = frozenset({"INITIAL_BOOTSTRAP", "RECENT"})  # as GOWA (its page, 4); the others are no chats, or come on demand
AT_ONCE = 50  # messages in one event, so that a batch of events stays small


def events_of(sync: Proto, *, source: int) -> list[Event]:
    """The messages of the past in *sync*, chat by chat, the oldest first; *source*: the record's row."""
    if sync.HistorySyncType.Name(sync.syncType) not in KINDS:
        return []
    messages = [one for chat in sync.conversations for one in _messages(chat, source)]
    starts = range(0, len(messages), AT_ONCE)
    return [History(tuple(messages[start : start + AT_ONCE])) for start in starts]


def _messages(chat: Proto, source: int) -> Iterator[Message]:
    """The phone tells the newest first."""
    address = chat.newJID or chat.ID
    if is_broadcast(address):
        return
    for told in reversed(chat.messages):
        info = told.message
        content = message_content.content_of(info.message, source=source, id=info.key.ID, view_once=False)
        if content is None or isinstance(content, Empty) or not info.key.ID:
            continue
        own = info.key.fromMe
        sender = "" if own else without_device(info.key.participant or info.participant or address)
        at = time_of(int(info.messageTimestamp))
        yield Message(info.key.ID, address, sender, at, content, name=info.pushName, from_me=own)
