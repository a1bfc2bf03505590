"""What the phone tells a new device of the past: a compressed blob at the media host, and a message that names it."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.fake_whatsapp import media, protobufs
from tests.fake_whatsapp.media import MediaStore
from tests.fake_whatsapp.protobufs import Protobuf


@dataclass(frozen=True)
class Told:
    """One message of the past; *at_s* in seconds since 1970, *author* only in groups."""

    chat: str
    id: str
    words: str
    at_s: int
    from_me: bool = False
    author: str = ""


def notification(store: MediaStore, told: Sequence[Told], kind: str) -> Protobuf:
    """Lay the blob down at the media host; the phone's message about it."""
    held = store.put(media.seal(zlib.compress(_blob(told, kind)), "md-msg-hist"))
    notice = protobufs.new(
        "Message.HistorySyncNotification",
        fileSha256=held.plain_sha256,
        fileLength=held.size_bytes,
        mediaKey=held.key,
        fileEncSha256=held.sealed_sha256,
        directPath=held.direct_path,
        syncType=kind,
        chunkOrder=1,
    )
    told_by = protobufs.new("Message.ProtocolMessage", type="HISTORY_SYNC_NOTIFICATION", historySyncNotification=notice)
    message: Protobuf = protobufs.new("Message", protocolMessage=told_by)
    return message


def _blob(told: Sequence[Told], kind: str) -> bytes:
    chats = dict.fromkeys(one.chat for one in told)
    conversations = [_conversation(chat, [one for one in told if one.chat == chat]) for chat in chats]
    blob = protobufs.new("HistorySync", syncType=kind, conversations=conversations, chunkOrder=1, progress=100)
    raw: bytes = blob.SerializeToString()
    return raw


def _conversation(chat: str, told: Sequence[Told]) -> Any:
    """Newest first, as the phone sends them."""
    newest_first = sorted(told, key=lambda one: one.at_s, reverse=True)
    return protobufs.new("Conversation", id=chat, messages=[_line(one) for one in newest_first])


def _line(told: Told) -> Any:
    key = protobufs.new("MessageKey", remoteJid=told.chat, fromMe=told.from_me, id=told.id, participant=told.author)
    message = protobufs.new(
        "WebMessageInfo",
        key=key,
        message=protobufs.new("Message", conversation=told.words),
        messageTimestamp=told.at_s,
        participant=told.author,
    )
    return protobufs.new("HistorySyncMsg", message=message)
