"""The flat dialect of v7.2.1 to v7.11.4, key for key (GOWA page, 1.3; samples `v7-flat-*`).

Nothing in it says whose message it is: `from` is the only field that does, and only if taken apart. No device, no
event name, no own-message flag. Receipts and group events are small envelopes.
"""

from __future__ import annotations

from typing import Any

from unlost.gateway.addresses import device_suffix_of, is_broadcast, is_lid, user_of, without_device
from unlost.gateway.events import (
    Book,
    CallOffer,
    Cards,
    Content,
    DeletedForMe,
    Edit,
    Event,
    History,
    Media,
    MediaKind,
    Message,
    Notice,
    Participants,
    Place,
    Proto,
    Reaction,
    Receipt,
    Revoke,
    Text,
)
from unlost.gateway.wire_json import rfc3339, sorted_map
from unlost.gateway.wire_proto import card_proto, place_proto, receipt_description

DELETE_ACTIONS = {(7, 2, 1): "message_deleted_for_me"}
CAPTIONED = {MediaKind.IMAGE, MediaKind.VIDEO, MediaKind.DOCUMENT}
EDIT_TARGET_SINCE = (7, 9, 0)
ACKS_SINCE = (7, 3, 0)
GROUP_EVENTS_SINCE = (7, 4, 0)


def body(event: Event, book: Book, version: tuple[int, int, int]) -> dict[str, Any] | None:
    """What a webhook of *version* shows of *event*; None where this dialect sends nothing."""
    match event:
        case Message():
            return None if is_broadcast(event.chat + event.sender) else _message(event, book, version)
        case Receipt():
            return _receipt(event) if version >= ACKS_SINCE else None
        case Participants():
            return _participants(event) if version >= GROUP_EVENTS_SINCE else None
        case DeletedForMe():
            return _deleted(event, version)
        case CallOffer() | Notice() | History():
            return None


def source(chat: str, sender: str) -> str:
    """whatsmeow's SourceString: the chat alone where it is the sender's own, else `sender in chat`."""
    return chat if sender == chat else f"{sender} in {chat}"


def resolved_source(chat: str, sender: str, book: Book) -> str:
    """The source with a LID before ` in ` turned into the phone where known; what stands behind is never resolved."""
    phone = book.phones.get(without_device(sender)) if is_lid(sender) else None
    if phone is None:
        return source(chat, sender)
    named = f"{user_of(phone)}{device_suffix_of(sender)}@{phone.partition('@')[2]}"
    return named if sender == chat else f"{named} in {chat}"


def _message(event: Message, book: Book, version: tuple[int, int, int]) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "sender_id": user_of(event.sender),
        "chat_id": user_of(event.chat),
        "from": resolved_source(event.chat, event.sender, book),
        "timestamp": rfc3339(event.at),
        "message": _text_part(event),
    }
    if is_lid(event.sender):
        fields["from_lid"] = event.sender
    if event.name:
        fields["pushname"] = event.name
    return sorted_map(fields | _content(event.content, version))


def _text_part(event: Message) -> dict[str, str]:
    text, replied, quoted = "", "", ""
    match event.content:
        case Text(text=text, quote=quote):
            replied, quoted = (quote.id, quote.text) if quote else ("", "")
        case Edit(text=new):
            text = new or ""
        case _:
            pass
    return {"text": text, "id": event.id, "replied_id": replied, "quoted_message": quoted}


def _content(content: Content, version: tuple[int, int, int]) -> dict[str, Any]:
    match content:
        case Text(forwarded=True):
            return {"forwarded": True}
        case Media():
            return _media(content)
        case Cards(cards=(card,)):
            return {"contact": card_proto(card, phone_shown=False)}
        case Place():
            return {"live_location" if content.live else "location": place_proto(content)}
        case Proto():
            return {content.kind: content.fields}
        case Reaction(emoji=emoji) if emoji:
            return {"reaction": {"message": emoji, "id": content.target}}
        case Edit():
            target = {"original_message_id": content.target} if version >= EDIT_TARGET_SINCE else {}
            return {"action": "message_edited", "edited_text": content.text or ""} | target
        case Revoke():
            return {
                "action": "message_revoked",
                "revoked_message_id": content.target,
                "revoked_from_me": content.from_me,
                "revoked_chat": content.chat,
            }
        case _:
            return {}  # polls, removed reactions, several cards, interactive: an empty message, as GOWA sends it


def _media(media: Media) -> dict[str, Any]:
    extra: dict[str, Any] = {"view_once": True} if media.view_once else {}
    if media.url:
        return extra | {media.kind.value: _by_url(media)}
    caption = media.caption if media.kind in CAPTIONED else ""
    return extra | {media.kind.value: {"media_path": media.path, "mime_type": media.mime_type, "caption": caption}}


def _by_url(media: Media) -> dict[str, str]:
    match media.kind:
        case MediaKind.IMAGE | MediaKind.VIDEO | MediaKind.VIDEO_NOTE:
            return {"caption": media.caption, "url": media.url}
        case MediaKind.DOCUMENT:
            return {"filename": media.filename, "url": media.url}
        case MediaKind.AUDIO | MediaKind.STICKER:
            return {"url": media.url}


def _receipt(event: Receipt) -> dict[str, Any]:
    payload = {
        "chat_id": event.chat,
        "from": source(event.chat, event.sender),
        "ids": list(event.ids),
        "receipt_type": event.kind.value,
        "receipt_type_description": receipt_description(event.kind),
        "sender_id": event.sender,
    }
    return {"event": "message.ack", "payload": payload, "timestamp": rfc3339(event.at)}


def _participants(event: Participants) -> dict[str, Any]:
    payload = {"chat_id": event.chat, "jids": list(event.jids), "type": event.kind}
    return {"event": "group.participants", "payload": payload, "timestamp": rfc3339(event.at)}


def _deleted(event: DeletedForMe, version: tuple[int, int, int]) -> dict[str, Any]:
    original = event.original
    fields: dict[str, Any] = {
        "action": DELETE_ACTIONS.get(version, "event.delete_for_me"),
        "chat_id": original.chat,
        "deleted_message_id": event.target,
        "from": original.chat,
        "original_content": original.text,
        "original_sender": original.sender,
        "original_timestamp": rfc3339(original.at),
        "sender_id": user_of(original.sender),
        "timestamp": rfc3339(event.at),
        "was_from_me": original.from_me,
    }
    if original.media_type:
        fields |= {"original_media_type": original.media_type, "original_filename": original.filename}
    return sorted_map(fields)
