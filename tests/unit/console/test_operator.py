"""What a person's word does beyond the verb that carries it."""

from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from unlost.clock import Clock
from unlost.console.answers import Contradiction, Found
from unlost.console.operator import Operator
from unlost.errors import IDS_WENT_BACK
from unlost.journal.port import Journal
from unlost.journal.rows import ContradictionRow, PauseRow, Pool
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.envelopes import Direction
from unlost.vocabulary.ids import ChannelName

SUPPORT = ChannelName("support")
INBOUND = Pool(SUPPORT, Direction.INBOUND)


@dataclass
class _Journal:
    """Tells of one pause and of one contradicting pairing, and keeps what is asked of it."""

    reason: str = ""
    asked: list[str] = field(default_factory=list)

    async def pauses(self) -> list[PauseRow]:
        return [PauseRow(INBOUND, blocked=True, reason=self.reason, since=1.0)]

    async def accept_ids(self, channel: ChannelName) -> None:
        self.asked.append(f"accept {channel}")

    async def resume(self, pool: Pool) -> None:
        self.asked.append(f"resume {pool.direction}")

    async def counts(self, **_: object) -> list[Any]:
        return []

    async def gaps(self, **_: object) -> list[Any]:
        return []

    async def holders(self) -> list[Any]:
        return []

    async def contradictions(self) -> list[ContradictionRow]:
        return [ContradictionRow(SUPPORT, Address("1@lid"), Address("2@s.whatsapp.net"), 5.0)]


class _Clock:
    def now(self) -> float:
        return 10.0


def operator(journal: _Journal) -> Operator:
    async def unasked(*_: object) -> Found:
        raise AssertionError("not asked")

    async def none(*_: object) -> int:
        return 0

    return Operator(
        journal=cast(Journal, journal),
        clock=cast(Clock, _Clock()),
        channels=[SUPPORT],
        sides=lambda _: {},
        open_circuits=list,
        reconcile_channel=unasked,
        backup_to=cast(Any, none),
        forget_addresses=cast(Any, none),
        door_open_since=lambda: None,
    )


@pytest.mark.parametrize(
    ("reason", "asked"),
    [(IDS_WENT_BACK, ["accept support", "resume in"]), ("wrong inbox", ["resume in"])],
)
async def test_who_resumes_a_channel_whose_helpdesks_ids_went_back_accepts_the_new_ones(
    reason: str, asked: list[str]
) -> None:
    journal = _Journal(reason)
    await operator(journal).resume(SUPPORT, [Direction.INBOUND])
    assert journal.asked == asked


async def test_a_pairing_that_contradicts_a_known_one_is_shown_to_a_person() -> None:
    status = await operator(_Journal()).status(None)
    assert status.contradictions == [Contradiction("support", "1@lid", "2@s.whatsapp.net", 5.0)]
