"""The catalogues: complete, and filled in at the same places."""

from dataclasses import fields
from string import Formatter
from typing import get_args

import pytest

from unlost.interpret.words import CATALOGUES, Words, words_of
from unlost.vocabulary.events import Attachment
from unlost.vocabulary.policy import Language

LANGUAGES: tuple[Language, ...] = get_args(Language)
TEXTS = [field.name for field in fields(Words) if field.name != "attachments"]


def places(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name)


def test_every_language_has_a_catalogue() -> None:
    assert set(CATALOGUES) == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", TEXTS)
def test_every_text_has_the_same_places_in_every_language(language: Language, name: str) -> None:
    assert places(getattr(words_of(language), name)) == places(getattr(words_of("en"), name))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty(language: Language) -> None:
    assert all(getattr(words_of(language), name).strip() for name in TEXTS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_attachment_has_a_line_of_its_own(language: Language) -> None:
    lines = words_of(language).attachments
    assert (set(lines), len(set(lines.values()))) == (set(Attachment), len(Attachment))


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_external_error_fits_the_helpdesks_bound(language: Language) -> None:
    assert len(words_of(language).not_sent) <= 255


def test_someone_without_a_name_is_unknown_in_english() -> None:
    assert words_of("en").unknown == "Unknown"


def test_an_agent_reads_why_nothing_was_sent() -> None:
    assert words_of("en").not_sent == "not sent: this version only receives"


@pytest.mark.parametrize(
    ("language", "name"), [("pt-BR", "Desconhecido"), ("es", "Desconocido"), ("id", "Tidak dikenal")]
)
def test_no_language_borrows_the_english_name(language: Language, name: str) -> None:
    assert words_of(language).unknown == name
