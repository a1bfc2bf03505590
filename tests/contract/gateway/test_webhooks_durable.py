"""The durable temper over real HTTP: an ordered outbox that loses nothing."""

import pytest

from tests.contract.gateway.conftest import Start
from tests.contract.gateway.receiver import Receiver
from tests.contract.gateway.world import AMA, BIA, TEAM, population_of, until
from unlost.gateway.durable_temper import LONGEST_WAIT_S, wait_s
from unlost.gateway.population import Fate, Twin
from unlost.gateway.settings import Dialect, Temper


@pytest.mark.parametrize("dialect", list(Dialect))
async def test_a_chat_arrives_in_whatsapp_s_order(start: Start, receiver: Receiver, dialect: Dialect) -> None:
    running = await start(dialect=dialect)
    sent = [population_of(running).send_text(BIA.key, f"#{number}").text for number in range(30)]
    await receiver.wait_for(30)
    assert receiver.texts() == sent


async def test_a_refused_webhook_holds_up_its_chat_so_that_order_stays(start: Start, receiver: Receiver) -> None:
    receiver.status = lambda call: 500 if len(receiver.calls) < 4 else 200
    running = await start()
    sent = [population_of(running).send_text(BIA.key, f"#{number}").text for number in range(3)]
    await receiver.wait_for(6)
    assert receiver.texts() == ["#0"] * 3 + sent


async def test_a_refused_chat_delays_no_other(start: Start, receiver: Receiver) -> None:
    receiver.status = lambda call: 500 if call.text == "poison" else 200
    running = await start()
    population_of(running).send_text(BIA.key, "poison")
    for number in range(5):
        population_of(running).send_text(AMA.key, f"#{number}")
    while len(receiver.counted()) < 6:
        await receiver.wait_for(len(receiver.calls) + 1)
    assert [text for text in receiver.texts() if text != "poison"] == [f"#{number}" for number in range(5)]


async def test_it_is_tried_far_longer_than_gowa_would(start: Start, receiver: Receiver) -> None:
    receiver.status = lambda call: 404 if len(receiver.calls) < 9 else 200
    running = await start(time_scale=0.001)
    population_of(running).send_text(BIA.key, "#1")
    assert len(await receiver.wait_for(9)) == 9


async def test_a_receiver_that_was_away_gets_everything_when_it_is_back(start: Start, receiver: Receiver) -> None:
    await receiver.close()
    running = await start()
    sent = [population_of(running).send_text(BIA.key, f"#{number}").text for number in range(5)]
    await receiver.open()
    await until(lambda: sent[-1] in receiver.texts())
    assert (
        list(dict.fromkeys(receiver.texts())) == sent
    )  # at least once: what was cut off as the port opened comes again


async def test_the_outbox_is_taken_up_again_at_the_next_start(start: Start, receiver: Receiver) -> None:
    await receiver.close()
    first = await start()
    sent = [population_of(first).send_text(BIA.key, f"#{number}").text for number in range(5)]
    while population_of(first).queue.length():
        await first.gateway.clerk.do(lambda: None)
    await first.stop()
    await receiver.open()
    await start()
    await receiver.wait_for(5)
    assert receiver.texts() == sent


async def test_what_stands_in_the_outbox_is_told_even_if_the_next_start_has_gowas_temper(
    start: Start, receiver: Receiver
) -> None:
    await receiver.close()
    first = await start()
    sent = [population_of(first).send_text(BIA.key, f"#{number}").text for number in range(5)]
    while population_of(first).queue.length():
        await first.gateway.clerk.do(lambda: None)
    await first.stop()
    await receiver.open()
    await start(temper=Temper.GOWA)
    await receiver.wait_for(5)
    assert receiver.texts() == sent


async def test_a_retry_after_is_heeded(start: Start, receiver: Receiver) -> None:
    receiver.headers = {"Retry-After": "40"}
    receiver.status = lambda call: 503 if len(receiver.calls) < 2 else 200
    running = await start()
    population_of(running).send_text(BIA.key, "#1")
    first, second = await receiver.wait_for(2)
    assert second.at_s - first.at_s >= 40 * 0.01


async def test_empty_twins_lost_webhooks_and_late_ones_do_not_exist_here(start: Start, receiver: Receiver) -> None:
    running = await start()
    people = population_of(running)
    people.send_text(TEAM.jid, "#1", sender=AMA.key, fate=Fate(twin=Twin.BEFORE))
    people.send_text(TEAM.jid, "#2", sender=AMA.key, fate=Fate(webhook_lost=True, late_s=50))
    people.send_text(TEAM.jid, "#3", sender=BIA.key)
    await receiver.wait_for(3)
    assert receiver.texts() == ["#1", "#2", "#3"]


async def test_it_does_not_call_itself_go(start: Start, receiver: Receiver) -> None:
    """A receiver closes connections of Go's HTTP client after each answer; ours keeps them."""
    running = await start()
    population_of(running).send_text(BIA.key, "#1")
    (call,) = await receiver.wait_for(1)
    assert call.headers["User-Agent"].startswith("unlost-gateway/")


async def test_every_url_gets_everything_in_order(start: Start, receiver: Receiver) -> None:
    other = Receiver()
    await other.open()
    running = await start(webhook_urls=(receiver.url, other.url))
    sent = [population_of(running).send_text(BIA.key, f"#{number}").text for number in range(5)]
    await receiver.wait_for(5)
    await other.wait_for(5)
    assert (receiver.texts(), other.texts()) == (sent, sent)
    await other.close()


def test_the_wait_doubles_up_to_its_ceiling() -> None:
    assert [wait_s(failures, None) for failures in (1, 2, 3, 7, 10**6)] == [0.5, 1, 2, LONGEST_WAIT_S, LONGEST_WAIT_S]


def test_what_the_receiver_asks_for_wins() -> None:
    assert wait_s(9, 2.0) == 2.0
