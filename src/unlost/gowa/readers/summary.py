"""From an event to its envelope: one table, so that the door and the interpreter can't disagree on who, where and which."""

from unlost.vocabulary.envelopes import Envelope, Kind, Receipt, Source
from unlost.vocabulary.events import (
    DeletedForMe,
    GatewayEvent,
    MessageArrived,
    MessageEdited,
    MessageRevoked,
    Noticed,
    ReactionArrived,
    ReceiptArrived,
)
from unlost.vocabulary.ids import WhatsAppId

_KINDS: dict[type, Kind] = {
    MessageArrived: Kind.MESSAGE,
    ReactionArrived: Kind.REACTION,
    MessageEdited: Kind.EDIT,
    MessageRevoked: Kind.REVOKE,
    DeletedForMe: Kind.DELETED_FOR_ME,
    ReceiptArrived: Kind.RECEIPT,
}


def envelope_of(event: GatewayEvent, source: Source) -> Envelope:
    """All that the door and the journal need of *event*."""
    told = event if isinstance(event, MessageArrived) and event.file is not None and event.id is not None else None
    return Envelope(
        source=source,
        kind=event.kind if isinstance(event, Noticed) else _KINDS[type(event)],
        chat=event.chat or None,
        device=event.device,
        sender=event.sender or None,
        id=event.id,
        target=_target(event),
        told_at=event.told_at,
        is_empty=isinstance(event, MessageArrived) and event.is_empty,
        from_self_to_self=event.from_me and event.chat == event.sender,
        pairings=event.pairings,
        receipts=_receipts(event) if isinstance(event, ReceiptArrived) else (),
        file=None if told is None else told.file,
        hangs="" if told is None or told.attachment is None else told.attachment.value,
        from_me=event.from_me,
    )


def _target(event: GatewayEvent) -> WhatsAppId | None:
    match event:
        case MessageArrived():
            return event.quote.id if event.quote is not None else None
        case ReactionArrived() | MessageEdited() | MessageRevoked() | DeletedForMe():
            return event.target
        case ReceiptArrived() | Noticed():
            return None


def _receipts(event: ReceiptArrived) -> tuple[Receipt, ...]:
    return tuple(Receipt(message, event.chat, event.status) for message in event.ids)
