"""GOWA's REST answers as plain values (its page, 3 and 4): the `results` of each call, and the envelope around them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from unlost.gateway.addresses import PHONE_SERVER, is_lid, user_of
from unlost.gateway.events import Book, Device
from unlost.gateway.population.people import Avatar, Customer, Group
from unlost.gateway.population.storage_reading import StoredChat, StoredMessage, StoredReaction
from unlost.gateway.settings import DeviceWebhook
from unlost.gateway.versions import DISPLAY_NAME_SINCE, LID_LOOKUP_SINCE, STATUS_JID_SINCE, Version, printed
from unlost.gateway.wire_envelope import display_name

FILE_MAX_BYTES, VIDEO_MAX_BYTES, IMAGE_MAX_BYTES = 50_000_000, 100_000_000, 20_000_000


def success(message: str, results: object | None = None) -> dict[str, Any]:
    """The envelope of an answer that went well; `results` is left out where there is none."""
    return {"code": "SUCCESS", "message": message} | ({} if results is None else {"results": results})


def failure(code: str, message: str) -> dict[str, Any]:
    """The envelope of a refusal."""
    return {"code": code, "message": message}


def app_status(device: Device, version: Version, *, connected: bool, logged_in: bool) -> dict[str, Any]:
    """`/app/status`: never an event tells of a disconnection, so this is polled."""
    name = (device.session or device.jid) if version >= (8, 0, 0) else device.jid
    status: dict[str, Any] = {"is_connected": connected, "is_logged_in": logged_in, "device_id": name}
    return status | ({"jid": device.jid if logged_in else ""} if version >= STATUS_JID_SINCE else {})


def app_info(version: Version, *, chatwoot_enabled: bool) -> dict[str, Any]:
    """`/app/info`; 7.x has no such path."""
    return {
        "version": printed(version),
        "os": "GOWA",
        "base_path": "",
        "max_file_size": FILE_MAX_BYTES,
        "max_video_size": VIDEO_MAX_BYTES,
        "max_image_size": IMAGE_MAX_BYTES,
        "chatwoot_enabled": chatwoot_enabled,
    }


def front_page(version: Version) -> str:
    """`/`: GOWA's dashboard names its version in the title (src/views/index.html); the rest of it is not played."""
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<title>WhatsApp API {printed(version)}</title>\n</head>\n</html>\n'
    )


def device_webhook(name: str, webhook: DeviceWebhook) -> dict[str, Any]:
    """`/devices/{id}/webhook` (v8.10.0 and later); empty where the device has none of its own."""
    return {
        "device_id": name,
        "webhook_url": webhook.url,
        "webhook_secret": webhook.secret,
        "webhook_events": webhook.events,
        "webhook_insecure_skip_verify": webhook.insecure_skip_verify,
    }


def app_devices(device: Device) -> list[dict[str, Any]]:
    """`/app/devices`."""
    return [{"name": device.name, "device": device.session or device.jid, "jid": device.jid}]


def devices(device: Device, created_at: str, *, connected: bool) -> list[dict[str, Any]]:
    """`/devices` (v8 and later)."""
    entry = {
        "id": device.session or device.jid,
        "display_name": device.name,
        "state": "logged_in" if connected else "disconnected",
        "jid": device.jid,
        "created_at": created_at,
    }
    return [entry]


def user_info(customer: Customer, version: Version, asked: str) -> dict[str, Any]:
    """`/user/info`: `picture_id` is the cheap test for a changed avatar; it is empty where the picture is hidden."""
    server = customer.address.partition("@")[2]
    linked = {"User": user_of(customer.address), "Agent": 0, "Device": "UNKNOWN", "Server": server, "AD": True}
    entry: dict[str, Any] = {
        "verified_name": "",
        "status": "",
        "picture_id": customer.picture_id,
        "devices": [linked],
    }
    if version < LID_LOOKUP_SINCE:
        return {"data": [entry]}
    resolved = {"data": [entry | {"name": customer.saved_name or customer.name}]}
    if is_lid(asked):
        return resolved | ({"resolved_phone": customer.phone} if customer.phone and customer.paired else {})
    return resolved | ({"resolved_lid": customer.lid} if customer.lid and customer.paired else {})


