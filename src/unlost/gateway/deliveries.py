"""From one event of the offline queue to the webhooks it becomes: bodies as bytes, twins and copies in their order."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from unlost.gateway import wire_envelope, wire_flat
from unlost.gateway.addresses import is_group
from unlost.gateway.events import Book, CallOffer, DeletedForMe, Device, Empty, Event, History, Message, Notice
from unlost.gateway.population.chat_storage import stored_jid
from unlost.gateway.population.fate import Fate, Twin, draw
from unlost.gateway.settings import Dialect, Temper
from unlost.gateway.versions import Version
from unlost.gateway.wire_json import encode

CLOSE_S = 0.01  # twins and copies start so close together that either may arrive first


@dataclass(frozen=True)
class Delivery:
    """One webhook to be sent. *chat* orders it in the durable temper; *start_s* delays it in GOWA's.

    *download_s* passes inside the deadline of all tries, before the first (GOWA page, 2.1).
    """

    chat: str
    body: bytes
    start_s: float = 0.0
    download_s: float = 0.0


@dataclass(frozen=True)
class Voice:
    """How this gateway speaks: dialect, version, temper, as which device, and up to how late a webhook starts."""

    dialect: Dialect
    version: Version
    temper: Temper
    device: Device
    seed: int
    shuffle_s: float


def deliveries_of(event: Event, fate: Fate, place: int, book: Book, voice: Voice) -> list[Delivery]:
    """The webhooks of *event*, in the order in which they start; none where the dialect sends none.

    The durable temper drops empty twins, loses no webhook and delays none; a copy that the sender's own phone made
    stays one, since the same id may be another member's message.
    """
    body = _body(event, book, voice)
    gowa = voice.temper is Temper.GOWA
    if body is None or (gowa and fate.webhook_lost):
        return []
    chat = stored_jid(chat_of(event), book)
    start_s = fate.late_s + voice.shuffle_s * draw(voice.seed, place, "shuffle") if gowa else 0.0
    told = [Delivery(chat, body, start_s, fate.download_s) for _ in range(1 + fate.copies)]
    return _with_twin(told, event, fate, book, voice) if gowa else told


def chat_of(event: Event) -> str:
    """The chat in which *event* happens; the device's own happenings share the empty one."""
    match event:
        case CallOffer():
            return event.group or event.sender
        case DeletedForMe():
            return event.original.chat
        case Notice():
            return str(event.fields.get("chat_id", ""))
        case History():
            return ""
        case _:
            return event.chat


def _body(event: Event, book: Book, voice: Voice) -> bytes | None:
    if voice.dialect is Dialect.FLAT:
        fields = wire_flat.body(event, book, voice.version)
    else:
        fields = wire_envelope.body(event, voice.device, book)
    return None if fields is None else encode(fields)


def _with_twin(told: list[Delivery], event: Event, fate: Fate, book: Book, voice: Voice) -> list[Delivery]:
    if fate.twin is Twin.NONE or not (isinstance(event, Message) and is_group(event.chat)):
        return told
    body = _body(msgspec.structs.replace(event, content=Empty("twin")), book, voice)
    assert body is not None, "a message that is told has a twin that is told"
    first = told[0]
    side = -CLOSE_S if fate.twin is Twin.BEFORE else CLOSE_S
    twin = Delivery(first.chat, body, max(0.0, first.start_s + side))
    return [twin, *told] if fate.twin is Twin.BEFORE else [*told, twin]
