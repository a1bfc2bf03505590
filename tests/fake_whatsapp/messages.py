"""Messages as people write them: WhatsApp's protobuf `Message`, built for a push."""

from __future__ import annotations

from tests.fake_whatsapp import protobufs
from tests.fake_whatsapp.media import Media
from tests.fake_whatsapp.protobufs import Protobuf


def text(words: str) -> Protobuf:
    message: Protobuf = protobufs.new("Message", conversation=words)
    return message


def image(media: Media, *, caption: str = "", mime: str = "image/jpeg") -> Protobuf:
    """A picture that lies at the media host; sealed for the purpose `image`."""
    told = protobufs.new("Message.ImageMessage", caption=caption, mimetype=mime, **_told(media))
    message: Protobuf = protobufs.new("Message", imageMessage=told)
    return message


def document(media: Media, *, name: str, mime: str = "application/pdf") -> Protobuf:
    """A file that lies at the media host; sealed for the purpose `document`."""
    told = protobufs.new("Message.DocumentMessage", fileName=name, mimetype=mime, **_told(media))
    message: Protobuf = protobufs.new("Message", documentMessage=told)
    return message


def _told(media: Media) -> dict[str, str | bytes | int]:
    return {
        "url": media.url,
        "directPath": media.direct_path,
        "mediaKey": media.key,
        "fileSha256": media.plain_sha256,
        "fileEncSha256": media.sealed_sha256,
        "fileLength": media.size_bytes,
    }


def sent_by_own_phone(to: str, message: Protobuf) -> Protobuf:
    """The copy of *message* that the phone makes for the user's other devices."""
    inner = protobufs.new("Message.DeviceSentMessage", destinationJid=to, message=message)
    copy: Protobuf = protobufs.new("Message", deviceSentMessage=inner)
    return copy


def words_of(raw: bytes) -> str:
    """The text in a decrypted message, plain or extended, whichever kind it is; empty where there is none.

    A message to the user's own other devices is looked into.
    """
    message = protobufs.parse("Message", raw)
    if message.HasField("deviceSentMessage"):
        message = message.deviceSentMessage.message
    return str(message.conversation or message.extendedTextMessage.text)
