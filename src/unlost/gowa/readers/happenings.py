"""Receipts and group events: nearly the same payload in both dialects."""

from unlost.gowa.readers.decoding import unreadable
from unlost.gowa.readers.jids import addresses_of
from unlost.gowa.readers.parts import detail_of, id_of
from unlost.gowa.readers.shapes import Payload
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.envelopes import Kind, Pairing
from unlost.vocabulary.events import GatewayEvent, Noticed, ReceiptArrived
from unlost.vocabulary.ids import WhatsAppId

RECEIPT_IDS_MAX = 10_000
"""A long absence read at once gives hundreds; each id becomes a row."""

STATUSES = {"delivered": "delivered", "read": "read", "played": "read", "read-self": "read-self"}
"""GOWA forwards no `played`; a gateway that does tells of a message that was read."""


def receipt(
    payload: Payload,
    chat: Address,
    sender: Address,
    *,
    told_at: float | None,
    device: Address | None,
    pairings: tuple[Pairing, ...],
) -> GatewayEvent:
    """A receipt for each of its ids, in order, once; of a type we do not know it is noticed. Raises Refused."""
    status = STATUSES.get(payload.receipt_type)
    from_me = status == "read-self"
    if status is None:
        return Noticed(
            kind=Kind.UNKNOWN,
            detail=detail_of(f"receipt {payload.receipt_type}"),
            chat=chat,
            sender=sender,
            id=None,
            from_me=False,
            told_at=told_at,
            device=device,
            pairings=pairings,
        )
    return ReceiptArrived(
        ids=_ids(payload.ids),
        status=status,
        chat=chat,
        sender=sender,
        id=None,
        from_me=from_me,
        told_at=told_at,
        device=device,
        pairings=pairings,
    )


def _ids(told: tuple[str, ...]) -> tuple[WhatsAppId, ...]:
    if not 0 < len(told) <= RECEIPT_IDS_MAX:
        raise unreadable("a receipt for no message, or for too many")
    return tuple(dict.fromkeys(known for text in told if (known := id_of(text)) is not None))


def participants(payload: Payload, chat: Address, *, told_at: float | None, device: Address | None) -> Noticed:
    """Members who join, leave, are promoted or demoted. Who did it is not told: the group itself stands as the sender."""
    return Noticed(
        kind=Kind.PARTICIPANTS,
        detail=detail_of(payload.type),
        people=addresses_of(payload.jids),
        chat=chat,
        sender=chat,
        id=None,
        from_me=False,
        told_at=told_at,
        device=device,
    )
