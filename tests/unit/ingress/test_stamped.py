"""The door of our own gateway: only a signature with a fresh time counts, and nothing weaker."""

import hashlib
import hmac
from dataclasses import replace
from typing import Any

import pytest

from tests.unit.ingress.worlds import SECRET, FixedClock, World, gateway_door, signature
from unlost.ingress.stamped import Numbered, numbered
from unlost.vocabulary.ids import ChannelName

NOW = 1_000_000.0
BODY = b'{"a": 1}'
PATH = "/webhooks/gateway/support"


def stamped(body: bytes, stamp: str, secret: bytes = SECRET, *, feed: str = "", event: str = "") -> dict[str, Any]:
    mac = hmac.new(secret, f"{stamp}.{feed}.{event}.".encode() + body, hashlib.sha256).hexdigest()
    told = {"x_unlost_feed": feed, "x_unlost_event": event} if feed else {}
    return {"x_unlost_timestamp": stamp, "x_unlost_signature": f"sha256={mac}", **told}


def world_with(told: list[tuple[ChannelName, str, int]] | None = None) -> World:
    clock = FixedClock(NOW)
    world = World(doors=(replace(gateway_door(), stamped_now=clock.now),), clock=clock)
    if told is not None:
        world.keeping.numbered = lambda channel, feed, number: told.append((channel, feed, number))
    return world


@pytest.mark.parametrize("age_s", [0, 299, 300, -300])
async def test_a_fresh_stamp_is_taken(age_s: int) -> None:
    world = world_with()
    assert (await world.post(PATH, BODY, **stamped(BODY, str(int(NOW) - age_s)))).status == 200


@pytest.mark.parametrize("age_s", [301, -301, 86_400])
async def test_a_stale_stamp_is_a_401_and_counted(age_s: int) -> None:
    world = world_with()
    assert (await world.post(PATH, BODY, **stamped(BODY, str(int(NOW) - age_s)))).status == 401
    assert world.metric("whatsapp_web_signature_invalid_total", side="gateway") == 1
    assert world.journal.kept == []


async def test_gowa_s_own_signature_alone_is_not_enough() -> None:
    assert (await world_with().post(PATH, BODY, x_hub_signature_256=signature(BODY))).status == 401


async def test_a_stamp_is_signed_with_the_body_it_came_with() -> None:
    other = stamped(b"other", str(int(NOW)))
    moved = {**stamped(BODY, str(int(NOW) - 400)), "x_unlost_timestamp": str(int(NOW))}
    for headers in (other, moved, stamped(BODY, str(int(NOW)), b"wrong")):
        assert (await world_with().post(PATH, BODY, **headers)).status == 401


@pytest.mark.parametrize("stamp", ["", "1e6", "-1000000", "1000000.0", " 1000000", "9" * 13, "x"])
async def test_a_stamp_that_is_no_time_is_a_401_however_it_is_signed(stamp: str) -> None:
    assert (await world_with().post(PATH, BODY, **stamped(BODY, stamp))).status == 401


async def test_a_door_without_a_secret_takes_what_is_not_stamped() -> None:
    door = replace(gateway_door(secret=None), stamped_now=lambda: NOW)
    assert (await World(doors=(door,)).post(PATH, BODY)).status == 200


async def test_the_number_is_heard_of_once_the_body_is_durable() -> None:
    told: list[tuple[ChannelName, str, int]] = []
    world = world_with(told)
    await world.post(PATH, BODY, **stamped(BODY, str(int(NOW)), feed="f00d", event="7"))
    world.journal.broken = ValueError("full")
    await world.post(PATH, b"{}", **stamped(b"{}", str(int(NOW)), feed="f00d", event="8"))
    assert told == [("support", "f00d", 7)]


async def test_neither_a_number_nor_the_border_of_the_body_can_be_moved() -> None:
    """What was signed once is taken under its own number and with its whole body, or not at all."""
    signed = stamped(BODY, str(int(NOW)), feed="f00d", event="7")
    assert (await world_with().post(PATH, BODY, **{**signed, "x_unlost_event": "8"})).status == 401
    dotted = stamped(b"1." + BODY, str(int(NOW)), feed="f00d", event="7")
    assert (await world_with().post(PATH, BODY, **{**dotted, "x_unlost_event": "7.1"})).status == 401


async def test_gowa_tells_no_number_that_counts() -> None:
    told: list[tuple[ChannelName, str, int]] = []
    world = World()
    world.keeping.numbered = lambda channel, feed, number: told.append((channel, feed, number))
    await world.post(PATH, BODY, x_unlost_feed="f00d", x_unlost_event="7")
    assert told == []


@pytest.mark.parametrize(
    ("feed", "event"), [(b"", b"1"), (b"a", b""), (b"a", b"-1"), (b"a:b", b"1"), (b"a" * 65, b"1"), (b"a", b"9" * 16)]
)
def test_what_is_no_number_is_none(feed: bytes, event: bytes) -> None:
    assert numbered({b"x-unlost-feed": feed, b"x-unlost-event": event}) is None


def test_a_number_is_read() -> None:
    assert numbered({b"x-unlost-feed": b"a1", b"x-unlost-event": b"007"}) == Numbered("a1", 7)
