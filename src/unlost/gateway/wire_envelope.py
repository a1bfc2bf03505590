"""The envelope dialect with the exact key set of v9.0.1 to v9.2.0 (GOWA page, 1.4; samples `v9-*`).

Addresses carry no device and LIDs are resolved where the book knows them, with the exceptions the page lists: receipts'
`chat_id` and a revoked chat stay as WhatsApp delivered them.
"""

from __future__ import annotations

from typing import Any

from unlost.gateway.addresses import is_broadcast, is_lid, user_of, without_device
from unlost.gateway.events import (
    Book,
    CallOffer,
    Cards,
    Content,
    DeletedForMe,
    Device,
    Edit,
    Empty,
    Event,
    History,
    Interactive,
    Media,
    MediaKind,
    Message,
    Notice,
    Participants,
    Place,
    Proto,
    Quote,
    Reaction,
    Receipt,
    Revoke,
    Text,
)
from unlost.gateway.wire_json import rfc3339, sorted_map
from unlost.gateway.wire_proto import card_proto, place_proto, receipt_description


def body(event: Event, device: Device, book: Book) -> dict[str, Any] | None:
    """What a webhook shows of *event*; None where this dialect sends nothing."""
    match event:
        case Message():
            return None if is_broadcast(event.chat + event.sender) else _message(event, device, book)
        case Receipt():
            return _receipt(event, device, book)
        case Participants():
            jids = [resolved(jid, book) for jid in event.jids]
            fields = {"chat_id": event.chat, "jids": jids, "type": event.kind}
            return _wrapped("group.participants", fields, device, at=rfc3339(event.at))
        case CallOffer():
            return _call(event, device, book)
        case DeletedForMe():
            return _deleted(event, device, book)
        case Notice():
            return _wrapped(event.event, event.fields, device, at=rfc3339(event.at))
        case History():
            return None


def resolved(jid: str, book: Book) -> str:
    """The address without device, as a phone where the book knows it."""
    account = without_device(jid)
    return book.phones.get(account, account)


def display_name(jid: str, push_name: str, device: Device, book: Book) -> str:
    """The saved name, else the push name, else the digits; for the account itself its own name."""
    account = resolved(jid, book)
    if account == device.jid:
        return device.name or push_name or user_of(account)
    return book.names.get(account) or push_name or user_of(account)


def _wrapped(name: str, payload: dict[str, Any], device: Device, *, at: str | None) -> dict[str, Any]:
    envelope: dict[str, Any] = {"device_id": device.jid, "event": name, "payload": sorted_map(payload)}
    if device.session:
        envelope["session_id"] = device.session
    if at is not None:
        envelope["timestamp"] = at
    return envelope


def _message(event: Message, device: Device, book: Book) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "id": event.id,
        "chat_id": resolved(event.chat, book),
        "from": resolved(event.sender, book),
        "timestamp": rfc3339(event.at),
        "is_from_me": event.from_me,
        "sender_display_name": display_name(event.sender, event.name, device, book),
    }
    if is_lid(event.chat):
        fields["chat_lid"] = without_device(event.chat)
    if is_lid(event.sender):
        fields["from_lid"] = without_device(event.sender)
    if event.name:
        fields["from_name"] = event.name
    if event.referral is not None:
        fields["referral"] = event.referral
    name, extra = _content(event.content)
    return _wrapped(name, fields | extra, device, at=None)


