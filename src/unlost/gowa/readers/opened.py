"""An envelope taken apart: what its events have in common."""

from dataclasses import dataclass

import msgspec

from unlost.gowa.readers.jids import address_of, pairing_of, resolved
from unlost.gowa.readers.shapes import PAYLOAD, OuterBody, Payload
from unlost.gowa.readers.stamps import told_at_of
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.envelopes import Pairing


@dataclass(frozen=True, slots=True)
class Opened:
    """An envelope taken apart. *chat* and *sender* are resolved through *pairings*, None where the payload names none."""

    event: str
    payload: Payload
    chat: Address | None
    sender: Address | None
    from_me: bool
    told_at: float | None
    device: Address | None
    pairings: tuple[Pairing, ...]


def opened_from(outer: OuterBody, device: Address | None) -> Opened:
    """The envelope's parts. *device* stands in where it names no device_id. Raises Refused."""
    payload = PAYLOAD.decode(outer.payload)
    device = address_of(outer.device_id) or device
    chat, sender = address_of(payload.chat_id), address_of(payload.sender)
    pairings = pairing_of(address_of(payload.from_lid), sender) if payload.from_lid else ()
    if payload.chat_lid:
        of_chat = pairing_of(address_of(payload.chat_lid), chat)
        pairings = pairings if of_chat == pairings else of_chat + pairings
    chat = resolved(chat, pairings) if chat is not None else None
    told_at = told_at_of(outer.timestamp or payload.timestamp)
    return Opened(outer.event, payload, chat, sender, _from_me(payload, sender, device), told_at, device, pairings)


def _from_me(payload: Payload, sender: Address | None, device: Address | None) -> bool:
    """As told; before v8.3.0 it is not, and the sender decides."""
    if isinstance(payload.is_from_me, msgspec.UnsetType):
        return sender is not None and sender == device
    return payload.is_from_me
