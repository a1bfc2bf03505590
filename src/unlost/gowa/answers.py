"""What the gateway answers, as values; its fields are read leniently, since their types changed between versions.

Decoders take the `results` of an answer and raise `unlost.errors.Refused` (cause unreadable) for what has no such form.
"""

from dataclasses import dataclass
from datetime import timezone

import msgspec

from unlost.errors import Refused
from unlost.gowa.readers.decoding import Shape, unreadable
from unlost.gowa.readers.jids import address_of
from unlost.gowa.readers.parts import clean
from unlost.gowa.readers.shapes import NOTHING
from unlost.gowa.readers.stamps import told_at_of
from unlost.gowa.storage_time import zone_in
from unlost.gowa.versions import Version, version_of
from unlost.vocabulary.addresses import LID_SERVER, PHONE_SERVER, Address, is_lid, is_phone

NAME_MAX_CHARS = 10_000
URL_MAX_CHARS = 8_192


@dataclass(frozen=True, slots=True)
class Status:
    """`/app/status`. *device*: the account's phone address, None where it is not logged in or the version does not tell."""

    connected: bool
    logged_in: bool
    device: Address | None


@dataclass(frozen=True, slots=True)
class UserInfo:
    """`/user/info`. Empty or None: not told. *picture_id* changes with the picture; *lid* and *phone* name one person."""

    name: str
    picture_id: str
    lid: Address | None
    phone: Address | None


@dataclass(frozen=True, slots=True)
class StoredChat:
    """One chat of the storage, under its stored form. *touched_at*: the later of its last message and its last change.

    *jid*: empty where the row tells none, or is none; then there is nothing to ask about it. *told_at*: WhatsApp's time of the message
    that it told last. *zones*: those the gateway ran in when it wrote the chat down, and when it last wrote to it.
    """

    jid: str
    touched_at: float | None
    told_at: float | None = None
    stamp: str = ""
    zones: frozenset[timezone] = frozenset()


@dataclass(frozen=True, slots=True)
class Downloaded:
    """`/message/{id}/download`. *path*: relative to the gateway's base; *name*: as its sender called it, empty where not told."""

    path: str
    name: str


class _Answered(msgspec.Struct):
    results: msgspec.Raw = NOTHING


class _Status(msgspec.Struct):
    is_connected: bool = False
    is_logged_in: bool = False
    device_id: str = ""
    jid: str = ""


class _Info(msgspec.Struct):
    version: str = ""


class _People(msgspec.Struct):
    data: msgspec.Raw = NOTHING
    resolved_phone: str = ""
    resolved_lid: str = ""


class _Person(msgspec.Struct):
    name: str = ""
    verified_name: str = ""
    picture_id: str = ""


class _Avatar(msgspec.Struct):
    url: str = ""


class _Group(msgspec.Struct):
    name: str = msgspec.field(name="Name", default="")


class _Page(msgspec.Struct):
    data: msgspec.Raw = NOTHING


class _Chat(msgspec.Struct):
    jid: str = ""
    last_message_time: str = ""
    created_at: str = ""
    updated_at: str = ""


class _Download(msgspec.Struct):
    file_path: str = ""
    filename: str = ""


class _Device(msgspec.Struct):
    id: str = ""
    jid: str = ""


_ANSWERED, _STATUS, _INFO = Shape(_Answered), Shape(_Status), Shape(_Info)
_PEOPLE, _PERSON, _AVATAR, _GROUP = Shape(_People), Shape(_Person), Shape(_Avatar), Shape(_Group)
_PAGE, _CHAT, _DEVICE = Shape(_Page), Shape(_Chat), Shape(_Device)
_DOWNLOAD = Shape(_Download)
_LIST = msgspec.json.Decoder(list[msgspec.Raw])


def results_of(body: bytes) -> msgspec.Raw:
    """The `results` of an answer; null where there are none."""
    results = _ANSWERED.decode(body).results
    return results if len(results) else msgspec.Raw(b"null")


def read_status(results: msgspec.Raw) -> Status:
    """`/app/status`."""
    status = _STATUS.decode(results)
    told = address_of(status.jid) or address_of(status.device_id)
    device = told if told is not None and is_phone(told) else None
    return Status(status.is_connected, status.is_logged_in, device)


