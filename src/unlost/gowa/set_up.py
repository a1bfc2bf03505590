"""How the gateway is set up, as far as it tells: asked by whoever checks it, never by a message.

Facts: GOWA page 1.2, 2.4 and 3; its OpenAPI description at v9.2.0; src/views/index.html for the version that 7.x names nowhere else.
Most of GOWA's settings are in its environment alone, and no call tells them.
"""

import re
from dataclasses import dataclass, field
from urllib.parse import quote

import msgspec

from unlost.gowa.answers import items_of
from unlost.gowa.errors import says_no_path, unanswered
from unlost.gowa.readers.decoding import Shape
from unlost.gowa.readers.jids import address_of
from unlost.gowa.versions import Version, version_of
from unlost.gowa.wire import Wire
from unlost.transport import Answer, Call, TransportFailed
from unlost.vocabulary.addresses import Address

DEVICES_MAX = 200
"""More accounts than anybody runs in one gateway."""
PAGE_MAX_BYTES = 1024 * 1024
EVENTS_MAX_CHARS = 10_000
_TITLE = re.compile(rb"<title>[^<]{0,60}?(v?[0-9]{1,3}\.[0-9]{1,4}\.[0-9]{1,4})[^<]{0,20}</title>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class About:
    """`/app/info`. *forwards*: GOWA's own Chatwoot forwarder is switched on; None where it does not tell."""

    version: Version | None
    forwards: bool | None


@dataclass(frozen=True, slots=True)
class Device:
    """One account of the gateway: the name it is kept under, and its own address where it is linked."""

    name: str
    address: Address | None


@dataclass(frozen=True, slots=True)
class DeviceWebhook:
    """A webhook of one device's own, which replaces the global one (v8.10.0 and later). *events* empty: all of them."""

    url: str
    secret: str = field(repr=False)
    events: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Forwarder:
    """Where GOWA's own forwarder posts what one device receives."""

    url: str
    account_id: int
    inbox_id: int


class _About(msgspec.Struct):
    version: str = ""
    chatwoot_enabled: bool | None = None


class _Device(msgspec.Struct):
    id: str = ""
    jid: str = ""


class _Webhook(msgspec.Struct):
    webhook_url: str = ""
    webhook_secret: str = ""
    webhook_events: str = ""


class _Forwarder(msgspec.Struct):
    chatwoot_url: str = ""
    account_id: int = 0
    inbox_id: int = 0
    enabled: bool = False


_ABOUT, _WEBHOOK, _FORWARDER, _DEVICE = Shape(_About), Shape(_Webhook), Shape(_Forwarder), Shape(_Device)


class SetUp:
    """Questions about one gateway. Each is safe to repeat. Raises TryLater, Refused or Blocked unless it says otherwise."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def about(self) -> About | None:
        """None where this version has no such call."""
        return await self._wire.ask_for_fact("info", "/app/info", read_about, is_absent=says_no_path)

    async def title_version(self) -> Version | None:
        """The version in the title of its dashboard; None where there is no dashboard, or it names none."""
        answer = await self._get("/", with_credentials=True)
        match = _TITLE.search(answer.body) if answer.status == 200 else None
        return None if match is None else version_of(match[1].decode())

    async def devices(self) -> tuple[Device, ...] | None:
        """None where this version has only one account (before v8.0.0)."""
        return await self._wire.ask_for_fact("devices", "/devices", read_devices, is_absent=says_no_path)

    async def webhook_of(self, name: str) -> DeviceWebhook | None:
        """None where this version knows none (before v8.10.0), or the device has none of its own."""
        found = await self._wire.ask_for_fact(
            "device_webhook", f"/devices/{quote(name, safe='@:')}/webhook", read_webhook, is_absent=says_no_path
        )
        return found if found is not None and found.url else None

    async def forwarder_of(self, name: str) -> Forwarder | None:
        """None where none is set for this device, or it is switched off. What the environment sets for all is not told here."""
        return await self._wire.ask_for_fact(
            "forwarder", f"/devices/{quote(name, safe='@:')}/chatwoot/config", read_forwarder, is_absent=says_no_path
        )

    async def asks_for_password(self) -> bool:
        """Whether a stranger without credentials is sent away."""
        return (await self._get("/app/status", with_credentials=False)).status in (401, 403)

    async def _get(self, path: str, *, with_credentials: bool) -> Answer:
        account = self._wire.account
        headers = account.credentials() if with_credentials else {}
        call = Call("GET", account.at(path), account.timeout_s, headers=headers, answer_max_bytes=PAGE_MAX_BYTES)
        try:
            return await self._wire.http.send(call)
        except TransportFailed as failed:
            raise unanswered(f"GET {path}", failed) from failed


def read_about(results: msgspec.Raw) -> About:
    """`/app/info`."""
    about = _ABOUT.decode(results)
    return About(version_of(about.version), about.chatwoot_enabled)


def read_devices(results: msgspec.Raw) -> tuple[Device, ...]:
    """`/devices`."""
    devices = [_DEVICE.decode(item) for item in items_of(results)[:DEVICES_MAX]]
    return tuple(Device(one.id, address_of(one.jid)) for one in devices if one.id)


def read_webhook(results: msgspec.Raw) -> DeviceWebhook:
    """`/devices/{id}/webhook`."""
    told = _WEBHOOK.decode(results)
    events = tuple(event.strip() for event in told.webhook_events[:EVENTS_MAX_CHARS].split(",") if event.strip())
    return DeviceWebhook(told.webhook_url, told.webhook_secret, events)


def read_forwarder(results: msgspec.Raw) -> Forwarder | None:
    """`/devices/{id}/chatwoot/config`; None where it is switched off."""
    told = _FORWARDER.decode(results)
    return Forwarder(told.chatwoot_url, told.account_id, told.inbox_id) if told.enabled else None
