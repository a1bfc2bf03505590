"""A device removed: the one way of it, for the REST API and for the pages."""

from __future__ import annotations

from unlost.gateway.devices import LiveDevice
from unlost.gateway.engines.port import EngineAway, NotStarted
from unlost.gateway.rest.asking import bounded
from unlost.gateway.rest.counter import Counter


async def remove(counter: Counter, live: LiveDevice) -> None:
    """Unlinked where WhatsApp can be told so; its chat storage is gone (GOWA page, 4). Raises the engine's other errors."""
    if live.jid:
        try:
            await bounded(live.engine.logout(), counter.settings.call_wait_s)
        except (EngineAway, NotStarted, TimeoutError):
            pass  # the phone still lists it, and drops it after some days of silence
    await counter.devices.remove(live)
