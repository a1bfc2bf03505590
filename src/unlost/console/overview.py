"""`/`: is anything stuck, since when, why, and what to press."""

import asyncio

from starlette.responses import Response

from unlost.console.answers import Entry, Status
from unlost.console.operator import DeadFilter
from unlost.console.site import Site
from unlost.console.troubles import BACKLOG_OLD_S, PERSONS, Trouble, Urgency, troubles
from unlost.console.visits import Visit
from unlost.vocabulary.ids import ChannelName

DEAD_LOOKED_AT = 100  # newest ones; the oldest of them says since when at least


async def show(site: Site, visit: Visit) -> Response:
    """The whole page; its refresh takes only the panel out of it."""
    status = await site.pulse.status()
    found = await _troubles(site, status)
    bad = [trouble for trouble in found if trouble.urgency is Urgency.BAD]
    facts = {
        "status": status,
        "troubles": found,
        "bad": len(bad),
        "per_minute": {channel.name: site.pulse.per_minute(channel.name) for channel in status.channels},
        "pauses": {(pause.channel, pause.direction): pause for pause in status.pauses},
        "directions": PERSONS,
        "flash": flash(visit),
    }
    return await site.page(visit, "overview", facts)


async def _troubles(site: Site, status: Status) -> list[Trouble]:
    channels = status.channels
    with_dead = [ChannelName(channel.name) for channel in channels if channel.dead]
    slow = [
        (ChannelName(each.name), each.oldest_waiting_s)
        for each in channels
        if (each.oldest_waiting_s or 0.0) >= BACKLOG_OLD_S
    ]
    died = await asyncio.gather(*(_dead_since(site, name) for name in with_dead))
    waiting = await asyncio.gather(*(site.operator.oldest(name, age_s or 0.0) for name, age_s in slow))
    oldest: dict[str, Entry] = {
        name: entry for (name, _), entry in zip(slow, waiting, strict=True) if entry is not None
    }
    dead_since: dict[str, float] = {name: at for name, at in zip(with_dead, died, strict=True) if at is not None}
    return troubles(status, site.now, is_writable=site.is_writable(), oldest=oldest, dead_since=dead_since)


async def _dead_since(site: Site, channel: ChannelName) -> float | None:
    letters = (await site.operator.dead(DeadFilter(channel=channel), DEAD_LOOKED_AT)).entries
    return letters[-1].settled_at if letters else None


def flash(visit: Visit) -> str:
    """What the deed before this page did; only words of ours."""
    done, count = visit.asked("done"), visit.asked("n")
    if done not in visit.words.done or not (count.isascii() and count.isdigit() and len(count) < 10):
        return ""
    return visit.words.done[done].format(count=count)
