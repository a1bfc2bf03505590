"""What a channel's settings say to the interpreter."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache, lru_cache, partial
from zoneinfo import ZoneInfo

from unlost.settings.agreement import largest_file_bytes
from unlost.settings.values import Channel, Settings
from unlost.vocabulary.policy import Policy

QUARTER_S = 900
"""Clocks are changed at full quarters of an hour, in every zone since 1972."""
LAST_AT = 253_402_000_000  # in year 9999: what lies beyond has no offset of its own


def policies_of(settings: Settings, channel: Channel) -> Callable[[float], Policy]:
    """The rules of *channel* for an event of an epoch second (any number, a hostile one too); made once for each offset from UTC."""
    by_offset = cache(partial(_policy, settings, channel))
    return lambda at: by_offset(utc_offset_s(settings.server.timezone, at))


def _policy(settings: Settings, channel: Channel, offset_s: int) -> Policy:
    gateway = channel.gateway
    return Policy(
        language=channel.language,
        utc_offset_s=offset_s,
        groups=channel.groups,
        ignored=frozenset(channel.ignore),
        newsletters=channel.newsletters,
        typing=channel.typing,
        late_after_s=channel.late_after_s,
        reopens=channel.conversation == "reopen",
        reactions=channel.reactions,
        mirror_deletes=channel.mirror_deletes,
        twin_wait_s=gateway.twin_wait_s,
        target_wait_s=gateway.target_wait_s,
        media_wait_s=gateway.media_wait_s,
        media_max_bytes=largest_file_bytes(settings, channel),
        avatars=gateway.avatars,
        attempts_max=settings.retry.attempts_max,
        device=gateway.device,
        inbox=channel.helpdesk.inbox_id,
    )


def utc_offset_s(timezone: str, at: float) -> int:
    """Seconds east of UTC in *timezone* at the epoch second *at*, which is brought into the years 1970 to 9999."""
    return _offset_in(timezone, int(min(max(0, at), LAST_AT)) // QUARTER_S)


@lru_cache(maxsize=1024)
def _offset_in(timezone: str, quarter: int) -> int:
    moment = datetime.fromtimestamp(quarter * QUARTER_S, UTC).astimezone(ZoneInfo(timezone))
    offset = moment.utcoffset()
    assert offset is not None
    return round(offset.total_seconds())
