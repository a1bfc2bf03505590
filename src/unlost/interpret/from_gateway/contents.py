"""Cards, places, lists and orders as people read them. Signs, numbers and links are the same in every language."""

from collections.abc import Iterator
from typing import assert_never

from unlost.interpret.text import cleaned, one_line
from unlost.interpret.words import Words
from unlost.vocabulary.contents import Cards, Content, Menu, Order, Place

TITLE_MAX_CHARS = 300
"""Names, titles, addresses: one line each."""
CARDS_SHOWN_MAX = 20
"""More are in the file; a message of 257 names is read by nobody."""
MAP_LINK = "https://maps.google.com/?q={latitude},{longitude}"
"""As the gateway's own storage writes it (GOWA page, section 4)."""


def shown_content(content: Content, words: Words) -> str:
    """Some lines, never none."""
    match content:
        case Cards():
            return "\n".join(_cards(content, words))
        case Place():
            return "\n".join(_place(content, words))
        case Menu():
            return "\n".join(_menu(content, words))
        case Order():
            return "\n".join(_order(content, words))
        case _:
            assert_never(content)


def _cards(cards: Cards, words: Words) -> Iterator[str]:
    for card in cards.cards[:CARDS_SHOWN_MAX]:
        first, *others = _titles(card.name, *card.phones) or ["…"]
        yield f"👤 {first}"
        yield from others
    hidden = max(0, len(cards.cards) - CARDS_SHOWN_MAX) + cards.more
    if hidden:
        yield words.more_people.format(count=hidden)


def _place(place: Place, words: Words) -> Iterator[str]:
    name, address = _title(place.name), _title(place.address)
    if place.is_live:
        yield f"{words.live_location}: {name}" if name else words.live_location
    else:
        yield f"📍 {name}" if name else words.location
    if address and address != name:
        yield address
    yield from _paragraphs(place.comment)
    if place.point is not None:
        latitude, longitude = place.point
        yield MAP_LINK.format(latitude=_degrees(latitude), longitude=_degrees(longitude))


def _degrees(value: float) -> str:
    """Seven places are a centimetre; never in powers of ten."""
    return f"{value:.7f}".rstrip("0").rstrip(".")


def _menu(menu: Menu, words: Words) -> Iterator[str]:
    title = _title(menu.title)
    yield f"📋 {title}" if title else words.list
    yield from _paragraphs(menu.description, menu.footer)
    for section in menu.sections:
        if heading := _title(section.title.replace("*", "")):
            yield f"*{heading}*"
        for choice in section.choices:
            if parts := _titles(choice.title, choice.description):
                yield "• " + ": ".join(parts)


def _order(order: Order, words: Words) -> Iterator[str]:
    yield words.order.format(number=_title(order.number) or "…")
    yield from _paragraphs(order.title, order.message)
    if order.items is not None and 0 <= order.items <= 10**9:
        yield words.order_items.format(count=order.items)
    if order.amount_1000 is not None and 0 <= order.amount_1000 <= 10**15:
        yield words.order_total.format(amount=_amount(order.amount_1000, order.currency, words))


def _amount(thousandths: int, currency: str, words: Words) -> str:
    """Two places, as prices have them; a third only where it says something."""
    whole, rest = divmod(thousandths, 1000)
    places = f"{rest:03}" if rest % 10 else f"{rest // 10:02}"
    return f"{currency} {whole}{words.decimal}{places}".strip()


def _title(text: str) -> str:
    return one_line(text, TITLE_MAX_CHARS)


def _titles(*texts: str) -> list[str]:
    """Those of *texts* of which something can be seen."""
    return [title for text in texts if (title := _title(text))]


def _paragraphs(*texts: str) -> list[str]:
    """The same for texts of several lines."""
    return [shown for text in texts if (shown := cleaned(text).strip())]
