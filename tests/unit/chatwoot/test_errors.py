"""Contract 1.0, 1.2, 1.6: what a failure proves. Two tables, one for what may be done once, one for what may be repeated."""

from __future__ import annotations

import pytest

from tests.unit.chatwoot.scripted import answer
from unlost.chatwoot import errors
from unlost.errors import Cause, Refused, TryLater, UnlostError, Unsure
from unlost.transport import Answer, TransportFailed

SECRET = "a customer's words"


@pytest.mark.parametrize("cause", ["connection_refused", "dns", "tls"])
def test_what_was_never_sent_was_not_done(cause: Cause) -> None:
    error = errors.unanswered_once("post", TransportFailed(cause, nothing_sent=True))
    assert isinstance(error, TryLater)
    assert error.away


@pytest.mark.parametrize("cause", ["timeout", "broken", "tls"])
def test_a_once_only_call_that_was_sent_and_not_answered_is_unsure(cause: Cause) -> None:
    error = errors.unanswered_once("post", TransportFailed(cause, nothing_sent=False))
    assert isinstance(error, Unsure)
    assert error.cause == cause


@pytest.mark.parametrize("status", [301, 302, 500, 502, 503, 504, 520])
def test_a_once_only_call_answered_with_a_redirect_or_5xx_is_unsure_and_names_no_refusal(status: int) -> None:
    error = errors.refused_once("post", answer(status))
    assert isinstance(error, Unsure)
    assert error.status is None


@pytest.mark.parametrize("status", [400, 402, 408, 409, 415, 422])
def test_a_once_only_call_answered_with_another_4xx_is_unsure_and_says_which(status: int) -> None:
    error = errors.refused_once("post", answer(status, {"error": "anything may follow the commit"}))
    assert isinstance(error, Unsure)
    assert error.status == status


@pytest.mark.parametrize("status", [401, 403, 404, 413])
@pytest.mark.parametrize("translate", [errors.refused_once, errors.refused])
def test_401_403_and_404_are_clear_refusals_of_any_call(status: int, translate: object) -> None:
    error = translate("post", answer(status, {"error": "no"}))  # type: ignore[operator]  # one of two functions of one shape
    assert isinstance(error, Refused)
    assert error.status == status


@pytest.mark.parametrize("translate", [errors.refused_once, errors.refused])
def test_429_means_that_the_host_asks_for_less_and_nothing_was_done(translate: object) -> None:
    error = translate("post", answer(429, b"Retry later\n"))  # type: ignore[operator]  # as above
    assert isinstance(error, TryLater)
    assert (error.cause, error.away, error.wait_s) == ("rate_limited", True, errors.RATE_WAIT_S)


@pytest.mark.parametrize(
    ("told", "wait_s"), [("7", 7.0), ("0", 1.0), ("99999", 300.0), ("soon", 20.0), ("1" * 40, 20.0)]
)
def test_retry_after_is_believed_within_bounds(told: str, wait_s: float) -> None:
    error = errors.refused("list", answer(429, retry_after=told))
    assert isinstance(error, TryLater)
    assert error.wait_s == wait_s


@pytest.mark.parametrize(
    "body", [{"error": "Falha: Too many messages"}, {"message": "Too many messages", "attributes": ["base"]}]
)
@pytest.mark.parametrize("translate", [errors.refused_once, errors.refused, errors.refused_contact])
def test_a_flooded_conversation_was_certainly_not_written_to(body: object, translate: object) -> None:
    error = translate("post", answer(422, body))  # type: ignore[operator]  # as above
    assert isinstance(error, TryLater)
    assert (error.cause, error.away) == ("flood", False)
    assert 20 <= (error.wait_s or 0) <= 60


def test_too_many_messages_in_the_middle_of_a_422_proves_nothing() -> None:
    body = {"error": "Validation failed: Too many messages, Content is too long"}
    assert isinstance(errors.refused_once("post", answer(422, body)), Unsure)


@pytest.mark.parametrize("field", ["identifier", "phone_number", "email", "name"])
def test_a_finding_about_a_contacts_own_field_proves_that_no_contact_was_made(field: str) -> None:
    error = errors.refused_contact("create", answer(422, {"message": "taken", "attributes": [field]}))
    assert isinstance(error, Refused)
    assert error.fields == (field,)


@pytest.mark.parametrize("body", [{"error": "timed out"}, {"message": "x", "attributes": ["base"]}, b"<html>", None])
def test_any_other_422_at_a_contacts_creation_is_unsure(body: object) -> None:
    assert isinstance(errors.refused_contact("create", answer(422, body)), Unsure)


def test_500_at_a_contacts_creation_is_unsure() -> None:
    assert isinstance(errors.refused_contact("create", answer(500)), Unsure)


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
def test_a_repeatable_call_answered_with_5xx_is_tried_later_at_the_entrys_cost(status: int) -> None:
    error = errors.refused("list", answer(status))
    assert isinstance(error, TryLater)
    assert not error.away


def test_a_repeatable_call_answered_with_a_redirect_waits_for_the_host() -> None:
    error = errors.refused("list", answer(302))
    assert isinstance(error, TryLater)
    assert error.away


@pytest.mark.parametrize(("nothing_sent", "away"), [(True, True), (False, False)])
def test_a_repeatable_call_without_an_answer_is_tried_later(nothing_sent: bool, away: bool) -> None:
    error = errors.unanswered("list", TransportFailed("timeout", nothing_sent=nothing_sent))
    assert isinstance(error, TryLater)
    assert error.away is away


def test_a_repeatable_call_answered_with_422_is_refused_with_its_fields() -> None:
    error = errors.refused("rename", answer(422, {"message": "x", "attributes": ["name", 3, "x" * 100]}))
    assert isinstance(error, Refused)
    assert error.fields == ("name",)


@pytest.mark.parametrize(
    "said",
    [
        answer(422, {"error": SECRET}),
        answer(422, {"message": SECRET, "attributes": ["name"]}),
        answer(500, SECRET.encode()),
        answer(404, {"error": SECRET}),
        answer(429, SECRET.encode(), retry_after="5"),
    ],
)
def test_no_body_ever_enters_an_errors_text(said: Answer) -> None:
    all_errors: list[UnlostError] = [
        translate("post", said) for translate in (errors.refused_once, errors.refused, errors.refused_contact)
    ]
    assert not any(SECRET in str(error) for error in all_errors)


def test_a_fault_too_large_to_be_one_is_not_read() -> None:
    body = {"message": "x", "attributes": ["name"], "padding": "x" * errors.FAULT_BYTES_MAX}
    assert isinstance(errors.refused_contact("create", answer(422, body)), Unsure)
