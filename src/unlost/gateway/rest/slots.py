"""`/devices…`: the slots, who is linked in them, and their settings."""

from __future__ import annotations

import uuid

from starlette.requests import Request
from starlette.responses import Response

from unlost.gateway import wire_rest
from unlost.gateway.devices import LiveDevice, TooManyDevices
from unlost.gateway.devices.live import DEVICES_MOST
from unlost.gateway.rest import query
from unlost.gateway.rest.answers import Refusal, answer, invalid
from unlost.gateway.rest.asking import ask
from unlost.gateway.rest.bodies import fields_of
from unlost.gateway.rest.counter import Counter
from unlost.gateway.rest.removing import remove
from unlost.gateway.rest.shown import shown_device
from unlost.gateway.rest.unable import unable

WEBHOOK_FIELDS = ("webhook_url", "webhook_secret", "webhook_events")


class Slots:
    """The calls that add, tell of and remove devices."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter

    async def all(self, request: Request) -> Response:
        shown = [shown_device(self._counter, live) for live in self._counter.devices]
        return answer("List devices", [wire_rest.device(one) for one in shown])

    async def add(self, request: Request) -> Response:
        """A slot with nothing linked; its QR or code comes from its login."""
        fields = await fields_of(request)
        if any(fields.text(name) for name in WEBHOOK_FIELDS):
            raise unable("a webhook of one device's own")
        named = query.device_name(fields.text("device_id") or str(uuid.uuid4()))
        if any(live.slot.id == named for live in self._counter.devices):
            raise invalid("device_id: there is such a device already.")
        try:
            live = await self._counter.devices.add(named, named)
        except TooManyDevices as error:
            raise invalid(f"device_id: there are {DEVICES_MOST} devices, as many as may be.") from error
        return answer("Device added", self._told(live))

    async def one(self, request: Request) -> Response:
        return answer("Device info", self._told(self._slot(request)))

    async def remove(self, request: Request) -> Response:
        await remove(self._counter, self._slot(request))
        return answer("Device removed")

    async def status(self, request: Request) -> Response:
        shown = shown_device(self._counter, self._slot(request))
        link = {"is_connected": shown.link.is_connected, "is_logged_in": shown.link.is_logged_in}
        return answer("Device status", {"device_id": shown.slot} | link | wire_rest.trouble(shown))

    async def logout(self, request: Request) -> Response:
        await ask(self._slot(request).engine.logout(), self._counter.settings.call_wait_s)
        return answer("Device logged out")

    async def reconnect(self, request: Request) -> Response:
        await ask(self._slot(request).engine.reconnect(), self._counter.settings.call_wait_s)
        return answer("Device reconnected")

    async def webhook(self, request: Request) -> Response:
        named, _ = str(request.path_params["device_id"]), self._slot(request)
        return answer(
            "Device webhook retrieved", wire_rest.device_webhook(named, self._counter.settings.device_webhook)
        )

    async def forwarder(self, request: Request) -> Response:
        """GOWA's Chatwoot config of one device; none is set here: the bridge does that."""
        named, _ = str(request.path_params["device_id"]), self._slot(request)
        raise Refusal(404, "CONFIG_NOT_FOUND", f"no chatwoot config for device {named}")

    async def forwarders(self, request: Request) -> Response:
        return answer("Chatwoot configs", [])

    def _slot(self, request: Request) -> LiveDevice:
        return self._counter.slot(str(request.path_params["device_id"]))

    def _told(self, live: LiveDevice) -> dict[str, object]:
        return wire_rest.device(shown_device(self._counter, live))
