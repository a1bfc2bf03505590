"""The last events of the feed, and how the webhooks of each stand."""

from __future__ import annotations

import re
from collections import Counter as Tally

import msgspec

from unlost.gateway.feed import FeedEvent
from unlost.gateway.outbox import Outbox
from unlost.gateway.pages.snapshot import EventView, ReceiverView
from unlost.journal.rows import EntryView
from unlost.vocabulary.ids import WhatsAppId

EVENTS_SHOWN = 15
KIND = re.compile(r"[A-Za-z0-9_.-]{1,40}")
WAITING = {"waiting", "leased", "parked"}


class _Head(msgspec.Struct):
    """Of a webhook's body, in both dialects, no more than which kind of event it is."""

    event: str = ""
    action: str = ""


async def recent(outbox: Outbox) -> tuple[EventView, ...]:
    """The last EVENTS_SHOWN, the newest first."""
    return tuple([await _view(outbox, name, event) for name, event in await outbox.latest(EVENTS_SHOWN)])


async def receivers(outbox: Outbox, urls: tuple[str, ...]) -> tuple[ReceiverView, ...]:
    """Everyone to whom something was ever promised; *urls* are those of the settings."""
    return tuple(
        ReceiverView(
            url=str(row.channel),
            waiting=row.waiting + row.leased + row.parked,
            oldest_at=row.oldest_waiting_at,
            dead=row.dead,
            is_told=str(row.channel) in urls,
        )
        for row in await outbox.journal.counts()
    )


def kind_of(body: bytes) -> str:
    """What an event is called in its webhook; a flat message has no name there."""
    try:
        head = msgspec.json.decode(body, type=_Head)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return "?"
    named = head.event or head.action or "message"
    return named if KIND.fullmatch(named) else "?"


async def _view(outbox: Outbox, name: str, event: FeedEvent) -> EventView:
    """What was told long ago and pruned has no fates."""
    webhooks = await outbox.journal.trace(whatsapp_id=WhatsAppId(name))
    return EventView(
        number=event.number,
        at=event.at,
        kind=kind_of(event.body),
        chat=event.chat,
        fates=tuple(sorted(Tally(map(_fate, webhooks)).items())),
    )


def _fate(entry: EntryView) -> str:
    if entry.state in WAITING:
        return "waiting"
    if entry.state == "dead":
        return "dead"
    return "discarded" if entry.verdict == "discarded" else "delivered"
