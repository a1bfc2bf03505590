"""Look-ups go one at a time, apart, after a login has lasted, and not for an hour after they killed the gateway."""

import asyncio

import pytest

from tests.unit.gowa.fake_http import FakeHttp, client, fault, ok
from tests.unit.gowa.samples import GROUP, PEER
from unlost.errors import Refused, TryLater
from unlost.gowa.look_up_pace import REST_S, STATUS_WAIT_S, Outcome, Pace, began, ended, status_seen, wait_s
from unlost.gowa.look_ups import GATEWAY_DIED, LookUps
from unlost.transport import Answer, TransportFailed

BROKEN = TransportFailed("broken", nothing_sent=False)


def logged_in(*, since: float = 0.0) -> Pace:
    """A pace of the default settings whose device is logged in."""
    return status_seen(Pace(every_s=10.0, after_s=60.0), logged_in=True, now=since)


def test_nothing_goes_before_a_login_was_seen() -> None:
    assert wait_s(Pace(10.0, 60.0), 1e6) == STATUS_WAIT_S


@pytest.mark.parametrize(("now", "wait"), [(0.0, 60.0), (59.0, 1.0), (60.0, 0.0), (900.0, 0.0)])
def test_a_login_has_to_last(now: float, wait: float) -> None:
    assert wait_s(logged_in(), now) == wait


def test_seeing_the_same_login_again_does_not_begin_it_anew() -> None:
    assert wait_s(status_seen(logged_in(), logged_in=True, now=50.0), 60.0) == 0.0


def test_a_lost_login_begins_anew() -> None:
    lost = status_seen(logged_in(), logged_in=False, now=100.0)
    assert wait_s(status_seen(lost, logged_in=True, now=130.0), 131.0) == 59.0


def test_one_goes_at_a_time() -> None:
    assert wait_s(began(logged_in(), 100.0), 500.0) > 0.0


@pytest.mark.parametrize(("now", "wait"), [(101.0, 9.0), (110.0, 0.0)])
def test_the_next_stands_apart_from_the_last(now: float, wait: float) -> None:
    assert wait_s(ended(began(logged_in(), 100.0), Outcome.ANSWERED, 101.0), now) == wait


def test_a_connection_that_broke_asks_for_a_new_login() -> None:
    assert wait_s(ended(began(logged_in(), 100.0), Outcome.BROKE, 101.0), 500.0) == STATUS_WAIT_S


def broken_twice(between: Outcome | None = None) -> Pace:
    """Two look-ups that broke, with another outcome between them."""
    pace = ended(began(logged_in(), 100.0), Outcome.BROKE, 101.0)
    if between is not None:
        pace = ended(began(pace, 200.0), between, 201.0)
    return ended(began(pace, 300.0), Outcome.BROKE, 301.0)


@pytest.mark.parametrize("between", [None, Outcome.SILENT, Outcome.AWAY])
def test_two_that_broke_in_a_row_rest_for_an_hour(between: Outcome | None) -> None:
    pace = status_seen(broken_twice(between), logged_in=True, now=310.0)
    assert (wait_s(pace, 311.0), wait_s(pace, 301.0 + REST_S)) == (REST_S - 10.0, 0.0)


def test_an_answer_between_two_that_broke_is_no_row() -> None:
    pace = status_seen(broken_twice(Outcome.ANSWERED), logged_in=True, now=310.0)
    assert wait_s(pace, 370.0) == 0.0


def test_a_login_seen_does_not_end_the_rest() -> None:
    pace = status_seen(broken_twice(), logged_in=True, now=310.0)
    assert wait_s(pace, 400.0) == REST_S - 99.0


class Moving:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.at = 0.0

    def now(self) -> float:
        return self.at


def look_ups(http: FakeHttp, clock: Moving) -> LookUps:
    """Look-ups whose device has been logged in for long enough."""
    made = LookUps(client(http), every_s=10.0, after_s=60.0, now=clock.now)
    made.status_seen(logged_in=True)
    clock.at += 60.0
    return made


async def test_what_may_not_go_yet_is_not_asked_and_did_not_fail() -> None:
    http = FakeHttp()
    early = LookUps(client(http), every_s=10.0, after_s=60.0, now=Moving().now)
    with pytest.raises(TryLater) as later:
        await early.user_info(PEER)
    error = later.value
    assert (error.cause, error.away, error.status, error.wait_s, http.calls) == ("rate_limited", True, None, 30.0, [])


async def test_all_three_questions_share_one_pace() -> None:
    http, clock = FakeHttp().on("/user/info", ok({"data": []})).on("/user/avatar", ok({"url": "https://x"})), Moving()
    asking = look_ups(http, clock)
    await asking.user_info(PEER)
    for refused in (asking.avatar(PEER), asking.group_info(GROUP)):
        with pytest.raises(TryLater):
            await refused
    clock.at += 10.0
    assert await asking.avatar(PEER) == "https://x"


async def test_a_second_connection_that_breaks_is_the_gateways_death() -> None:
    clock = Moving()
    asking = look_ups(FakeHttp().on("/user/avatar", BROKEN), clock)
    with pytest.raises(TryLater) as first:
        await asking.avatar(PEER)
    asking.status_seen(logged_in=True)
    clock.at += 60.0
    with pytest.raises(Refused) as second:
        await asking.avatar(PEER)
    assert (first.value.cause, second.value.cause, second.value.fields) == ("broken", "broken", (GATEWAY_DIED,))
    assert asking.wait_s() == REST_S


@pytest.mark.parametrize(
    "reply",
    [
        ok({"url": ""}),
        fault(503, "engine_crashed"),
        fault(500, "INTERNAL_SERVER_ERROR", "other"),
        fault(404, "NOT"),
        fault(429, "SLOW"),
        Answer(200, {}, b"<html>"),
    ],
    ids=lambda reply: str(reply.status),
)
async def test_any_answer_shows_that_the_gateway_lives(reply: Answer) -> None:
    clock = Moving()
    asking = look_ups(FakeHttp().on("/user/avatar", BROKEN, reply, BROKEN), clock)
    for _ in range(3):
        try:
            await asking.avatar(PEER)
        except (TryLater, Refused) as error:
            assert GATEWAY_DIED not in str(error)  # noqa: PT017 - every way of ending is fine but this one
        asking.status_seen(logged_in=True)
        clock.at += 60.0
    assert asking.wait_s() == 0.0


@pytest.mark.parametrize("reply", [fault(401, "AUTHENTICATION_ERROR"), fault(503, "not_started")])
async def test_a_gateway_without_a_login_or_an_engine_has_to_be_seen_logged_in(reply: Answer) -> None:
    clock = Moving()
    asking = look_ups(FakeHttp().on("/user/info", reply), clock)
    with pytest.raises(TryLater):
        await asking.user_info(PEER)
    clock.at += 1000.0
    assert asking.wait_s() == STATUS_WAIT_S


async def test_a_question_that_was_given_up_frees_the_way() -> None:
    """A clean stop cancels what is under way."""
    clock, never = Moving(), asyncio.Event()

    class Hanging(FakeHttp):
        async def send(self, call: object) -> Answer:
            await never.wait()
            raise AssertionError

    asking = look_ups(Hanging(), clock)
    task = asyncio.ensure_future(asking.user_info(PEER))
    await asyncio.sleep(0)
    assert asking.wait_s() > 0.0
    task.cancel()
    await asyncio.wait([task])
    clock.at += 10.0
    assert asking.wait_s() == 0.0
