"""The envelope dialect: GOWA 8.0 to 9.2 (GOWA page, 1.4). Addresses come without device; LIDs resolved where known."""

from collections.abc import Callable
from typing import Any

import msgspec

from unlost.gowa.readers import envelope_notices as notices
from unlost.gowa.readers.contents import content_of
from unlost.gowa.readers.decoding import unreadable
from unlost.gowa.readers.happenings import participants, receipt
from unlost.gowa.readers.jids import address_of
from unlost.gowa.readers.opened import Opened, opened_from
from unlost.gowa.readers.parts import clean, hung_on, id_of, quote_of
from unlost.gowa.readers.referrals import referral_of
from unlost.gowa.readers.shapes import OUTER, OuterBody, Payload
from unlost.gowa.readers.stamps import told_at_of
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.events import (
    DeletedForMe,
    GatewayEvent,
    MessageArrived,
    MessageEdited,
    MessageRevoked,
    ReactionArrived,
)


def event_of(body: bytes, *, device: Address | None) -> GatewayEvent:
    """What an envelope means. *device* stands in where it names no device_id. Raises Refused."""
    return event_within(OUTER.decode(body), device)


def event_within(outer: OuterBody, device: Address | None) -> GatewayEvent:
    """The same, for a body whose outer keys are already known."""
    opened = opened_from(outer, device)
    reader = _READERS.get(opened.event)
    return notices.event_of(opened) if reader is None else reader(opened)


def _common(opened: Opened) -> dict[str, Any]:
    if opened.chat is None:
        raise unreadable("no chat")
    return {
        "chat": opened.chat,
        "sender": opened.sender or opened.chat,
        "from_me": opened.from_me,
        "device": opened.device,
        "pairings": opened.pairings,
        "id": id_of(opened.payload.id),
        "told_at": opened.told_at,
        "push_name": clean(opened.payload.from_name),
    }


def _message(opened: Opened) -> GatewayEvent:
    payload = opened.payload
    hung = hung_on(payload)
    content, inline_file = content_of(hung.kind, payload)
    event = MessageArrived(
        text=_words(payload) or hung.words,
        attachment=hung.kind,
        file=hung.file,
        content=content,
        inline_file=inline_file,
        referral=referral_of(payload.referral),
        quote=quote_of(payload.replied_to_id, payload.quoted_body),
        view_once=payload.view_once,
        forwarded=payload.forwarded,
        **_common(opened),
    )
    if event.id is None and event.is_empty:
        raise unreadable("neither an id nor any content")
    return event


def _unrecovered(opened: Opened) -> GatewayEvent:
    """Of our own gateway: a message that came and could not be read. Its time is when it was seen."""
    common = _common(opened)
    if common["id"] is None:
        raise unreadable("a message without an id")
    told_at = told_at_of(opened.payload.seen_at) or opened.told_at
    return MessageArrived(is_unrecovered=True, **common | {"told_at": told_at})


def _words(payload: Payload) -> str:
    return "" if isinstance(payload.body, msgspec.UnsetType) else clean(payload.body)


def _reaction(opened: Opened) -> GatewayEvent:
    target = id_of(opened.payload.reacted_message_id)
    if target is None:
        return notices.event_of(opened)
    return ReactionArrived(target=target, emoji=clean(opened.payload.reaction), **_common(opened))


def _revoke(opened: Opened) -> GatewayEvent:
    target = id_of(opened.payload.revoked_message_id)
    if target is None:
        return notices.event_of(opened)
    return MessageRevoked(target=target, **_common(opened))


def _edit(opened: Opened) -> GatewayEvent:
    payload = opened.payload
    words = None if isinstance(payload.body, msgspec.UnsetType) else clean(payload.body)
    return MessageEdited(target=id_of(payload.original_message_id), text=words, **_common(opened))


def _deleted_for_me(opened: Opened) -> GatewayEvent:
    """Is told without an id of its own; the sender is the deleted message's."""
    payload = opened.payload
    target = id_of(payload.deleted_message_id)
    if target is None:
        raise unreadable("a delete without target")
    common = _common(opened)
    author = address_of(payload.original_sender) or common["sender"]
    return DeletedForMe(target=target, **common | {"sender": author, "from_me": payload.was_from_me})


def _receipt(opened: Opened) -> GatewayEvent:
    if opened.chat is None:
        raise unreadable("no chat")
    return receipt(
        opened.payload,
        opened.chat,
        opened.sender or opened.chat,
        told_at=opened.told_at,
        device=opened.device,
        pairings=opened.pairings,
    )


def _participants(opened: Opened) -> GatewayEvent:
    if opened.chat is None:
        raise unreadable("no chat")
    return participants(opened.payload, opened.chat, told_at=opened.told_at, device=opened.device)


_READERS: dict[str, Callable[[Opened], GatewayEvent]] = {
    "message": _message,
    "message.unrecovered": _unrecovered,
    "message.reaction": _reaction,
    "message.revoked": _revoke,
    "message.edited": _edit,
    "message.deleted": _deleted_for_me,
    "message.ack": _receipt,
    "group.participants": _participants,
    "group.joined": _participants,
}
