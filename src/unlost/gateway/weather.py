"""Faults on a schedule drawn from a seed, so that a bad day can be had again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from unlost.gateway.faults import Faults
from unlost.gateway.population.fate import draw


class Kind(StrEnum):
    """What a squall is; all but REFUSE are faults of the same name."""

    HANGING = "hanging"
    DISCONNECTED = "disconnected"
    REFUSE = "refuse"
    BREAK_LOOKUPS = "break_lookups"
    PANICS = "panics"
    LOSE_WEBHOOKS = "lose_webhooks"
    DOUBLE_WEBHOOKS = "double_webhooks"


LASTING = {Kind.HANGING, Kind.DISCONNECTED, Kind.REFUSE}
COUNT_MOST = 3


@dataclass(frozen=True)
class Squall:
    """One fault: when it begins, how long it lasts or how many events it strikes."""

    at_s: float
    kind: Kind
    lasts_s: float = 0.0
    count: int = 0


def forecast(seed: int, *, for_s: float, every_s: float, kinds: tuple[Kind, ...] = tuple(Kind)) -> Iterator[Squall]:
    """One squall in each *every_s* seconds of *for_s*, each drawn when it is asked for.

    Its kind and moment are drawn from *seed* alone; it is over before the next begins.
    """
    return (_squall(seed, number, every_s, kinds) for number in range(int(for_s / every_s)))


async def blow(squalls: Iterable[Squall], faults: Faults, refuse: Callable[[float], None]) -> None:
    """Put *squalls* in force one after the other, timed from now."""
    loop = asyncio.get_running_loop()
    begun_s = loop.time()
    for squall in squalls:
        await asyncio.sleep(begun_s + squall.at_s - loop.time())
        await _strike(squall, faults, refuse)


def _squall(seed: int, number: int, every_s: float, kinds: tuple[Kind, ...]) -> Squall:
    def chance(what: str) -> float:
        return draw(seed, "weather", number, what)

    kind = kinds[int(chance("kind") * len(kinds))]
    at_s = every_s * (number + 0.5 * chance("at"))
    if kind in LASTING:
        return Squall(at_s, kind, lasts_s=every_s * (0.1 + 0.3 * chance("lasts")))
    return Squall(at_s, kind, count=1 + int(chance("count") * COUNT_MOST))


async def _strike(squall: Squall, faults: Faults, refuse: Callable[[float], None]) -> None:
    if squall.kind is Kind.REFUSE:
        refuse(squall.lasts_s)
    elif squall.kind in LASTING:
        faults.set(**{squall.kind.value: True})
        await asyncio.sleep(squall.lasts_s)
        faults.set(**{squall.kind.value: False})
    else:
        faults.set(**{squall.kind.value: squall.count})
