"""The flat dialect's two small envelopes: receipts (v7.3.0 on) and group events (v7.4.0 on), without a device_id."""

from unlost.gowa.readers.decoding import unreadable
from unlost.gowa.readers.flat_people import people_of
from unlost.gowa.readers.happenings import participants, receipt
from unlost.gowa.readers.jids import address_of, pairing_of, resolved
from unlost.gowa.readers.parts import detail_of
from unlost.gowa.readers.shapes import PAYLOAD, OuterBody, Payload
from unlost.gowa.readers.stamps import told_at_of
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.envelopes import Kind
from unlost.vocabulary.events import GatewayEvent, Noticed


def event_of(outer: OuterBody, device: Address | None) -> GatewayEvent:
    """What a small envelope means. Raises Refused where it names no chat."""
    payload = PAYLOAD.decode(outer.payload)
    chat = address_of(payload.chat_id)
    if chat is None:
        raise unreadable("no chat")
    told_at = told_at_of(outer.timestamp)
    match outer.event:
        case "message.ack":
            return _receipt(payload, chat, told_at, device)
        case "group.participants":
            return participants(payload, chat, told_at=told_at, device=device)
        case unknown:
            return Noticed(
                kind=Kind.UNKNOWN,
                detail=detail_of(unknown),
                chat=chat,
                sender=address_of(payload.sender) or chat,
                id=None,
                from_me=False,
                told_at=told_at,
                device=device,
            )


def _receipt(payload: Payload, chat: Address, told_at: float | None, device: Address | None) -> GatewayEvent:
    """Sender and source are as WhatsApp delivered them: with a linked device's number, LIDs unresolved.

    From v8 on a receipt looks nearly so where the gateway did not know its device; that one names both forms of a LID.
    """
    sender = address_of(payload.sender_id) or people_of(payload.sender, "", device).sender
    pairings = pairing_of(address_of(payload.from_lid), sender)
    return receipt(payload, resolved(chat, pairings), sender, told_at=told_at, device=device, pairings=pairings)
