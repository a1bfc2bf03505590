"""Receipts over a real journal: forward only, and no wish in another's way."""

from collections.abc import Callable
from dataclasses import replace
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
from unlost.errors import Blocked, NotCommitted, Refused, TryLater, UnlostError, Unsure
from unlost.journal.rows import Learned
from unlost.journal.sqlite_journal import SqliteJournal
from unlost.lanes.receipts import BATCH, Receipts
from unlost.vocabulary.facts import Facts
from unlost.vocabulary.ids import ConversationId, HelpdeskMessageId
from unlost.vocabulary.verdicts import Delivered

Answer = Callable[[int], str | UnlostError]
TIMED_OUT = TryLater("no answer", cause="timeout", away=False)
OF_THE_HELPDESK = [
    pytest.param(TIMED_OUT, id="hangs"),
    pytest.param(TryLater("away", cause="connection_refused", away=True), id="away"),
    pytest.param(TryLater("502", cause="http_5xx", away=False, status=502), id="behind a proxy"),
    pytest.param(TryLater("429", cause="rate_limited", away=True, status=429), id="asks for less"),
    pytest.param(TryLater("no turn", cause="rate_limited", away=True), id="our own pace"),
    pytest.param(TryLater("a page", cause="unreadable", away=False), id="not Chatwoot"),
    pytest.param(Unsure("no answer", cause="broken"), id="unsure"),
    pytest.param(Blocked("401", status=401), id="blocked"),
]
OF_ONE_WISH = [
    pytest.param(TryLater("500", cause="http_5xx", away=False, status=500), id="500"),
    pytest.param(TryLater("too many", cause="flood", away=False, status=422), id="flooded"),
    pytest.param(TryLater("full", cause="flood", away=False), id="flooded, by our own count"),
    pytest.param(Refused("404", status=404), id="gone"),
    pytest.param(Refused("400", status=400), id="refused"),
]


class Helpdesk:
    """Answers a status as told; remembers what it was asked."""

    def __init__(self, answer: Answer, clock: SetClock) -> None:
        self.answer = answer
        self.clock = clock
        self.asked: list[tuple[int, str]] = []

    async def set_status(self, conversation: ConversationId, id: HelpdeskMessageId, status: str) -> str:
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
    return journal, Receipts(journal, CHANNEL, helpdesk.set_status, lambda: True), helpdesk


async def test_a_read_message_is_marked_once(tmp_path: Path) -> None:
    _, receipts, helpdesk = await linked(tmp_path, 1, lambda number: "read")
    assert [await receipts.carry(), await receipts.carry()] == [1, 0]
    assert helpdesk.asked == [(1, "read")]


@pytest.mark.parametrize("error", OF_ONE_WISH)
async def test_wishes_that_fail_let_all_others_pass(tmp_path: Path, error: UnlostError) -> None:
    """Audit: fifty stuck wishes were looked at for ever, and nothing behind them was."""
    _, receipts, helpdesk = await linked(tmp_path, BATCH + 1, lambda number: error if number <= BATCH else "read")
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


@pytest.mark.parametrize("error", OF_THE_HELPDESK)
async def test_a_batch_ends_at_the_first_failure_that_is_the_helpdesks(tmp_path: Path, error: UnlostError) -> None:
    """Fifty time-outs of 20 s were a quarter of an hour. The one that failed goes behind: it may be what the helpdesk hangs at."""
    _, receipts, helpdesk = await linked(tmp_path, 3, lambda number: "read" if number == 2 else error)
    assert [await receipts.carry(), await receipts.carry()] == [0, 1]
    assert [asked for asked, _ in helpdesk.asked] == [1, 2, 3]


async def test_what_was_wanted_while_the_helpdesk_hung_is_carried_once_it_is_back(tmp_path: Path) -> None:
    journal, receipts, helpdesk = await linked(tmp_path, 3, lambda number: TIMED_OUT)
    for _ in range(5):
        assert await receipts.carry() == 0
    assert {wish.id for wish in await journal.wanted(CHANNEL, limit=9)} == {"o1", "o2", "o3"}
    helpdesk.answer = lambda number: "read"
    assert await receipts.carry() == 3
    assert await journal.wanted(CHANNEL, limit=9) == []


async def test_what_the_journal_could_not_keep_ends_the_batch_and_no_wish_goes_behind(tmp_path: Path) -> None:
    journal, receipts, helpdesk = await linked(tmp_path, 2, lambda number: NotCommitted("disk full"))
    with pytest.raises(NotCommitted):
        await receipts.carry()
    assert helpdesk.asked == [(1, "read")]
    assert [wish.id for wish in await journal.wanted(CHANNEL, limit=9)] == ["o1", "o2"]


async def test_while_its_circuit_is_open_a_helpdesk_is_not_asked(tmp_path: Path) -> None:
    _, receipts, helpdesk = await linked(tmp_path, 1, lambda number: "read")
    await replace(receipts, may_call=lambda: False).carry()
    assert helpdesk.asked == []


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
