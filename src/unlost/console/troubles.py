"""Is anything stuck, since when, why, and what helps: read off a status. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from unlost.console.answers import Channel, Entry, Gap, Pause, Status
from unlost.console.operator import PAUSED_BY

BACKLOG_OLD_S = 60.0  # longer than any wait that is meant (16 s after a gap, 20 s for a file)
GAP_OLD_S = 60.0  # after its end; reconcile looks behind each within seconds where it can
PERSONS = ("inbound", "outbound")
"""What a person pauses; look-ups and chores stand still with the direction they serve."""


class Urgency(StrEnum):
    """BAD: messages stand still, or were not delivered. WARN: look at it."""

    BAD = "bad"
    WARN = "warn"


@dataclass(frozen=True, slots=True)
class Trouble:
    """*kind* names its words; *since* in epoch seconds; *detail* is outside text; *press* names the verbs that help."""

    kind: str
    urgency: Urgency
    channel: str = ""
    since: float | None = None
    detail: str = ""
    count: int = 0
    entry: int | None = None
    press: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The same for the same trouble, on every refresh."""
        return "-".join(filter(None, (self.kind, self.channel, self.detail if self.kind == "paused" else "")))


def troubles(
    status: Status, now: float, *, is_writable: bool, oldest: Mapping[str, Entry], dead_since: Mapping[str, float]
) -> list[Trouble]:
    """The worst first. *oldest*: each channel's longest waiting entry, *dead_since*: when its newest dead letter died."""
    found: list[Trouble] = [] if is_writable else [Trouble("not_writable", Urgency.BAD)]
    for channel in status.channels:
        found += _of_pauses(channel, status.pauses)
        found += _of_sides(channel)
        found += _of_dead(channel, dead_since)
        found += _of_backlog(channel, status, now, oldest)
        found += _of_gaps(channel, status.gaps, now)
    if not any(each.gateway_up is False or each.helpdesk_up is False for each in status.channels):
        found += [Trouble("circuit", Urgency.WARN, detail=host) for host in status.open_circuits]
    found += [
        Trouble("contradiction", Urgency.WARN, each.channel, each.seen_at, f"{each.lid} / {each.phone}")
        for each in status.contradictions
    ]
    return sorted(found, key=lambda trouble: trouble.urgency is not Urgency.BAD)


def _of_pauses(channel: Channel, pauses: list[Pause]) -> Iterator[Trouble]:
    own = [pause for pause in pauses if pause.channel == channel.name]
    still = {pause.direction for pause in own}
    for pause in own:
        if pause.direction in PERSONS:
            if pause.blocked:
                resume = f"resume_{pause.direction}"
                yield Trouble("blocked", Urgency.BAD, channel.name, pause.since, pause.reason, press=(resume,))
            else:
                who = pause.reason.removeprefix(PAUSED_BY)
                press = (f"resume_{pause.direction}",)
                yield Trouble("paused", Urgency.WARN, channel.name, pause.since, who, press=press)
        elif "inbound" not in still:
            yield Trouble(
                "background_paused", Urgency.WARN, channel.name, pause.since, pause.reason, press=("resume_inbound",)
            )


def _of_sides(channel: Channel) -> Iterator[Trouble]:
    waiting = channel.waiting + channel.leased
    if channel.gateway_up is False:
        yield Trouble("gateway_away", Urgency.BAD, channel.name, channel.gateway_since)
    elif channel.gateway_logged_in is False:
        yield Trouble("logged_out", Urgency.BAD, channel.name, channel.gateway_since)
    elif channel.gateway_connected is False:
        yield Trouble("not_connected", Urgency.BAD, channel.name, channel.gateway_since)
    if channel.helpdesk_up is False:
        yield Trouble("helpdesk_away", Urgency.BAD, channel.name, channel.helpdesk_since, count=waiting)


def _of_dead(channel: Channel, dead_since: Mapping[str, float]) -> Iterator[Trouble]:
    if channel.dead:
        since = dead_since.get(channel.name)
        yield Trouble("dead", Urgency.BAD, channel.name, since, count=channel.dead, press=("dead",))


def _of_backlog(channel: Channel, status: Status, now: float, oldest: Mapping[str, Entry]) -> Iterator[Trouble]:
    """Only where nothing else explains it."""
    explained = channel.helpdesk_up is False or any(name in PERSONS for name in channel.paused)
    if explained or channel.oldest_waiting_s is None or channel.oldest_waiting_s < BACKLOG_OLD_S:
        return
    entry = oldest.get(channel.name)
    why = entry.failures[-1]["cause"] if entry is not None and entry.failures else ""
    yield Trouble(
        "backlog",
        Urgency.BAD,
        channel.name,
        now - channel.oldest_waiting_s,
        str(why),
        count=channel.waiting + channel.leased,
        entry=None if entry is None else entry.id,
        press=("oldest",) if entry is not None else (),
    )


def _of_gaps(channel: Channel, gaps: list[Gap], now: float) -> Iterator[Trouble]:
    own = [gap for gap in gaps if gap.channel == channel.name and gap.reconciled_at is None]
    old = [gap for gap in own if now - (gap.closed_at or gap.opened_at) > GAP_OLD_S]
    if old:
        first = min(old, key=lambda gap: gap.opened_at)
        yield Trouble("gap", Urgency.WARN, channel.name, first.opened_at, first.cause, len(old), press=("reconcile",))
