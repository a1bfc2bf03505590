"""What no single key can be blamed for: values that do not go together."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from unlost.settings.errors import SettingsError
from unlost.settings.overrides import variable_name
from unlost.settings.values import Channel, Settings
from unlost.vocabulary.ids import ChannelName

LEASE_MARGIN_S = 5  # design section 4: a once-only call starts only if its whole time-out and this is left


def check_agreement(settings: Settings) -> None:
    """Raises SettingsError for the first contradiction."""
    for key, text in _contradictions(settings):
        raise SettingsError(str(settings.file), key, text)


def _contradictions(settings: Settings) -> Iterator[tuple[str, str]]:
    journal, limits = settings.journal, settings.limits
    if journal.url.startswith(("postgresql://", "postgres://")):
        yield "journal.url", "PostgreSQL comes in a later version; use sqlite:///…"
    elif not journal.url.startswith("sqlite:///") or journal.url == "sqlite:///":
        yield "journal.url", 'must be "sqlite:///path"'
    if journal.keep_links_days < journal.keep_days:
        yield "journal.keep_links_days", f"must not be below journal.keep_days ({journal.keep_days} days)"
    if limits.background_slots >= limits.slots:
        yield "limits.background_slots", f"must be below limits.slots ({limits.slots} entries)"
    if limits.door_held_max_bytes < limits.body_max_bytes:
        yield "limits.door_held_max_bytes", f"must not be below limits.body_max_bytes ({limits.body_max_bytes} bytes)"
    room_bytes = max(limits.media_max_bytes, sum(largest_files(settings).values()))
    if limits.media_spool_max_bytes < room_bytes:
        yield (
            "limits.media_spool_max_bytes",
            (
                f"must not be below {room_bytes} bytes, the largest file of every channel together, for one of them"
                " could find no room for ever; raise it, or lower limits.media_max_bytes or a channel's"
            ),
        )
    if not _is_timezone(settings.server.timezone):
        yield "server.timezone", f"unknown time zone {settings.server.timezone!r}; such as America/Sao_Paulo or UTC"
    longest_s = longest_call_s(settings.journal.lease_s)
    if settings.retry.lookup_timeout_s > longest_s:
        yield (
            "retry.lookup_timeout_s",
            f"must not be above {longest_s:.0f} s with journal.lease_s = {settings.journal.lease_s}",
        )
    yield from _between_channels(settings)


def largest_files(settings: Settings) -> dict[ChannelName, int]:
    """How large a file of each channel may be: so much of the spool is its own."""
    return {channel.name: largest_file_bytes(settings, channel) for channel in settings.channels}


def largest_file_bytes(settings: Settings, channel: Channel) -> int:
    """How large one of *channel* may be."""
    return min(channel.media_max_bytes, settings.limits.media_max_bytes)


def longest_call_s(lease_s: float) -> float:
    """What fits into a lease at any moment: two beats of six may be missed, and a call keeps 5 s of it (design section 4)."""
    return lease_s * 4 / 6 - LEASE_MARGIN_S


def _between_channels(settings: Settings) -> Iterator[tuple[str, str]]:
    seen: dict[str, str] = {}
    inboxes: dict[tuple[str, int, int], str] = {}
    for channel in settings.channels:
        place, desk = f"channel.{channel.name}", channel.helpdesk
        first = seen.get(variable_name(channel.name))
        if first is not None:
            yield f"{place}.name", f"{first} bears that name already (- and _ count as one)"
        seen[variable_name(channel.name)] = channel.name
        longest_s = longest_call_s(settings.journal.lease_s)
        if desk.call_timeout_s > longest_s:
            yield (
                f"{place}.helpdesk.call_timeout_s",
                f"must not be above {longest_s:.0f} s with journal.lease_s = {settings.journal.lease_s}",
            )
        other = inboxes.setdefault((desk.url, desk.account_id, desk.inbox_id), channel.name)
        if other != channel.name:
            yield f"{place}.helpdesk.inbox_id", f"channel {other} has that inbox already: two numbers cannot share one"


def _is_timezone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
