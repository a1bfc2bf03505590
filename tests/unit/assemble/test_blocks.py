"""A block is told when it begins and when it ends, whoever caused either."""

from dataclasses import dataclass, field
from typing import cast

from unlost.assemble.blocks import Blocks
from unlost.journal.port import Journal
from unlost.journal.rows import PauseRow, Pool
from unlost.telemetry.log import Telemetry, silent_telemetry
from unlost.vocabulary.envelopes import Direction
from unlost.vocabulary.ids import ChannelName

POOL = Pool(ChannelName("support"), Direction.INBOUND)


@dataclass
class Pauses:
    """A journal of which only the pauses are asked."""

    rows: list[PauseRow] = field(default_factory=list)

    async def pauses(self) -> list[PauseRow]:
        return self.rows


def gauge(telemetry: Telemetry) -> float | None:
    return telemetry.metrics.registry.get_sample_value("unlost_pool_blocked", {"channel": "support", "direction": "in"})


async def after(*rows: PauseRow, then: tuple[PauseRow, ...] | None = None) -> float | None:
    journal, telemetry = Pauses(list(rows)), silent_telemetry()
    blocks = Blocks(cast(Journal, journal), telemetry, [POOL])
    await blocks.look()
    if then is not None:
        journal.rows = list(then)
        await blocks.look()
    return gauge(telemetry)


async def test_a_pool_that_is_not_blocked_stands_at_zero() -> None:
    assert await after() == 0


async def test_a_block_shows() -> None:
    assert await after(PauseRow(POOL, blocked=True, reason="401", since=1)) == 1


async def test_its_end_shows() -> None:
    assert await after(PauseRow(POOL, blocked=True, reason="401", since=1), then=()) == 0


async def test_a_persons_pause_is_no_block() -> None:
    assert await after(PauseRow(POOL, blocked=False, reason="by ana", since=1)) == 0
