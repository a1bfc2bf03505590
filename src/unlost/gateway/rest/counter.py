"""What every call needs to hand: who answers, as which device and version, and from which file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from unlost.gateway.clerk import Clerk
from unlost.gateway.counts import Counts
from unlost.gateway.engines import Engine
from unlost.gateway.events import Device
from unlost.gateway.faults import Faults
from unlost.gateway.outbox import Outbox
from unlost.gateway.population import Population
from unlost.gateway.settings import GatewaySettings
from unlost.gateway.versions import Version


@dataclass(frozen=True)
class Counter:
    """The hands behind the REST API. *outbox* gives None where nothing is kept: in GOWA's temper, and before the start."""

    settings: GatewaySettings
    engine: Engine
    population: Population
    clerk: Clerk
    faults: Faults
    counts: Counts
    started_at: datetime
    outbox: Callable[[], Outbox | None] = lambda: None

    @property
    def device(self) -> Device:
        """The linked account."""
        return self.settings.linked_device

    @property
    def version(self) -> Version:
        """The version whose answers are given."""
        return self.settings.spoken_version
