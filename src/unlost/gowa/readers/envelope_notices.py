"""The envelope's events without a message: presence, labels, newsletters, calls, and what we do not know."""

from unlost.gowa.readers.decoding import unreadable
from unlost.gowa.readers.jids import address_of
from unlost.gowa.readers.opened import Opened
from unlost.gowa.readers.parts import detail_of, id_of
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.envelopes import Kind
from unlost.vocabulary.events import Noticed
from unlost.vocabulary.ids import WhatsAppId

NOWHERE = Address("")
"""The chat of an event that concerns none: a label's own name or colour."""


def event_of(opened: Opened) -> Noticed:
    """What such an event means; one we do not know needs at least a chat. Raises Refused."""
    payload = opened.payload
    match opened.event:
        case "chat_presence":
            return _noticed(opened, Kind.PRESENCE, opened.chat, detail=payload.state)
        case "label.edit":
            return _noticed(opened, Kind.LABEL, opened.chat or NOWHERE, detail="edit")
        case "label.association":
            return _noticed(opened, Kind.LABEL, opened.chat, detail="labeled" if payload.labeled else "unlabeled")
        case "call.offer":
            caller = address_of(payload.group_jid) or opened.sender
            detail = "auto_rejected" if payload.auto_rejected else ""
            return _noticed(opened, Kind.CALL, caller, detail=detail, id=id_of(payload.call_id))
        case "connect" | "disconnect" | "logout":  # of our own gateway
            return _noticed(opened, Kind.CONNECTION, NOWHERE, detail=opened.event)
        case name if name.startswith("newsletter."):
            chat = address_of(payload.newsletter_id) or opened.chat
            return _noticed(opened, Kind.NEWSLETTER, chat, detail=name.removeprefix("newsletter."))
        case name:
            return _noticed(opened, Kind.UNKNOWN, opened.chat or opened.sender, detail=name, id=id_of(payload.id))


def _noticed(opened: Opened, kind: Kind, chat: Address | None, *, detail: str, id: WhatsAppId | None = None) -> Noticed:
    if chat is None:
        raise unreadable("no chat")
    return Noticed(
        kind=kind,
        detail=detail_of(detail),
        chat=chat,
        sender=opened.sender or chat,
        id=id,
        from_me=opened.from_me,
        told_at=opened.told_at,
        device=opened.device,
        pairings=opened.pairings,
    )
