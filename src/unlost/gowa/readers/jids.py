"""JIDs as the gateway prints them: `user[.agent][:device]@server`, and `A in B` (GOWA page, sections 1.3 and 5)."""

import re

from unlost.vocabulary.addresses import Address, is_lid, is_phone
from unlost.vocabulary.envelopes import Pairing

JID_MAX_CHARS = 128
"""Real ones have at most 40; what is longer is nobody's address."""

_JID = re.compile(r"([0-9A-Za-z_-]{1,64})(?:\.[0-9]{1,3})?(?::[0-9]{1,5})?@([a-z0-9.]{1,32})")


def address_of(text: str) -> Address | None:
    """The account's address, whichever of its devices wrote; None where *text* is no JID (bare digits are none)."""
    if len(text) > JID_MAX_CHARS:
        return None
    match = _JID.fullmatch(text)
    return None if match is None else Address(f"{match[1]}@{match[2]}")


def addresses_of(texts: tuple[str, ...]) -> tuple[Address, ...]:
    """The addresses among *texts*, in their order; what is no JID is left out."""
    return tuple(found for text in texts if (found := address_of(text)) is not None)


def split_source(text: str) -> tuple[Address | None, Address | None]:
    """whatsmeow's source string taken apart: (A, B) of `A in B`, (A, None) of `A`; None for a part that is no JID."""
    first, inside, second = text[: 2 * JID_MAX_CHARS + 4].partition(" in ")
    return address_of(first), address_of(second) if inside else None


def pairing_of(lid: Address | None, phone: Address | None) -> tuple[Pairing, ...]:
    """One pairing if *lid* is a LID and *phone* a phone number, else none."""
    if lid is None or phone is None or not is_lid(lid) or not is_phone(phone):
        return ()
    return (Pairing(lid, phone),)


def resolved(address: Address, pairings: tuple[Pairing, ...]) -> Address:
    """The phone number where one of *pairings* names it for this LID, else *address* itself."""
    for pairing in pairings:
        if pairing.lid == address:
            return pairing.phone
    return address
