"""How a send of the real engine ends for the port, and what its caller may take from that."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from unlost.gateway.engines.calls import EngineFailure
from unlost.gateway.engines.frames import FailureKind
from unlost.gateway.engines.outgoing import Target
from unlost.gateway.engines.port import (
    EngineAway,
    EngineCrashed,
    EngineRefused,
    NotStarted,
    Throttled,
)
from unlost.gateway.engines.worker_engine import WorkerEngine

BOB = "628999888777@s.whatsapp.net"
LEFT = ("3EB0AA",)
SENDS: list[tuple[FailureKind, tuple[str, ...], type[Exception]]] = [
    (FailureKind.NOT_STARTED, (), NotStarted),
    (FailureKind.NOT_CONNECTED, (), EngineAway),
    (FailureKind.ENGINE_CRASHED, (), NotStarted),
    (FailureKind.ENGINE_CRASHED, LEFT, EngineCrashed),
    (FailureKind.IN_DOUBT, LEFT, EngineCrashed),
    (FailureKind.IN_DOUBT, (), EngineCrashed),
    (FailureKind.TIMED_OUT, LEFT, TimeoutError),
    (FailureKind.TIMED_OUT, (), TimeoutError),
    (FailureKind.REFUSED, LEFT, EngineRefused),
    (FailureKind.LIMITED, LEFT, Throttled),
]


@pytest.mark.parametrize(("kind", "left", "ends"), SENDS)
async def test_the_record_is_asked_where_the_worker_died_and_its_own_word_counts_where_it_lives(
    kind: FailureKind, left: tuple[str, ...], ends: type[Exception]
) -> None:
    """A worker that is silent goes on: what has not left yet may leave."""

    async def call(*told: object, **named: object) -> None:
        raise EngineFailure(kind, "as told")

    async def left_under(key: str) -> tuple[str, ...]:
        assert key == "3EB0KEY"
        return left

    life = cast(Any, SimpleNamespace(supervisor=SimpleNamespace(call=call)))
    engine = WorkerEngine(life, left_under, send_wait_s=45.0)
    with pytest.raises(ends):
        await engine.send_reaction(Target("3A01", BOB, BOB, False), "👍", "3EB0KEY")
