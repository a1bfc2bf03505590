"""`/_gateway/…`: faults on command, from loopback and only where they are enabled."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from unlost.gateway.engines.port import EngineRefused
from unlost.gateway.engines.simulated import SimulatedEngine
from unlost.gateway.rest.answers import answer, invalid
from unlost.gateway.rest.counter import Counter
from unlost.gateway.rest.query import checked_address

BODY_MAX_BYTES = 4096
DOWN_MOST_S = 600.0


class Commands:
    """What can be asked to go wrong. *refuse* closes the port for so many seconds; *stop* ends the program cleanly."""

    def __init__(self, counter: Counter, refuse: Callable[[float], None], stop: Callable[[], None]) -> None:
        self._counter = counter
        self._refuse = refuse
        self._stop = stop

    async def show(self, request: Request) -> Response:
        simulated = self._counter.simulated
        waiting = await self._counter.clerk.do(simulated.queue.length) if simulated else 0
        return answer("Faults in force", self._counter.faults.shown() | {"waiting": waiting})

    async def set(self, request: Request) -> Response:
        """Put faults in force by their names (`Faults`), for example `{"panics": 1, "fatal": true}`."""
        wanted = await _told(request)
        try:
            self._counter.faults.set(**wanted)
        except TypeError as error:
            raise invalid(f"no such fault, or not of its type: {error}") from error
        return answer("Faults in force", self._counter.faults.shown())

    async def refuse(self, request: Request) -> Response:
        """Close the port for `down_s` seconds, connections and all, and open it again: a restart, seen from outside."""
        wanted = (await _told(request)).get("down_s", 1.0)
        if not isinstance(wanted, int | float) or not 0 <= wanted <= DOWN_MOST_S:
            raise invalid(f"down_s: must be between 0 and {DOWN_MOST_S:g}.")
        self._refuse(float(wanted))
        return answer("The port is about to close")

    async def scan(self, request: Request) -> Response:
        """The phone `phone` scans the QR of the device `device_id`, or types `code`: only a simulated one can be told so."""
        told = await _told(request)
        live = self._counter.slot(str(told.get("device_id", "")))
        if not isinstance(live.engine, SimulatedEngine):
            raise invalid("device_id: a phone is needed to link it")
        jid = checked_address(str(told.get("phone", "")), "phone")
        try:
            await live.engine.scan(jid, str(told.get("code", "")))
        except EngineRefused as error:
            raise invalid(str(error)) from error
        return answer("Linked")

    async def stop(self, request: Request) -> Response:
        self._stop()
        return answer("Stopping")


async def _told(request: Request) -> dict[str, Any]:
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > BODY_MAX_BYTES:
            raise invalid("the body is too long")
    try:
        told = json.loads(body or b"{}")
    except ValueError as error:
        raise invalid("the body is not JSON") from error
    if not isinstance(told, dict):
        raise invalid("the body is not an object")
    return told
