"""Parts that both dialects print alike: raw protobuf structs and WhatsApp's words for receipts."""

from __future__ import annotations

from typing import Any

from unlost.gateway.events import Card, Place, ReceiptType

# GOWA's own wording, as its samples show it (`v9-ack-*`); readers must not depend on it.
RECEIPT_WORDS = {
    ReceiptType.DELIVERED: "means the message was delivered to the device (but the user might not have noticed).",
    ReceiptType.READ: "the user opened the chat and saw the message.",
    ReceiptType.READ_SELF: (
        "the current user read a message from a different device, and has read receipts disabled in privacy settings."
    ),
}


def receipt_description(kind: ReceiptType) -> str:
    """The sentence GOWA puts beside the receipt's type."""
    return RECEIPT_WORDS[kind]


def card_proto(card: Card, *, phone_shown: bool) -> dict[str, Any]:
    """A contact card; the phone stands in it from v8.5.0 on, if the card has one."""
    phone = {"phone_number": card.phone} if phone_shown and card.phone else {}
    return {"displayName": card.name, "vcard": card.vcard} | phone


def place_proto(place: Place) -> dict[str, Any]:
    """A location's protobuf fields; empty ones are left out."""
    named = {"name": place.name, "address": place.address}
    return {
        "degreesLatitude": place.latitude,
        "degreesLongitude": place.longitude,
        **{key: value for key, value in named.items() if value},
    }
