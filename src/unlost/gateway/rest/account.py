"""`/app/…`, `/devices`, `/health`: the account itself."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from unlost.gateway import wire_rest
from unlost.gateway.rest.answers import Refusal, answer
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
        return answer("Fetch app info success", self._about())

    def _about(self) -> dict[str, Any]:
        enabled = self._counter.settings.chatwoot_enabled
        return wire_rest.app_info(self._counter.version, chatwoot_enabled=enabled)

    async def front_page(self, request: Request) -> Response:
        return HTMLResponse(wire_rest.front_page(self._counter.version))

    async def webhook(self, request: Request) -> Response:
        shown = wire_rest.device_webhook(self._own_device(request), self._counter.settings.device_webhook)
        return answer("Device webhook retrieved", shown)

    async def forwarder(self, request: Request) -> Response:
        """GOWA's Chatwoot config of one device; none is set here."""
        raise Refusal(404, "CONFIG_NOT_FOUND", f"no chatwoot config for device {self._own_device(request)}")

    def _own_device(self, request: Request) -> str:
        """The name in the path, which must be our device's. Raises Refusal."""
        device, named = self._counter.device, str(request.path_params["device_id"])
        if named not in (device.session or device.jid, device.jid):
            raise Refusal(404, "DEVICE_NOT_FOUND", f"device {named} not found")
        return named

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
