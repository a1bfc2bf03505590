"""What a message says: WhatsApp's protobuf as `unlost.gateway.events` content. Outside text; nothing in it is trusted."""

from __future__ import annotations

import hashlib
import importlib
import mimetypes
from collections.abc import Callable
from typing import Any

import msgspec

from unlost.gateway.engines.neonize_worker.library import Proto
from unlost.gateway.events import (
    Card,
    Cards,
    Content,
    Edit,
    Empty,
    Interactive,
    Media,
    MediaKind,
    Place,
    Quote,
    Reaction,
    Revoke,
    Text,
)
from unlost.gateway.events import Proto as Fields

MEDIA = {
    "imageMessage": MediaKind.IMAGE,
    "videoMessage": MediaKind.VIDEO,
    "ptvMessage": MediaKind.VIDEO_NOTE,
    "audioMessage": MediaKind.AUDIO,
    "documentMessage": MediaKind.DOCUMENT,
    "stickerMessage": MediaKind.STICKER,
}
# What carries keys between the account's own devices and the members of a group, and says nothing to a person.
SILENT = frozenset(
    {
        "senderKeyDistributionMessage",
        "fastRatchetKeySenderKeyDistributionMessage",
        "messageContextInfo",
        "groupRootKeyShare",
    }
)
WRAPPERS = (
    "ephemeralMessage", "viewOnceMessage", "viewOnceMessageV2", "viewOnceMessageV2Extension", "documentWithCaptionMessage",
    "editedMessage", "groupMentionedMessage", "lottieStickerMessage", "associatedChildMessage", "groupStatusMessage",
)  # fmt: skip
WRAPPERS_MAX = 5
ENDINGS = {"audio/ogg": ".ogg", "image/webp": ".webp", "image/jpeg": ".jpg", "audio/mp4": ".m4a"}
REFERRAL = {
    "source_url": "sourceURL", "source_id": "sourceID", "source_type": "sourceType", "headline": "title", "body": "body",
    "media_url": "mediaURL", "thumbnail_url": "thumbnailURL", "ctwa_clid": "ctwaClid", "ref": "ref",
}  # fmt: skip


def content_of(message: Proto, *, source: int, id: str, view_once: bool) -> Content | None:
    """The content, or None of what is no message to anybody. *source*: the record's row, under which a file is asked for."""
    message = unwrapped(message)
    kinds = [field.name for field, _ in message.ListFields()]
    for kind in kinds:
        if kind in MEDIA:
            return media_of(getattr(message, kind), MEDIA[kind], source, id, view_once)
        if kind in READERS:
            return READERS[kind](getattr(message, kind))
    said = [kind for kind in kinds if kind not in SILENT]
    return Empty(said[0]) if said else None


def unwrapped(message: Proto) -> Proto:
    """The message inside its envelopes; the engine has opened most of them."""
    for _ in range(WRAPPERS_MAX):
        wrapper = next((name for name in WRAPPERS if message.HasField(name)), None)
        if wrapper is None:
            return message
        message = getattr(message, wrapper).message
    return message


def media_of(part: Proto, kind: MediaKind, source: int, id: str, view_once: bool) -> Media:
    """A file, described; nothing is fetched. Its path is made of the record's row, so that it can be found again."""
    mime_type = part.mimetype.partition(";")[0].strip().lower()
    return Media(
        kind,
        part.mimetype,
        path=f"statics/media/{file_name(source, id, mime_type)}",
        caption=getattr(part, "caption", ""),
        filename=getattr(part, "fileName", "") or getattr(part, "title", ""),
        size_bytes=int(part.fileLength),
        view_once=view_once or bool(getattr(part, "viewOnce", False)),
        quote=quote_of(part),
    )


def file_name(source: int, id: str, mime_type: str) -> str:
    """The name a file gets here: never the sender's."""
    ending = ENDINGS.get(mime_type) or mimetypes.guess_extension(mime_type) or ".bin"
    return f"{source}-{hashlib.sha256(id.encode(errors='replace')).hexdigest()[:16]}{ending}"


def quote_of(part: Proto) -> Quote | None:
    """The message this one answers."""
    context = part.contextInfo
    return Quote(context.stanzaID, words_of(unwrapped(context.quotedMessage))) if context.stanzaID else None


