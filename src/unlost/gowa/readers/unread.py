"""The name of a message whose id no reader takes, the same for its webhook and for its row of storage: so it is kept once.

Whoever wrote it chose the id (GOWA page, 2.2), so nothing is wrong with the rest: the body is read under another id, to learn whose it
is. The name is a digest, since what it is made of must not be told as an id.
"""

from hashlib import blake2b

import msgspec

from unlost.errors import Refused
from unlost.gowa.readers import envelope, flat, storage
from unlost.gowa.readers.decoding import members_of, text_in
from unlost.gowa.readers.shapes import NOTHING
from unlost.gowa.readers.stamps import told_at_of
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.envelopes import Envelope, Kind, Source
from unlost.vocabulary.events import GatewayEvent, MessageArrived
from unlost.vocabulary.ids import WhatsAppId

STAND_IN = WhatsAppId("unread")
NAME_BYTES = 16
_STAMPS = ("timestamp", "created_at")
_CONTENTS = ("media_type", "filename", "content")
_ABSENT = (b"", b"null", b'""')

Members = dict[str, msgspec.Raw]


def name_of_webhook(body: bytes, *, device: Address | None) -> WhatsAppId | None:
    """The name of a message whose webhook was refused; None where that tells of none, or of one without content or without an id.

    Only content has a row; and what has none must not keep the content of the same id out.
    """
    try:
        told_id, event = _webhook(body, device)
    except Refused:
        return None
    if not told_id or not isinstance(event, MessageArrived) or event.id != STAND_IN or event.is_empty:
        return None
    return _name("message", *_whose(event, device), told_id)


def envelope_of_unread_row(row: bytes, chat: Address, *, device: Address | None) -> Envelope:
    """What is kept of a row from the list of *chat* that was refused; never raises.

    Its *id* is the name, which stays while the row is only written to, unless it has no id and is edited. Its *told_at* is the
    gateway's time of it where it tells none of WhatsApp's.
    """
    try:
        told_id, event = _row(row, chat, device)
        whose, told_at = _whose(event, device), event.told_at
    except Refused:
        told_id, told_at = _told_id_and_time(row)
        whose = ("", chat, "")
    name = _name("message", *whose, told_id) if told_id else _name("row", *whose, *_contents(row))
    return Envelope(Source.STORAGE, Kind.UNREADABLE, chat=None, id=name, told_at=told_at or storage.stored_at_of(row))


def _webhook(body: bytes, device: Address | None) -> tuple[str, GatewayEvent]:
    """The message's id as told, and what the body means under another."""
    outer = members_of(body)
    is_envelope = text_in(outer.get("event", NOTHING)) == "message"
    inner_key = "payload" if is_envelope else "message"
    inner = members_of(outer.get(inner_key, NOTHING))
    told_id = _id_in(inner, "id") or _id_in(inner, "ID")
    outer[inner_key] = msgspec.Raw(_under_stand_in(inner))
    read = envelope.event_of if is_envelope else flat.event_of
    return told_id, read(msgspec.json.encode(outer), device=device)


def _row(row: bytes, chat: Address, device: Address | None) -> tuple[str, GatewayEvent]:
    members = members_of(row)
    return _id_in(members, "id"), storage.event_of(_under_stand_in(members), device=device, chat=chat)


def _under_stand_in(members: Members) -> bytes:
    return msgspec.json.encode(members | {"id": msgspec.Raw(msgspec.json.encode(STAND_IN))})


def _id_in(members: Members, key: str) -> str:
    """As it was told, even if that is no text; empty where it was not."""
    raw = members.get(key, NOTHING)
    return "" if bytes(raw) in _ABSENT else text_in(raw) or bytes(raw).decode("utf-8", "replace")


def _told_id_and_time(row: bytes) -> tuple[str, float | None]:
    """As far as a row tells them that cannot be read under any id."""
    try:
        members = members_of(row)
    except Refused:
        return "", None
    return _id_in(members, "id"), told_at_of(text_in(members.get("timestamp", NOTHING)))


def _contents(row: bytes) -> tuple[str, ...]:
    """What tells a row without an id from others of its sender: those of one second are no less messages. All of it, if need be."""
    try:
        members = members_of(row)
    except Refused:
        members = {}
    stamps = tuple(_instant(text_in(members.get(key, NOTHING))) for key in _STAMPS)
    told = (*stamps, *(text_in(members.get(key, NOTHING)) for key in _CONTENTS))
    return told if any(told) else (row.decode("utf-8", "replace"),)


def _instant(stamp: str) -> str:
    """However it is written: a gateway that runs in another zone from now on prints its old rows otherwise."""
    at = told_at_of(stamp)
    return stamp if at is None else str(at)


def _whose(event: GatewayEvent, device: Address | None) -> tuple[str, str, str]:
    """Account (none for the channel's own, as in door keys), chat, sender (none for the account)."""
    is_own = device is None or event.device in (None, device)
    return "" if is_own else str(event.device), event.chat, "" if event.from_me else event.sender


def _name(*words: str) -> WhatsAppId:
    told = msgspec.json.encode(words)
    return WhatsAppId(f"{STAND_IN}-{blake2b(told, digest_size=NAME_BYTES).hexdigest()}")
