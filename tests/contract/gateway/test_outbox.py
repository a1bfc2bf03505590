"""What was promised: numbered once, owed to each receiver once, and taken over from the outbox of an earlier version."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import apsw
import pytest

from tests.contract.gateway.conftest import Start
from tests.contract.gateway.receiver import Receiver
from tests.contract.gateway.world import AMA, BIA, OWN, population_of
from unlost.clock import SystemClock
from unlost.gateway.clerk import Clerk
from unlost.gateway.feed import Bounds, Promise
from unlost.gateway.old_outbox import take_over
from unlost.gateway.outbox import Outbox, Places
from unlost.gateway.population import Population
from unlost.gateway.settings import Temper

URL, OTHER = "http://127.0.0.1:9/webhook", "http://127.0.0.1:9/other"
ONE, TWO = Promise("p/1/0", BIA.key, b'{"n":1}'), Promise("p/2/0", AMA.key, b'{"n":2}')
OLD_SCHEMA = """
CREATE TABLE outgoing (place INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, url TEXT NOT NULL,
    chat TEXT NOT NULL, body BLOB NOT NULL);
CREATE INDEX outgoing_lane ON outgoing (url, chat, place);
"""
"""As 0.1 wrote it."""


@pytest.fixture
async def clerk() -> AsyncIterator[Clerk]:
    made = Clerk()
    yield made
    made.close()


@pytest.fixture
async def outbox(tmp_path: Path, clerk: Clerk) -> AsyncIterator[Outbox]:
    opened = await Outbox.open(
        Places(feed=tmp_path / "events.db", journal=tmp_path / "webhooks.db"), clerk, SystemClock()
    )
    await opened.introduce([URL, OTHER])
    yield opened
    await opened.close()


def old_outbox(path: Path, rows: list[tuple[str, str, str, bytes]]) -> None:
    connection = apsw.Connection(str(path))
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(OLD_SCHEMA)
    connection.executemany("INSERT INTO outgoing (name, url, chat, body) VALUES (?, ?, ?, ?)", rows)
    connection.close()


async def owed(outbox: Outbox) -> int:
    return sum(counts.waiting for counts in await outbox.journal.counts())


async def test_a_batch_that_was_promised_twice_stands_there_once(outbox: Outbox) -> None:
    for _ in range(2):
        await outbox.keep([ONE, TWO], [URL, OTHER])
    _, events = await outbox.events(0, 10)
    assert ([event.number for event in events], await owed(outbox)) == ([1, 2], 4)


async def test_what_was_numbered_by_a_process_that_died_then_is_owed_under_that_number(outbox: Outbox) -> None:
    await outbox.keep([ONE], [])
    await outbox.keep([TWO, ONE], [URL])
    _, events = await outbox.events(0, 10)
    assert ([event.body for event in events], await owed(outbox)) == ([ONE.body, TWO.body], 2)


async def test_a_number_is_never_used_again_however_little_the_feed_keeps(outbox: Outbox) -> None:
    await outbox.keep([ONE], [])
    await outbox.prune(Bounds(age_s=1e9, size_bytes=0))
    await outbox.keep([TWO], [])
    extent, events = await outbox.events(0, 10)
    assert ([event.number for event in events], extent.oldest, extent.newest) == ([2], 2, 2)


async def test_the_feed_keeps_what_is_young_enough_and_the_newest_of_what_fits(outbox: Outbox) -> None:
    many = [Promise(f"p/{number}/0", BIA.key, b"x" * 100) for number in range(1_200)]
    await outbox.keep(many, [])
    await outbox.prune(Bounds(age_s=1e9, size_bytes=1_050))
    extent, events = await outbox.events(0, 100)
    assert (extent.oldest, extent.newest, len(events)) == (1_191, 1_200, 10)
    await outbox.prune(Bounds(age_s=-1.0, size_bytes=10**9))
    extent, events = await outbox.events(0, 100)
    assert (extent.oldest, extent.newest, events) == (1_201, 1_200, [])


async def test_pruning_takes_nothing_that_is_still_owed(outbox: Outbox) -> None:
    await outbox.keep([ONE, TWO], [URL])
    await outbox.prune(Bounds(age_s=-1.0, size_bytes=0))
    assert await owed(outbox) == 2


async def test_an_outbox_of_an_earlier_version_is_taken_over_in_order_and_once(
    tmp_path: Path, outbox: Outbox, clerk: Clerk
) -> None:
    path = tmp_path / "outbox.db"
    rows = [
        (f"p/{number}/0/{url}", url, BIA.key, b'{"n":%d}' % number) for number in range(1, 4) for url in (URL, OTHER)
    ]
    old_outbox(path, rows)
    assert await take_over(path, outbox, clerk) == 6
    await outbox.keep([Promise("p/3/0", BIA.key, b'{"n":3}')], [URL, OTHER])  # which WhatsApp's queue still had
    _, events = await outbox.events(0, 10)
    assert [event.body for event in events] == [b'{"n":1}', b'{"n":2}', b'{"n":3}']
    assert (await owed(outbox), list(tmp_path.glob("outbox.db*"))) == (6, [])


async def test_a_takeover_that_was_killed_begins_anew_and_doubles_nothing(
    tmp_path: Path, outbox: Outbox, clerk: Clerk
) -> None:
    path = tmp_path / "outbox.db"
    old_outbox(path, [(f"p/1/0/{URL}", URL, BIA.key, b"{}"), (f"p/2/0/{URL}", URL, BIA.key, b"{}")])
    await outbox.keep([Promise("p/1/0", BIA.key, b"{}")], [URL])  # as far as the first try came
    await take_over(path, outbox, clerk)
    assert await owed(outbox) == 2


@pytest.mark.parametrize("temper", list(Temper))
async def test_at_the_first_start_the_old_outbox_goes_out_before_anything_new(
    start: Start, receiver: Receiver, tmp_path: Path, temper: Temper
) -> None:
    def body(text: str) -> bytes:
        return b'{"payload":{"body":"%b"}}' % text.encode()

    rows = [(f"p/{number}/0/{receiver.url}", receiver.url, BIA.key, body(f"old {number}")) for number in range(5)]
    old_outbox(tmp_path / "outbox.db", rows)
    people = Population.open(tmp_path / "population.db", OWN, seed=1)
    if temper is Temper.DURABLE:
        people.send_text(BIA.key, "new")
    await start(temper=temper)
    expected = [f"old {number}" for number in range(5)] + (["new"] if temper is Temper.DURABLE else [])
    await receiver.wait_for(len(expected))
    assert receiver.texts() == expected


async def test_what_is_owed_to_a_receiver_that_left_the_settings_is_told_all_the_same(
    start: Start, receiver: Receiver
) -> None:
    other = Receiver()
    await other.open()
    await other.close()
    first = await start(webhook_urls=(other.url,))
    population_of(first).send_text(BIA.key, "#1")
    while population_of(first).queue.length():
        await first.gateway.clerk.do(lambda: None)
    await first.stop()
    await other.open()
    await start(webhook_urls=(receiver.url,))
    await other.wait_for(1)
    assert other.texts() == ["#1"]
    await other.close()


async def test_a_receiver_that_hangs_delays_no_other(start: Start, receiver: Receiver) -> None:
    hung = Receiver()
    hung.hanging = True
    await hung.open()
    running = await start(webhook_urls=(hung.url, receiver.url), chats_at_once=4, time_scale=1.0)
    for number in range(5):
        population_of(running).send_text(BIA.key, f"#{number}")
    async with asyncio.timeout(8):  # less than the one try that hangs
        await receiver.wait_for(5)
    hung.hanging = False
    await hung.close()
