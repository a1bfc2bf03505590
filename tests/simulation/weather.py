"""What goes wrong, drawn from the schedule's seed. One place, so that a schedule says in numbers what it is about."""

from __future__ import annotations

import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Chances:
    """How likely each fault is, from 0 to 1, and how many there may be. All zero: fair weather.

    *hard_max* bounds what may cost an entry an attempt (lost requests, 5xx, deaths with a begun step): with fewer than
    `attempts_max` of them in a whole schedule no entry may end dead for it, and the checker says so if one does.
    """

    hard_max: int = 3
    helpdesk_lost_request: float = 0.0
    helpdesk_lost_answer: float = 0.0
    helpdesk_queued: float = 0.0
    helpdesk_queued_long: float = 0.0
    helpdesk_commit_error: float = 0.0
    helpdesk_slow_commit: float = 0.0
    helpdesk_error: float = 0.0
    helpdesk_429: float = 0.0
    helpdesk_hook_lost: float = 0.0
    helpdesk_hook_twice: float = 0.0
    helpdesk_hook_slow: float = 0.0
    gateway_error: float = 0.0
    webhook_lost: float = 0.0
    webhook_answer_lost: float = 0.0
    event_unhooked: float = 0.0
    event_unrecoverable: float = 0.0
    event_twin: float = 0.0
    event_copy: float = 0.0
    event_late: float = 0.0
    killed_at_call: float = 0.0
    frozen_at_call: float = 0.0
    frozen_at_begin: float = 0.0
    frozen_at_answer: float = 0.0
    killed_at_answer: float = 0.0


FAIR = Chances(hard_max=0)


class Weather:
    """The dice. After `clear` nothing goes wrong any more."""

    def __init__(self, chances: Chances, rng: random.Random, *, deaths_max: int) -> None:
        self.chances = chances
        self.rng = rng
        self.hard_left = self.hard_left_at_end = chances.hard_max
        self.deaths_left = deaths_max
        self.swept_away = 0
        """Requests that were queued in a server that went away."""

    def clear(self) -> None:
        """The faults stop."""
        self.chances = FAIR
        self.hard_left_at_end = self.hard_left
        self.hard_left = self.deaths_left = 0

    def strikes(self, fault: str) -> bool:
        """Whether *fault*, named as in `Chances`, happens now."""
        chance: float = getattr(self.chances, fault)
        return chance > 0.0 and self.rng.random() < chance

    def strikes_hard(self, fault: str) -> bool:
        """The same, while there may be more of those that cost an attempt."""
        if self.hard_left <= 0 or not self.strikes(fault):
            return False
        self.hard_left -= 1
        return True

    def kills(self, fault: str) -> bool:
        """The same for deaths and long freezes."""
        if self.deaths_left <= 0 or not self.strikes(fault):
            return False
        self.deaths_left -= 1
        return True

    def latency_s(self) -> float:
        """One way through the network."""
        return self.rng.uniform(0.002, 0.08)
