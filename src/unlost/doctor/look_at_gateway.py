"""Asks the gateway; every question only reads, and none is put to WhatsApp."""

from datetime import timezone

from unlost.doctor.asking import tried
from unlost.doctor.sights import GatewaySight, Trouble
from unlost.doctor.timed_http import TimedHttp
from unlost.gowa.client import GowaClient
from unlost.gowa.set_up import About, Device
from unlost.gowa.storage_time import zone_in
from unlost.vocabulary.addresses import Address

UNKNOWN_DEVICE = (400, 404, 503)
"""DEVICE_ID_REQUIRED, DEVICE_NOT_FOUND, DEVICE_MANAGER_UNAVAILABLE (GOWA page 3.1); its list of devices tells them from no GOWA."""


async def look_at_gateway(client: GowaClient, http: TimedHttp, device: Address | None) -> GatewaySight:
    """At most 9 calls. Never raises for what the gateway answers or does not."""
    asking = client.set_up
    status = await tried(client.status())
    if isinstance(status, Trouble):
        devices = await tried(asking.devices()) if status.status in UNKNOWN_DEVICE else None
        return GatewaySight(status=status, devices=devices, clock_off_s=http.off_s)
    about = await tried(asking.about())
    devices = await tried(asking.devices())
    name = name_of(devices, device) if isinstance(devices, tuple) else None
    page = await tried(client.chats(0))
    stamps = [] if isinstance(page, Trouble) else [zone_in(chat.stamp) for chat in page]
    zone = next((zone for zone in stamps if zone is not None), None)
    told = about if isinstance(about, About) else About(None, None)
    title = await tried(asking.title_version()) if told.version is None else None
    return GatewaySight(
        status=status,
        version=told.version or (title if isinstance(title, tuple) else None),
        forwards=told.forwards,
        asks_for_password=await tried(asking.asks_for_password()),
        devices=devices,
        webhook=None if name is None else await tried(asking.webhook_of(name)),
        forwarder=None if name is None else await tried(asking.forwarder_of(name)),
        stored_chats=page if isinstance(page, Trouble) else len(page),
        zone_s=None if zone is None else offset_s(zone),
        clock_off_s=http.off_s,
    )


def name_of(devices: tuple[Device, ...], device: Address | None) -> str | None:
    """Under which name the gateway keeps *device*; where there is only one account, that one's."""
    found = [one.name for one in devices if device is not None and one.address == device]
    if found:
        return found[0]
    return devices[0].name if len(devices) == 1 else None


def offset_s(zone: timezone) -> float:
    """Seconds east of UTC."""
    offset = zone.utcoffset(None)
    assert offset is not None, "a fixed zone has an offset"
    return offset.total_seconds()