def words_of(message: Proto) -> str:
    """The text or caption of a message, or nothing."""
    if message.conversation or message.extendedTextMessage.text:
        return str(message.conversation or message.extendedTextMessage.text)
    return next((getattr(getattr(message, kind), "caption", "") for kind in MEDIA if message.HasField(kind)), "")


def referral_of(message: Proto) -> dict[str, Any] | None:
    """The ad that brought the person here (click to WhatsApp), where there is one."""
    message = unwrapped(message)
    for field, part in message.ListFields():
        if field.message_type is not None and "contextInfo" in field.message_type.fields_by_name:
            ad = part.contextInfo.externalAdReply
            if ad.sourceType or ad.ctwaClid:
                found = {name: getattr(ad, key) for name, key in REFERRAL.items()}
                return {name: value for name, value in found.items() if value}
    return None


def _conversation(text: str) -> Text:
    return Text(text)


def _extended(part: Proto) -> Text:
    return Text(part.text, quote_of(part), forwarded=part.contextInfo.isForwarded)


def _contact(part: Proto) -> Cards:
    return Cards((_card(part),))


def _contacts(part: Proto) -> Cards:
    return Cards(tuple(_card(one) for one in part.contacts))


def _card(part: Proto) -> Card:
    line = next((one for one in part.vcard.splitlines() if one.upper().startswith(("TEL", "ITEM1.TEL"))), "")
    return Card(part.displayName, part.vcard, line.rpartition(":")[2])


def _location(part: Proto) -> Place:
    return Place(part.degreesLatitude, part.degreesLongitude, part.name, part.address, live=part.isLive)


def _live_location(part: Proto) -> Place:
    return Place(part.degreesLatitude, part.degreesLongitude, part.caption, live=True)


def _reaction(part: Proto) -> Reaction:
    return Reaction(part.key.ID, part.text)


def _protocol(part: Proto) -> Content | None:
    kind = part.Type.Name(part.type)
    if kind == "REVOKE":
        return Revoke(part.key.ID, part.key.fromMe, part.key.remoteJID)
    if kind == "MESSAGE_EDIT":
        return Edit(part.key.ID, words_of(unwrapped(part.editedMessage)) or None)
    return None


def _fields(kind: str) -> Callable[[Proto], Content]:
    def read(part: Proto) -> Content:
        return Fields(kind, plain(part))

    return read


def _interactive(part: Proto) -> Interactive:
    header, body, footer = part.header.title, part.body.text, part.footer.text
    return Interactive("\n".join(one for one in (header, body, footer) if one))


def _buttons(part: Proto) -> Interactive:
    labels = [one.buttonText.displayText for one in part.buttons]
    return Interactive("\n".join(one for one in (part.text, part.contentText, part.footerText, *labels) if one))


def _template(part: Proto) -> Interactive:
    hydrated = part.hydratedTemplate if part.HasField("hydratedTemplate") else part.hydratedFourRowTemplate
    shown = (hydrated.hydratedTitleText, hydrated.hydratedContentText, hydrated.hydratedFooterText)
    return Interactive("\n".join(one for one in shown if one))


def _chosen(part: Proto) -> Text:
    return Text(part.selectedDisplayText or getattr(part, "title", ""), quote_of(part))


def _listed(part: Proto) -> Text:
    return Text(part.title, quote_of(part))


def _answered(part: Proto) -> Text:
    return Text(part.body.text, quote_of(part))


READERS: dict[str, Callable[[Any], Content | None]] = {
    "conversation": _conversation,
    "extendedTextMessage": _extended,
    "contactMessage": _contact,
    "contactsArrayMessage": _contacts,
    "locationMessage": _location,
    "liveLocationMessage": _live_location,
    "reactionMessage": _reaction,
    "protocolMessage": _protocol,
    "listMessage": _fields("list"),
    "orderMessage": _fields("order"),
    "interactiveMessage": _interactive,
    "buttonsMessage": _buttons,
    "templateMessage": _template,
    "templateButtonReplyMessage": _chosen,
    "buttonsResponseMessage": _chosen,
    "listResponseMessage": _listed,
    "interactiveResponseMessage": _answered,
}


def plain(part: Proto) -> dict[str, Any]:
    """A protobuf's fields as JSON would hold them, bytes as base64."""
    json_format = importlib.import_module("google.protobuf.json_format")  # neonize brings it; nothing else may need it
    return msgspec.json.decode(json_format.MessageToJson(part), type=dict[str, Any])
