"""Messages as people write them: WhatsApp's protobuf `Message`, built for a push."""

from __future__ import annotations

from typing import Any

from tests.fake_whatsapp import protobufs
from tests.fake_whatsapp.media import Media
from tests.fake_whatsapp.protobufs import Protobuf


def text(words: str) -> Protobuf:
    return _message(conversation=words)


def reply(words: str, *, to: str, author: str, quoted: str) -> Protobuf:
    """An answer to the message *to*, which *author* (an address) wrote and which says *quoted*."""
    context = _inner("ContextInfo", stanzaId=to, participant=author, quotedMessage=text(quoted))
    return _message(extendedTextMessage=_inner("Message.ExtendedTextMessage", text=words, contextInfo=context))


def reaction(emoji: str, *, chat: str, to: str, from_me: bool = False) -> Protobuf:
    """*emoji* on the message *to*; an empty one takes it back. *from_me*: the device's user wrote that message."""
    told = _inner("Message.ReactionMessage", key=_key(chat, to, from_me), text=emoji, senderTimestampMs=1)
    return _message(reactionMessage=told)


def edit(words: str, *, chat: str, of: str) -> Protobuf:
    """New words for the sender's own message *of*, as its sender tells of them."""
    told = _inner(
        "Message.ProtocolMessage",
        type="MESSAGE_EDIT",
        key=_key(chat, of, from_me=True),
        editedMessage=text(words),
        timestampMs=1,
    )
    return _message(
        editedMessage=_inner("Message.FutureProofMessage", message=_message(protocolMessage=told)),
    )


def revoke(*, chat: str, of: str) -> Protobuf:
    """The sender's own message *of* is deleted for everyone."""
    return _message(protocolMessage=_inner("Message.ProtocolMessage", type="REVOKE", key=_key(chat, of, from_me=True)))


def image(media: Media, *, caption: str = "", mime: str = "image/jpeg") -> Protobuf:
    """A picture that lies at the media host, sealed for the purpose `image`; likewise those below."""
    return _message(imageMessage=_inner("Message.ImageMessage", caption=caption, mimetype=mime, **_told(media)))


def video(media: Media, *, caption: str = "", mime: str = "video/mp4", seconds: int = 1) -> Protobuf:
    told = _told(media)
    return _message(
        videoMessage=_inner("Message.VideoMessage", caption=caption, mimetype=mime, seconds=seconds, **told)
    )


def audio(media: Media, *, voice: bool = False, mime: str = "audio/ogg; codecs=opus", seconds: int = 1) -> Protobuf:
    told = _told(media)
    return _message(audioMessage=_inner("Message.AudioMessage", ptt=voice, mimetype=mime, seconds=seconds, **told))


def document(media: Media, *, name: str, caption: str = "", mime: str = "application/pdf") -> Protobuf:
    told = _told(media)
    return _message(
        documentMessage=_inner("Message.DocumentMessage", fileName=name, caption=caption, mimetype=mime, **told)
    )


def sticker(media: Media) -> Protobuf:
    """Sealed for the purpose `image`."""
    return _message(stickerMessage=_inner("Message.StickerMessage", mimetype="image/webp", **_told(media)))


def place(latitude: float, longitude: float, *, name: str = "", address: str = "") -> Protobuf:
    """A location, in degrees."""
    told = {"degreesLatitude": latitude, "degreesLongitude": longitude, "name": name, "address": address}
    return _message(locationMessage=_inner("Message.LocationMessage", **told))


def card(name: str, vcard: str) -> Protobuf:
    """One contact card."""
    return _message(contactMessage=_inner("Message.ContactMessage", displayName=name, vcard=vcard))


def poll(question: str, *options: str, selectable: int = 1) -> Protobuf:
    offered = [_inner("Message.PollCreationMessage.Option", optionName=option) for option in options]
    told = _inner("Message.PollCreationMessage", name=question, options=offered, selectableOptionsCount=selectable)
    return _message(
        pollCreationMessageV3=told, messageContextInfo=_inner("MessageContextInfo", messageSecret=b"s" * 32)
    )


def sent_by_own_phone(to: str, message: Protobuf) -> Protobuf:
    """The copy of *message* that the phone makes for the user's other devices."""
    return _message(deviceSentMessage=_inner("Message.DeviceSentMessage", destinationJid=to, message=message))


def words_of(raw: bytes) -> str:
    """The text in a decrypted message, plain or extended, whichever kind it is; empty where there is none.

    A message to the user's own other devices is looked into.
    """
    message = protobufs.parse("Message", raw)
    if message.HasField("deviceSentMessage"):
        message = message.deviceSentMessage.message
    return str(message.conversation or message.extendedTextMessage.text)


def _message(**fields: Any) -> Protobuf:
    message: Protobuf = protobufs.new("Message", **fields)
    return message


def _inner(kind: str, /, **fields: Any) -> Any:
    return protobufs.new(kind, **fields)


def _key(chat: str, message_id: str, from_me: bool) -> Any:
    return _inner("MessageKey", remoteJid=chat, id=message_id, fromMe=from_me)


def _told(media: Media) -> dict[str, str | bytes | int]:
    return {
        "url": media.url,
        "directPath": media.direct_path,
        "mediaKey": media.key,
        "fileSha256": media.plain_sha256,
        "fileEncSha256": media.sealed_sha256,
        "fileLength": media.size_bytes,
    }
