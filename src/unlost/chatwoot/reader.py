"""From a webhook's body to the envelope the door needs and, later, to the event the interpreter reads.

Both are total over hostile bytes: they answer or raise Refused(cause="unreadable"), whose text holds none of the body's words.
A message's own text is not read: what an agent wrote is asked for when it is sent.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

import msgspec

from unlost.chatwoot.answers import KEY
from unlost.errors import Refused
from unlost.vocabulary.addresses import conversation_lane
from unlost.vocabulary.envelopes import Envelope, Kind, Source
from unlost.vocabulary.events import HelpdeskEvent, HelpdeskMessage, HelpdeskNotice
from unlost.vocabulary.ids import ConversationId, HelpdeskMessageId, WhatsAppId

DELIVERY_CHARS_MAX = 200
NAME_CHARS_MAX = 64
EPOCH_S_MAX = 1e12
"""Far behind the year 9999; a number above it is no time."""
KINDS = {
    "message_created": Kind.HELPDESK_MESSAGE_CREATED,
    "message_updated": Kind.HELPDESK_MESSAGE_UPDATED,
}
DIRECTIONS = {
    "incoming": "incoming",
    "outgoing": "outgoing",
    "template": "template",
    0: "incoming",
    1: "outgoing",
    3: "template",
}
_Id = Annotated[int, msgspec.Meta(gt=0, le=2**63 - 1)]


_Shape = TypeVar("_Shape", bound=msgspec.Struct)


class _Named(msgspec.Struct):
    event: str


class _Place(msgspec.Struct):
    id: _Id


class _MessageBody(msgspec.Struct):
    id: _Id
    conversation: _Place
    message_type: str | int
    private: bool = False
    source_id: str | None = None
    content_attributes: Any = None
    created_at: str | float | None = None
    inbox: _Place | None = None


class _NoticeBody(msgspec.Struct):
    id: Any = None
    conversation: Any = None


def read_envelope(body: bytes, headers: Mapping[str, str]) -> Envelope:
    """What the door needs. *headers* by lower-case name. Raises Refused.

    A created message is keyed by its id: Chatwoot may tell of it twice under two delivery ids. An update is keyed by its delivery
    id, where the header has one (4.11.2), else by its body; its message's id stands in *target*. The lane is the conversation's.
    """
    event = _name(body)
    kind = KINDS.get(event)
    if kind is None:
        return _notice_envelope(_conversation_of(event, _decode(body, _NoticeBody)), headers)
    message = _decode(body, _MessageBody)
    number = WhatsAppId(str(message.id))
    is_created = kind is Kind.HELPDESK_MESSAGE_CREATED
    return Envelope(
        source=Source.HELPDESK,
        kind=kind,
        chat=conversation_lane(ConversationId(message.conversation.id)),
        id=number if is_created else _delivery(headers),
        target=None if is_created else number,
        told_at=_epoch_s(message.created_at),
    )


def read_event(body: bytes) -> HelpdeskEvent:
    """What the body tells. Raises Refused."""
    event = _name(body)
    kind = KINDS.get(event)
    if kind is None:
        return HelpdeskNotice(name=event, conversation=_conversation_of(event, _decode(body, _NoticeBody)))
    message = _decode(body, _MessageBody)
    direction = DIRECTIONS.get(message.message_type)
    if direction is None:
        raise _unreadable("a message of an unknown direction")
    attributes = message.content_attributes if isinstance(message.content_attributes, dict) else {}
    key = attributes.get(KEY)
    return HelpdeskMessage(
        kind=kind,
        id=HelpdeskMessageId(message.id),
        conversation=ConversationId(message.conversation.id),
        direction=direction,
        private=message.private,
        source_id=message.source_id,
        deleted=attributes.get("deleted") is True,
        created_at=_epoch_s(message.created_at),
        inbox=message.inbox.id if message.inbox else None,
        key=key if isinstance(key, str) else "",
        has_error=bool(attributes.get("external_error")),
    )


def _name(body: bytes) -> str:
    event = _decode(body, _Named).event
    if not (event.isascii() and event.replace(".", "_").isidentifier() and len(event) <= NAME_CHARS_MAX):
        raise _unreadable("an event without a proper name")
    return event


def _notice_envelope(conversation: ConversationId | None, headers: Mapping[str, str]) -> Envelope:
    return Envelope(
        source=Source.HELPDESK,
        kind=Kind.HELPDESK_OTHER,
        chat=None if conversation is None else conversation_lane(conversation),
        id=_delivery(headers),
    )


def _delivery(headers: Mapping[str, str]) -> WhatsAppId | None:
    told = headers.get("x-chatwoot-delivery", "")
    if told.isascii() and told.isprintable() and 0 < len(told) <= DELIVERY_CHARS_MAX:
        return WhatsAppId(told)
    return None


def _conversation_of(event: str, body: _NoticeBody) -> ConversationId | None:
    """Typing events carry their conversation inside; the body of other `conversation_…` events is the conversation itself."""
    found = body.id if event.startswith("conversation_") else None
    if isinstance(body.conversation, dict):
        found = body.conversation.get("id")
    if not isinstance(found, int) or isinstance(found, bool) or not 0 < found < 2**63:
        return None
    return ConversationId(found)


def _epoch_s(told: str | float | None) -> float | None:
    """ISO 8601 with a zone (messages), or epoch seconds (push shapes); None for anything else."""
    if told is None:
        return None
    if not isinstance(told, str):
        return float(told) if abs(told) < EPOCH_S_MAX else None
    try:
        at = datetime.fromisoformat(told)
    except ValueError:
        return None
    return (at if at.tzinfo is not None else at.replace(tzinfo=UTC)).timestamp()


def _decode(body: bytes, shape: type[_Shape]) -> _Shape:
    try:
        return msgspec.json.decode(body, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _unreadable(type(error).__name__) from None


def _unreadable(why: str) -> Refused:
    return Refused(f"helpdesk webhook: {why}", cause="unreadable")
