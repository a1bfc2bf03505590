"""How times, ages and people stand on a page."""

from zoneinfo import ZoneInfo

import pytest

from unlost.console.formats import Formats, plain
from unlost.console.words import CATALOGUES

NOW = 1_700_000_000.0
F = Formats(ZoneInfo("America/Sao_Paulo"), CATALOGUES["en"], NOW)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (None, "–"),
        (-3.0, "0 s"),
        (0.4, "0 s"),
        (119, "119 s"),
        (120, "2 min"),
        (7199, "120 min"),
        (7200, "2 h"),
        (172_800, "2 d"),
    ],
)
def test_an_age_is_told_in_its_largest_unit(seconds: float | None, said: str) -> None:
    assert F.age(seconds) == said


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (NOW, "19:13:20"),
        (NOW - 86_400, "2023-11-13 19:13:20"),
        (None, "–"),
        (1e18, "–"),
        (float("inf"), "–"),
        (float("nan"), "–"),
    ],
)
def test_a_time_has_its_day_where_that_is_not_today(at: float | None, said: str) -> None:
    assert F.at(at) == said
    assert bool(F.iso(at)) is (said != "–")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("5541999998206@s.whatsapp.net", "+55 41 99999-8206"),
        ("x@s.whatsapp.net", "x"),
        ("120363000000001234@g.us", "Group …1234"),
        ("111111111111111@lid", "Hidden number …1111"),
        ("conversation:17", "Conversation 17"),
        ("", "–"),
    ],
)
def test_a_chat_is_named_as_people_know_it(address: str, said: str) -> None:
    assert F.who(address) == said


def test_outside_words_are_bounded_and_cannot_turn_the_page_around() -> None:
    assert plain("a\u202eb\x00c\nd") == "a b c\nd"
    assert plain("x" * 10, 3) == "xxx…"
