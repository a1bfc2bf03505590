"""A start mark says when its channel was made known, by a wall clock that may have been wrong (promise 3).

Nothing that a clock reads tells whether it is right; a message that comes when it was told does. So a mark moves on evidence alone, and
what is only behind for a moment, or was paused, moves none:

It goes up where its clock was behind: set forward by far, just after the mark was made, as on a machine that starts without the time; or
while messages came from the future by that step; or where storage holds what was told later than that clock says (`raise_mark`). Not
where a message came on time since the mark.

It goes down, to now, where it lies ahead of a clock that a message shows to be right: else it would keep out what comes.
"""

from typing import NamedTuple

from unlost.journal.clock_steps import STEP_MIN_S, bring_forward
from unlost.journal.turn import Turn

CLOCK = "clock"
SETTLES_S = 600.0
"""A machine that starts with a wrong clock is told the time within minutes of having a network."""
UNSET_S = 86_400.0
"""A step of a day and more, so soon, is a clock that had not been set: none that was right goes wrong by so much just then."""
LIVE_S = 300.0
"""How long a message is on its way, and how far WhatsApp's clock may be from a right one."""
ENTRIES_LOOKED_AT = 2_000
"""The last ones, of all channels: one live message is enough."""


class Reading(NamedTuple):
    """*boot* names the machine's run; *ahead_s* is what the wall clock is ahead of the steady clock of that run.

    *after*: the newest entry when the clock was last seen to be set, or the machine to be started; 0 where there was none.
    """

    boot: str
    ahead_s: float
    after: int


class Mark(NamedTuple):
    """One channel's start mark *at*, made in the machine's run *boot* (None: not known). *restored_at* was written with it."""

    channel: str
    at: float
    boot: str | None
    restored_at: float | None


def follow_clock(turn: Turn, boot: str, steady: float) -> None:
    """Bring along the marks, and what was just written, if the wall clock was set since anybody looked.

    *steady*: the other clock, read with `turn.now`. In one transaction with what tells the next that it was done.
    """
    before, ahead_s = _last(turn), turn.now - steady
    step_s = ahead_s - before.ahead_s if before is not None and before.boot == boot else 0.0
    if before is None or before.boot != boot or abs(step_s) >= STEP_MIN_S:
        after = turn.value("entry_last", {}) or 0
    else:
        after = before.after
    if step_s >= STEP_MIN_S:
        _raise_all(turn, boot, step_s)
    if step_s >= UNSET_S:
        bring_forward(turn, step_s)
    _lower_all(turn, after)
    turn.run("meta_put", {"key": CLOCK, "value": f"{boot} {ahead_s!r} {after}"})


def is_on_time(turn: Turn) -> bool:
    """Whether a message came when it was told, since the clock was last seen to be set or the machine to be started: it is right."""
    last = _last(turn)
    return last is not None and _came_on_time(turn, after=last.after)


def raise_mark(turn: Turn, channel: str, boot: str, until: float) -> None:
    """Storage holds what was told at *until*, later than the clock says: where the mark is that clock's, so was what came before it.

    Not where reconcile has looked since: then what it had not seen is no history.
    """
    turn.run("start_mark_raise", {"channel": channel, "boot": boot, "until": until, "now": turn.now})


def _raise_all(turn: Turn, boot: str, step_s: float) -> None:
    for mark in [Mark._make(row) for row in turn.all("start_marks", {})]:
        if mark.boot == boot and _was_behind(turn, mark, step_s):
            restored_at = None if mark.restored_at is None else mark.restored_at + step_s
            _put(turn, mark._replace(at=mark.at + step_s, restored_at=restored_at))


def _was_behind(turn: Turn, mark: Mark, step_s: float) -> bool:
    """The clock that made *mark*, and was set forward by *step_s* now."""
    set_at = turn.now - step_s
    if set_at < mark.at - STEP_MIN_S or _came_on_time(turn, since=mark.at, until=set_at):
        return False
    if step_s >= UNSET_S and set_at - mark.at <= SETTLES_S:
        return True
    asked = {"since": mark.at, "until": set_at, "step": step_s, "margin": LIVE_S, "limit": ENTRIES_LOOKED_AT}
    return step_s > 2 * LIVE_S and turn.value("told_ahead", asked) is not None


def _lower_all(turn: Turn, after: int) -> None:
    ahead = [mark for row in turn.all("start_marks", {}) if (mark := Mark._make(row)).at > turn.now + STEP_MIN_S]
    if not ahead or not _came_on_time(turn, after=after):
        return
    for mark in ahead:
        restored_at = None if mark.restored_at is None else min(mark.restored_at, turn.now)
        _put(turn, mark._replace(at=turn.now, restored_at=restored_at))


def _put(turn: Turn, mark: Mark) -> None:
    turn.run("start_mark_put", {"channel": mark.channel, "at": mark.at, "restored_at": mark.restored_at})


def _came_on_time(turn: Turn, *, after: int = 0, since: float = 0.0, until: float | None = None) -> bool:
    """Among the last entries, behind the entry *after*, and come between two times of our clock."""
    asked = {"after": after, "since": since, "until": turn.now if until is None else until}
    return turn.value("told_on_time", {**asked, "margin": LIVE_S, "limit": ENTRIES_LOOKED_AT}) is not None


def _last(turn: Turn) -> Reading | None:
    stored: str | None = turn.value("meta_get", {"key": CLOCK})
    if stored is None:
        return None
    boot, ahead_s, after = stored.rsplit(" ", 2)
    return Reading(boot, float(ahead_s), int(after))
