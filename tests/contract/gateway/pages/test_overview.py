"""The front page: every device, what was told lately, who waits, how engines ended; nobody's words and no whole number."""

import asyncio
import re

import aiohttp
import pytest

from tests.contract.gateway.conftest import Start
from tests.contract.gateway.pages.visiting import Page, Visitor, stand
from tests.contract.gateway.receiver import Receiver
from tests.contract.gateway.world import AMA, BIA, OWN, TEAM, ended, population_of, until
from unlost.gateway.addresses import user_of
from unlost.gateway.engines.answers import Link
from unlost.gateway.engines.deaths import Death, Reason
from unlost.gateway.engines.frames import StateName
from unlost.gateway.pages.words import CATALOGUES
from unlost.gateway.settings import Dialect, Temper

SOON = 0.1 / 86_400
EN = CATALOGUES["en"]
WELL = {
    StateName.LOGGED_IN,
    StateName.STARTING,
    StateName.PAIRING,
    StateName.PAIRED,
    StateName.CONNECTING,
}


async def seen(visitor: Visitor, words: str) -> Page:
    """The front page as soon as it says *words*."""
    async with asyncio.timeout(10):
        while words not in (page := await visitor.read("/")).words:
            await asyncio.sleep(0.1)
    return page


async def test_a_device_is_shown_with_its_state_account_and_engine(visitor: Visitor) -> None:
    page = await visitor.read("/")
    assert page.status == 200
    for words in ("All linked devices are connected", "Support", "Connected", "Account …0000", "Engine simulated 1"):
        assert words in page.words, words


async def test_no_whole_number_and_nobodys_words_are_shown(visitor: Visitor, receiver: Receiver) -> None:
    people = population_of(visitor.running)
    for key in (AMA.key, BIA.key, TEAM.jid):
        people.send_text(key, "a secret of theirs")
    await receiver.wait_for(3)
    page = await seen(visitor, "Group …0001")
    assert "…4321" in page.words
    for whole in (OWN, AMA.phone, AMA.lid, BIA.phone, TEAM.jid):
        assert user_of(whole) not in page.text
    for name in ("secret", "Ama", "Bia"):
        assert name not in page.text


async def test_events_are_shown_newest_first_with_what_became_of_their_webhooks(
    start: Start, receiver: Receiver
) -> None:
    receiver.status = lambda call: 500 if call.text == "poison" else 200
    visitor = Visitor(await start(webhook_days=SOON))
    try:
        for key, text in ((AMA.key, "fine"), (BIA.key, "poison")):
            population_of(visitor.running).send_text(key, text)
        await until(lambda: ended(visitor.running, "dead") == 1)
        page = await seen(visitor, "1 dead")
        rows = re.findall(r"<tr><td class=\"number\">(.*?)</tr>", page.text, re.DOTALL)
        shown = [" ".join(re.sub(r"<[^>]*>", " ", f"<td>{row}").split()) for row in rows]
        assert [re.sub(r" \d\d:\d\d:\d\d ", " ", row) for row in shown] == [
            "2 message …4321 1 dead",
            "1 message …8206 1 delivered",
        ]
        assert "Dead letters 1" in page.words
    finally:
        await visitor.close()


async def test_of_many_events_the_last_are_shown_each_with_all_its_webhooks(start: Start, receiver: Receiver) -> None:
    visitor = Visitor(await start(webhook_urls=(receiver.url, "http://127.0.0.1:9/")))
    try:
        for number in range(20):
            population_of(visitor.running).send_text((AMA, BIA)[number % 2].key, f"#{number}")
        await receiver.wait_for(20)
        await until(lambda: ended(visitor.running, "delivered") == 20)
        async with asyncio.timeout(10):
            while (page := await visitor.read("/")).words.count("1 delivered 1 waiting") != 15:
                await asyncio.sleep(0.1)
        assert re.findall(r'<tr><td class="number">(\d+)', page.text) == [str(number) for number in range(20, 5, -1)]
    finally:
        await visitor.close()


async def test_a_receiver_that_is_away_shows_what_waits_for_it(start: Start, receiver: Receiver) -> None:
    await receiver.close()
    visitor = Visitor(await start())
    try:
        population_of(visitor.running).send_text(BIA.key, "hello")
        page = await seen(visitor, "1 waiting")
        assert re.search(r"Waiting 1 \(oldest \d+ s ago\) Dead letters 0", page.words)
    finally:
        await visitor.close()


async def test_what_may_be_a_secret_in_a_receivers_address_is_left_out(start: Start) -> None:
    address = "http://ana:pw-of-ana@127.0.0.1:9/hook/abcdefghijabcdefghijabcdefghij12345678?token=hush"
    visitor = Visitor(await start(webhook_urls=(address,)))
    try:
        page = await visitor.read("/")
        assert "http://127.0.0.1:9/hook/…" in page.words
        assert not re.search("ana:|pw-of|hush|abcdefghij", page.text)
    finally:
        await visitor.close()


