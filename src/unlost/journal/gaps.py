"""Gaps: when something may have been told while nobody listened."""

from unlost.journal.rows import GapCause, GapRow
from unlost.journal.turn import Turn
from unlost.vocabulary.ids import ChannelName

ALIVE = "alive_at"
READY = "ready_at"
GAPS_MAX = 500  # more than a page shows; of a channel's unreconciled ones the newest


def open_gap(turn: Turn, channel: str, cause: GapCause, since: float | None) -> int:
    """The gap's id; an open one of the same cause is extended backwards, never shortened.

    So is a closed one of bodies too large that nobody has looked behind yet: a stranger can make any number of them.
    """
    if cause is GapCause.TOO_LARGE:
        turn.run("gap_reopen", {"channel": channel, "cause": cause.value})
    opened_at = turn.now if since is None else since
    return int(turn.value("gap_open", {"channel": channel, "cause": cause.value, "opened_at": opened_at}))


def close_gap(turn: Turn, gap: int) -> None:
    """The cause is over."""
    turn.run("gap_close", {"id": gap, "now": turn.now})


def gap_reconciled(turn: Turn, gap: int) -> None:
    """Reconcile has looked behind it; what was still open is closed too."""
    turn.run("gap_reconciled", {"id": gap, "now": turn.now})


def gaps(turn: Turn, *, open_only: bool) -> list[GapRow]:
    """Oldest first; *open_only*: those that reconcile has not closed."""
    rows = turn.all("gaps_open" if open_only else "gaps_all", {"limit": GAPS_MAX})
    return [
        GapRow(gap, ChannelName(channel), GapCause(cause), opened_at, closed_at, reconciled_at)
        for gap, channel, cause, opened_at, closed_at, reconciled_at in rows
    ]


def last_gap_end(turn: Turn, channel: str) -> float | None:
    """When the channel's last gap was closed in which WhatsApp may have kept messages back; None where there was none."""
    at: float | None = turn.value("gap_last_end", {"channel": channel, "besides": GapCause.TOO_LARGE.value})
    return at


def last_alive(turn: Turn) -> float | None:
    """When the door was last known to be open."""
    at: float | None = turn.value("meta_get", {"key": ALIVE})
    return at


def mark_alive(turn: Turn, at: float) -> float | None:
    """Write *at* down; returns what stood there."""
    before: float | None = turn.value("meta_get", {"key": ALIVE})
    turn.run("meta_put", {"key": ALIVE, "value": at})
    return before


def prove_writable(turn: Turn) -> None:
    """A write that tells nothing else: the last absence stays to be seen."""
    turn.run("meta_put", {"key": READY, "value": turn.now})
