"""A live device as the wire tells it."""

from __future__ import annotations

from unlost.gateway.devices import LiveDevice
from unlost.gateway.rest.counter import Counter
from unlost.gateway.wire_json import rfc3339
from unlost.gateway.wire_rest import ShownDevice


def shown_device(counter: Counter, live: LiveDevice) -> ShownDevice:
    """*live* now; GOWA's own temper says nothing of causes and cures."""
    return ShownDevice(
        slot=live.slot.id,
        name=live.slot.name,
        jid=live.jid,
        created_at=rfc3339(live.slot.created_at),
        link=live.engine.link(),
        says_why=counter.is_ours,
    )
