"""Profile pictures: in bounded time, remembered by their id, hidden and none told apart, and without the engine where they are off."""

import asyncio

import aiohttp
import msgspec
import pytest

from tests.contract.gateway.asking import get
from tests.contract.gateway.conftest import Start
from tests.contract.gateway.world import AMA, BIA, population_of
from unlost.gateway.population import Avatar, Customer
from unlost.gateway.server import RunningGateway

NOBODY = Customer("No", "5521999999999@s.whatsapp.net", avatar=Avatar.NONE)


async def ask(http: aiohttp.ClientSession, running: RunningGateway, customer: Customer = AMA) -> tuple[int, str]:
    """Status, and the picture's id or the refusal's words."""
    status, told = await get(http, running, "/user/avatar", phone=customer.phone)
    return status, told["results"]["id"] if status == 200 else told["message"]


async def test_hidden_and_none_are_told_apart(start: Start, http: aiohttp.ClientSession) -> None:
    running = await start()
    population_of(running).people.add(NOBODY)
    hidden, none = await ask(http, running, BIA), await ask(http, running, NOBODY)
    assert (hidden, none) == (
        (500, "the user has hidden their profile picture from you"),
        (500, "that user or group does not have a profile picture"),
    )


@pytest.mark.parametrize("customer", [AMA, BIA, NOBODY])
async def test_what_was_answered_is_not_asked_again(
    start: Start, http: aiohttp.ClientSession, customer: Customer
) -> None:
    """The engine would panic at a second question."""
    running = await start()
    population_of(running).people.add(NOBODY)
    first = await ask(http, running, customer)
    running.gateway.faults.set(panics=1)
    assert (await ask(http, running, customer), running.gateway.faults.panics) == (first, 1)


async def test_what_was_answered_is_remembered_over_a_restart(start: Start, http: aiohttp.ClientSession) -> None:
    running = await start()
    first = await ask(http, running, BIA)
    await running.stop()
    again = await start()
    again.gateway.faults.set(panics=1)
    assert (await ask(http, again, BIA), again.gateway.faults.panics) == (first, 1)


async def test_a_crash_is_never_remembered(start: Start, http: aiohttp.ClientSession) -> None:
    """Design S2: `asked again later, never cached as "none"`."""
    running = await start()
    running.gateway.faults.set(panics=1)
    assert [(await ask(http, running))[0] for _ in range(2)] == [503, 200]


async def test_a_new_id_in_user_info_ends_what_is_remembered(start: Start, http: aiohttp.ClientSession) -> None:
    running = await start()
    hidden = await ask(http, running, BIA)
    shown = msgspec.structs.replace(BIA, avatar=Avatar.SHOWN)
    population_of(running).people.add(shown)
    still = await ask(http, running, BIA)
    await get(http, running, "/user/info", phone=BIA.phone)
    assert (still, await ask(http, running, BIA)) == (hidden, (200, shown.picture_id))


async def test_a_question_takes_bounded_time(start: Start, http: aiohttp.ClientSession) -> None:
    """GOWA page 3.1: `408 CONTEXT_ERROR avatar timeout`."""
    running = await start(avatar_wait_s=0.1)
    running.gateway.faults.set(hanging_engine=True)
    status, told = await get(http, running, "/user/avatar", phone=AMA.phone)
    running.gateway.faults.set(hanging_engine=False)
    assert ((status, told["code"]), (await ask(http, running))[0]) == ((408, "CONTEXT_ERROR"), 200)


async def test_any_other_question_takes_bounded_time_too(start: Start, http: aiohttp.ClientSession) -> None:
    running = await start(call_wait_s=0.1)
    running.gateway.faults.set(hanging_engine=True)
    status, told = await get(http, running, "/user/info", phone=AMA.phone)
    assert (status, told["code"]) == (504, "GATEWAY_TIMEOUT")


async def test_with_avatars_off_the_engine_is_not_needed(start: Start, http: aiohttp.ClientSession) -> None:
    running = await start(avatars=False, avatar_wait_s=5.0)
    running.gateway.faults.set(disconnected=True, hanging_engine=True, panics=1)
    async with asyncio.timeout(2):
        assert await ask(http, running) == (500, "no avatar found")
    assert running.gateway.faults.panics == 1


async def test_questions_of_one_device_are_asked_one_after_the_other(start: Start, http: aiohttp.ClientSession) -> None:
    """A pace of 0.1 s, so three of them take at least 0.2 s; the loop's own clock is what is read."""
    running = await start(look_up_every_s=0.1)
    loop = asyncio.get_running_loop()
    began = loop.time()
    await asyncio.gather(*(get(http, running, "/user/check", phone=AMA.phone) for _ in range(3)))
    assert loop.time() - began >= 0.2


async def test_too_many_waiting_questions_are_sent_away(start: Start, http: aiohttp.ClientSession) -> None:
    running = await start(call_wait_s=1.0)
    running.gateway.faults.set(hanging_engine=True)
    asked = [asyncio.create_task(get(http, running, "/user/check", phone=AMA.phone)) for _ in range(60)]
    statuses = {status for status, _ in await asyncio.gather(*asked)}
    assert statuses == {429, 504}
