"""Begin and end of each trouble, each at most once an hour, and nothing lost while the notice service is away."""

from pathlib import Path

import pytest

from tests.unit.notices.worlds import HOUR_S, Office
from unlost.notices.notices import AGAIN_WAITS_S


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


async def test_a_trouble_is_told_when_it_begins_and_when_it_is_over(office: Office) -> None:
    office.dead_letters(2)
    (began,) = await office.look()
    office.dead_letters(0)
    (over,) = await office.look()
    assert "[warning] UnlostDeadLetters (support)" in began.body
    assert "2 dead letters" in began.body
    assert over.body.startswith("[over] UnlostDeadLetters (support)")


async def test_a_trouble_that_stands_is_told_once(office: Office) -> None:
    office.dead_letters(2)
    told = [notice for _ in range(200) for notice in await office.look()]
    assert len(told) == 1


async def test_where_nothing_is_the_matter_nobody_is_asked(office: Office) -> None:
    for _ in range(5):
        await office.look()
    assert office.service.asked == 0


async def test_a_trouble_that_comes_and_goes_is_told_at_most_once_an_hour_each_way(office: Office) -> None:
    told = []
    for number in range(120):  # two hours, a minute apart
        office.dead_letters(number % 2)
        told += await office.look(after_s=60)
    assert sum("[warning]" in notice.body for notice in told) == 2
    assert sum("[over]" in notice.body for notice in told) == 2


async def test_what_came_and_went_within_the_hour_is_told_with_the_next_notice(office: Office) -> None:
    for dead in (1, 0, 1, 0, 1, 0):
        office.dead_letters(dead)
        await office.look()
    (later,) = await office.look(after_s=HOUR_S)
    assert "came 2 times" in later.body


async def test_a_service_that_is_away_gets_the_begin_when_it_is_back(office: Office) -> None:
    office.service.says = "answered 503"
    office.dead_letters(1)
    await office.look()
    office.service.says = None
    (began,) = await office.look(after_s=AGAIN_WAITS_S[-1])
    assert "UnlostDeadLetters" in began.body


async def test_a_trouble_that_was_over_before_the_service_was_back_is_told_all_the_same(office: Office) -> None:
    office.service.says = "answered 503"
    office.dead_letters(1)
    await office.look()
    office.dead_letters(0)
    await office.look()
    office.service.says = None
    (passed,) = await office.look(after_s=AGAIN_WAITS_S[-1])
    assert "[over] UnlostDeadLetters (support) came 1 times" in passed.body


async def test_a_service_that_is_away_is_asked_with_growing_waits(office: Office) -> None:
    office.service.says = "answered 503"
    office.dead_letters(1)
    for _ in range(720):  # an hour, every 5 s
        await office.look(after_s=5)
    assert office.service.asked <= 4 + HOUR_S / AGAIN_WAITS_S[-1]


async def test_several_troubles_at_once_are_one_notice(office: Office) -> None:
    office.dead_letters(1)
    office.telemetry.metrics.journal_writable.set(0)
    (notice,) = await office.look()
    assert len(notice.body.splitlines()) == 2
    assert notice.mood == "failure"


async def test_a_restart_does_not_tell_again_what_stands(office: Office) -> None:
    office.dead_letters(1)
    await office.look()
    office.start()
    office.dead_letters(1)
    assert await office.look() == []


async def test_the_end_of_a_trouble_that_a_restart_lies_between_is_told(office: Office) -> None:
    office.dead_letters(1)
    await office.look()
    office.start()
    (over,) = await office.look(after_s=120)
    assert over.body.startswith("[over] UnlostDeadLetters")


async def test_right_after_a_start_nothing_is_over_yet(office: Office) -> None:
    """Gauges stand at 0 until the journal was counted."""
    office.dead_letters(1)
    await office.look()
    office.start()
    assert await office.look(after_s=5) == []


async def test_a_broken_memory_costs_a_repeated_notice_and_nothing_else(office: Office) -> None:
    office.dead_letters(1)
    await office.look()
    (office.folder / "unlost.db.notices").write_bytes(b'{"a": 1')
    office.start()
    office.dead_letters(1)
    assert len(await office.look()) == 1


async def test_a_disk_that_takes_no_memory_stops_no_notice(tmp_path: Path) -> None:
    office = Office(tmp_path / "not there")
    office.dead_letters(1)
    assert len(await office.look()) == 1


async def test_no_address_stands_in_the_memory(tmp_path: Path) -> None:
    office = Office(tmp_path, urls=("tgram://123456:hidden-word/42",))
    office.dead_letters(1)
    await office.look()
    assert b"hidden" not in (tmp_path / "unlost.db.notices").read_bytes()


async def test_one_address_that_is_away_costs_the_other_nothing(tmp_path: Path) -> None:
    office = Office(tmp_path, urls=("json://away", "json://there"))
    away, there = office.notices.addresses
    office.dead_letters(1)
    await office.notices.look()
    office.service.says = "answered 503"
    await office.notices.post_due(away)
    office.service.says = None
    assert await office.notices.post_due(there)


async def test_an_address_that_is_new_is_told_what_stands_already(office: Office) -> None:
    office.dead_letters(1)
    await office.look()
    office.urls = (*office.urls, "json://new")
    office.start()
    office.dead_letters(1)
    (told,) = await office.look()
    assert "UnlostDeadLetters" in told.body


async def test_whether_a_service_takes_notices_is_counted(office: Office) -> None:
    office.service.says = "answered 503"
    office.dead_letters(1)
    await office.look()
    office.service.says = None
    await office.look(after_s=AGAIN_WAITS_S[-1])
    counted = [
        office.telemetry.metrics.registry.get_sample_value("unlost_notices_total", {"outcome": outcome})
        for outcome in ("sent", "failed")
    ]
    assert counted == [1, 1]


async def test_a_number_that_could_be_a_phone_is_shortened(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.telemetry.metrics.dead_letters.labels("5511987654321").set(1)
    (notice,) = await office.look()
    assert "5511987654321" not in notice.body


async def test_times_and_what_to_do_stand_in_a_notice(office: Office) -> None:
    office.dead_letters(1)
    (notice,) = await office.look()
    assert "since 2026-09-21" in notice.body
    assert "docs/operating.md#unlostdeadletters" in notice.body
    assert notice.title == "unlost on bridge-1: trouble"


async def test_the_ledger_stays_small_however_often_troubles_come_and_go(office: Office) -> None:
    for number in range(300):
        office.dead_letters(number % 2)
        office.telemetry.metrics.journal_writable.set(number % 3 > 0)
        await office.look(after_s=600)
    (address,) = office.notices.addresses
    assert len(address.ledger.lines) <= 2
