"""Notices and heartbeat of a bridge: the loops that the settings ask for, off the lanes, none in another's way."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from unlost.assemble import tending
from unlost.errors import NotCommitted
from unlost.notices.heartbeat import Heartbeat
from unlost.notices.notices import LOOK_EVERY_S, build_notices
from unlost.notices.post import post
from unlost.settings.values import Settings

if TYPE_CHECKING:
    from unlost.assemble.bridge import Outside


def loops(settings: Settings, outside: "Outside") -> list[Callable[[], Awaitable[None]]]:
    """One look at the numbers and a posting for each address; a heartbeat. Empty where [notify] is."""
    return [*_notices(settings, outside), *_heartbeat(settings, outside)]


def _notices(settings: Settings, outside: "Outside") -> list[Callable[[], Awaitable[None]]]:
    if not settings.notify.urls:
        return []
    notices = build_notices(
        [url.reveal() for url in settings.notify.urls],
        telemetry=outside.telemetry,
        clock=outside.clock,
        post=post,
        host=outside.host,
        zone=ZoneInfo(settings.server.timezone),
        journal=outside.journal_path,
    )
    posting = [
        partial(tending.every, LOOK_EVERY_S, partial(notices.post_due, address)) for address in notices.addresses
    ]
    return [partial(tending.every, LOOK_EVERY_S, notices.look), *posting]


def _heartbeat(settings: Settings, outside: "Outside") -> list[Callable[[], Awaitable[None]]]:
    url = settings.notify.heartbeat_url
    if not url:
        return []
    heartbeat = Heartbeat(
        url, outside.http, partial(_can_commit, outside, settings.limits.commit_wait_s), outside.telemetry
    )
    return [partial(tending.every, settings.notify.heartbeat_every_s, heartbeat.beat)]


async def _can_commit(outside: "Outside", within_s: float) -> bool:
    """What /readyz asks, too."""
    try:
        async with asyncio.timeout(within_s):
            await outside.journal.prove_writable()
    except (TimeoutError, NotCommitted):
        return False
    return True
