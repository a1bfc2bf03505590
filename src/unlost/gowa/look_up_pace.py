"""When a device's next look-up may go (design section 4): one at a time, apart, and never soon after a login or a death.

Pure. *now* is any clock that never steps back. Asking a gateway for contact info or pictures is what killed it in the incident, so
two connections in a row that break during a look-up end the asking for an hour.
"""

from dataclasses import dataclass, replace
from enum import Enum, auto

BREAKS_TO_REST = 2
REST_S = 3600.0
STATUS_WAIT_S = 30.0
"""While it is not known to be logged in: as often as it is looked at."""


class Outcome(Enum):
    """How a look-up's call ended."""

    ANSWERED = auto()  # with anything at all
    SILENT = auto()  # not in time, or we hung up: says nothing
    AWAY = auto()  # nobody listens there, or it is not logged in: this look-up is not to blame
    BROKE = auto()  # the connection broke during it


@dataclass(frozen=True, slots=True)
class Pace:
    """*every_s* between two look-ups' beginnings, *after_s* of login before the first. Times are of the caller's clock."""

    every_s: float
    after_s: float
    logged_in_since: float | None = None
    began_at: float | None = None
    is_asking: bool = False
    breaks: int = 0
    rests_until: float | None = None


def wait_s(pace: Pace, now: float) -> float:
    """Seconds until the next look-up may begin; 0.0: it may now. Without a login the time until it is worth asking again."""
    if pace.rests_until is not None and now < pace.rests_until:
        return pace.rests_until - now
    if pace.logged_in_since is None:
        return STATUS_WAIT_S
    waits = [pace.logged_in_since + pace.after_s - now]
    if pace.began_at is not None:
        waits.append(pace.began_at + pace.every_s - now)
    if pace.is_asking:
        waits.append(1.0)
    return max(0.0, *waits)


def status_seen(pace: Pace, *, logged_in: bool, now: float) -> Pace:
    """After a look at `/app/status`; one without an answer counts as not logged in."""
    if not logged_in:
        return replace(pace, logged_in_since=None)
    return pace if pace.logged_in_since is not None else replace(pace, logged_in_since=now)


def began(pace: Pace, now: float) -> Pace:
    """A look-up goes out; to be called only where `wait_s` is 0.0."""
    return replace(pace, began_at=now, is_asking=True)


def ended(pace: Pace, outcome: Outcome, now: float) -> Pace:
    """It came back. A gateway that broke or was away has to be seen logged in anew."""
    pace = replace(pace, is_asking=False)
    match outcome:
        case Outcome.ANSWERED:
            return replace(pace, breaks=0)
        case Outcome.SILENT:
            return pace
        case Outcome.AWAY:
            return replace(pace, logged_in_since=None)
        case Outcome.BROKE if pace.breaks + 1 < BREAKS_TO_REST:
            return replace(pace, logged_in_since=None, breaks=pace.breaks + 1)
        case Outcome.BROKE:
            return replace(pace, logged_in_since=None, breaks=0, rests_until=now + REST_S)


def is_resting(pace: Pace, now: float) -> bool:
    """True in the hour after a look-up was found to kill the gateway."""
    return pace.rests_until is not None and now < pace.rests_until
