"""What a failed call means (design section 7; GOWA page, 3.1). All of these calls are safe to repeat."""

import pytest

from tests.unit.gowa.fake_http import FakeHttp, client, fault, ok
from tests.unit.gowa.samples import PEER
from unlost.errors import Blocked, Cause, Refused, TryLater, UnlostError
from unlost.transport import Answer, TransportFailed

SECRET = "a customer's words"


async def error_of(reply: Answer | TransportFailed) -> UnlostError:
    """What `user_info` raises after *reply*."""
    with pytest.raises(UnlostError) as raised:
        await client(FakeHttp().on("/user/info", reply)).user_info(PEER)
    return raised.value


def plain(status: int) -> Answer:
    """An answer of a proxy, or of basic auth."""
    return Answer(status, {}, b"<html>" + SECRET.encode())


@pytest.mark.parametrize(
    ("failed", "away"),
    [
        (TransportFailed("connection_refused", nothing_sent=True), True),
        (TransportFailed("dns", nothing_sent=True), True),
        (TransportFailed("tls", nothing_sent=True), True),
        (TransportFailed("timeout", nothing_sent=True), True),
        (TransportFailed("timeout", nothing_sent=False), False),
        (TransportFailed("broken", nothing_sent=False), False),
    ],
    ids=lambda value: f"{value.cause} {value.nothing_sent}" if isinstance(value, TransportFailed) else "",
)
async def test_a_call_without_an_answer_may_be_made_again(failed: TransportFailed, away: bool) -> None:
    error = await error_of(failed)
    assert isinstance(error, TryLater)
    assert (error.cause, error.away) == (failed.cause, away)


@pytest.mark.parametrize(
    ("reply", "cause", "away"),
    [
        (fault(401, "AUTHENTICATION_ERROR"), "http_4xx", True),
        (fault(404, "DEVICE_NOT_FOUND"), "http_4xx", True),
        (fault(400, "DEVICE_ID_REQUIRED"), "http_4xx", True),
        (fault(503, "DEVICE_MANAGER_UNAVAILABLE"), "http_4xx", True),
        (fault(400, "INVALID_JID"), "http_4xx", False),
        (fault(408, "CONTEXT_ERROR"), "timeout", False),
        (fault(429, "WA_REACHOUT_TIMELOCK"), "rate_limited", True),
        (fault(500, "INTERNAL_SERVER_ERROR"), "http_5xx", False),
        (fault(503, "engine_crashed"), "engine_crashed", False),
        (fault(503, "not_started"), "http_5xx", True),
        (fault(503, "quarantined"), "http_5xx", False),
        (fault(504, "GATEWAY_TIMEOUT"), "http_5xx", False),
        (plain(502), "http_5xx", False),
        (plain(302), "http_4xx", True),
        (plain(200), "unreadable", False),
        (Answer(200, {}, b""), "unreadable", False),
        (Answer(200, {}, b'{"code":"SUCCESS"}'), "unreadable", False),
        (Answer(200, {}, b"[" * 100_000), "unreadable", False),
    ],
    ids=lambda value: f"{value.status} {value.body[:40]!r}" if isinstance(value, Answer) else "",
)
async def test_an_answer_that_may_be_better_later(reply: Answer, cause: Cause, away: bool) -> None:
    error = await error_of(reply)
    assert isinstance(error, TryLater)
    assert (error.cause, error.away) == (cause, away)


@pytest.mark.parametrize("status", [401, 403])
async def test_plain_text_about_credentials_blocks(status: int) -> None:
    """GOWA page, 3.1: `Basic-auth 401 has a plain-text body instead`."""
    assert isinstance(await error_of(plain(status)), Blocked)


async def test_json_that_is_not_the_gateways_blocks_as_plain_text_does() -> None:
    """A proxy in front with its own idea of an error."""
    assert isinstance(await error_of(Answer(401, {}, b'{"error": "unauthorized"}')), Blocked)


@pytest.mark.parametrize("reply", [fault(400, "VALIDATION_ERROR"), plain(404), plain(413)])
async def test_an_answer_that_stays_is_a_refusal(reply: Answer) -> None:
    error = await error_of(reply)
    assert isinstance(error, Refused)
    assert error.status == reply.status


@pytest.mark.parametrize(("told", "wait_s"), [("7", 7.0), ("0", 1.0), ("99999", 300.0), ("soon", 20.0), ("-1", 20.0)])
async def test_a_429_says_when_within_bounds(told: str, wait_s: float) -> None:
    error = await error_of(Answer(429, {"retry-after": told}, b""))
    assert isinstance(error, TryLater)
    assert error.wait_s == wait_s


@pytest.mark.parametrize(
    "reply",
    [plain(200), plain(401), plain(500), fault(500, SECRET, SECRET), fault(400, SECRET, SECRET), ok({"data": SECRET})],
    ids=lambda reply: f"{reply.status} {reply.body[:10]!r}",
)
async def test_no_word_of_the_answer_is_in_an_errors_text(reply: Answer) -> None:
    error = await error_of(reply)
    assert SECRET not in repr(error) + repr(error.__cause__)
