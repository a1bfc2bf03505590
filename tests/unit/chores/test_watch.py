"""A watch ends the blocks that wrong credentials made, once they work, and no other."""

from dataclasses import dataclass, field

import pytest

from tests.unit.chatwoot.scripted import answer
from tests.unit.deliver.helpdesk import scripted
from unlost.chores.watch import GatewayLook, Watch
from unlost.errors import Blocked
from unlost.journal.rows import PauseRow, Pool
from unlost.vocabulary.envelopes import Direction
from unlost.vocabulary.facts import Facts
from unlost.vocabulary.ids import ChannelName
from unlost.vocabulary.steps import FindContact

CHANNEL = ChannelName("support")
INBOUND = Pool(CHANNEL, Direction.INBOUND)
ANOTHER_HELPDESK = "the helpdesk's message ids went back: restored, or another one"


@dataclass
class Pauses:
    """As much of a journal as these looks need."""

    reason: str
    is_blocked: bool = True
    resumed: list[Pool] = field(default_factory=list)

    async def pauses(self) -> list[PauseRow]:
        return [PauseRow(INBOUND, self.is_blocked, self.reason, 0.0)]

    async def resume(self, pool: Pool) -> None:
        self.resumed.append(pool)


class Deaf:
    def gateway(self, channel: ChannelName, look: GatewayLook, *, restarted: bool) -> None: ...

    def helpdesk(self, channel: ChannelName, *, is_up: bool) -> None: ...


async def resumed_after_a_look(pauses: Pauses, *, token_works: bool = True) -> list[Pool]:
    async def look() -> GatewayLook:
        return GatewayLook(is_up=True)

    async def up() -> bool:
        return True

    async def token() -> bool:
        return token_works

    watch = Watch(CHANNEL, pauses, look, up, token, Deaf(), lambda: 0.0, lambda: None)  # type: ignore[arg-type]  # all it asks
    await watch.look()
    return pauses.resumed


async def said_to_a_wrong_token() -> str:
    """What delivery writes into the journal: 401 to the step, and to the question who we are."""
    with pytest.raises(Blocked) as caught:
        await scripted(answer(401), answer(401)).to_helpdesk.perform(FindContact("1@s.whatsapp.net"), Facts())
    return str(caught.value)


async def test_a_block_by_a_wrong_token_ends_once_the_token_works() -> None:
    assert await resumed_after_a_look(Pauses(await said_to_a_wrong_token())) == [INBOUND]


async def test_a_block_by_a_wrong_token_stays_while_it_is_wrong() -> None:
    assert await resumed_after_a_look(Pauses(await said_to_a_wrong_token()), token_works=False) == []


async def test_a_block_that_needs_a_persons_eye_stays() -> None:
    assert await resumed_after_a_look(Pauses(ANOTHER_HELPDESK)) == []


async def test_what_a_person_paused_stays_paused() -> None:
    assert await resumed_after_a_look(Pauses(await said_to_a_wrong_token(), is_blocked=False)) == []
