"""Facts in a row: only what was learned, and readable by yesterday's and tomorrow's program."""

import json

from unlost.journal.packing import pack_facts, pack_text, unpack_facts, unpack_text
from unlost.vocabulary.facts import Begun, Facts
from unlost.vocabulary.ids import ContactId


def test_nothing_learned_takes_no_room() -> None:
    assert pack_facts(Facts()) is None
    assert unpack_facts(None) == Facts()


def test_only_what_was_learned_is_written() -> None:
    packed = pack_facts(Facts(contact=ContactId(5)))
    assert packed is not None
    assert json.loads(packed) == {"contact": 5}


def test_facts_of_a_later_version_are_passed_over() -> None:
    assert unpack_facts(b'{"contact": 5, "hologram": true}') == Facts(contact=ContactId(5))


def test_an_empty_answer_is_not_the_same_as_no_answer() -> None:
    facts = Facts(copies=(), begun=Begun("PostMessage", 1.5))
    assert unpack_facts(pack_facts(facts)) == facts


def test_a_lone_surrogate_in_a_fact_is_shown_as_a_question_mark_and_loses_nothing_else() -> None:
    assert unpack_facts(pack_facts(Facts(group_name="a\ud800b", user_name="Ana"))) == Facts(
        group_name="a?b", user_name="Ana"
    )


def test_outside_text_comes_back_with_nul_and_surrogates() -> None:
    assert unpack_text(pack_text("a\0b\ud800")) == "a\0b\ud800"
