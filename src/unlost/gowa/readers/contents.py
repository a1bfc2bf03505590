"""Cards, places, lists and orders: raw protobuf JSON in both dialects (GOWA page, 1.3 and 1.4; whatsmeow's waE2E names).

What cannot be read is None: its line from the catalogue is shown instead, and never is a message lost for it.
"""

import re
from collections.abc import Callable, Iterable
from math import isfinite

import msgspec

from unlost.errors import Refused
from unlost.gowa.readers.decoding import UNDECODABLE, Shape
from unlost.gowa.readers.parts import clean
from unlost.gowa.readers.shapes import NOTHING, Attached
from unlost.gowa.readers.vcards import name_in, phones_in, vcf_of
from unlost.vocabulary.attachments import InlineFile
from unlost.vocabulary.contents import Card, Cards, Choice, Content, Menu, Order, Place, Section
from unlost.vocabulary.events import Attachment

CARDS_MAX = 300
"""WhatsApp sends at most 257 contacts at once."""
SECTIONS_MAX = 20
CHOICES_MAX = 100
"""WhatsApp's own list has 10 sections and 10 lines; a stranger's client may send more."""
TEXT_MAX_CHARS = 4_096
"""Of one field: WhatsApp's bound for a list's text; the rest is cut."""
_CURRENCY = re.compile(r"[A-Z]{3}")


class CardProto(msgspec.Struct, gc=False):
    name: str = msgspec.field(name="displayName", default="")
    vcard: str = ""
    phone_number: str = ""


class CardsProto(msgspec.Struct, gc=False):
    """8.3.2 to 8.4.0: the array still stands inside its protobuf message."""

    contacts: msgspec.Raw = NOTHING


class PlaceProto(msgspec.Struct, gc=False):
    latitude: float | None = msgspec.field(name="degreesLatitude", default=None)
    longitude: float | None = msgspec.field(name="degreesLongitude", default=None)
    name: str = ""
    address: str = ""
    comment: str = ""
    caption: str = ""
    is_live: bool = msgspec.field(name="isLive", default=False)


class RowProto(msgspec.Struct, gc=False):
    title: str = ""
    description: str = ""


class SectionProto(msgspec.Struct, gc=False):
    title: str = ""
    rows: msgspec.Raw = NOTHING


class ListProto(msgspec.Struct, gc=False):
    title: str = ""
    description: str = ""
    footer: str = msgspec.field(name="footerText", default="")
    sections: msgspec.Raw = NOTHING


class OrderProto(msgspec.Struct, gc=False):
    number: str = msgspec.field(name="orderID", default="")
    title: str = msgspec.field(name="orderTitle", default="")
    message: str = ""
    items: int | None = msgspec.field(name="itemCount", default=None)
    amount: int | None = msgspec.field(name="totalAmount1000", default=None)
    currency: str = msgspec.field(name="totalCurrencyCode", default="")


CARD, CARDS, PLACE, ROW, SECTION, LIST, ORDER = (
    Shape(CardProto),
    Shape(CardsProto),
    Shape(PlaceProto),
    Shape(RowProto),
    Shape(SectionProto),
    Shape(ListProto),
    Shape(OrderProto),
)
_ARRAY = msgspec.json.Decoder(list[msgspec.Raw])

Told = tuple[Content | None, InlineFile | None]
NOTHING_TOLD: Told = (None, None)


def content_of(kind: Attachment | None, body: Attached) -> Told:
    """What *kind* says in *body*, and the file that comes with it. Nothing for files, and for what cannot be read."""
    reader = _READERS.get(kind) if kind is not None else None
    if kind is None or reader is None:
        return NOTHING_TOLD
    try:
        return reader(getattr(body, kind.value))
    except Refused:
        return NOTHING_TOLD


def _one_card(raw: msgspec.Raw) -> Told:
    return _cards((raw,), 0)


def _many_cards(raw: msgspec.Raw) -> Told:
    items = raw if bytes(raw).startswith(b"[") else CARDS.decode(raw).contacts
    return _cards(*_items(items, CARDS_MAX))


def _cards(raws: Iterable[msgspec.Raw], more: int) -> Told:
    protos = [CARD.decode(raw) for raw in raws]
    cards = tuple(card for card in map(_card, protos) if card.name or card.phones)
    file = vcf_of([card.name for card in cards] or [""], [proto.vcard for proto in protos])
    return (Cards(cards, more) if cards else None), file


def _card(proto: CardProto) -> Card:
    name = proto.name or name_in(proto.vcard)
    phones = phones_in(proto.vcard) or ((proto.phone_number,) if proto.phone_number else ())
    return Card(_bounded(name), tuple(map(_bounded, phones)))


def _place(raw: msgspec.Raw) -> Told:
    proto = PLACE.decode(raw)
    return _placed(proto, is_live=proto.is_live), None


def _live_place(raw: msgspec.Raw) -> Told:
    return _placed(PLACE.decode(raw), is_live=True), None


def _placed(proto: PlaceProto, *, is_live: bool) -> Place | None:
    point = _point(proto.latitude, proto.longitude)
    comment = _bounded(proto.comment or proto.caption)
    place = Place(point, _bounded(proto.name), _bounded(proto.address), comment, is_live)
    return place if point is not None or place.name or place.address else None


def _point(latitude: float | None, longitude: float | None) -> tuple[float, float] | None:
    """None for what lies on no globe."""
    if latitude is None or longitude is None or not (isfinite(latitude) and isfinite(longitude)):
        return None
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def _menu(raw: msgspec.Raw) -> Told:
    proto = LIST.decode(raw)
    sections, room = [], CHOICES_MAX
    for told in _items(proto.sections, SECTIONS_MAX)[0]:
        section = SECTION.decode(told)
        rows = [ROW.decode(row) for row in _items(section.rows, room)[0]]
        room -= len(rows)
        choices = tuple(Choice(_bounded(row.title), _bounded(row.description)) for row in rows)
        sections.append(Section(_bounded(section.title), choices))
    menu = Menu(_bounded(proto.title), _bounded(proto.description), _bounded(proto.footer), tuple(sections))
    return (menu if menu != Menu() else None), None


def _order(raw: msgspec.Raw) -> Told:
    proto = ORDER.decode(raw)
    order = Order(
        _bounded(proto.number),
        _bounded(proto.title),
        _bounded(proto.message),
        proto.items,
        proto.amount,
        proto.currency if _CURRENCY.fullmatch(proto.currency) else "",
    )
    return (order if order != Order() else None), None


def _items(raw: msgspec.Raw, at_most: int) -> tuple[list[msgspec.Raw], int]:
    """The first elements of an array, and how many further ones it has; none of what is no array."""
    if not raw:
        return [], 0
    try:
        items = _ARRAY.decode(raw)
    except UNDECODABLE:
        return [], 0
    return items[:at_most], max(0, len(items) - at_most)


def _bounded(text: str) -> str:
    return clean(text[:TEXT_MAX_CHARS])


_READERS: dict[Attachment, Callable[[msgspec.Raw], Told]] = {
    Attachment.CONTACT: _one_card,
    Attachment.CONTACTS: _many_cards,
    Attachment.LOCATION: _place,
    Attachment.LIVE_LOCATION: _live_place,
    Attachment.LIST: _menu,
    Attachment.ORDER: _order,
}
