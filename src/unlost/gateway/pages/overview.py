"""`/`: the devices and how they are, what was told lately, who waits for it, and how the engines ended."""

from __future__ import annotations

from starlette.responses import Response

from unlost.gateway.engines.history import Ending
from unlost.gateway.pages.formats import receiver
from unlost.gateway.pages.site import Site
from unlost.gateway.pages.snapshot import DeviceView, Urgency
from unlost.gateway.pages.visits import Visit
from unlost.gateway.versions import printed

ENDINGS_SHOWN = 8


async def show(site: Site, visit: Visit) -> Response:
    """The whole page; its refresh takes only the panel out of it. Its title is GOWA's: 7.x tells its version nowhere else."""
    seen = await site.pulse.snapshot()
    facts = {
        "title": f"WhatsApp API {printed(site.counter.version)}",
        "seen": seen,
        "ill": [device for device in seen.devices if device.urgency is Urgency.BAD],
        "linked": any(device.is_linked for device in seen.devices),
        "endings": _endings(seen.devices),
        "restarts": sum(device.restarts for device in seen.devices),
        "panics": sum(device.panics for device in seen.devices),
        "resting": [(device, call) for device in seen.devices for call in device.resting],
        "receiver": receiver,
        "flash": _flash(visit),
    }
    return site.page(visit, "overview", facts)


def _endings(devices: tuple[DeviceView, ...]) -> list[tuple[DeviceView, Ending]]:
    """Of all engines, the newest first."""
    ended = [(device, ending) for device in devices for ending in device.endings]
    ended.sort(key=lambda pair: pair[1].at, reverse=True)
    return ended[:ENDINGS_SHOWN]


def _flash(visit: Visit) -> str:
    """What the deed before this page did; only words of ours."""
    return visit.words.done.get(visit.asked("done"), "")
