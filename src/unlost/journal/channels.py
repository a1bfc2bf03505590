"""Channels and pools: what a start makes known, pauses, start marks."""

from unlost.journal.rows import ChannelRow, PauseRow, Pool
from unlost.journal.turn import Turn
from unlost.vocabulary.envelopes import Direction
from unlost.vocabulary.ids import ChannelName

TOLD_THROUGH = "told_through:"


def introduce(turn: Turn, channels: tuple[ChannelRow, ...], boot: str | None = None) -> None:
    """Repeatable; a new channel's start mark is now, in the machine's run *boot* (None: a step of the clock moves it no more)."""
    for channel in channels:
        turn.run("helpdesk_introduce", {"name": channel.helpdesk})
        row = {"name": channel.name, "device": channel.device, "helpdesk": channel.helpdesk}
        turn.run("channel_introduce", {**row, "now": turn.now, "boot": boot})
        for direction in Direction:
            if direction is Direction.MEDIA:
                continue  # stands still with the look-ups; a program from before it knew of no such pool
            turn.run("pool_introduce", {"channel": channel.name, "direction": direction.value})


def names(turn: Turn) -> list[tuple[str]]:
    """All channels."""
    return [(str(row[0]),) for row in turn.all("channel_names", {})]


def start_mark(turn: Turn, channel: str) -> float:
    """Neither direction reaches behind it; now for a channel that nobody introduced."""
    row = turn.row("channel_get", {"name": channel})
    return turn.now if row is None else float(row[2])


def looked_until(turn: Turn, channel: str) -> float | None:
    """How far reconcile has looked; None: never yet."""
    row = turn.row("channel_get", {"name": channel})
    return None if row is None else row[3]


def mark_looked(turn: Turn, channel: str, at: float) -> None:
    """Reconcile has looked up to *at*."""
    turn.run("channel_looked", {"name": channel, "at": at, "now": turn.now})


def told_through(turn: Turn, channel: str) -> tuple[str, int] | None:
    """Up to which number all events of a gateway's feed were kept, and of which feed."""
    stored: str | None = turn.value("meta_get", {"key": TOLD_THROUGH + channel})
    if stored is None:
        return None
    feed, _, number = stored.rpartition(":")
    return feed, int(number)


def mark_told_through(turn: Turn, channel: str, feed: str, number: int) -> None:
    """Of two bridges the one that is behind takes nothing back."""
    stored = told_through(turn, channel)
    if stored is None or stored[0] != feed or number == 0 or number > stored[1]:
        turn.run("meta_put", {"key": TOLD_THROUGH + channel, "value": f"{feed}:{number}"})


def pause(turn: Turn, pool: Pool, reason: str, *, blocked: bool, by_credentials: bool = False) -> None:
    """Hand out nothing of the pool. A person's pause stands, whatever the program finds."""
    by = "program" if blocked else "person"
    names = {"channel": pool.channel, "direction": pool.direction.value}
    turn.run("pool_introduce", names)
    words = {"by": by, "reason": reason, "by_credentials": int(blocked and by_credentials)}
    turn.run("pool_pause", {**names, **words, "now": turn.now})


def resume(turn: Turn, pool: Pool) -> None:
    """Lift any pause."""
    turn.run("pool_resume", {"channel": pool.channel, "direction": pool.direction.value})


def pauses(turn: Turn) -> list[PauseRow]:
    """All paused pools."""
    return [
        PauseRow(Pool(ChannelName(channel), Direction(direction)), by == "program", reason, since, bool(by_credentials))
        for channel, direction, by, reason, since, by_credentials in turn.all("pool_pauses", {})
    ]
