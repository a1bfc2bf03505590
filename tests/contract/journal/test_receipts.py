"""Receipts: one wish per message id, the highest wins, outside every lane (hard cases 10, 23)."""

import pytest

from tests.contract.journal.building import (
    ANA,
    CHANNEL,
    GROUP,
    SetClock,
    link,
    message,
    put,
    receipt,
    take,
    take_one,
)
from unlost.journal.rows import Learned
from unlost.journal.sqlite_journal import SqliteJournal
from unlost.vocabulary.facts import Facts
from unlost.vocabulary.ids import HelpdeskMessageId, WhatsAppId
from unlost.vocabulary.links import MessageLink, Part
from unlost.vocabulary.verdicts import Delivered


async def stand(journal: SqliteJournal, *links: MessageLink) -> None:
    """Outgoing messages stand linked."""
    await put(journal, message(f"carrier-{links[0].message}"))
    await journal.settle(await take_one(journal), Delivered(), Facts(), Learned(messages=links))


async def wishes(journal: SqliteJournal) -> list[tuple[str, str]]:
    return [(wish.id, wish.status) for wish in await journal.wanted(CHANNEL, limit=10)]


async def test_the_highest_status_is_wanted_whatever_comes_last(journal: SqliteJournal) -> None:
    await stand(journal, link("o1", 100, outgoing=True))
    await put(journal, receipt("read", "o1"), receipt("delivered", "o1"))
    assert await wishes(journal) == [("o1", "read")]


async def test_a_receipt_for_several_messages_is_split(journal: SqliteJournal) -> None:
    await stand(journal, link("o1", 100, outgoing=True))
    await put(journal, receipt("read", "o1", "unknown"))
    assert await wishes(journal) == [("o1", "read")]


async def test_a_receipt_that_came_before_its_link_is_wanted_from_the_link_on(journal: SqliteJournal) -> None:
    await put(journal, receipt("read", "o1"))
    assert await wishes(journal) == []
    await stand(journal, link("o1", 100, outgoing=True))
    assert await wishes(journal) == [("o1", "read")]


async def test_a_receipt_holds_back_no_message(journal: SqliteJournal) -> None:
    await put(journal, receipt("read", "unknown"), message("m1"))
    assert len(await take(journal)) == 1


async def test_a_confirmed_status_ends_the_wish_and_is_never_wanted_again(journal: SqliteJournal) -> None:
    await stand(journal, link("o1", 100, outgoing=True))
    await put(journal, receipt("read", "o1"))
    await journal.confirm(CHANNEL, HelpdeskMessageId(100), "read")
    await put(journal, receipt("delivered", "o1", chat=GROUP))
    assert await wishes(journal) == []


async def test_what_was_confirmed_and_is_lowered_by_another_is_wanted_again(journal: SqliteJournal) -> None:
    """A rescue puts back what it had read before the receipt was carried."""
    await stand(journal, link("o1", 100, outgoing=True))
    await put(journal, receipt("read", "o1"))
    await journal.confirm(CHANNEL, HelpdeskMessageId(100), "read")
    await journal.confirm(CHANNEL, HelpdeskMessageId(100), "sent")
    assert await wishes(journal) == [("o1", "read")]


async def test_the_lowest_of_several_parts_keeps_the_wish(journal: SqliteJournal) -> None:
    await stand(journal, link("o1", 100, outgoing=True), link("o1", 101, outgoing=True, part=Part.NOTE))
    await put(journal, receipt("read", "o1"))
    await journal.confirm(CHANNEL, HelpdeskMessageId(100), "read")
    (wish,) = await journal.wanted(CHANNEL, limit=10)
    assert {part.message: part.confirmed_status for part in wish.links} == {100: "read", 101: "sent"}


async def test_a_status_confirmed_along_the_way_counts(journal: SqliteJournal) -> None:
    await stand(journal, link("o1", 100, outgoing=True))
    await put(journal, receipt("delivered", "o1"), message("m1"))
    confirmed = Learned(confirmed=((HelpdeskMessageId(100), "delivered"),))
    await journal.settle(await take_one(journal), Delivered(), Facts(), confirmed)
    assert await wishes(journal) == []


async def test_a_refused_wish_is_dropped(journal: SqliteJournal) -> None:
    await stand(journal, link("o1", 100, outgoing=True))
    await put(journal, receipt("read", "o1"))
    await journal.drop_wanted(CHANNEL, WhatsAppId("o1"))
    assert await wishes(journal) == []


async def test_a_customers_own_message_is_never_marked_by_a_receipt(journal: SqliteJournal) -> None:
    await stand(journal, link("m9", 100, outgoing=False))
    await put(journal, receipt("read", "m9"))
    assert await wishes(journal) == []


async def test_the_oldest_wish_comes_first(journal: SqliteJournal, clock: SetClock) -> None:
    await stand(journal, link("o1", 100, outgoing=True), link("o2", 101, outgoing=True))
    await put(journal, receipt("read", "o2"))
    clock.go(1)
    await put(journal, receipt("read", "o1"))
    assert await wishes(journal) == [("o2", "read"), ("o1", "read")]


async def test_what_the_firms_own_phone_read_is_worked_in_the_chats_lane(journal: SqliteJournal) -> None:
    await put(journal, receipt("read-self", "m1"))
    assert (await take_one(journal)).chat == ANA


@pytest.mark.parametrize("step_s", [0, -3600])
async def test_a_wish_that_was_put_off_is_behind_all_others_whatever_the_clock_does(
    journal: SqliteJournal, clock: SetClock, step_s: float
) -> None:
    await stand(journal, link("o1", 100, outgoing=True), link("o2", 101, outgoing=True))
    await put(journal, receipt("read", "o1"))
    clock.go(5.0)
    await put(journal, receipt("read", "o2"))
    clock.step(step_s)
    await journal.put_off_wanted(CHANNEL, WhatsAppId("o1"))
    assert await wishes(journal) == [("o2", "read"), ("o1", "read")]
    await journal.put_off_wanted(CHANNEL, WhatsAppId("o2"))
    assert await wishes(journal) == [("o1", "read"), ("o2", "read")]
