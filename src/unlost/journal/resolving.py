"""Which addresses are one: asked at append, at claim and wherever two forms of a chat or sender are compared."""

from unlost.journal.turn import Turn
from unlost.vocabulary.addresses import Address, is_lid, is_phone


def resolve(turn: Turn, channel: str, address: Address) -> Address:
    """The phone form where the pairing is known, else the address itself."""
    if not is_lid(address):
        return address
    phone = turn.value("pairing_by_lid", {"channel": channel, "lid": address})
    return address if phone is None else Address(phone)


def resolve_maybe(turn: Turn, channel: str, address: str | None) -> Address | None:
    """As `resolve`; None stays None."""
    return None if address is None else resolve(turn, channel, Address(address))


def pairs_among(turn: Turn, channel: str, addresses: set[Address]) -> tuple[tuple[Address, Address], ...]:
    """Every known (LID, phone) of which one stands in *addresses*, sorted."""
    pairs: set[tuple[Address, Address]] = set()
    for address in addresses:
        if is_lid(address) or is_phone(address):
            names = {"channel": channel, "lid": address, "phone": address}
            pairs.update((Address(lid), Address(phone)) for lid, phone in turn.all("pairing_by_either", names))
    return tuple(sorted(pairs))


def may_be_one(turn: Turn, channel: str, one: Address, other: Address) -> bool:
    """A LID and a number, neither of them known under another form."""
    forms_differ = (is_lid(one) and is_phone(other)) or (is_phone(one) and is_lid(other))
    return forms_differ and not pairs_among(turn, channel, {one, other})
