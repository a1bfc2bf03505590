"""The heartbeat beats while the door can commit, and only then."""

from dataclasses import dataclass, field

import pytest

from unlost.notices.heartbeat import Heartbeat
from unlost.telemetry.log import Telemetry, silent_telemetry
from unlost.transport import Answer, Call, TransportFailed


@dataclass
class Listener:
    """*status* 0: nobody listens."""

    status: int = 200
    calls: list[Call] = field(default_factory=list)

    async def send(self, call: Call) -> Answer:
        self.calls.append(call)
        if not self.status:
            raise TransportFailed("connection_refused", nothing_sent=True)
        return Answer(self.status, {}, b"OK")


def heartbeat(listener: Listener, telemetry: Telemetry, *, can_commit: bool = True) -> Heartbeat:
    async def answer() -> bool:
        return can_commit

    return Heartbeat("https://beat.example.com/word?status=up", listener, answer, telemetry)


def count(telemetry: Telemetry, outcome: str) -> float | None:
    return telemetry.metrics.registry.get_sample_value("unlost_heartbeats_total", {"outcome": outcome})


async def test_it_calls_the_address_as_it_stands() -> None:
    listener = Listener()
    await heartbeat(listener, silent_telemetry()).beat()
    assert [(call.method, call.url) for call in listener.calls] == [("GET", "https://beat.example.com/word?status=up")]


async def test_a_door_that_cannot_commit_calls_nobody() -> None:
    listener = Listener()
    await heartbeat(listener, silent_telemetry(), can_commit=False).beat()
    assert listener.calls == []


@pytest.mark.parametrize(("status", "outcome"), [(200, "sent"), (302, "sent"), (404, "failed"), (0, "failed")])
async def test_whether_it_was_heard_is_counted(status: int, outcome: str) -> None:
    telemetry = silent_telemetry()
    await heartbeat(Listener(status), telemetry).beat()
    assert count(telemetry, outcome) == 1


async def test_that_it_is_not_heard_is_told_once_and_so_is_its_return(monkeypatch: pytest.MonkeyPatch) -> None:
    telemetry, listener, told = silent_telemetry(), Listener(0), list[str]()
    monkeypatch.setattr(telemetry, "tell", lambda happening: told.append(getattr(happening, "state", "")))
    beats = heartbeat(listener, telemetry)
    for status in (0, 0, 200, 200):
        listener.status = status
        await beats.beat()
    assert [state for state in told if state] == ["failing", "heard"]
