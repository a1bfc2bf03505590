"""What happens while the demo runs: customers write, and the gateway is killed and revived, in one temper after the other."""

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from unlost.cli.demo.audit import sent_by, shown_by
from unlost.cli.demo.ledger import Death, Ledger, judge
from unlost.cli.demo.playing import LOOK_S, times
from unlost.cli.demo.world import DEVICE, Temper, World
from unlost.gateway.population import Population
from unlost.gateway.traffic import Traffic

KILL_EVERY_S = 6.0
DOWN_S = 2.5
TEMPERS: dict[Temper, str] = {
    "gowa": "GOWA's: webhooks in memory only, in any order",
    "durable": "ours: webhooks in order, from an outbox on disk",
}
MEMORY_S = 20.0
"""GOWA holds a webhook in memory for at most 15 s against a door that refuses; whole seconds and a slow machine are added."""


@dataclass(slots=True)
class GatewayDies:
    """*rate* messages a second, at random moments. *tell* hears what happens, in words."""

    world: World
    seed: int
    rate: float
    tell: Callable[[str], None]
    kills: int = 0
    temper: Temper = "durable"
    deaths: list[Death] = field(default_factory=list)
    _traffic: Traffic | None = None
    _population: Population | None = None
    _chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)  # noqa: S311 - a believable day, not a secret

    def run(self, seconds: float | None) -> Iterator[int]:
        """Write and kill for *seconds* (None: for ever); yields how much was sent so far, several times a second."""
        self._population = Population.open(self.world.population_path, DEVICE, seed=self.seed)
        self._traffic = Traffic(self._population, seed=self.seed, every_kind=True)
        began = time.monotonic()
        next_kill, revive_at, next_message, sent = began + KILL_EVERY_S / 2, 0.0, began, 0
        while seconds is None or time.monotonic() - began < seconds:
            now = time.monotonic()
            while next_message <= now:
                self._traffic.next()
                sent += 1
                next_message += self._chance.expovariate(self.rate)
            if not revive_at and now >= next_kill:
                self._kill()
                revive_at = now + DOWN_S
            elif revive_at and now >= revive_at:
                self._revive_otherwise()
                revive_at, next_kill = 0.0, time.monotonic() + KILL_EVERY_S
            yield sent
            time.sleep(max(0.0, min(LOOK_S, next_message - time.monotonic())))
        if revive_at:
            self._revive_otherwise()

    def ledger(self) -> Ledger:
        """Both ends as they stand now."""
        sent = sent_by(self.world.population_path, DEVICE)
        shown = shown_by(self.world.desk_url, self.world.password)
        return judge(sent, shown, self.deaths, dialect=self.world.dialect)

    def revive(self) -> None:
        """Start the gateway again where it lies dead."""
        if not self.world.gateway.is_running:
            self.world.start_gateway(self.temper)

    def deaths_so_far(self) -> str:
        """The gateway's."""
        return f"the gateway was killed {times(self.kills)}"

    def close(self) -> None:
        """Let go of the population."""
        if self._population is not None:
            self._population.close()

    def _kill(self) -> None:
        self.world.gateway.kill()
        if self.temper == "gowa":
            now = time.time()
            self.deaths.append(Death(now - MEMORY_S, now))
        self.kills += 1
        self.tell(f"the gateway was killed ({TEMPERS[self.temper]}); customers go on writing")

    def _revive_otherwise(self) -> None:
        self.temper = "gowa" if self.temper == "durable" else "durable"
        self.world.start_gateway(self.temper)
        self.tell(f"the gateway is back, now in its other temper ({TEMPERS[self.temper]})")