def read_version(results: msgspec.Raw) -> Version | None:
    """`/app/info`; None where it tells no version."""
    try:
        return version_of(_INFO.decode(results).version)
    except Refused:
        return None


def read_user(results: msgspec.Raw, asked: Address) -> UserInfo:
    """`/user/info` of *asked*. Before v8.3.0 it tells no pairing, and in its own description no `data`."""
    people = _PEOPLE.decode(results)
    found = items_of(people.data) if len(people.data) else [results]
    person = _PERSON.decode(found[0]) if found else _Person()
    return UserInfo(
        name=clean(person.name or person.verified_name)[:NAME_MAX_CHARS],
        picture_id=person.picture_id,
        lid=asked if is_lid(asked) else _address(people.resolved_lid, LID_SERVER),
        phone=asked if is_phone(asked) else _address(people.resolved_phone, PHONE_SERVER),
    )


def read_avatar(results: msgspec.Raw) -> str | None:
    """`/user/avatar`: the picture's address, None where there is none."""
    url = _AVATAR.decode(results).url
    return url if 0 < len(url) <= URL_MAX_CHARS else None


def read_group(results: msgspec.Raw) -> str:
    """`/group/info`: the subject."""
    return clean(_GROUP.decode(results).name)[:NAME_MAX_CHARS]


def read_chats(results: msgspec.Raw) -> tuple[StoredChat, ...]:
    """A page of `/chats`, all its rows: how many they are says whether there are more."""
    return tuple(_stored_chat(item) for item in items_of(_PAGE.decode(results).data))


def read_rows(results: msgspec.Raw) -> tuple[bytes, ...]:
    """A page of `/chat/{jid}/messages`, each row as it came."""
    return tuple(bytes(item) for item in items_of(_PAGE.decode(results).data))


def read_download(results: msgspec.Raw) -> Downloaded:
    """`/message/{id}/download`. A path with our files' own name is no name of the sender's."""
    told = _DOWNLOAD.decode(results)
    if not 0 < len(told.file_path) <= URL_MAX_CHARS:
        raise unreadable("a download without its path")
    is_own_name = told.filename == told.file_path.rpartition("/")[2]
    return Downloaded(told.file_path, "" if is_own_name else clean(told.filename[-NAME_MAX_CHARS:]))


def read_slot(results: msgspec.Raw, device: Address) -> str | None:
    """`/devices`: the name under which the gateway keeps *device*."""
    devices = [_DEVICE.decode(item) for item in items_of(results)]
    return next((one.id for one in devices if one.id and address_of(one.jid) == device), None)


def _stored_chat(item: msgspec.Raw) -> StoredChat:
    try:
        chat = _CHAT.decode(item)
    except Refused:
        chat = _Chat()
    stamp = chat.last_message_time or chat.updated_at
    return StoredChat(chat.jid, _touched_at(chat), told_at_of(chat.last_message_time), stamp, _zones(chat))


def _touched_at(chat: _Chat) -> float | None:
    times = [at for stamp in (chat.last_message_time, chat.updated_at) if (at := told_at_of(stamp)) is not None]
    return max(times, default=None)


def _zones(chat: _Chat) -> frozenset[timezone]:
    """A time that Go never set is printed in UTC, wherever the gateway runs."""
    stamps = (chat.last_message_time, chat.created_at, chat.updated_at)
    zones = (zone_in(stamp) for stamp in stamps if told_at_of(stamp) is not None)
    return frozenset(zone for zone in zones if zone is not None)


def items_of(raw: msgspec.Raw) -> list[msgspec.Raw]:
    """The members of a list; none for null, which is how Go prints an empty one. Raises Refused."""
    if len(raw) == 0 or bytes(raw) == b"null":
        return []
    try:
        return _LIST.decode(raw)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        raise unreadable("not a list") from None


def _address(text: str, server: str) -> Address | None:
    """An address of *server*, told as a JID or as bare digits."""
    found = address_of(text) or address_of(f"{text.removeprefix('+')}@{server}")
    return found if found is not None and found.endswith(f"@{server}") else None
