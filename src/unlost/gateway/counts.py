"""What the gateway counts about itself, for `/metrics`."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter


class Counts:
    """The counters of one gateway, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.panics = Counter(
            "unlost_gateway_engine_panics", "Panics of the engine, contained or not", ["call"], registry=self.registry
        )
        self.webhooks = Counter(
            "unlost_gateway_webhooks", "Webhooks that ended, by how", ["outcome"], registry=self.registry
        )
        self.accepted = Counter(
            "unlost_gateway_events", "Events taken from WhatsApp's offline queue", registry=self.registry
        )
