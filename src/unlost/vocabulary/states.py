"""The state machine of an entry: one table. The SQL guards the same arrows; a test compares both."""

from enum import StrEnum


class State(StrEnum):
    """Where an entry stands."""

    WAITING = "waiting"
    LEASED = "leased"
    PARKED = "parked"
    DONE = "done"
    DEAD = "dead"


class Happening(StrEnum):
    """What moves an entry."""

    CLAIMED = "claimed"
    FINISHED = "finished"  # delivered or skipped
    PUT_BACK = "put_back"  # postponed, or given back by a clean stop
    LEASE_ENDED = "lease_ended"  # its holder is presumed dead: counts as a crash
    GIVEN_UP = "given_up"
    SET_ASIDE = "set_aside"  # parked off its lane
    RELEASED = "released"  # what it waited for has come, or its wait is over
    RETRIED = "retried"
    DISCARDED = "discarded"


BIRTHS = frozenset({State.WAITING, State.PARKED, State.DONE})
"""How an entry may begin: parked (an event without content), done (a receipt: its wanted status is what is worked)."""

ARROWS: dict[tuple[State, Happening], State] = {
    (State.WAITING, Happening.CLAIMED): State.LEASED,
    (State.LEASED, Happening.FINISHED): State.DONE,
    (State.LEASED, Happening.PUT_BACK): State.WAITING,
    (State.LEASED, Happening.LEASE_ENDED): State.WAITING,
    (State.LEASED, Happening.GIVEN_UP): State.DEAD,
    (State.LEASED, Happening.SET_ASIDE): State.PARKED,
    (State.PARKED, Happening.RELEASED): State.WAITING,
    (State.PARKED, Happening.FINISHED): State.DONE,
    (State.DEAD, Happening.RETRIED): State.WAITING,
    (State.DEAD, Happening.DISCARDED): State.DONE,
}