def _content(content: Content) -> tuple[str, dict[str, Any]]:
    """The event's name and what the content adds to its payload."""
    match content:
        case Reaction():
            return "message.reaction", {"reaction": content.emoji, "reacted_message_id": content.target}
        case Edit():
            words = {} if content.text is None else {"body": content.text}
            return "message.edited", {"original_message_id": content.target} | words
        case Revoke():
            chat = {"revoked_chat": content.chat} if content.chat else {}
            return "message.revoked", {
                "revoked_message_id": content.target,
                "revoked_from_me": content.from_me,
            } | chat
        case Text():
            forwarded = {"forwarded": True} if content.forwarded else {}
            return "message", {"body": content.text} | _quoted(content.quote) | forwarded
        case Media():
            return "message", _media(content)
        case Cards(cards=(card,)):
            return "message", {"contact": card_proto(card, phone_shown=True)}
        case Cards():
            return "message", {"contacts_array": [card_proto(card, phone_shown=True) for card in content.cards]}
        case Place():
            return "message", {"live_location" if content.live else "location": place_proto(content)}
        case Proto():
            return "message", {content.kind: content.fields}
        case Interactive():
            media = {"interactive_media": list(content.media)} if content.media else {}
            return "message", {"interactive": content.text} | media
        case Empty():
            return "message", {}


def _quoted(quote: Quote | None) -> dict[str, str]:
    if quote is None:
        return {}
    return {"replied_to_id": quote.id} | ({"quoted_body": quote.text} if quote.text else {})


def _media(media: Media) -> dict[str, Any]:
    extra: dict[str, Any] = _quoted(media.quote)
    if media.caption:
        extra["body"] = media.caption
    if media.view_once:
        extra["view_once"] = True
    file = _file(media)
    return extra if file is None else extra | {media.kind.value: file}


def _file(media: Media) -> str | dict[str, str] | None:
    """The file as the payload shows it; None where its download failed."""
    captionless = media.kind in (MediaKind.AUDIO, MediaKind.STICKER)
    if media.url and captionless:
        return {"url": media.url}
    if media.url and media.kind is MediaKind.DOCUMENT:
        return {"filename": media.filename, "url": media.url}
    if media.url:
        return {"caption": media.caption, "url": media.url}
    if not media.path:
        return None
    return {"caption": media.caption, "path": media.path} if media.caption and not captionless else media.path


def _receipt(event: Receipt, device: Device, book: Book) -> dict[str, Any] | None:
    if event.sender != without_device(event.sender):
        return None  # receipts of linked devices are dropped from v8.0.0 on (GOWA page, 6.8)
    fields: dict[str, Any] = {
        "chat_id": event.chat,
        "from": resolved(event.sender, book),
        "ids": list(event.ids),
        "receipt_type": event.kind.value,
        "receipt_type_description": receipt_description(event.kind),
        "sender_display_name": display_name(event.sender, "", device, book),
    }
    if is_lid(event.sender):
        fields["from_lid"] = event.sender
    return _wrapped("message.ack", fields, device, at=rfc3339(event.at))


def _call(event: CallOffer, device: Device, book: Book) -> dict[str, Any]:
    optional = {
        "from_lid": without_device(event.sender) if is_lid(event.sender) else "",
        "remote_platform": event.platform,
        "remote_version": event.version,
        "group_jid": event.group,
    }
    fields: dict[str, Any] = {
        "auto_rejected": event.auto_rejected,
        "call_id": event.call_id,
        "from": resolved(event.sender, book),
        "sender_display_name": display_name(event.sender, "", device, book),
        **{key: value for key, value in optional.items() if value},
    }
    return _wrapped("call.offer", fields, device, at=rfc3339(event.at))


def _deleted(event: DeletedForMe, device: Device, book: Book) -> dict[str, Any]:
    original = event.original
    fields: dict[str, Any] = {
        "chat_id": original.chat,
        "deleted_message_id": event.target,
        "from": original.chat,
        "original_content": original.text,
        "original_sender": original.sender,
        "original_timestamp": rfc3339(original.at),
        "sender_display_name": display_name(original.sender, "", device, book),
        "timestamp": rfc3339(event.at),
        "was_from_me": original.from_me,
    }
    if original.media_type:
        fields |= {"original_media_type": original.media_type, "original_filename": original.filename}
    return _wrapped("message.deleted", fields, device, at=None)
