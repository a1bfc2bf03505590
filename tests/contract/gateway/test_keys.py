"""`Idempotency-Key`: one key is one message, however often it is asked and however the engine ends (hard case 24.3)."""

import asyncio

import aiohttp
import pytest

from tests.contract.gateway.asking import PNG, get, post, upload
from tests.contract.gateway.conftest import Start
from tests.contract.gateway.world import BIA, TEAM, population_of
from unlost.gateway.server import RunningGateway
from unlost.gateway.settings import Temper

SEND = "/send/message"


def ids(running: RunningGateway) -> list[str]:
    """The ids of what the account said, in WhatsApp."""
    return [sent.id for sent in population_of(running).sent()]


async def say(http: aiohttp.ClientSession, running: RunningGateway, key: str, text: str = "x") -> tuple[int, str, str]:
    """Status, code and the message's id."""
    status, told = await post(http, running, SEND, key, phone=TEAM.jid, message=text)
    return status, told["code"], told.get("results", {}).get("message_id", "")


async def test_every_repeat_of_a_key_is_answered_alike(start: Start, http: aiohttp.ClientSession) -> None:
    running = await start()
    answers = [await post(http, running, SEND, "k", phone=BIA.phone, message="x") for _ in range(3)]
    assert answers[0][0] == 200
    assert (answers[1], answers[2], len(ids(running))) == (answers[0], answers[0], 1)


async def test_a_repeat_is_answered_while_the_engine_is_away(start: Start, http: aiohttp.ClientSession) -> None:
    running = await start()
    first = await say(http, running, "k")
    running.gateway.faults.set(disconnected=True)
    assert await say(http, running, "k") == first


async def test_repeats_that_come_together_are_one_message(start: Start, http: aiohttp.ClientSession) -> None:
    running = await start()
    answers = await asyncio.gather(*(say(http, running, "k") for _ in range(8)))
    assert (len(set(answers)), len(ids(running))) == (1, 1)


async def test_a_key_outlives_the_gateway(start: Start, http: aiohttp.ClientSession) -> None:
    first = await start()
    answer = await say(http, first, "k")
    await first.stop()
    second = await start()
    assert (await say(http, second, "k"), len(ids(second))) == (answer, 1)


@pytest.mark.parametrize("text", ["y", "x "])
async def test_a_key_with_another_body_is_a_422(start: Start, http: aiohttp.ClientSession, text: str) -> None:
    running = await start()
    await say(http, running, "k")
    assert ((await say(http, running, "k", text))[:2], len(ids(running))) == ((422, "IDEMPOTENCY_KEY_REUSED"), 1)


async def test_a_key_with_another_call_is_a_422(start: Start, http: aiohttp.ClientSession) -> None:
    running = await start()
    _, told = await post(http, running, SEND, "k", phone=BIA.phone, message="x")
    sent = told["results"]["message_id"]
    status, _ = await post(http, running, f"/message/{sent}/update", "k", phone=BIA.phone, message="x")
    assert status == 422


async def test_a_file_under_a_key_is_one_message_whatever_the_form_s_boundary(
    start: Start, http: aiohttp.ClientSession
) -> None:
    running = await start()
    answers = [await upload(http, running, "image", PNG, "a.png", "k") for _ in range(2)]
    other = await upload(http, running, "image", PNG + b"\0", "a.png", "k")
    assert (answers[0][0], answers[1], other[0], len(ids(running))) == (200, answers[0], 422, 1)


async def test_a_reaction_under_a_key_is_one_reaction(start: Start, http: aiohttp.ClientSession) -> None:
    running = await start()
    told = [await post(http, running, "/message/3EB0AA/reaction", "k", phone=BIA.phone, emoji="👍") for _ in range(2)]
    assert (told[0][0], told[1], len(ids(running))) == (200, told[0], 1)


async def test_the_id_is_the_chosen_one_even_after_a_crash(start: Start, http: aiohttp.ClientSession) -> None:
    """WhatsApp had the message when the engine died: the repeat is the same message, not a second one."""
    running = await start()
    running.gateway.faults.set(send_panics=1)
    crashed = await say(http, running, "k")
    (sent,) = ids(running)
    assert crashed[:2] == (503, "engine_crashed")
    assert (await say(http, running, "k"), ids(running)) == ((200, "SUCCESS", sent), [sent])


