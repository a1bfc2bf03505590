"""The last events of the feed, and how the webhooks of each stand."""

from __future__ import annotations

import re
from collections import Counter as Tally
from collections import OrderedDict

import msgspec

from unlost.gateway.feed import FeedEvent
from unlost.gateway.outbox import Outbox
from unlost.gateway.pages.snapshot import EventView, ReceiverView
from unlost.journal.rows import EntryView
from unlost.vocabulary.ids import EntryId

EVENTS_SHOWN = 15
NEVER = 10**15  # behind every number there is
RECEIVERS_MOST = 20  # more are told, but the fates of so many are looked up each second
NUMBER_MAX_BYTES = 32
NUMBERS_MAX = 2_000
SLACK_S = 1.0  # an entry is written a moment after its event was numbered
KIND = re.compile(r"[A-Za-z0-9_.-]{1,40}")
WAITING = {"waiting", "leased", "parked"}


class _Head(msgspec.Struct):
    """Of a webhook's body, in both dialects, no more than which kind of event it is."""

    event: str = ""
    action: str = ""


class Recent:
    """Looks at one outbox. What was read stays known: a number never changes."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._numbers: OrderedDict[EntryId, int] = OrderedDict()
        self._newest = -1
        self._events: list[FeedEvent] = []

    async def events(self) -> tuple[EventView, ...]:
        """The last EVENTS_SHOWN, the newest first."""
        extent, _ = await self._outbox.events(NEVER, 1)
        if extent.newest != self._newest or not self._events or self._events[0].number < extent.oldest:
            self._events = await self._last(extent.newest)
            self._newest = extent.newest
        fates = await self._fates()
        return tuple(_view(event, fates.get(event.number, Tally())) for event in reversed(self._events))

    async def _last(self, newest: int) -> list[FeedEvent]:
        """A page ends where its bodies grow large, so there may be several."""
        found: list[FeedEvent] = []
        after = max(0, newest - EVENTS_SHOWN)
        while after < newest:
            _, page = await self._outbox.events(after, EVENTS_SHOWN)
            if not page:
                break
            found += page
            after = page[-1].number
        return found[-EVENTS_SHOWN:]

    async def _fates(self) -> dict[int, Tally[str]]:
        """By number: how many webhooks stand how. What was told long ago and pruned has none."""
        fates: dict[int, Tally[str]] = {}
        if self._events:
            since = self._events[0].at - SLACK_S
            for entry in await self._outbox.journal.trace(since=since, limit=EVENTS_SHOWN * RECEIVERS_MOST):
                fates.setdefault(await self._number(entry.id), Tally())[_fate(entry)] += 1
        return fates

    async def _number(self, entry: EntryId) -> int:
        """Its event's number, which stands before the body; no more of it is read."""
        if entry not in self._numbers:
            body = await self._outbox.body_of(entry, NUMBER_MAX_BYTES)
            digits = body.raw.partition(b"\n")[0] if body is not None else b""
            self._numbers[entry] = int(digits) if digits.isdigit() else 0
            while len(self._numbers) > NUMBERS_MAX:
                self._numbers.popitem(last=False)
        return self._numbers[entry]


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


def _view(event: FeedEvent, fates: Tally[str]) -> EventView:
    return EventView(
        number=event.number,
        at=event.at,
        kind=kind_of(event.body),
        chat=event.chat,
        fates=tuple(sorted(fates.items())),
    )


def _fate(entry: EntryView) -> str:
    if entry.state in WAITING:
        return "waiting"
    if entry.state == "dead":
        return "dead"
    return "discarded" if entry.verdict == "discarded" else "delivered"
