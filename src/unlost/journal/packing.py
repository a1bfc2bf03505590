"""Facts and links between frozen values and what a row can hold."""

from collections.abc import Mapping
from dataclasses import MISSING, fields
from typing import Any

import msgspec

from unlost.journal.turn import Row
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.facts import Facts
from unlost.vocabulary.ids import ContactId, ConversationId, HelpdeskMessageId, WhatsAppId
from unlost.vocabulary.links import ChatLink, MessageLink, Part

_DEFAULTS: Mapping[str, Any] = {field.name: field.default for field in fields(Facts) if field.default is not MISSING}
_NOTHING = Facts()
_decode_facts = msgspec.json.Decoder(Facts).decode
_encode = msgspec.json.Encoder().encode


def pack_facts(facts: Facts) -> bytes | None:
    """JSON of what was learned, without what was not; None for nothing at all. Lone surrogates become question marks."""
    if facts == _NOTHING:
        return None
    learned = {name: value for name, default in _DEFAULTS.items() if (value := getattr(facts, name)) != default}
    try:
        return _encode(learned)
    except UnicodeEncodeError:
        return _encode({name: _storable(value) for name, value in learned.items()})


def unpack_facts(packed: bytes | None) -> Facts:
    """The facts of a row. Names that this version does not know are passed over: a newer program wrote them."""
    return _NOTHING if packed is None else _decode_facts(packed)


def pack_text(text: str) -> bytes:
    """Outside text as bytes: it may hold NUL and lone surrogates."""
    return text.encode("utf-8", "surrogatepass")


def unpack_text(packed: bytes) -> str:
    """The text as it came."""
    return packed.decode("utf-8", "surrogatepass")


def chat_link_of(row: Row | None) -> ChatLink | None:
    """A chat's row as a value; None where it only carries a claim (`ensuring`) and nothing is known yet."""
    if row is None:
        return None
    chat, contact, conversation, name, name_is_ours, picture_id = row[:6]
    if contact is None and conversation is None and not name:
        return None
    return ChatLink(
        chat=Address(chat),
        contact=None if contact is None else ContactId(contact),
        conversation=None if conversation is None else ConversationId(conversation),
        name=unpack_text(name),
        name_is_ours=bool(name_is_ours),
        picture_id=picture_id,
    )


def message_link_of(row: Row) -> MessageLink:
    """A link's row as a value."""
    whatsapp_id, chat, sender, part, message, conversation, is_outgoing, status, told_at, text_hash = row
    return MessageLink(
        id=WhatsAppId(whatsapp_id),
        chat=Address(chat),
        sender=Address(sender),
        part=Part(part),
        message=HelpdeskMessageId(message),
        conversation=ConversationId(conversation),
        is_outgoing=bool(is_outgoing),
        confirmed_status=status,
        told_at=told_at,
        text_hash=text_hash,
    )


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    return value
