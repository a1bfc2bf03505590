"""All four languages say everything, and fill in the same places."""

import ast
import string
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from unlost import interpret
from unlost.console.answers import DIRECTION_NAMES
from unlost.console.troubles import Trouble, Urgency
from unlost.console.words import CATALOGUES, Words, language_of
from unlost.console.words.catalogue import Said
from unlost.errors import Cause
from unlost.journal.rows import GapCause
from unlost.vocabulary import steps
from unlost.vocabulary.envelopes import Direction, Kind, Source
from unlost.vocabulary.links import Part
from unlost.vocabulary.policy import Language
from unlost.vocabulary.states import State
from unlost.vocabulary.verdicts import SkipReason

EN = CATALOGUES["en"]
A_LANES_OWN = {"crashes the bridge", "our bug"}


def sentences_of_the_interpreter() -> set[str]:
    """What it may write down of a dead letter: handed to `dead`, or returned where a step or a sentence is promised."""
    found: set[str] = set()
    for path in Path(interpret.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("dead", "Dead"):
                found |= {_head(one) for one in node.args}
            elif (
                isinstance(node, ast.FunctionDef)
                and node.returns
                and ast.unparse(node.returns).endswith(("| str", "Place"))
            ):
                found |= {_head(one.value) for one in ast.walk(node) if isinstance(one, ast.Return) and one.value}
    return found - {""} - set(get_args(Cause))


def _head(node: ast.expr) -> str:
    """A text, without what is filled in behind it; empty for anything else."""
    if isinstance(node, ast.JoinedStr):
        return _head(node.values[0]).removesuffix(" (")
    return str(node.value) if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


CLOSED: dict[str, Collection[str]] = {
    "skip_reasons": set(SkipReason),
    "gap_causes": set(GapCause),
    "causes": set(get_args(Cause)),
    "dead_reasons": sentences_of_the_interpreter() | A_LANES_OWN,
    "steps": {each.__name__ for base in (steps.SafeToRepeat, steps.OnceOnly) for each in base.__subclasses__()}
    - {"CallWebhook"}  # the gateway's outbox does that
    | {"walk"},
    "parts": set(Part),
    "sources": set(Source),
    "states": set(State),
    "kinds": set(Kind),
    "verdicts": {"delivered", "skipped", "dead", "discarded"},
    "directions": {DIRECTION_NAMES[direction] for direction in Direction},
    "done": {"retried", "discarded", "paused", "resumed", "reconciled"},
    "units": {"s", "min", "h", "d"},
}


def said(words: Words) -> Iterator[tuple[str, str]]:
    """Every sentence with its name."""
    for name, value in msgspec.structs.asdict(words).items():
        if isinstance(value, str):
            yield name, value
        else:
            listed: dict[str, str | Said] = value
            for key, one in listed.items():
                yield f"{name}.{key}", one if isinstance(one, str) else one.what
                yield f"{name}.{key}.cure", one if isinstance(one, str) else one.cure


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_there_is_a_catalogue_for_every_language_of_the_settings() -> None:
    assert set(CATALOGUES) == set(get_args(Language))


@pytest.mark.parametrize("language", get_args(Language))
@pytest.mark.parametrize("name", sorted(CLOSED))
def test_every_member_of_a_closed_list_has_its_word(language: Language, name: str) -> None:
    assert {str(key) for key in getattr(CATALOGUES[language], name)} == {str(key) for key in CLOSED[name]}


@pytest.mark.parametrize("language", get_args(Language))
def test_every_sentence_fills_in_the_same_places_as_in_english(language: Language) -> None:
    here, there = dict(said(CATALOGUES[language])), dict(said(EN))
    assert set(here) == set(there)
    assert {name for name in there if places(here[name]) != places(there[name])} == set()


@pytest.mark.parametrize("language", get_args(Language))
def test_nothing_is_left_empty(language: Language) -> None:
    assert [name for name, text in said(CATALOGUES[language]) if not text.strip()] == []


@pytest.mark.parametrize("language", [name for name in get_args(Language) if name != "en"])
def test_hardly_anything_is_left_in_english(language: Language) -> None:
    """Words that both languages share, such as Gateway, are few."""
    here, there = dict(said(CATALOGUES[language])), dict(said(EN))
    assert sum(here[name] == there[name] for name in there) < len(there) / 15


@pytest.mark.parametrize(
    ("chosen", "accepted", "spoken"),
    [
        ("", "", "en"),
        ("", "pt", "pt-BR"),
        ("", "fr, ID;q=0.2", "id"),
        ("es", "pt-BR", "es"),
        ("xx", "x" * 10_000, "en"),
    ],
)
def test_the_first_language_that_both_speak_is_taken(chosen: str, accepted: str, spoken: str) -> None:
    assert language_of(chosen, accepted) == spoken


def test_a_trouble_keeps_its_name_while_its_numbers_change() -> None:
    assert Trouble("dead", Urgency.BAD, "a", count=1).id == Trouble("dead", Urgency.BAD, "a", 5.0, count=2).id
