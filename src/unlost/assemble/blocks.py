"""What nobody may pass: pools that the program itself has blocked, told when that begins and ends. A person's pause is no block."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from unlost.journal.port import Journal
from unlost.journal.rows import Pool
from unlost.telemetry.log import Telemetry
from unlost.telemetry.sides import PoolBlocked


@dataclass(slots=True)
class Blocks:
    """Read from the journal, since any bridge on it may have blocked or resumed a pool."""

    journal: Journal
    telemetry: Telemetry
    pools: Sequence[Pool]
    _blocked: frozenset[Pool] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        for pool in self.pools:  # from the start, so that the first block is a rise
            self.telemetry.metrics.pool_blocked.labels(pool.channel, pool.direction).set(0)

    async def look(self) -> None:
        """Once."""
        why = {row.pool: row.reason for row in await self.journal.pauses() if row.blocked}
        for pool in self.pools:
            if (pool in why) is not (pool in self._blocked):
                told = PoolBlocked(pool.channel, pool.direction, blocked=pool in why, why=why.get(pool, ""))
                self.telemetry.tell(told)
        self._blocked = frozenset(why)
