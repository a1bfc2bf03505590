"""`/events` of our own gateway: a page of its numbered feed. GOWA has no such call."""

from datetime import datetime
from typing import Annotated

import msgspec

from unlost.errors import Refused
from unlost.gowa.readers.decoding import unreadable

PAGE = 500
Number = Annotated[int, msgspec.Meta(ge=0, lt=10**15)]


class FedEvent(msgspec.Struct, frozen=True):
    """One event; *body* exactly as its webhook has it."""

    number: Number
    time: datetime
    body: str


class FedPage(msgspec.Struct, frozen=True):
    """Events above the number asked for, oldest first. *feed* names the numbering; it holds *oldest* to *newest*."""

    feed: str
    oldest: Number
    newest: Number
    data: tuple[FedEvent, ...]


_PAGE = msgspec.json.Decoder(FedPage)


def read_page(results: msgspec.Raw) -> FedPage:
    """Raises Refused (cause unreadable) for what is none."""
    try:
        page = _PAGE.decode(results)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise _none() from error
    if any(event.time.tzinfo is None for event in page.data):
        raise _none()
    return page


def _none() -> Refused:
    return unreadable("no page of a feed")
