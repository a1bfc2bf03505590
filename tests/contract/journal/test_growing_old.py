"""Weeks of a working firm: the journal finds its size and keeps it, and what was told in the first week stays out in the last."""

import asyncio
import os
from pathlib import Path

import pytest

from tests.contract.journal.building import SetClock, link, message, put, receipt, take, text_of
from unlost.journal.rows import Learned
from unlost.journal.sqlite_journal import SqliteJournal
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.facts import Facts
from unlost.vocabulary.verdicts import Delivered

DAY_S = 86_400.0
A_DAY = 60
KEEP_DAYS, KEEP_LINKS_DAYS = 7, 14
GROWN = 28
MONTHS_END = 56
CHATS = [Address(f"62811{number:07}@s.whatsapp.net") for number in range(12)]


def name_of(day: int, number: int) -> str:
    return f"D{day}N{number}"


async def a_day(journal: SqliteJournal, clock: SetClock, day: int) -> None:
    """Messages come, are delivered and read; at night what is old is pruned."""
    told = [message(name_of(day, number), CHATS[number % len(CHATS)]) for number in range(A_DAY)]
    await asyncio.gather(*(put(journal, arrival) for arrival in told))
    number = 0
    while claims := await take(journal):
        for claim in claims:
            number += 1
            stands = link(text_of(claim), day * A_DAY + number, claim.chat, outgoing=True)
            await journal.settle(claim, Delivered(), Facts(), Learned(messages=(stands,)))
    await put(journal, receipt("read", *(name_of(day, number) for number in range(A_DAY))))
    clock.go(DAY_S)
    await journal.prune(keep_days=KEEP_DAYS, keep_links_days=KEEP_LINKS_DAYS)


@pytest.fixture
async def old_journal(journal: SqliteJournal, clock: SetClock, tmp_path: Path) -> tuple[SqliteJournal, int, int]:
    """After two months, and how large its file was at one month's end and the other's."""
    sizes: list[int] = []
    for day in range(MONTHS_END):
        await a_day(journal, clock, day)
        sizes.append(os.stat(tmp_path / "journal.db").st_size)
    return journal, sizes[GROWN], sizes[-1]


async def test_a_journal_finds_its_size_and_keeps_it(old_journal: tuple[SqliteJournal, int, int]) -> None:
    _, after_one, after_two = old_journal
    assert after_two <= after_one * 1.05


async def test_what_was_told_within_the_time_links_are_kept_never_enters_again(
    old_journal: tuple[SqliteJournal, int, int],
) -> None:
    journal, _, _ = old_journal
    day = MONTHS_END - KEEP_LINKS_DAYS + 1
    assert [one.is_new for one in await put(journal, message(name_of(day, 0), CHATS[0]))] == [False]
