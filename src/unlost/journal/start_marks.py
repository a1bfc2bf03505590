"""A start mark stays where its channel was made known, though the wall clock that wrote it down is set (promise 3).

It is that clock's time, and no reading tells a right clock from a wrong one. What is known is each step: the journal keeps by how much
the wall clock is ahead of the machine's steady one, and whoever finds another number moves the marks and writes it down in one
transaction. So a step counts once, however many bridges see it, and also where nobody ran when it came. When the machine is started
anew, its steady clock begins anew: then only a wall clock older than what was written last is seen to have stepped.

Where the clock stands lower than when it made the mark, the mark stands lower by as much: it was ahead then, or is behind now, and then
the mark comes back with it. Where it stands higher, the mark stays: it may be ahead now, or the machine may have stood still with both
its clocks, and what was told then is not from before the mark. Unless it is known that the clock was behind: then the mark was, too.
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
    """*boot* names the machine's run; *at* is the wall clock, *ahead_s* what it is ahead of the steady clock of that run."""

    boot: str
    at: float
    ahead_s: float


class Mark(NamedTuple):
    """One channel's start mark *at*, made in the machine's run *boot* (None: not known).

    *steps_s*: the sum of the clock's steps since; while it is below 0 the mark stands lower by that. *restored_at* was written with
    the mark by the same clock, and goes with it.
    """

    channel: str
    at: float
    boot: str | None
    steps_s: float
    restored_at: float | None


def follow_clock(turn: Turn, boot: str, steady: float) -> None:
    """Bring along the marks, and what was just written, if the wall clock was set since anybody looked.

    *steady*: the other clock, read with `turn.now`.
    """
    before, reading = _last(turn), Reading(boot, turn.now, turn.now - steady)
    if before is None or before.boot != boot:
        step_s = 0.0 if before is None else min(0.0, reading.at - before.at)
    else:
        step_s = reading.ahead_s - before.ahead_s
    if before is not None and abs(step_s) >= STEP_MIN_S:
        _move_all(turn, step_s, before.boot)
    if step_s >= UNSET_S:
        bring_forward(turn, step_s)
    turn.run("meta_put", {"key": CLOCK, "value": f"{boot} {reading.at!r} {reading.ahead_s!r}"})


def own_stepped(mark: Mark, step_s: float, *, was_behind: bool) -> Mark:
    """*mark* after a step of the clock that made it. *was_behind*: it is known to have been so until then."""
    if was_behind and mark.steps_s >= 0:
        return _moved(mark, step_s)
    steps_s = mark.steps_s + step_s
    return _moved(mark, min(0.0, steps_s) - min(0.0, mark.steps_s))._replace(steps_s=steps_s)


def other_stepped(mark: Mark, step_s: float, now: float) -> Mark:
    """*mark* after a step to *now* of another clock, of a later run of the machine.

    It does not go back with that one; but one ahead of it would keep out what comes. What it went lower comes back.
    """
    lower_s = min(0.0, mark.steps_s)
    steps_s = min(lower_s + now - mark.at, lower_s) if step_s < 0 else min(0.0, lower_s + step_s)
    return _moved(mark, steps_s - lower_s)._replace(steps_s=steps_s)


def _moved(mark: Mark, by_s: float) -> Mark:
    restored_at = None if mark.restored_at is None else mark.restored_at + by_s
    return mark._replace(at=mark.at + by_s, restored_at=restored_at)


def _move_all(turn: Turn, step_s: float, boot: str) -> None:
    for mark in [Mark._make(row) for row in turn.all("start_marks", {})]:
        if mark.boot == boot:
            moved = own_stepped(mark, step_s, was_behind=_was_behind(turn, mark, step_s))
        else:
            moved = other_stepped(mark, step_s, turn.now)
        if moved != mark:
            turn.run("start_mark_put", moved._asdict())


def _was_behind(turn: Turn, mark: Mark, step_s: float) -> bool:
    """The clock had just begun, or messages came from the future by the step since it made *mark*."""
    set_at = turn.now - step_s
    if step_s >= UNSET_S and set_at - mark.at <= SETTLES_S:
        return True
    asked = {"since": mark.at, "until": set_at, "step": step_s, "margin": LIVE_S, "limit": ENTRIES_LOOKED_AT}
    return step_s > 2 * LIVE_S and turn.value("told_ahead", asked) is not None


def _last(turn: Turn) -> Reading | None:
    stored: str | None = turn.value("meta_get", {"key": CLOCK})
    if stored is None:
        return None
    boot, at, ahead_s = stored.rsplit(" ", 2)
    return Reading(boot, float(at), float(ahead_s))
