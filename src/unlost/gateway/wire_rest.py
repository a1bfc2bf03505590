"""GOWA's REST answers as plain values (its page, 3 and 4): the `results` of each call, and the envelope around them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from unlost.gateway.addresses import PHONE_SERVER, is_lid, server_of, user_of
from unlost.gateway.engines.answers import About, GroupInfo, Link, Member, Person, Picture, Privacy
from unlost.gateway.engines.frames import StateName
from unlost.gateway.events import Book, Device
from unlost.gateway.population.storage_reading import StoredChat, StoredMessage, StoredReaction
from unlost.gateway.settings import DeviceWebhook
from unlost.gateway.versions import (
    DISPLAY_NAME_SINCE,
    ENVELOPE_SINCE,
    LID_LOOKUP_SINCE,
    STATUS_JID_SINCE,
    Version,
    printed,
)
from unlost.gateway.wire_envelope import display_name
from unlost.gateway.wire_json import rfc3339

FILE_MAX_BYTES, VIDEO_MAX_BYTES, IMAGE_MAX_BYTES = 50_000_000, 100_000_000, 20_000_000


class ShownDevice(msgspec.Struct, frozen=True):
    """A device as it is told: its slot, and the account it is linked to, if it is.

    *says_why*: what is wrong, and its cure, stand beside a bad state (beyond GOWA).
    """

    slot: str
    name: str
    jid: str
    created_at: str
    link: Link
    says_why: bool


DEVICE_STATES = {
    StateName.LOGGED_IN: "logged_in",
    StateName.PAIRING: "connected",
    StateName.PAIRED: "connecting",
    StateName.CONNECTING: "connecting",
    StateName.STARTING: "connecting",
}


def success(message: str, results: object | None = None) -> dict[str, Any]:
    """The envelope of an answer that went well; `results` is left out where there is none."""
    return {"code": "SUCCESS", "message": message} | ({} if results is None else {"results": results})


def failure(code: str, message: str) -> dict[str, Any]:
    """The envelope of a refusal."""
    return {"code": code, "message": message}


def app_status(shown: ShownDevice, version: Version) -> dict[str, Any]:
    """`/app/status`: GOWA tells of a disconnection nowhere else, so this is polled."""
    status: dict[str, Any] = {
        "is_connected": shown.link.is_connected,
        "is_logged_in": shown.link.is_logged_in,
        "device_id": shown.slot if version >= ENVELOPE_SINCE else shown.jid,
    }
    jid = shown.jid if shown.link.is_logged_in else ""
    return status | ({"jid": jid} if version >= STATUS_JID_SINCE else {}) | trouble(shown)


def app_info(version: Version, engine: About | None, *, chatwoot_enabled: bool) -> dict[str, Any]:
    """`/app/info`; 7.x has no such path. *engine*: beyond GOWA, which one speaks here."""
    beyond = {} if engine is None else {"engine": engine.name, "engine_version": engine.version}
    return {
        "version": printed(version),
        "os": "GOWA",
        "base_path": "",
        "max_file_size": FILE_MAX_BYTES,
        "max_video_size": VIDEO_MAX_BYTES,
        "max_image_size": IMAGE_MAX_BYTES,
        "chatwoot_enabled": chatwoot_enabled,
    } | beyond


def device_webhook(name: str, webhook: DeviceWebhook) -> dict[str, Any]:
    """`/devices/{id}/webhook` (v8.10.0 and later); empty where the device has none of its own."""
    return {
        "device_id": name,
        "webhook_url": webhook.url,
        "webhook_secret": webhook.secret,
        "webhook_events": webhook.events,
        "webhook_insecure_skip_verify": webhook.insecure_skip_verify,
    }


def app_devices(name: str, slot: str, jid: str) -> list[dict[str, Any]]:
    """`/app/devices`."""
    return [{"name": name, "device": slot, "jid": jid}]


def device(shown: ShownDevice) -> dict[str, Any]:
    """One entry of `/devices` (v8 and later). `state` has GOWA's four words; `cause` and `cure` stand beside a bad one."""
    entry = {
        "id": shown.slot,
        "display_name": shown.name,
        "phone_number": user_of(shown.jid),
        "state": DEVICE_STATES.get(shown.link.state, "disconnected"),
        "jid": shown.jid,
        "created_at": shown.created_at,
    }
    return trouble(shown) | entry


