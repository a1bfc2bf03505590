"""What a probe takes for an answer, and whose failure a picture is."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from tests.unit.chores.worlds import FixedClock
from tests.unit.gowa.fake_http import FakeHttp, Reply, fault, ok
from tests.unit.settings import files
from unlost.assemble.bridge import Outside
from unlost.assemble.channels import ChannelParts, build_channel
from unlost.chatwoot.pace import Rank
from unlost.chatwoot.turns import HostPace
from unlost.errors import TryLater
from unlost.settings.reading import read_settings
from unlost.spool import Spool
from unlost.telemetry.log import silent_telemetry
from unlost.transport import Answer, TransportFailed
from unlost.vocabulary.facts import Facts
from unlost.vocabulary.ids import ContactId
from unlost.vocabulary.steps import SetAvatar

GATEWAY, HELPDESK = "http://127.0.0.1:3000", "http://127.0.0.1:8090"
Build = Callable[..., ChannelParts]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    def made(http: FakeHttp, pace: HostPace | None = None) -> ChannelParts:
        settings = read_settings(files.written(tmp_path, files.channel()), {})
        clock = FixedClock()
        outside = cast(Any, Outside)(
            journal=None,
            journal_path=tmp_path,
            journal_is_used=False,
            http=http,
            spool=Spool(tmp_path / "files", 1_000_000),
            clock=clock,
            locks=None,
            host="host",
            telemetry=silent_telemetry(),
            spread=lambda: 0.0,
            name=lambda: "name",
            backup_to=None,
            forget_addresses=None,
            prune=None,
        )
        return build_channel(settings, settings.channels[0], outside, {HELPDESK: pace or HostPace(clock, per_min=None)})

    return made


@pytest.mark.parametrize(
    ("reply", "is_answer"),
    [
        (ok({"is_connected": True, "is_logged_in": True}), True),
        (fault(404, "DEVICE_NOT_FOUND"), True),
        (fault(503, "DEVICE_MANAGER_UNAVAILABLE"), True),
        (fault(401, "AUTHENTICATION_ERROR"), True),
        (Answer(401, {}, b"Unauthorized"), True),
        (Answer(429, {}, b""), True),
        (Answer(200, {}, b"<html>"), True),
        (TransportFailed("connection_refused", nothing_sent=True), False),
        (TransportFailed("timeout", nothing_sent=False), False),
        (TransportFailed("broken", nothing_sent=False), False),
    ],
)
async def test_any_answer_closes_the_gateways_circuit_whatever_it_says_of_one_account(
    build: Build, reply: Reply, is_answer: bool
) -> None:
    http = FakeHttp()
    http.default = reply
    assert await build(http).probe_gateway() is is_answer


@pytest.mark.parametrize(
    ("reply", "is_answer"),
    [
        (Answer(200, {}, b'{"version": "4.2.0"}'), True),
        (Answer(404, {}, b""), True),
        (Answer(429, {}, b""), True),
        (Answer(502, {}, b""), False),
        (TransportFailed("connection_refused", nothing_sent=True), False),
    ],
)
async def test_that_we_ask_too_much_is_an_answer_of_the_helpdesk(build: Build, reply: Reply, is_answer: bool) -> None:
    http = FakeHttp().on("/api", reply)
    assert await build(http).probe_helpdesk() is is_answer


async def test_a_probe_waits_for_nobodys_pace(build: Build) -> None:
    pace = HostPace(FixedClock(), per_min=1)
    await pace.turns("support", Rank.MESSAGE).wait_turn()
    http = FakeHttp().on("/api", Answer(200, {}, b'{"version": "4.2.0"}'))
    await build(http, pace).probe_helpdesk()
    assert len(http.calls) == 1


async def test_a_picture_that_cannot_be_fetched_is_the_gateways_failure(build: Build) -> None:
    http = FakeHttp().on("/statics/p.jpg", TransportFailed("timeout", nothing_sent=False))
    step = SetAvatar(ContactId(1), f"{GATEWAY}/statics/p.jpg")
    with pytest.raises(TryLater) as raised:
        await build(http).road.to_helpdesk.perform(step, Facts())
    assert raised.value.host == GATEWAY


async def test_a_picture_that_lies_elsewhere_is_not(build: Build) -> None:
    http = FakeHttp().on("/p.jpg", TransportFailed("timeout", nothing_sent=False))
    step = SetAvatar(ContactId(1), "https://157.240.1.1/p.jpg")
    with pytest.raises(TryLater) as raised:
        await build(http).road.to_helpdesk.perform(step, Facts())
    assert raised.value.host == "https://157.240.1.1"