async def test_a_name_is_shown_as_it_is_and_never_as_markup(start: Start) -> None:
    visitor = Visitor(await start(device_name='<img src=x onerror=alert(1)>"&'))
    try:
        for path in ("/", visitor.device(OWN), f"{visitor.device(OWN)}/ask/remove"):
            page = await visitor.read(path)
            assert '<img src=x onerror=alert(1)>"&' in page.words
            assert "<img" not in page.text
    finally:
        await visitor.close()


async def test_gowas_temper_says_that_it_forgets(start: Start) -> None:
    visitor = Visitor(await start(temper=Temper.GOWA))
    try:
        page = await visitor.read("/")
        assert "keeps no events" in page.words
        assert "Recent events" not in page.words
    finally:
        await visitor.close()


async def test_events_of_the_flat_dialect_have_a_kind_too(start: Start, receiver: Receiver) -> None:
    visitor = Visitor(await start(dialect=Dialect.FLAT))
    try:
        population_of(visitor.running).send_text(BIA.key, "hello")
        await receiver.wait_for(1)
        assert re.search(r"1 \S+ message …4321 1 delivered", (await seen(visitor, "1 delivered")).words)
    finally:
        await visitor.close()


async def test_a_panic_is_shown_as_a_restart_with_its_reason(visitor: Visitor, http: aiohttp.ClientSession) -> None:
    assert "has not ended" in (await visitor.read("/")).words
    visitor.running.gateway.faults.set(panics=1)
    async with http.get(f"{visitor.running.url}/user/avatar", params={"phone": AMA.phone}) as got:
        assert got.status == 503
    page = await seen(visitor, "Restarts since the gateway started: 1. After a panic: 1.")
    assert "panic in user_avatar · Support panic: unsupported payload type: *store.PrivacyToken" in page.words


async def test_the_head_of_a_panic_stands_on_the_devices_page_and_calls_that_rest_on_the_first(
    visitor: Visitor,
) -> None:
    told = stand(visitor, Link(StateName.LOGGED_IN), [("avatar 0123456789abcdef", 7_200.0)])
    told.chronicle.ended(Death(Reason.PANIC, 2, "panic: <b>bad</b>\ngoroutine 17"), ["avatar 0123456789"], 1.0)
    assert "Support avatar 01234567 for 2 h more" in (await visitor.read("/")).words
    page = await visitor.read(visitor.device(OWN))
    assert "panic: <b>bad</b> goroutine 17" in page.words
    assert "<b>bad" not in page.text


@pytest.mark.parametrize("state", StateName)
async def test_every_state_has_its_name_and_cure_and_a_bad_one_the_engines_own_words(
    visitor: Visitor, state: StateName
) -> None:
    stand(visitor, Link(state, "as 5511999887766 was told", "do this"))
    page = await visitor.read(visitor.device(OWN))
    said = EN.states[state]
    assert page.status == 200
    assert said.what in page.words
    assert (said.cure in page.words) is (state is not StateName.LOGGED_IN)
    assert ("In the engine's words: as …7766 was told" in page.words) is (state not in WELL)
    assert "5511999887766" not in page.text


async def test_one_device_that_is_ill_is_named_in_the_headline_with_what_it_has(visitor: Visitor) -> None:
    stand(visitor, Link(StateName.CLOCK_WRONG, "40 min behind", "set it"))
    page = await visitor.read("/")
    assert "Support: This machine's clock is wrong" in page.words
    assert "Set the clock (NTP)." in page.words


async def test_since_when_a_device_stands_so_outlives_looks_and_ends_with_its_state(visitor: Visitor) -> None:
    since = r'<dt>Since</dt><dd><time datetime="([^"]+)"'
    first = re.findall(since, (await visitor.read("/")).text)
    await asyncio.sleep(1.1)
    again = re.findall(since, (await visitor.read("/")).text)
    visitor.running.gateway.faults.set(disconnected=True)
    later = re.findall(since, (await seen(visitor, "No connection to WhatsApp")).text)
    assert (first == again, later > first) == (True, True)


@pytest.mark.parametrize(
    ("accepted", "words"),
    [("pt-BR,pt;q=0.9", "Todos os aparelhos"), ("es-MX", "Todos los"), ("id", "Semua perangkat"), ("fr", "All linked")],
)
async def test_the_page_speaks_the_browsers_language(visitor: Visitor, accepted: str, words: str) -> None:
    assert words in (await visitor.read("/", **{"Accept-Language": accepted})).words


async def test_a_language_that_was_chosen_is_kept(visitor: Visitor) -> None:
    await visitor.read("/?lang=id")
    assert '<html lang="id">' in (await visitor.read("/", **{"Accept-Language": "es"})).text


async def test_open_pages_are_told_to_look_again_when_something_changes(visitor: Visitor) -> None:
    async with asyncio.timeout(10), visitor.http.get(f"{visitor.running.url}/ui/live") as stream:
        assert stream.headers["Content-Type"].startswith("text/event-stream")
        assert b"hello" in await stream.content.readuntil(b"\n\n")
        visitor.running.gateway.faults.set(disconnected=True)
        before = asyncio.get_running_loop().time()
        assert b"event: tick" in await stream.content.readuntil(b"\n\n")
        assert asyncio.get_running_loop().time() - before < 5  # sooner than pages look by themselves
