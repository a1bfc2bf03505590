"""Who wrote a flat message, and where: `from` taken apart, since nothing else in the body tells (GOWA page, 1.3)."""

from dataclasses import dataclass

from unlost.gowa.readers.decoding import unreadable
from unlost.gowa.readers.jids import address_of, pairing_of, resolved, split_source
from unlost.vocabulary.addresses import Address, is_group, is_lid, is_phone, server_of, user_of
from unlost.vocabulary.envelopes import Pairing


@dataclass(frozen=True, slots=True)
class People:
    """Chat, sender and direction of one body. *device* is the account it came to, where that is known."""

    chat: Address
    sender: Address
    from_me: bool
    device: Address | None
    pairings: tuple[Pairing, ...] = ()


def people_of(source: str, from_lid: str, device: Address | None) -> People:
    """The people of a source string.

    `A` is a 1:1 chat (or a newsletter, or the account itself); `A in group` a member's message; `A in B` otherwise the account's
    own message to B, or B's from a linked device. *device* is the channel's own phone address, None where it is not known.
    Raises Refused where no chat is named.
    """
    writer, place = split_source(source)
    if writer is None:
        raise unreadable("from names nobody")
    pairings = pairing_of(address_of(from_lid), writer)
    if place is None:
        return People(writer, writer, writer == device, device, pairings)
    if is_group(place) or not (is_phone(place) or is_lid(place)):
        return People(place, writer, writer == device, device, pairings)
    return _in_direct_chat(writer, place, from_lid, device)


def _in_direct_chat(writer: Address, place: Address, from_lid: str, device: Address | None) -> People:
    """`A in B` with B one person: B's own linked device, or the account."""
    raw_writer = address_of(from_lid) or writer
    pairings = pairing_of(raw_writer, writer)
    if writer != device and (user_of(writer) == user_of(place) or raw_writer == place):
        chat = resolved(place, pairings)
        return People(chat, chat, False, device, pairings)
    if _is_the_account(writer, place, device):
        sender, owner = _account_behind(writer, device)
        return People(resolved(place, pairings), sender, True, owner, pairings)
    return People(place, writer, False, device, pairings)


def _is_the_account(writer: Address, place: Address, device: Address | None) -> bool:
    """True unless a LID writes where numbers are used: then it may as well be the contact, and is shown as incoming.

    A person's message in their own chat has sender = chat, so any other writer of one form is the account.
    """
    return writer == device or is_phone(writer) or server_of(writer) == server_of(place)


def _account_behind(writer: Address, device: Address | None) -> tuple[Address, Address | None]:
    """The own message's sender and account. Another number than *device* is another account of the gateway."""
    if is_phone(writer):
        return writer, writer
    return device or writer, device
