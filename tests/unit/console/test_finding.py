"""Times as people type them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from unlost.console.finding import read_span

ZONE = ZoneInfo("America/Sao_Paulo")
NOW = datetime(2026, 11, 23, 14, 30, tzinfo=ZONE).timestamp()


def seen(text: str) -> tuple[str, str] | None:
    span = read_span(text, now=NOW, zone=ZONE)
    if span is None:
        return None
    first, last = (datetime.fromtimestamp(at, ZONE).strftime("%m-%d %H:%M:%S") for at in span)
    return first, last


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("14:05", "11-23 14:03:00", "11-23 14:07:00"),
        (" 9:05 ", "11-23 09:03:00", "11-23 09:07:00"),
        ("14:05:10", "11-23 14:05:05", "11-23 14:05:15"),
        ("23:50", "11-22 23:48:00", "11-22 23:52:00"),
        ("2026-11-20", "11-20 00:00:00", "11-21 00:00:00"),
        ("20/11", "11-20 00:00:00", "11-21 00:00:00"),
        ("20.11.2026 08:00", "11-20 07:58:00", "11-20 08:02:00"),
        ("2026-11-20T08:00:00Z", "11-20 04:59:55", "11-20 05:00:05"),
        ("2026-11-20 08:00:00.123-0300", "11-20 07:59:55", "11-20 08:00:05"),
        ("14:00-14:20", "11-23 14:00:00", "11-23 14:20:00"),
        ("14:00 – 14:20", "11-23 14:00:00", "11-23 14:20:00"),
        ("20/11 23:00 - 21/11 01:00", "11-20 23:00:00", "11-21 01:00:00"),
        ("20/11 .. 21/11", "11-20 00:00:00", "11-22 00:00:00"),
    ],
)
def test_a_time_is_read_in_the_zone_of_the_settings(text: str, first: str, last: str) -> None:
    assert seen(text) == (first, last)


def test_a_day_without_a_year_is_the_last_one_that_has_been() -> None:
    span = read_span("24/12", now=NOW, zone=ZONE)
    assert span is not None
    assert datetime.fromtimestamp(span[0], UTC).year == 2025


@pytest.mark.parametrize(
    "text",
    [
        "",
        "17",
        "#17",
        "3EB0",
        "25:00",
        "14:61",
        "32/13",
        "2026-02-30",
        "29/02",
        "+55 41 99999-8206",
        "14:00-",
        "-",
        "x" * 5000,
        "9999-12-31",
        "1:1" * 30,
    ],
)
def test_what_is_no_time_is_left_to_others(text: str) -> None:
    assert seen(text) is None


def test_a_day_at_the_end_of_the_calendar_breaks_nothing() -> None:
    read_span("9999-12-31 23:59", now=NOW, zone=ZONE)
    read_span("0001-01-01 00:00", now=NOW, zone=ZONE)
