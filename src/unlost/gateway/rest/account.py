"""`/app/…`, `/devices`, `/health`: the account itself."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from unlost.gateway import wire_rest
from unlost.gateway.rest.answers import answer
from unlost.gateway.rest.counter import Counter
from unlost.gateway.wire_json import rfc3339


class Account:
    """The account's calls."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter

    async def status(self, request: Request) -> Response:
        up = self._counter.engine.is_connected()
        shown = wire_rest.app_status(self._counter.device, self._counter.version, connected=up, logged_in=up)
        return answer("Connection status retrieved", shown)

    async def info(self, request: Request) -> Response:
        return answer("Fetch app info success", wire_rest.app_info(self._counter.version))

    async def app_devices(self, request: Request) -> Response:
        return answer("Fetch device success", wire_rest.app_devices(self._counter.device))

    async def devices(self, request: Request) -> Response:
        up = self._counter.engine.is_connected()
        return answer(
            "List devices", wire_rest.devices(self._counter.device, rfc3339(self._counter.started_at), connected=up)
        )

    async def health(self, request: Request) -> Response:
        """200 while the device exists; says nothing about WhatsApp (GOWA page, 2.3)."""
        return PlainTextResponse("OK")
