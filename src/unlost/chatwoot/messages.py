"""Messages: posted, paged through, read back by id, marked, deleted."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import msgspec

from unlost.chatwoot import answers
from unlost.chatwoot.answers import KEY, Message
from unlost.chatwoot.liquid import escaped
from unlost.chatwoot.text import encoded, keepable_text
from unlost.chatwoot.wire import LIST_BYTES_MAX, Wire
from unlost.errors import TryLater
from unlost.transport import Upload
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.ids import ConversationId, HelpdeskMessageId

PAGE: Final = 100
"""`after` alone shows this many (message_finder.rb)."""
SPAN_PAGE: Final = 1000
"""`after` with `before` shows this many."""
OVERLAP: Final = 10
"""Ids are handed out before a commit and a page is sorted by time, so two neighbours may stand the wrong way round at its end."""
FILES: Final = "attachments[]"
VOICE_TYPE: Final = "audio/ogg"
PAGES_MAX: Final = 200
"""Some 18 000 messages: hours of the fastest conversation Chatwoot lets be."""


class NewMessage(msgspec.Struct, frozen=True):
    """A message to be posted. *direction* is incoming or outgoing; *reply_to* is a message of the same conversation.

    *sender* is the group member who wrote it: Chatwoot knows one contact per conversation, so it is kept with the message.
    *uploads* go with it (their field is FILES); without them the text is not empty.
    """

    text: str
    direction: str
    source_id: str
    key: str
    private: bool = False
    reply_to: HelpdeskMessageId | None = None
    sender: Address | None = None
    forwarded: bool = False
    late: bool = False
    view_once: bool = False
    uploads: tuple[Upload, ...] = ()


class Messages:
    """The messages of one account, seen from one inbox."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def post(self, conversation: ConversationId, message: NewMessage) -> Message:
        """Post it and return what Chatwoot saved. Once only: any failure but TryLater and Refused leaves it open."""
        path = self._path(conversation)
        with self._hearing_of_flood(conversation):
            if not message.uploads:
                return await self._wire.do("post_message", "POST", path, answers.read_message, body_of(message))
            return await self._wire.do(
                "post_message",
                "POST",
                path,
                answers.read_message,
                uploads=message.uploads,
                fields=fields_of(message),
            )

    async def pages_above(
        self, conversation: ConversationId, above: int, *, pages_max: int = PAGES_MAX
    ) -> AsyncIterator[tuple[Message, ...]]:
        """All messages with an id above *above*, a page at a time, until Chatwoot has no more; some may come twice.

        Raises TryLater after *pages_max* pages: what was not seen to its end proves no absence.
        """
        for _ in range(pages_max):
            path = f"{self._path(conversation)}?after={above}"
            page = await self._read(path)
            yield page
            if len(page) < PAGE:
                return
            ids = sorted(message.id for message in page)
            above = max(ids[-OVERLAP], above + 1)
        raise TryLater("list_messages: no end in sight", cause="timeout", away=False)

    async def newest(self, conversation: ConversationId) -> tuple[Message, ...]:
        """The last 20 messages, oldest first."""
        return await self._read(self._path(conversation))

    async def read_back(self, conversation: ConversationId, ids: Sequence[HelpdeskMessageId]) -> tuple[Message, ...]:
        """Those of *ids* that stand in *conversation*, by id: one call for the span they lie in, more only if it is crowded."""
        missing = sorted(set(ids))
        found: dict[int, Message] = {}
        while missing:
            path = f"{self._path(conversation)}?after={missing[0]}&before={missing[-1] + 1}"
            page = await self._read(path)
            found.update((message.id, message) for message in page if message.id in missing)
            if len(page) < SPAN_PAGE:
                break
            missing = [wanted for wanted in missing[1:] if wanted not in found]
        return tuple(found[place] for place in sorted(found))

    async def set_status(
        self, conversation: ConversationId, message: HelpdeskMessageId, status: str, external_error: str
    ) -> str:
        """Ask for a status and return the one that stands now: Chatwoot answers 200 to what it does not change, too."""
        body = {"status": status}
        if external_error and status == "failed":
            body["external_error"] = external_error
        path = f"{self._path(conversation)}/{message}"
        self._wire.turns.check_open(conversation)
        with self._hearing_of_flood(conversation):
            return (await self._wire.ask("set_message_status", "PATCH", path, answers.read_message, body)).status

    async def delete(self, conversation: ConversationId, message: HelpdeskMessageId) -> None:
        """Leave a "deleted" stub in its place. Once only, because Chatwoot tells of it by webhook each time."""
        path = f"{self._path(conversation)}/{message}"
        self._wire.turns.check_open(conversation)
        with self._hearing_of_flood(conversation):
            await self._wire.do("delete_message", "DELETE", path, answers.read_nothing)

    async def _read(self, path: str) -> tuple[Message, ...]:
        return await self._wire.ask(
            "list_messages", "GET", path, answers.read_messages, answer_max_bytes=LIST_BYTES_MAX
        )

    @contextmanager
    def _hearing_of_flood(self, conversation: ConversationId) -> Iterator[None]:
        """Chatwoot checks the flood guard whenever it saves a message: posts, marks and deletions alike."""
        try:
            yield
        except TryLater as error:
            if error.cause == "flood":
                self._wire.turns.told_flooded(conversation)
            raise

    def _path(self, conversation: ConversationId) -> str:
        return self._wire.path(f"conversations/{conversation}/messages")


def body_of(message: NewMessage) -> dict[str, Any]:
    """The body of POST messages. Outgoing text is a Liquid template to Chatwoot, so it is escaped; incoming text is not."""
    is_outgoing = message.direction == "outgoing"
    return {
        "content": escaped(message.text) if is_outgoing else message.text,
        "message_type": message.direction,
        "private": message.private,
        "source_id": message.source_id,
        "content_attributes": attributes_of(message, is_echo=is_outgoing and not message.private),
    }


def fields_of(message: NewMessage) -> dict[str, str]:
    """The same as a form's fields, for a post with files: Chatwoot takes content_attributes as a JSON string there.

    Since 4.14.2 it shows a voice note as one; WhatsApp's are Ogg, and no dialect of the gateway's tells them apart otherwise.
    """
    body = body_of(message)
    attributes = encoded(body.pop("content_attributes")).decode()
    fields = {
        name: value if isinstance(value, str) else str(value).lower() for name, value in body.items() if value != ""
    }
    is_voice = all(upload.content_type == VOICE_TYPE for upload in message.uploads)
    voice = {"is_voice_message": "true"} if is_voice else {}
    return {name: keepable_text(text) for name, text in fields.items()} | voice | {"content_attributes": attributes}


def attributes_of(message: NewMessage, *, is_echo: bool) -> dict[str, Any]:
    """What Chatwoot keeps beside the text. *is_echo*: typed on the phone, so the dashboard shows "Native app" as its author."""
    attributes: dict[str, Any] = {KEY: message.key}
    if message.reply_to is not None:
        attributes["in_reply_to"] = message.reply_to
    if message.sender is not None:
        attributes["sender"] = message.sender
    flags = {
        "external_echo": is_echo,
        "forwarded": message.forwarded,
        "view_once": message.view_once,
        "unlost_late": message.late,
    }
    return attributes | {name: True for name, is_set in flags.items() if is_set}
