"""An event without content is never skipped at sight (hard case 7)."""

import pytest

from tests.unit.interpret.given import ANA, OWNER, TOLD_AT, message, post_of, refused, step_of
from unlost.interpret.words import words_of
from unlost.vocabulary.envelopes import Direction
from unlost.vocabulary.facts import Facts
from unlost.vocabulary.ids import WhatsAppId
from unlost.vocabulary.policy import Language, Policy
from unlost.vocabulary.steps import AskStorage, Step
from unlost.vocabulary.verdicts import Parked, SentOn, Skipped, SkipReason, Until, Verdict

EMPTY = message("")
WAITED = Facts(twin_wait_over=True)
ASKED = Facts(twin_wait_over=True, storage_asked=True)
ASK = AskStorage(ANA, WhatsAppId("3EB0A1"), TOLD_AT)
IN, CHORE = Direction.INBOUND, Direction.CHORE

WAY: list[tuple[str, Facts, Direction, Step | Verdict]] = [
    ("it waits for its twin", Facts(), IN, Parked(Until.TWIN, 45.0)),
    ("then it leaves its chat's lane", WAITED, IN, SentOn(CHORE)),
    ("there the storage is asked", WAITED, CHORE, ASK),
    ("with or without an answer it comes back", ASKED, CHORE, SentOn(IN)),
]


@pytest.mark.parametrize(("facts", "direction", "expected"), [row[1:] for row in WAY], ids=[row[0] for row in WAY])
def test_an_empty_event_goes_its_way(facts: Facts, direction: Direction, expected: Step | Verdict) -> None:
    assert step_of(EMPTY, facts=facts, policy=Policy(twin_wait_s=45.0), direction=direction) == expected


def test_with_nothing_found_it_becomes_a_readable_line() -> None:
    assert post_of(EMPTY, facts=ASKED).text == words_of("en").unsupported


@pytest.mark.parametrize("language", ["pt-BR", "en", "es", "id"])
def test_what_our_gateway_could_not_read_becomes_a_line_that_asks_for_it_again(language: Language) -> None:
    line = post_of(message("", is_unrecovered=True), facts=ASKED, policy=Policy(language=language)).text
    assert line == words_of(language).unrecovered != words_of(language).unsupported


def test_with_a_row_found_it_is_posted_like_any_other_once_it_is_back() -> None:
    found = Facts(twin_wait_over=True, storage_asked=True, storage_row='{"content":"hello"}')
    assert (step_of(message(), facts=found, direction=CHORE), post_of(message(), facts=found).text) == (
        SentOn(IN),
        "hello",
    )


def test_a_storage_that_refuses_is_an_answer_too() -> None:
    facts = Facts(twin_wait_over=True, refusals=refused(AskStorage, 500).refusals)
    assert step_of(EMPTY, facts=facts, direction=CHORE) == SentOn(IN)


def test_without_an_id_there_is_nothing_to_ask_the_storage_for() -> None:
    assert post_of(message("", id=None), facts=WAITED).text == words_of("en").unsupported


def test_from_oneself_to_oneself_it_is_noise() -> None:
    noise = message("", chat=OWNER, sender=OWNER, from_me=True)
    assert step_of(noise) == Skipped(SkipReason.OWN_NOISE)


def test_a_customer_whose_chat_is_himself_makes_no_noise() -> None:
    assert isinstance(step_of(EMPTY), Parked)


def test_a_note_to_oneself_with_words_is_a_message() -> None:
    assert post_of(message("remember", chat=OWNER, sender=OWNER, from_me=True)).text == "remember"