def trouble(shown: ShownDevice) -> dict[str, str]:
    """What is wrong with its link, and what helps; nothing while all is well."""
    link = shown.link
    if link.is_logged_in or not shown.says_why:
        return {}
    return {"state": link.state.value, "cause": link.cause, "cure": link.cure}


def user_info(person: Person, version: Version, asked: str) -> dict[str, Any]:
    """`/user/info`: `picture_id` is the cheap test for a changed avatar; it is empty where the picture is hidden."""
    user, server = user_of(person.address), server_of(person.address)
    devices = [{"User": user, "Agent": 0, "Device": "UNKNOWN", "Server": server, "AD": True} for _ in person.devices]
    entry: dict[str, Any] = {
        "verified_name": person.verified_name,
        "status": person.status,
        "picture_id": person.picture_id,
        "devices": devices,
    }
    if version < LID_LOOKUP_SINCE:
        return {"data": [entry]}
    resolved = {"data": [entry | {"name": person.name}]}
    if is_lid(asked):
        return resolved | ({"resolved_phone": person.phone} if person.phone else {})
    return resolved | ({"resolved_lid": person.lid} if person.lid else {})


def user_avatar(picture: Picture, base_url: str) -> dict[str, Any]:
    """`/user/avatar` of someone whose picture is shown; a path is one the gateway serves itself, in place of WhatsApp."""
    url = picture.url if "://" in picture.url else f"{base_url}/statics/{picture.url}"
    return {"url": url, "id": picture.id, "type": "image"}


def privacy(told: Privacy) -> dict[str, str]:
    """`/user/my/privacy`."""
    return {
        "group_add": told.group_add,
        "last_seen": told.last_seen,
        "status": told.status,
        "profile": told.profile,
        "read_receipts": told.read_receipts,
    }


def group_info(group: GroupInfo) -> dict[str, Any]:
    """`/group/info` and `/user/my/groups`: whatsmeow's own struct, Go names and all."""
    members = [_participant(one) for one in group.members]
    told = {
        "JID": group.jid,
        "OwnerJID": group.owner,
        "Name": group.name,
        "Topic": group.topic,
        "IsLocked": group.is_locked,
        "IsAnnounce": group.is_announce,
        "IsEphemeral": False,
        "ParticipantCount": len(members),
        "Participants": members,
    }
    return told | ({"GroupCreated": rfc3339(group.created_at)} if group.created_at else {})


def participants(group: GroupInfo) -> list[dict[str, Any]]:
    """`/group/participants`."""
    return [
        {
            "jid": one.address,
            "phone_number": one.phone,
            "lid": one.lid,
            "display_name": one.name,
            "is_admin": one.is_admin,
            "is_super_admin": one.is_owner,
        }
        for one in group.members
    ]


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


def cursor_page(page: dict[str, Any], cursor: str, *, more: bool) -> dict[str, Any]:
    """*page* with where to go on (beyond GOWA): the cursor stays good for what is stored later."""
    told = {"next_cursor": cursor, "has_more": more}
    return page | {"pagination": page["pagination"] | told}


def pagination(limit: int, offset: int, total: int) -> dict[str, int]:
    """As asked for, and the count."""
    return {"limit": limit, "offset": offset, "total": total}


def rest_time(stored: str) -> str:
    """RFC 3339 in whole seconds from the stored text."""
    return stored.replace(" ", "T").replace("+00:00", "Z")


def _participant(member: Member) -> dict[str, Any]:
    return {
        "JID": member.address,
        "PhoneNumber": member.phone or f"@{PHONE_SERVER}",
        "LID": member.lid,
        "IsAdmin": member.is_admin,
        "IsSuperAdmin": member.is_owner,
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
