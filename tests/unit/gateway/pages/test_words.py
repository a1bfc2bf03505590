"""All four languages say everything, and fill in the same places."""

import string
from collections.abc import Collection, Iterator
from typing import Any, get_args

import msgspec
import pytest

from unlost.gateway.engines.deaths import Reason
from unlost.gateway.engines.frames import StateName
from unlost.gateway.pages.deeds import ASKED_FIRST
from unlost.gateway.pages.snapshot import UNLINKED
from unlost.gateway.pages.words import CATALOGUES, Words, language_of
from unlost.vocabulary.policy import Language

EN = CATALOGUES["en"]
CLOSED: dict[str, Collection[str]] = {
    "states": {*StateName, UNLINKED},
    "reasons": set(Reason),
    "fates": {"delivered", "waiting", "dead", "discarded"},
    "units": {"s", "min", "h", "d"},
    "ask": set(ASKED_FIRST),
    "do": set(ASKED_FIRST),
    "done": {*ASKED_FIRST, "reconnect"},
}


def said(words: Words) -> Iterator[tuple[str, str]]:
    """Every sentence with its name."""
    for name, value in msgspec.structs.asdict(words).items():
        listed: dict[Any, Any] = (
            value if isinstance(value, dict) else dict(enumerate((value,) if isinstance(value, str) else value))
        )
        for key, one in listed.items():
            for place, text in enumerate((one,) if isinstance(one, str) else one):
                yield f"{name}.{key}.{place}", text


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_there_is_a_catalogue_for_every_language_of_the_settings() -> None:
    assert set(CATALOGUES) == set(get_args(Language))


@pytest.mark.parametrize("language", get_args(Language))
@pytest.mark.parametrize("name", sorted(CLOSED))
def test_every_member_of_a_closed_list_has_its_word(language: Language, name: str) -> None:
    assert {str(key) for key in getattr(CATALOGUES[language], name)} == {str(key) for key in CLOSED[name]}


@pytest.mark.parametrize("language", get_args(Language))
def test_every_sentence_is_said_and_fills_in_what_english_does(language: Language) -> None:
    told = dict(said(CATALOGUES[language]))
    assert {name: places(text) for name, text in told.items()} == {name: places(text) for name, text in said(EN)}
    assert [name for name, text in told.items() if not text.strip()] == []


@pytest.mark.parametrize(
    ("chosen", "accepted", "language"),
    [("", "pt", "pt-BR"), ("", "xx, es;q=0.5", "es"), ("id", "es", "id"), ("", "", "en"), ("", "x" * 9_000, "en")],
)
def test_a_language_is_the_chosen_one_else_the_browsers_first_that_we_speak(
    chosen: str, accepted: str, language: str
) -> None:
    assert language_of(chosen, accepted) == language
