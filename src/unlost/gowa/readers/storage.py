"""A row of the gateway's chat storage, read as the webhook of the same message would be (GOWA page, section 4).

Edits overwrite a row's content and leave no other trace; reactions stand inside rows without an id of their own. Neither can be
told from storage, and neither is: a row is always its message as it reads now, or a call.
"""

from unlost.errors import Refused
from unlost.gowa.readers.decoding import unreadable
from unlost.gowa.readers.files import NAME_MAX_CHARS
from unlost.gowa.readers.jids import address_of, pairing_of
from unlost.gowa.readers.parts import clean, id_of
from unlost.gowa.readers.shapes import CALL, ROW, ROW_STAMPS, StorageRow
from unlost.gowa.readers.stamps import told_at_of
from unlost.vocabulary.addresses import Address, is_group
from unlost.vocabulary.attachments import ToldFile
from unlost.vocabulary.envelopes import Kind, Pairing
from unlost.vocabulary.events import Attachment, GatewayEvent, MessageArrived, Noticed

CALL_PREFIX = "call:"
AUTO_REJECTED = "auto_rejected"

MEDIA_TYPES = {
    "image": Attachment.IMAGE,
    "video": Attachment.VIDEO,
    "video_note": Attachment.VIDEO_NOTE,
    "ptv": Attachment.VIDEO_NOTE,
    "audio": Attachment.AUDIO,
    "ptt": Attachment.AUDIO,
    "document": Attachment.DOCUMENT,
    "sticker": Attachment.STICKER,
}
"""Any other type is shown as a document: something hangs on the message."""


def event_of(body: bytes, *, device: Address | None, chat: Address | None = None) -> GatewayEvent:
    """What a row means. *chat*: whose list it came from, for a row that names none. Raises Refused."""
    row = ROW.decode(body)
    chat = address_of(row.chat_jid) or chat
    if chat is None:
        raise unreadable("no chat")
    sender, pairings = _sender(row, chat, device)
    if row.media_type == "call" or row.id.startswith(CALL_PREFIX):
        return Noticed(
            kind=Kind.CALL,
            detail=_call_detail(row),
            chat=chat,
            sender=sender,
            id=id_of(row.id.removeprefix(CALL_PREFIX)),
            from_me=row.is_from_me,
            told_at=told_at_of(row.timestamp),
            device=device,
            pairings=pairings,
        )
    return _message(row, chat, sender, device, pairings)


def _call_detail(row: StorageRow) -> str:
    """As the webhook's reader names it; nothing where the row's own account of the call cannot be read."""
    try:
        return AUTO_REJECTED if CALL.decode(row.call_metadata.encode("utf-8", "replace")).auto_rejected else ""
    except Refused:
        return ""


def filename_of(body: bytes) -> str:
    """What its sender called the row's file; empty where it is not told. Raises Refused."""
    return clean(ROW.decode(body).filename[-NAME_MAX_CHARS:])


def stored_at_of(body: bytes) -> float | None:
    """The gateway's own time of the row, later than WhatsApp's for what lay in its offline queue; None where it tells none."""
    try:
        row = ROW_STAMPS.decode(body)
    except Refused:
        return None
    times = [at for stamp in (row.created_at, row.updated_at) if (at := told_at_of(stamp)) is not None]
    return max(times, default=None)


def _message(
    row: StorageRow, chat: Address, sender: Address, device: Address | None, pairings: tuple[Pairing, ...]
) -> MessageArrived:
    message_id = id_of(row.id)
    if message_id is None:
        raise unreadable("a row without an id")
    return MessageArrived(
        chat=chat,
        sender=sender,
        id=message_id,
        from_me=row.is_from_me,
        told_at=told_at_of(row.timestamp),
        device=device,
        pairings=pairings,
        text=clean(row.content),
        attachment=MEDIA_TYPES.get(row.media_type, Attachment.DOCUMENT) if row.media_type else None,
        file=ToldFile(name=clean(row.filename[-NAME_MAX_CHARS:])) if row.media_type else None,
    )


def _sender(row: StorageRow, chat: Address, device: Address | None) -> tuple[Address, tuple[Pairing, ...]]:
    """Who wrote, as the webhook names them: the account, a group's member, or in a 1:1 chat the chat itself."""
    told = address_of(row.sender_jid)
    if row.is_from_me:
        return device or told or chat, ()
    if is_group(chat):
        return told or chat, ()
    return chat, pairing_of(told, chat)
