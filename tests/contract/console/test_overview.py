"""Is anything stuck, since when, why, and what the presses do."""

import pytest

from tests.contract.console.visiting import WELL, World
from tests.contract.journal.building import (
    CHANNEL,
    INBOUND,
    NOTHING,
    message,
    put,
    take_one,
)
from unlost.console.answers import Found
from unlost.journal.rows import Failure, GapCause
from unlost.vocabulary.envelopes import Direction
from unlost.vocabulary.facts import Facts
from unlost.vocabulary.verdicts import Postponed


async def test_where_all_flows_it_says_so_first(world: World) -> None:
    page = await (await world.known()).get("/")
    assert page.text.startswith("Everything flows Nothing is stuck")


@pytest.mark.parametrize(
    ("side", "said"),
    [
        ("gateway_up", "The gateway is away since 19:12:20 (60 s) Start it again"),
        ("gateway_logged_in", "The number is logged out since"),
        ("gateway_connected", "The gateway has no connection to WhatsApp since"),
        ("helpdesk_up", "The helpdesk is away since 19:12:20 (60 s) Bring it back"),
    ],
)
async def test_a_side_that_is_away_is_named_with_since_when_and_what_helps(world: World, side: str, said: str) -> None:
    world.sides = WELL | {side: False}
    text = (await (await world.known()).get("/")).text
    assert text.startswith("1 thing is stuck Nothing is lost while it is listed here.")
    assert said in text


async def test_a_journal_that_cannot_be_written_stands_above_all_else(world: World) -> None:
    world.is_writable = False
    world.sides = WELL | {"gateway_up": False}
    text = (await (await world.known()).get("/")).text
    assert text.index("The journal cannot be written") < text.index("The gateway is away")


async def test_what_waits_too_long_is_named_with_its_reason_and_leads_to_the_oldest(world: World) -> None:
    (appended,) = await put(world.journal, message("m1"))
    claim = await take_one(world.journal)
    failed = Failure("PostMessage", "http_5xx", "500")
    await world.journal.settle(claim, Postponed(900.0, "http_5xx", costs_attempt=True), Facts(), NOTHING, failed)
    world.clock.go(120)
    page = await (await world.known()).get("/")
    assert "Waiting too long (1): an error on the other side since" in page.text
    assert f'href="/entries/{appended.entry}"' in page.html


async def test_a_gap_nobody_could_look_behind_is_named_and_compared_by_a_press(world: World) -> None:
    gap = await world.journal.open_gap(CHANNEL, GapCause.GATEWAY_RESTARTED)
    await world.journal.close_gap(gap)
    world.clock.go(120)
    visitor = await world.known()
    assert "Gaps not compared yet: 1 (the gateway restarted) since" in (await visitor.get("/")).text
    done = await visitor.press("/", f"/channels/{CHANNEL}/reconcile")
    assert "2 were missing and are on their way" in (await visitor.get(done["location"])).text


async def test_a_comparison_that_failed_says_why(world: World) -> None:
    world.found = Found(CHANNEL, 0, 0, "connection_refused")
    gap = await world.journal.open_gap(CHANNEL, GapCause.GATEWAY_RESTARTED)
    await world.journal.close_gap(gap)
    page = await (await world.known()).press("/", f"/channels/{CHANNEL}/reconcile")
    assert "could not be read (connection refused)" in page.text


@pytest.mark.parametrize(
    ("direction", "pools"),
    [("inbound", {Direction.INBOUND, Direction.LOOK_UP, Direction.CHORE}), ("outbound", {Direction.OUTBOUND})],
)
async def test_each_direction_is_paused_and_resumed_by_one_press_and_says_by_whom(
    world: World, direction: str, pools: set[Direction]
) -> None:
    visitor = await world.known("Ana Lima")
    nth = ("inbound", "outbound").index(direction)
    done = await visitor.press("/", f"/channels/{CHANNEL}/pause", nth)
    assert {row.pool.direction for row in await world.journal.pauses()} == pools
    page = await visitor.get(done["location"])
    assert "Paused. What arrives is kept." in page.text
    assert "Stands still, paused by Ana Lima since" in page.text
    await visitor.press("/", f"/channels/{CHANNEL}/resume")
    assert await world.journal.pauses() == []
    assert "Everything flows" in (await visitor.get("/")).text


async def test_a_block_is_named_with_its_reason_and_resumed_by_a_press(world: World) -> None:
    await world.journal.pause(INBOUND, "the helpdesk lets nobody in with this token", blocked=True)
    visitor = await world.known()
    assert "Blocked: the helpdesk lets nobody in with this token since" in (await visitor.get("/")).text
    await visitor.press("/", f"/channels/{CHANNEL}/resume")
    assert await world.journal.pauses() == []


async def test_pairings_that_contradict_each_other_and_hosts_that_do_not_answer_are_named(world: World) -> None:
    world.circuits = ["http://desk.example"]
    text = (await (await world.known()).get("/")).text
    assert text.startswith("Messages flow; something is worth a look")
    assert "http://desk.example does not answer" in text


@pytest.mark.parametrize("path", ["/channels/other/pause", "/channels/other/reconcile"])
async def test_a_channel_that_is_not_there_is_not_found(world: World, path: str) -> None:
    visitor = await world.known()
    fields = dict((await visitor.get("/")).fields(f"/channels/{CHANNEL}/pause"))
    assert (await visitor.post(path, fields)).status == 404


async def test_a_direction_that_is_none_is_refused(world: World) -> None:
    visitor = await world.known()
    fields = dict((await visitor.get("/")).fields(f"/channels/{CHANNEL}/pause"))
    assert (await visitor.post(f"/channels/{CHANNEL}/pause", fields | {"direction": "up"})).status == 400
