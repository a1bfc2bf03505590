"""What happens in a run, drawn from its seed before anything is started. Pure."""

from dataclasses import dataclass
from random import Random
from typing import Literal

Also = Literal["", "gateway", "desk"]

AIMED_SHARE = 0.45
"""Of the kills: at a moment when a once-only step was begun and its fact is not yet written."""
PAIR_SHARE = 0.4
"""Of the kills: with a second bridge on the same journal."""
ALSO_EVERY = 3
"""So many kills apart the gateway dies too; between two of those, the desk."""
FREEZE_FROM_KILLS = 40
"""A bridge frozen beyond its lease takes half a minute, so only long runs have one."""

POST_FAULTS: tuple[dict[str, object], ...] = (
    {"kind": "delay", "wait_s": 0.7},  # runs after the bridge that asked is dead
    {"kind": "slow_commit", "wait_s": 0.9},  # has its id at once, can be seen later
    {"kind": "commit_hang"},  # runs at once, is never answered
    {"kind": "hang"},  # never runs, is never answered
    {"kind": "queue", "wait_s": 1.6},  # runs after the client's time-out, before the doubt wait is over
    {"kind": "queue", "wait_s": 4.0},  # runs after the search has found nothing: a late twin for the sweep
)
WEATHER_FAULTS: tuple[dict[str, object], ...] = (
    {"kind": "commit_break"},
    {"kind": "commit_answer", "status": 502},
    {"kind": "answer", "status": 503},
    {"kind": "lose"},
)


@dataclass(frozen=True, slots=True)
class Round:
    """One kill of a bridge. *fault* befalls POSTs before it, *weather* after it; *down_s* until the dead one is started again."""

    pause_s: float
    rate: float
    aimed: bool
    pair: bool
    second: bool
    also: Also
    fault: dict[str, object] | None
    weather: dict[str, object] | None
    down_s: float


@dataclass(frozen=True, slots=True)
class Plan:
    """The rounds of one world, in order. *freeze*: after them, one bridge of two stands still beyond its lease."""

    rounds: tuple[Round, ...]
    freeze: bool


def plan_of(kills: int, seed: int) -> Plan:
    """*kills* rounds. The second bridge joins for the last ones, so that both ways of going on are had."""
    chance = Random(seed)
    pair_from = kills - round(kills * PAIR_SHARE)
    aimed = [number < round(kills * AIMED_SHARE) for number in range(kills)]
    chance.shuffle(aimed)
    rounds = tuple(_round(number, aimed[number], number >= pair_from, chance) for number in range(kills))
    return Plan(rounds, kills >= FREEZE_FROM_KILLS)


def _round(number: int, aimed: bool, pair: bool, chance: Random) -> Round:
    also: Also = ""
    if number % ALSO_EVERY == 1:
        also = "gateway" if number // ALSO_EVERY % 2 == 0 else "desk"
    return Round(
        pause_s=chance.uniform(0.5, 1.8),
        rate=chance.uniform(10, 40),
        aimed=aimed,
        pair=pair,
        second=pair and chance.random() < 0.5,
        also=also,
        fault=chance.choice(POST_FAULTS) if aimed else None,
        weather=chance.choice(WEATHER_FAULTS) if chance.random() < 0.3 else None,
        down_s=chance.uniform(0.0, 0.8),
    )