async def test_where_the_engine_takes_no_id_a_crash_is_unknown_for_ever(
    start: Start, http: aiohttp.ClientSession
) -> None:
    running = await start(takes_ids=False)
    running.gateway.faults.set(send_panics=1)
    answers = [await say(http, running, "k") for _ in range(3)]
    await running.stop()
    again = await start(takes_ids=True)
    answers.append(await say(http, again, "k"))
    assert (set(answers), len(ids(again))) == ({(409, "outcome_unknown", "")}, 1)


async def test_where_the_engine_takes_no_id_a_slow_answer_is_unknown_too(
    start: Start, http: aiohttp.ClientSession
) -> None:
    running = await start(takes_ids=False, send_wait_s=0.1)
    running.gateway.faults.set(hanging_engine=True)
    first = await say(http, running, "k")
    running.gateway.faults.set(hanging_engine=False)
    assert (first, await say(http, running, "k")) == ((409, "outcome_unknown", ""),) * 2


@pytest.mark.parametrize("takes_ids", [True, False])
async def test_what_proved_that_nothing_was_done_leaves_the_key_free(
    start: Start, http: aiohttp.ClientSession, takes_ids: bool
) -> None:
    running = await start(takes_ids=takes_ids)
    running.gateway.faults.set(disconnected=True)
    away = await say(http, running, "k")
    running.gateway.faults.set(disconnected=False)
    done = await say(http, running, "k")
    assert (away[:2], done[0], ids(running)) == ((401, "AUTHENTICATION_ERROR"), 200, [done[2]])


async def test_bad_input_leaves_the_key_free(start: Start, http: aiohttp.ClientSession) -> None:
    running = await start(takes_ids=False)
    bad, _ = await post(http, running, SEND, "k", phone=BIA.phone, message="")
    good, _ = await post(http, running, SEND, "k", phone=BIA.phone, message="x")
    assert (bad, good) == (400, 200)


@pytest.mark.parametrize("key", ["a b", "k" * 256, "é"])
async def test_a_key_that_is_none_is_refused(start: Start, http: aiohttp.ClientSession, key: str) -> None:
    running = await start()
    assert ((await say(http, running, key))[:2], ids(running)) == ((400, "VALIDATION_ERROR"), [])


async def test_without_a_key_every_call_is_a_message(start: Start, http: aiohttp.ClientSession) -> None:
    running = await start()
    answers = {await say(http, running, "") for _ in range(2)}
    assert len(answers) == len(ids(running)) == 2


async def test_gowa_s_temper_knows_no_keys(start: Start, http: aiohttp.ClientSession) -> None:
    """GOWA page 3.3: `No idempotency key and no client-chosen id`."""
    running = await start(temper=Temper.GOWA)
    for _ in range(2):
        await say(http, running, "k")
    assert len(ids(running)) == 2


async def test_a_sent_message_stands_in_storage_as_soon_as_it_is_answered(
    start: Start, http: aiohttp.ClientSession
) -> None:
    running = await start()
    _, _, sent = await say(http, running, "k")
    _, page = await get(http, running, f"/chat/{TEAM.jid}/messages")
    assert [row["id"] for row in page["results"]["data"]] == [sent]


async def test_on_a_full_disk_nothing_is_sent(start: Start, http: aiohttp.ClientSession) -> None:
    """The keys are long, so that their own page is soon full too."""
    running = await start()
    assert running.gateway.simulated is not None
    connection = running.gateway.simulated.connection
    (pages,) = connection.execute("PRAGMA page_count").fetchall()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")
    refused = {(await say(http, running, f"{number:0255}", "x" * 5000))[:2] for number in range(40)}
    sent = ids(running)
    connection.execute("PRAGMA max_page_count = 1000000")
    assert (refused, sent) == ({(503, "not_started")}, [])
    assert (await say(http, running, f"{39:0255}", "x" * 5000))[0] == 200