def user_avatar(customer: Customer, base_url: str) -> dict[str, Any]:
    """`/user/avatar` of someone whose picture is shown; the gateway serves the file itself, in place of WhatsApp."""
    assert customer.avatar is Avatar.SHOWN
    url = f"{base_url}/statics/avatars/{customer.picture_id}.png"
    return {"url": url, "id": customer.picture_id, "type": "image"}


def group_info(group: Group, people: Mapping[str, Customer], owner: str) -> dict[str, Any]:
    """`/group/info`: whatsmeow's own struct, Go names and all."""
    members = [
        _participant(people.get(key) or Customer(phone=key), admin=at == 0) for at, key in enumerate(group.members)
    ]
    return {
        "JID": group.jid,
        "OwnerJID": owner,
        "Name": group.name,
        "Topic": group.topic,
        "IsLocked": False,
        "IsAnnounce": False,
        "IsEphemeral": False,
        "ParticipantCount": len(members),
        "Participants": members,
    }


def chats(found: Iterable[StoredChat], limit: int, offset: int, total: int) -> dict[str, Any]:
    """`/chats`."""
    return {"data": [chat(one) for one in found], "pagination": pagination(limit, offset, total)}


def chat(stored: StoredChat) -> dict[str, Any]:
    """One chat."""
    return {
        "jid": stored.jid,
        "name": stored.name,
        "last_message_time": rest_time(stored.last_message_time),
        "ephemeral_expiration": 0,
        "created_at": rest_time(stored.created_at),
        "updated_at": rest_time(stored.updated_at),
        "archived": False,
    }


def messages(
    found: Iterable[dict[str, Any]], info: StoredChat | None, limit: int, offset: int, total: int
) -> dict[str, Any]:
    """`/chat/{jid}/messages`; *found* as `message` gives them. *total* counts the whole chat, whatever the filters."""
    page: dict[str, Any] = {"data": list(found), "pagination": pagination(limit, offset, total)}
    return page | ({} if info is None else {"chat_info": chat(info)})


def message(
    stored: StoredMessage, reactions: Iterable[StoredReaction], device: Device, book: Book, version: Version
) -> dict[str, Any]:
    """One stored message. Storage has no push name, reply target, mime type or receipt (GOWA page, 4)."""
    row: dict[str, Any] = {
        "id": stored.id,
        "chat_jid": stored.chat_jid,
        "sender_jid": stored.sender_jid,
        "content": stored.content,
        "timestamp": rest_time(stored.timestamp),
        "is_from_me": stored.is_from_me,
        "media_type": stored.media_type,
        "filename": stored.filename,
        "url": stored.url,
        "file_length": stored.file_length,
        "created_at": rest_time(stored.created_at),
        "updated_at": rest_time(stored.updated_at),
    }
    if version >= DISPLAY_NAME_SINCE:
        row["sender_display_name"] = display_name(stored.sender_jid, "", device, book)
    if stored.call_metadata:
        row["call_metadata"] = stored.call_metadata
    shown = [_reaction(one, device, book, version) for one in reactions]
    return row | ({"reactions": shown} if shown else {})


def pagination(limit: int, offset: int, total: int) -> dict[str, int]:
    """As asked for, and the count."""
    return {"limit": limit, "offset": offset, "total": total}


def rest_time(stored: str) -> str:
    """RFC 3339 in whole seconds from the stored text."""
    return stored.replace(" ", "T").replace("+00:00", "Z")


def _participant(customer: Customer, *, admin: bool) -> dict[str, Any]:
    return {
        "JID": customer.address,
        "PhoneNumber": customer.phone or f"@{PHONE_SERVER}",
        "LID": customer.lid,
        "IsAdmin": admin,
        "IsSuperAdmin": admin,
        "DisplayName": "",
        "Error": 0,
        "AddRequest": None,
    }


def _reaction(stored: StoredReaction, device: Device, book: Book, version: Version) -> dict[str, Any]:
    row: dict[str, Any] = {
        "emoji": stored.emoji,
        "sender_jid": stored.sender_jid,
        "is_from_me": stored.is_from_me,
        "timestamp": rest_time(stored.timestamp),
    }
    if version >= DISPLAY_NAME_SINCE:
        row["sender_display_name"] = display_name(stored.sender_jid, "", device, book)
    return row
