"""What people send besides plain words, and what happens around a chat: every kind, made from a picker and a marker.

Each content's words are marked, so that a ledger finds them; what happens without words is told and never counted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, Protocol, TypeVar

from unlost.gateway.events import (
    CallOffer,
    Card,
    Cards,
    Content,
    DeletedForMe,
    Empty,
    Event,
    Interactive,
    Kept,
    Media,
    MediaKind,
    Message,
    Notice,
    Participants,
    Place,
    Proto,
    Receipt,
    ReceiptType,
    Text,
)
from unlost.gateway.media_files import ENDINGS, TYPES
from unlost.gateway.population import Group, Population, Sent
from unlost.gateway.words import LINES, NAMES, TOWNS

T = TypeVar("T")
STATUS = "status@broadcast"
NEWSLETTER = "120363999999999999@newsletter"
REFERRAL: dict[str, Any] = {
    "ad_title": "Tudo pela metade do preço",
    "ad_body": "Só nesta semana, na loja do centro.",
    "ctwa_clid": "simulated-click",
    "show_ad_attribution": True,
    "source_app": "instagram",
    "source_type": "ad",
    "source_url": "https://example.com/ad",
}
"""The ad of a customer whom one brought (GOWA page, 1.4: `referral`)."""

CAPTIONED = frozenset({MediaKind.IMAGE, MediaKind.VIDEO, MediaKind.DOCUMENT})
CONTENTS = (
    *(kind.value for kind in MediaKind),
    "view_once",
    "forwarded",
    "card",
    "cards",
    "place",
    "live_place",
    "list",
    "order",
    "interactive",
    "poll",
)
NOTICES = (
    "participants",
    "call",
    "receipt",
    "read_self",
    "deleted_for_me",
    "typing",
    "label",
    "status",
    "newsletter",
)


class Picks(Protocol):
    """Chance, as the caller has it."""

    def one_of(self, some: Sequence[T]) -> T:
        """One of *some*."""
        ...

    def marked(self, words: str) -> str:
        """*words* with the next marker."""
        ...


def contents(picks: Picks) -> dict[str, Callable[[], Content]]:
    """By happening: how a content of that kind is made."""
    return {
        **{kind.value: partial(_file, picks, kind) for kind in MediaKind},
        "view_once": partial(_file, picks, MediaKind.IMAGE, view_once=True),
        "forwarded": lambda: Text(picks.marked(picks.one_of(LINES)), forwarded=True),
        "card": lambda: Cards((_card(picks),)),
        "cards": lambda: Cards((_card(picks), _card(picks))),
        "place": lambda: _place(picks, live=False),
        "live_place": lambda: _place(picks, live=True),
        "list": lambda: Proto("list", _list(picks)),
        "order": lambda: Proto("order", _order(picks)),
        "interactive": lambda: Interactive(picks.marked("Promoção\nConfira!\n🔗 Site: https://example.com")),
        "poll": lambda: Empty("poll"),
    }


def _file(picks: Picks, kind: MediaKind, *, view_once: bool = False) -> Media:
    """A small one, named after its words, whether or not they go with it."""
    words, ending = picks.marked(picks.one_of(LINES)), ENDINGS[kind]
    name = hashlib.blake2b(words.encode(), digest_size=8).hexdigest()
    return Media(
        kind,
        TYPES[ending],
        path=f"statics/media/{name}{ending}",
        caption=words if kind in CAPTIONED else "",
        filename=f"Orçamento{ending}" if kind is MediaKind.DOCUMENT else "",
        view_once=view_once,
    )


def _card(picks: Picks) -> Card:
    name = picks.marked(picks.one_of(NAMES))
    phone = f"+55 41 9{len(name):04}-0000"
    lines = ("BEGIN:VCARD", "VERSION:3.0", f"N:;{name};;;", f"FN:{name}", f"TEL;type=CELL:{phone}", "END:VCARD")
    return Card(name, "\n".join(lines), phone)


def _place(picks: Picks, *, live: bool) -> Place:
    town, latitude, longitude = picks.one_of(TOWNS)
    return Place(latitude, longitude, picks.marked(town), f"{town}, centro", live=live)


def _list(picks: Picks) -> dict[str, Any]:
    rows = [{"title": "Manhã", "description": "8h às 12h", "rowID": "am"}, {"title": "Tarde", "rowID": "pm"}]
    sections = [{"title": "Horários", "rows": rows}]
    return {"title": picks.marked("Entrega"), "description": "Quando?", "buttonText": "Abrir", "sections": sections}


def _order(picks: Picks) -> dict[str, Any]:
    title = picks.marked("Pedido do catálogo")
    amounts = {"itemCount": 2, "totalAmount1000": 149_900, "totalCurrencyCode": "BRL"}
    return {"orderID": "1234567890", "orderTitle": title, "message": "Com laço, por favor"} | amounts


@dataclass(frozen=True)
class Scene:
    """Where something happens without words: a customer's chat (by key), a group, and what was sent before."""

    population: Population
    chat: str
    group: Group
    earlier: Sent | None
    own: Sent | None
    at: datetime

    @property
    def stamp(self) -> int:
        """Tells calls of one population apart."""
        return int(self.at.timestamp() * 1000)


def notices(picks: Picks, scene: Scene) -> dict[str, list[Event]]:
    """By happening: the events it tells, none where there is nothing it could be about."""
    people, at = scene.population, scene.at
    member = picks.one_of(scene.group.members)
    changes = picks.one_of((("join", "promote"), ("demote", "leave")))
    caller = people.address(scene.chat)
    return {
        "participants": [Participants(scene.group.jid, change, (people.address(member),), at) for change in changes],
        "call": [CallOffer(f"CALL{scene.stamp:X}", caller, at, auto_rejected=picks.one_of((True, False)))],
        "receipt": [] if scene.own is None else _receipts(people, scene.own, at),
        "read_self": [Receipt((f"R{scene.stamp:X}",), caller, people.device.jid, ReceiptType.READ_SELF, at)],
        "deleted_for_me": [] if scene.earlier is None else [_deleted(people, scene.earlier, at)],
        "typing": [_presence(people, caller, state, at) for state in ("composing", "paused")],
        "label": [_label(caller, at)],
        "status": [Message(f"S{scene.stamp:X}", STATUS, caller, at, Text(picks.one_of(LINES)))],
        "newsletter": [Message(f"N{scene.stamp:X}", NEWSLETTER, NEWSLETTER, at, Text(picks.one_of(LINES)))],
    }


def _receipts(people: Population, own: Sent, at: datetime) -> list[Event]:
    chat = people.chat_address(own.chat)
    reader = people.address(own.chat) if chat == people.address(own.chat) else chat
    return [Receipt((own.id,), chat, reader, kind, at) for kind in (ReceiptType.DELIVERED, ReceiptType.READ)]


def _deleted(people: Population, target: Sent, at: datetime) -> DeletedForMe:
    chat = people.chat_address(target.chat)
    sender = people.device.jid if target.from_me else people.address(target.sender)
    return DeletedForMe(target.id, at, Kept(chat, sender, target.text, target.at, target.from_me))


def _presence(people: Population, chat: str, state: str, at: datetime) -> Notice:
    found = people.people.find(chat)
    resolved = found.key if found and found.paired else chat
    fields = {"from": resolved, "chat_id": chat, "state": state, "media": "", "is_group": False}
    return Notice("chat_presence", fields, at)


def _label(chat: str, at: datetime) -> Notice:
    fields = {"label_id": "7", "chat_id": chat, "labeled": True}
    return Notice("label.association", fields, at.astimezone(UTC))
