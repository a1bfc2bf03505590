"""Facts and links between frozen values and what a row can hold."""

import msgspec
from msgspec.structs import replace

from unlost.journal.turn import Row
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.facts import Facts
from unlost.vocabulary.ids import ContactId, ConversationId, HelpdeskMessageId, WhatsAppId
from unlost.vocabulary.links import ChatLink, MessageLink, Part

_NOTHING = Facts()
_decode_facts = msgspec.json.Decoder(Facts).decode
_encode = msgspec.json.Encoder().encode


def pack_facts(facts: Facts) -> bytes | None:
    """JSON of what was learned, without what was not; None for nothing at all. Lone surrogates become question marks."""
    try:
        packed = _encode(facts)
    except UnicodeEncodeError:
        packed = _encode(_storable(facts))
    return None if packed == b"{}" else packed


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


def _storable(facts: Facts) -> Facts:
    texts = {name: value for name in facts.__struct_fields__ if isinstance(value := getattr(facts, name), str)}
    return replace(facts, **{name: text.encode("utf-8", "replace").decode() for name, text in texts.items()})
