"""What the phone typed is what the agents read, whatever Chatwoot's template engine makes of braces (contract 1.5)."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.property.liquid_model import shown
from unlost.chatwoot.liquid import escaped
from unlost.desk.liquid import render

PIECES = [
    "{",
    "}",
    "{{",
    "}}",
    "{%",
    "%}",
    "%",
    "`",
    '"',
    "'",
    "-",
    " ",
    "\n",
    "x",
    "raw",
    "contact.name",
    "if x",
    "😀",
    "{%-",
    "-}}",
]
HOSTILE = [*PIECES, "{% raw %}", "{% endraw %}", "{%- endraw -%}", "endraw", "comment", "{% endcomment %}"]
texts = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)
hostile_texts = st.lists(st.sampled_from(HOSTILE), max_size=14).map("".join)
often = settings(
    max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)  # shared machines are slow
JOINER = "\u2060"


@often
@given(texts)
@example("{`a`")
@example("`{{ x }}` {{ x }}")
@example("{{{`{%`")
@example("`a{`{%")
def test_the_text_comes_back_as_it_was_typed(text: str) -> None:
    assert shown(escaped(text)) == text


@often
@given(texts)
def test_it_does_so_in_the_demo_helpdesk_too(text: str) -> None:
    assert render(escaped(text), {"contact": {"name": "Ana"}, "x": "seen"}) == text


@often
@given(hostile_texts)
def test_an_end_of_raw_inside_backticks_costs_one_invisible_character_and_nothing_else(text: str) -> None:
    assert shown(escaped(text)).replace(JOINER, "") == text


@often
@given(hostile_texts)
def test_backticks_keep_their_number_and_order_so_that_chatwoot_pairs_the_same(text: str) -> None:
    assert escaped(text).count("`") == text.count("`")


def test_twenty_thousand_random_texts_come_back_as_they_were_typed() -> None:
    """Rare neighbourhoods (a brace behind a span that holds an open output) show only in numbers."""
    dice = Random(7)
    for _ in range(20_000):
        text = "".join(dice.choice(PIECES) for _ in range(dice.randrange(1, 12)))
        assert shown(escaped(text)) == text


@given(st.text(alphabet=st.sampled_from("ab }%`\n😀"), max_size=40))
def test_a_text_without_an_opening_brace_is_sent_as_it_is(text: str) -> None:
    assert escaped(text) == text


@pytest.mark.parametrize(
    ("content", "kept"),
    [
        ("{{ total }}", ""),
        ("a{% raw %}{{ b }}{% endraw %}c", "a{{ b }}c"),
        ("`{{ total }}`", "`{{ total }}`"),
        ("{% nonsense %} {{ total }}", "{% nonsense %} {{ total }}"),
        ("{{ total", "{{ total"),
    ],
)
def test_the_model_keeps_what_was_tried_against_liquid(content: str, kept: str) -> None:
    """Contract 1.5: empty variables, raw stripped, backticks protected, an error leaves everything as it is."""
    assert shown(content) == kept
