"""The flat dialect: GOWA 7.2.1 to 7.11.4, and older bodies as far as they can be read (GOWA page, 1.2 and 1.3)."""

from typing import Any

import msgspec

from unlost.gowa.readers import small_envelopes
from unlost.gowa.readers.contents import content_of
from unlost.gowa.readers.decoding import unreadable
from unlost.gowa.readers.flat_people import People, people_of
from unlost.gowa.readers.jids import address_of
from unlost.gowa.readers.parts import clean, detail_of, hung_on, id_of, quote_of
from unlost.gowa.readers.shapes import (
    FLAT,
    FLAT_REACTION,
    FLAT_TEXT,
    OUTER,
    FlatBody,
    FlatReaction,
    FlatText,
    OuterBody,
)
from unlost.gowa.readers.stamps import told_at_of
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.envelopes import Kind
from unlost.vocabulary.events import (
    DeletedForMe,
    GatewayEvent,
    MessageArrived,
    MessageEdited,
    MessageRevoked,
    Noticed,
    ReactionArrived,
)

DELETED_FOR_ME = frozenset({"event.delete_for_me", "message_deleted_for_me"})
"""The second is v7.2.1's name."""


def event_of(body: bytes, *, device: Address | None) -> GatewayEvent:
    """What a flat body means. *device*: the channel's own phone address; the dialect names none. Raises Refused."""
    outer = OUTER.decode(body)
    return event_within(outer, body, device)


def event_within(outer: OuterBody, body: bytes, device: Address | None) -> GatewayEvent:
    """The same, for a body whose outer keys are already known."""
    if outer.event:
        return small_envelopes.event_of(outer, device)
    flat = FLAT.decode(body)
    if flat.action in DELETED_FOR_ME:
        return _deleted_for_me(flat, device)
    people = people_of(flat.source, flat.from_lid, device)
    text = FLAT_TEXT.decode(flat.message) if len(flat.message) > 4 else FlatText()
    return _told(flat, text, _common(flat, text, people))


def _common(flat: FlatBody, text: FlatText, people: People) -> dict[str, Any]:
    return {
        "chat": people.chat,
        "sender": people.sender,
        "from_me": people.from_me,
        "device": people.device,
        "pairings": people.pairings,
        "id": id_of(text.id or text.id_720),
        "told_at": told_at_of(flat.timestamp),
        "push_name": clean(flat.pushname),
    }


def _told(flat: FlatBody, text: FlatText, common: dict[str, Any]) -> GatewayEvent:
    if flat.action:
        return _acted(flat, common)
    if len(flat.reaction) > 4:
        return _reaction(FLAT_REACTION.decode(flat.reaction), common)
    hung = hung_on(flat)
    content, inline_file = content_of(hung.kind, flat)
    event = MessageArrived(
        text=clean(text.text or text.text_720) or hung.words,
        attachment=hung.kind,
        file=hung.file,
        content=content,
        inline_file=inline_file,
        quote=quote_of(text.replied_id or text.replied_id_720, text.quoted_message or text.quoted_message_720),
        view_once=flat.view_once,
        forwarded=flat.forwarded,
        **common,
    )
    if event.id is None and event.is_empty:
        raise unreadable("neither an id nor any content")
    return event


def _acted(flat: FlatBody, common: dict[str, Any]) -> GatewayEvent:
    """A body with an action. A revoke without a target, and an action we do not know, is noticed."""
    target = id_of(flat.revoked_message_id)
    if flat.action == "message_revoked" and target is not None:
        return MessageRevoked(target=target, **common)
    if flat.action == "message_edited":
        words = None if isinstance(flat.edited_text, msgspec.UnsetType) else clean(flat.edited_text)
        return MessageEdited(target=id_of(flat.original_message_id), text=words, **common)
    return Noticed(kind=Kind.UNKNOWN, detail=detail_of(flat.action), **common)


def _reaction(reaction: FlatReaction, common: dict[str, Any]) -> GatewayEvent:
    target = id_of(reaction.id or reaction.id_720)
    if target is None:
        return Noticed(kind=Kind.UNKNOWN, detail="reaction", **common)
    return ReactionArrived(target=target, emoji=clean(reaction.message or reaction.message_720), **common)


def _deleted_for_me(flat: FlatBody, device: Address | None) -> GatewayEvent:
    """Here, and only here, chat_id is a full JID. v8.0.0 to v8.1.1 still send it, with a device_id."""
    chat = address_of(flat.chat_id)
    target = id_of(flat.deleted_message_id)
    if chat is None or target is None:
        raise unreadable("a delete without chat or target")
    return DeletedForMe(
        chat=chat,
        sender=address_of(flat.original_sender) or chat,
        id=None,
        from_me=flat.was_from_me,
        told_at=told_at_of(flat.timestamp),
        device=address_of(flat.device_id) or device,
        target=target,
    )
