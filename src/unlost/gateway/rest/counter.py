"""What every call needs to hand: the devices and their engines, in which version's words, and from which files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import apsw
from starlette.requests import Request

from unlost.gateway.clerk import Clerk
from unlost.gateway.counts import Counts
from unlost.gateway.devices import Devices, LiveDevice, UnknownDevice
from unlost.gateway.events import Device
from unlost.gateway.faults import Faults
from unlost.gateway.look_ups import Avatars, Paces
from unlost.gateway.outbox import Outbox
from unlost.gateway.population import Population
from unlost.gateway.rest.answers import Refusal
from unlost.gateway.rest.gate import named_device
from unlost.gateway.sends import Once
from unlost.gateway.settings import GatewaySettings, Temper
from unlost.gateway.storage import Storage
from unlost.gateway.versions import ENVELOPE_SINCE, Version


@dataclass(frozen=True, kw_only=True)
class Counter:
    """The hands behind the REST API. *connection*: chat storage. *simulated*: the account of the settings, where it is one.

    *outbox* gives None where nothing is kept: in GOWA's temper, and before the start.
    """

    settings: GatewaySettings
    devices: Devices
    connection: apsw.Connection
    simulated: Population | None
    clerk: Clerk
    faults: Faults
    counts: Counts
    once: Once
    avatars: Avatars
    paces: Paces
    outbox: Callable[[], Outbox | None] = lambda: None

    @property
    def version(self) -> Version:
        """The version whose answers are given."""
        return self.settings.spoken_version

    @property
    def is_ours(self) -> bool:
        """True where more is said and promised than GOWA does: in the durable temper."""
        return self.settings.temper is Temper.DURABLE

    def device(self, request: Request) -> LiveDevice:
        """The device a call is for: the one it names, or the only one there is. Raises Refusal (GOWA page, 3.1)."""
        named = named_device(request) if self.version >= ENVELOPE_SINCE else ""
        return self.slot(named) if named else self._only()

    def slot(self, name: str) -> LiveDevice:
        """The device of this name. Raises Refusal."""
        try:
            return self.devices.named(name)
        except UnknownDevice as error:
            raise Refusal(404, "DEVICE_NOT_FOUND", f"device {name[:100]} not found") from error

    def storage(self, request: Request) -> tuple[Storage, Device]:
        """The chat storage of the device a call is for, and its account. Raises Refusal where none was ever linked."""
        storage = self.device(request).storage
        if storage is None:
            raise Refusal(401, "AUTHENTICATION_ERROR", "you are not logged in to whatsapp")
        return storage, storage.device

    def _only(self) -> LiveDevice:
        try:
            return self.devices.only()
        except UnknownDevice as error:
            words = "name the device in the X-Device-Id header or in device_id"
            raise Refusal(400, "DEVICE_ID_REQUIRED", words) from error
