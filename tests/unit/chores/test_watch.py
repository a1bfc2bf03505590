"""What was seen to come back is a gap; a block by wrong credentials ends once they work, no other does."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.unit.chores.worlds import CHANNEL
from unlost.chores.watch import GatewayLook, Watch
from unlost.journal.rows import GapCause, PauseRow, Pool
from unlost.vocabulary.envelopes import Direction
from unlost.vocabulary.ids import ChannelName

WELL = GatewayLook(is_up=True, is_connected=True, is_logged_in=True)
AWAY = GatewayLook(is_up=False)
ALONE = GatewayLook(is_up=True, is_connected=False, is_logged_in=True)
OUT = GatewayLook(is_up=True, is_connected=True, is_logged_in=False)


class Deaf:
    """Hears nothing."""

    def gateway(self, channel: ChannelName, look: GatewayLook, *, restarted: bool) -> None:
        pass

    def helpdesk(self, channel: ChannelName, *, is_up: bool) -> None:
        pass


@dataclass
class World:
    """Both sides as the next look finds them; time is the number of looks. Its own journal."""

    gateway: GatewayLook = WELL
    helpdesk: bool = True
    token: bool = True
    at: float = 0.0
    events: list[Any] = field(default_factory=list)
    paused: list[PauseRow] = field(default_factory=list)
    watch: Watch = field(init=False)

    def __post_init__(self) -> None:
        async def look_at_gateway() -> GatewayLook:
            return self.gateway

        async def look_at_helpdesk() -> bool:
            return self.helpdesk

        async def token_works() -> bool:
            return self.token

        self.watch = Watch(
            CHANNEL,
            self,  # type: ignore[arg-type]  # the part of the port that the watch asks
            look_at_gateway,
            look_at_helpdesk,
            token_works,
            Deaf(),
            lambda: self.at,
            lambda: self.events.append("came back"),
        )

    async def look(self, gateway: GatewayLook = WELL) -> None:
        self.gateway = gateway
        self.at += 1
        await self.watch.look()

    async def open_gap(self, channel: ChannelName, cause: GapCause, *, since: float | None) -> int:
        self.events.append((cause, since))
        return 1

    async def close_gap(self, gap: int) -> None:
        self.events.append("closed")

    async def pauses(self) -> list[PauseRow]:
        return list(self.paused)

    async def resume(self, pool: Pool) -> None:
        self.paused = [row for row in self.paused if row.pool != pool]


def blocked(direction: Direction, *, by_credentials: bool = True, channel: ChannelName = CHANNEL) -> PauseRow:
    return PauseRow(Pool(channel, direction), True, "check token, account and inbox", 0.0, by_credentials)


@pytest.mark.parametrize(
    ("between", "cause"),
    [
        (AWAY, GapCause.GATEWAY_RESTARTED),
        (OUT, GapCause.GATEWAY_RESTARTED),
        (ALONE, GapCause.WHATSAPP_AWAY),
    ],
)
async def test_what_was_away_leaves_a_gap_since_it_was_seen_well_last(between: GatewayLook, cause: GapCause) -> None:
    world = World()
    await world.look(WELL)
    await world.look(between)
    await world.look(between)
    assert world.events == []
    await world.look(WELL)
    assert world.events == ["came back", (cause, 1.0), "closed"]


async def test_a_gateway_that_was_never_seen_well_leaves_a_gap_since_the_first_look() -> None:
    world = World()
    for look in (ALONE, ALONE, WELL):
        await world.look(look)
    assert world.events[1] == (GapCause.WHATSAPP_AWAY, 1.0)


@pytest.mark.parametrize("direction", [Direction.INBOUND, Direction.OUTBOUND, Direction.CHORE])
async def test_a_block_by_credentials_ends_once_the_helpdesk_takes_them(direction: Direction) -> None:
    world = World(token=False, paused=[blocked(direction)])
    await world.look()
    assert world.paused
    world.token = True
    await world.look()
    assert not world.paused


async def test_look_ups_go_on_once_the_gateway_answers_with_our_credentials() -> None:
    world = World(token=False, paused=[blocked(Direction.LOOK_UP)])
    await world.look(AWAY)
    assert world.paused
    await world.look(ALONE)
    assert not world.paused


@pytest.mark.parametrize(
    "row",
    [
        blocked(Direction.INBOUND, by_credentials=False),
        blocked(Direction.LOOK_UP, by_credentials=False),
        blocked(Direction.INBOUND, channel=ChannelName("other")),
    ],
)
async def test_a_block_that_needs_a_persons_eye_or_is_anothers_stays(row: PauseRow) -> None:
    world = World(paused=[row])
    await world.look()
    assert world.paused == [row]


async def test_it_tells_since_when_each_side_has_stood_as_it_stands() -> None:
    world = World()
    for at, gateway, helpdesk in ((1.0, WELL, True), (2.0, AWAY, True), (3.0, AWAY, False), (4.0, AWAY, False)):
        world.at, world.gateway, world.helpdesk = at, gateway, helpdesk
        await world.watch.look()
    assert (world.watch.gateway_since, world.watch.helpdesk_since) == (2.0, 3.0)
