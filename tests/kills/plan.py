"""What happens in a run, drawn from its seed before anything is started. Pure."""

import math
from dataclasses import dataclass
from random import Random
from typing import Literal

Aim = Literal["blind", "begun", "leased"]
"""At any moment; between a begun step and its fact; at a moment when something is leased and nothing begun."""
Also = Literal["", "gateway", "desk"]

BEGUN_SHARE, LEASED_SHARE = 0.4, 0.25
PAIR_SHARE = 0.4
"""Of the kills: with a second bridge on the same journal."""
ALSO_EVERY = 3
"""So many kills apart the gateway dies too; between two of those, the desk."""
FREEZE_FROM_KILLS = 20
"""A bridge frozen beyond its lease takes half a minute, so only worlds of many kills have one."""

POST: dict[str, object] = {"method": "POST", "path": "/conversations"}
POST_FAULTS: tuple[dict[str, object], ...] = (
    {**POST, "kind": "delay", "wait_s": 0.7},  # runs after the bridge that asked is dead
    {**POST, "kind": "slow_commit", "wait_s": 0.9},  # has its id at once, can be seen later
    {**POST, "kind": "commit_hang"},  # runs at once, is never answered
    {**POST, "kind": "hang"},  # never runs, is never answered
    {**POST, "kind": "queue", "wait_s": 1.6},  # runs after the client's time-out, before the doubt wait is over
    {**POST, "kind": "queue", "wait_s": 4.0},  # runs after the search has found nothing: a late twin for the sweep
)
SEARCH_FAULT: dict[str, object] = {"method": "GET", "path": "/contacts", "kind": "delay", "wait_s": 0.6}
"""Keeps a newcomer's entry in hand before anything is begun."""
WEATHER_FAULTS: tuple[dict[str, object], ...] = (
    {"kind": "commit_break"},
    {"kind": "commit_answer", "status": 502},
    {"kind": "answer", "status": 503},
    {"kind": "lose"},
)


@dataclass(frozen=True, slots=True)
class Round:
    """One kill of a bridge. *fault* befalls requests before it, *weather* after it; *down_s* until the dead one is started again."""

    pause_s: float
    rate: float
    aim: Aim
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
    aims = _aims(kills)
    chance.shuffle(aims)
    rounds = tuple(_round(number, aims[number], number >= pair_from, chance) for number in range(kills))
    return Plan(rounds, kills >= FREEZE_FROM_KILLS)


def _aims(kills: int) -> list[Aim]:
    begun, leased = math.ceil(kills * BEGUN_SHARE), round(kills * LEASED_SHARE)
    shares: tuple[tuple[Aim, int], ...] = (("begun", begun), ("leased", leased), ("blind", kills - begun - leased))
    return [aim for aim, share in shares for _ in range(share)]


def _fault(aim: Aim, chance: Random) -> dict[str, object] | None:
    match aim:
        case "begun":
            return chance.choice(POST_FAULTS)
        case "leased":
            return SEARCH_FAULT
        case "blind":
            return None


def _round(number: int, aim: Aim, pair: bool, chance: Random) -> Round:
    also: Also = ""
    if number % ALSO_EVERY == 1:
        also = "gateway" if number // ALSO_EVERY % 2 == 0 else "desk"
    return Round(
        pause_s=chance.uniform(0.5, 1.8),
        rate=chance.uniform(10, 30),
        aim=aim,
        pair=pair,
        second=pair and chance.random() < 0.5,
        also=also,
        fault=_fault(aim, chance),
        weather=chance.choice(WEATHER_FAULTS) if chance.random() < 0.3 else None,
        down_s=chance.uniform(0.0, 0.8),
    )
