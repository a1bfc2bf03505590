"""How often a simulated bridge looks around: its loops' pauses are stretched, so that an idle hour costs little.

Nothing is promised by those pauses but a bound on what a lost signal can cost, and all of them stay far below every wait that is.
Beats of the lease and looks at the sides keep their pace.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from unlost.assemble import tending
from unlost.errors import NotCommitted
from unlost.journal import sqlite_journal
from unlost.lanes import runner
from unlost.lanes.receipts import Receipts

TRUE_PAUSES = (tending.every, runner.IDLE_WAIT_S, runner.DUE_WAIT_S, sqlite_journal.POLL_EVERY_S)
STRETCHED_BELOW_S = 5.0
BUSY, IDLE = 6.0, 40.0
_factor = BUSY


async def _every(seconds: float, do: Callable[[], Awaitable[object]]) -> None:
    """`tending.every`, with stretched pauses."""
    while True:
        try:
            await do()
        except NotCommitted:
            pass
        await asyncio.sleep(seconds * _factor if seconds <= STRETCHED_BELOW_S else seconds)


class PacedReceipts(Receipts):
    """`Receipts`, with stretched pauses."""

    async def run(self) -> None:
        """For ever."""
        while True:
            try:
                await self.carry()
            except NotCommitted:
                pass
            await asyncio.sleep(self.pause_s * _factor)


def paced(receipts: Receipts) -> PacedReceipts:
    """The same, in our tempo."""
    return PacedReceipts(receipts.journal, receipts.channel, receipts.set_status, receipts.may_call)


def set_tempo(factor: float) -> None:
    """For all bridges of this interpreter, until `give_back`."""
    global _factor
    _factor = factor
    tending.every = _every
    runner.IDLE_WAIT_S = 1.0 * factor
    runner.DUE_WAIT_S = 0.1 * factor
    sqlite_journal.POLL_EVERY_S = 0.2 * factor


def give_back() -> None:
    """The program's own pauses, for whoever runs parts of it in this interpreter next."""
    tending.every, runner.IDLE_WAIT_S, runner.DUE_WAIT_S, sqlite_journal.POLL_EVERY_S = TRUE_PAUSES
