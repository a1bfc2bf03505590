"""What a message shows that is neither words nor a file: cards, places, menus, orders, and the ad it came from.

All texts are as told, bounded in number but not yet fit to be shown; nothing in them can be trusted.
"""

import msgspec


class Card(msgspec.Struct, frozen=True):
    """One contact card. *phones*: as the card spells them, in its order, each once."""

    name: str
    phones: tuple[str, ...] = ()


class Cards(msgspec.Struct, frozen=True):
    """One card or several. *more*: how many further ones were told and are not read."""

    cards: tuple[Card, ...]
    more: int = 0


class Place(msgspec.Struct, frozen=True):
    """A place, or (with *is_live*) where the sender was when the sharing began. *point*: latitude and longitude in degrees."""

    point: tuple[float, float] | None
    name: str = ""
    address: str = ""
    comment: str = ""
    is_live: bool = False


class Choice(msgspec.Struct, frozen=True):
    """One line of a menu."""

    title: str
    description: str = ""


class Section(msgspec.Struct, frozen=True):
    """Lines of a menu under one heading."""

    title: str
    choices: tuple[Choice, ...]


class Menu(msgspec.Struct, frozen=True):
    """A list to choose from. *footer*: small print below it."""

    title: str = ""
    description: str = ""
    footer: str = ""
    sections: tuple[Section, ...] = ()


class Order(msgspec.Struct, frozen=True):
    """A catalogue order. *number* is the shop's; *amount_1000*: thousandths of *currency*, a code of three letters, or empty."""

    number: str = ""
    title: str = ""
    message: str = ""
    items: int | None = None
    amount_1000: int | None = None
    currency: str = ""


Content = Cards | Place | Menu | Order


class Referral(msgspec.Struct, frozen=True):
    """The ad a customer came from. *fields*: everything told about it in text, by its wire name."""

    title: str = ""
    fields: tuple[tuple[str, str], ...] = ()
