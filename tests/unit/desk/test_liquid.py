"""The part of Liquid that agents' texts meet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unlost.desk.liquid import render

VARIABLES = {"contact": {"name": "Ana", "email": None}, "agent": {"name": "Bo"}}


@pytest.mark.parametrize(
    ("text", "rendered"),
    [
        ("plain", "plain"),
        ("{ single }", "{ single }"),
        ("Hi {{ contact.name }}!", "Hi Ana!"),
        ("{{ contact.email | default: 'none' }}", "none"),
        ("{{ contact.name | upcase }}", "ANA"),
        ("{{ contact }}", ""),
        ("{% if contact.name == 'Ana' %}a{% else %}b{% endif %}", "a"),
        ("{% unless contact.name %}a{% endunless %}b", "b"),
        ("{% if contact.email %}{{ contact.name }}{% endif %}", ""),
        ("{% comment %}x{% endcomment %}y", "y"),
        ("{% for i in x %}{{ i }}{% endfor %}z", "z"),
        ("{% nonsense %}", "{% nonsense %}"),
        ("{% if x %}never closed", "{% if x %}never closed"),
        ("{% endif %}", "{% endif %}"),
        ("{{", "{{"),
        ("{%", "{%"),
        ("{{ a }", "{{ a }"),
        ("`{% if %}` {{ contact.name }}", "`{% if %}` Ana"),
    ],
)
def test_a_text_is_rendered(text: str, rendered: str) -> None:
    assert render(text, VARIABLES) == rendered


@given(st.text(alphabet="{}% \"'abc|.:\n#-", max_size=60))
def test_a_text_without_backticks_survives_when_its_openings_are_quoted(text: str) -> None:
    """Contract 1.5: the escape "round-trips"; both openings are replaced in one pass."""
    escaped = "".join(_escaped_parts(text))
    assert render(escaped, VARIABLES) == text


def _escaped_parts(text: str) -> list[str]:
    parts, place = [], 0
    while place < len(text):
        pair = text[place : place + 2]
        if pair in ("{{", "{%"):
            parts.append('{{ "' + pair + '" }}')
            place += 2
        else:
            parts.append(text[place])
            place += 1
    return parts


@given(st.text(alphabet="{}% `\"'abc|.:\n#-raweniflsc", max_size=80))
def test_no_text_breaks_the_renderer(text: str) -> None:
    render(text, VARIABLES)
