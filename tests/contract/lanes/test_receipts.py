"""Receipts over a real journal: forward only, and no wish in another's way."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.contract.journal.building import (
    CHANNEL,
    CHANNEL_ROW,
    INBOUND,
    ME,
    SetClock,
    link,
    message,
    put,
    receipt,
    take_one,
)
from unlost.errors import Refused, TryLater, UnlostError
from unlost.journal.rows import Learned
from unlost.journal.sqlite_journal import SqliteJournal
from unlost.lanes.receipts import BATCH, Receipts
from unlost.vocabulary.facts import Facts
from unlost.vocabulary.ids import ChannelName, ConversationId, HelpdeskMessageId
from unlost.vocabulary.verdicts import Delivered

Answer = Callable[[int], str | UnlostError]


class Helpdesk:
    """Answers a status as told; remembers what it was asked."""

    def __init__(self, answer: Answer, clock: SetClock) -> None:
        self.answer = answer
        self.clock = clock
        self.asked: list[tuple[int, str]] = []

    async def set_status(
        self, channel: ChannelName, conversation: ConversationId, id: HelpdeskMessageId, status: str
    ) -> str:
        self.asked.append((id, status))
        self.clock.go(0.01)
        answered = self.answer(id)
        if isinstance(answered, UnlostError):
            raise answered
        return answered


async def linked(tmp_path: Path, count: int, answer: Answer) -> tuple[SqliteJournal, Receipts, Helpdesk]:
    """*count* outgoing messages stand; each is wanted as read."""
    clock = SetClock()
    journal = await SqliteJournal.open(tmp_path / "journal.db", clock=clock, executor="inline")
    await journal.introduce([CHANNEL_ROW])
    await journal.enrol(ME, "host", "/locks/me")
    await put(journal, message("carrier"))
    links = tuple(link(f"o{number}", number, outgoing=True) for number in range(1, count + 1))
    await journal.settle(await take_one(journal), Delivered(), Facts(), Learned(messages=links))
    await put(journal, *(receipt("read", f"o{number}") for number in range(1, count + 1)))
    helpdesk = Helpdesk(answer, clock)
    return journal, Receipts(journal, [CHANNEL], helpdesk.set_status, lambda channel: True), helpdesk


async def test_a_read_message_is_marked_once(tmp_path: Path) -> None:
    _, receipts, helpdesk = await linked(tmp_path, 1, lambda number: "read")
    assert [await receipts.carry(), await receipts.carry()] == [1, 0]
    assert helpdesk.asked == [(1, "read")]


async def test_wishes_that_fail_let_all_others_pass(tmp_path: Path) -> None:
    """Audit: fifty stuck wishes were looked at for ever, and nothing behind them was."""
    broken = TryLater("500", cause="http_5xx", away=False, status=500)
    _, receipts, helpdesk = await linked(tmp_path, BATCH + 1, lambda number: broken if number <= BATCH else "read")
    assert await receipts.carry() + await receipts.carry() == 1
    assert (BATCH + 1, "read") in helpdesk.asked


@pytest.mark.parametrize(("status", "left"), [(401, 1), (403, 1), (404, 0), (422, 0)])
async def test_only_a_message_that_is_gone_or_takes_no_status_ends_the_wish(
    tmp_path: Path, status: int, left: int
) -> None:
    journal, receipts, _ = await linked(tmp_path, 1, lambda number: Refused("no", status=status))
    await receipts.carry()
    assert len(await journal.wanted(CHANNEL, limit=9)) == left


@pytest.mark.parametrize("status", [401, 403])
async def test_a_helpdesk_that_refuses_us_is_asked_once_per_batch(tmp_path: Path, status: int) -> None:
    """Nothing pauses a channel in which only receipts happen: a batch of fifty refusals a second would go on for days."""
    _, receipts, helpdesk = await linked(tmp_path, 3, lambda number: Refused("no", status=status))
    await receipts.carry()
    await receipts.carry()
    assert [asked for asked, _ in helpdesk.asked] == [1, 2]


async def test_a_paused_channel_is_not_asked(tmp_path: Path) -> None:
    journal, receipts, helpdesk = await linked(tmp_path, 1, lambda number: "read")
    await journal.pause(INBOUND, "401", blocked=True)
    await receipts.carry()
    assert helpdesk.asked == []


async def test_a_status_that_nobody_knows_ends_no_loop(tmp_path: Path) -> None:
    journal, receipts, _ = await linked(tmp_path, 1, lambda number: "progress")
    await receipts.carry()
    await receipts.carry()
    assert len(await journal.wanted(CHANNEL, limit=9)) == 1
