"""What the supervisors count, in the gateway's own registry."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge


class EngineCounts:
    """Made once per gateway; every device has its own labels."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.deaths = Counter(
            "unlost_gateway_worker_deaths", "Workers that ended, by why", ["device", "reason"], registry=registry
        )
        self.restarts = Counter(
            "unlost_gateway_worker_restarts", "Workers started again after one ended", ["device"], registry=registry
        )
        self.crash_loops = Counter(
            "unlost_gateway_crash_loops", "Times that restarts followed too closely", ["device"], registry=registry
        )
        self.panics = Counter(
            "unlost_gateway_calls_crashed", "Calls under way when their worker ended", ["verb"], registry=registry
        )
        self.avatar_panics = Counter(
            "whatsapp_web_avatar_fetch_panics", "Panics of the engine while it fetched a picture", registry=registry
        )
        self.quarantined = Counter(
            "unlost_gateway_calls_quarantined", "Calls that ended two workers and rest", ["verb"], registry=registry
        )
        self.up = Gauge("unlost_gateway_worker_up", "1 while the device's worker speaks", ["device"], registry=registry)
        self.logged_in = Gauge(
            "unlost_gateway_device_logged_in", "1 while the device is logged in", ["device"], registry=registry
        )
        self.held = Gauge(
            "unlost_gateway_receipts_held", "Receipts that wait for their message", ["device"], registry=registry
        )
        self.released = Gauge(
            "unlost_gateway_receipts_released",
            "Receipts that left without their message, in the record",
            ["device"],
            registry=registry,
        )
        self.unrecovered = Counter(
            "unlost_gateway_messages_unrecovered",
            "Messages that came and could not be read within ten minutes",
            ["device"],
            registry=registry,
        )
        self.replayed = Gauge(
            "unlost_gateway_messages_replayed",
            "Messages that came again and were dropped, having been read before",
            ["device"],
            registry=registry,
        )
        self.untranslated = Gauge(
            "unlost_gateway_untranslated",
            "What was told and is kept raw, no event made of it",
            ["device"],
            registry=registry,
        )
        self.engine = Gauge(
            "unlost_gateway_engine_info",
            "Always 1; its labels say which engine",
            ["engine", "version"],
            registry=registry,
        )

    def meet(self, device: str) -> None:
        """Let what counts for alarms stand at 0 for *device*, so that its first rise is seen as one."""
        for counter in (self.unrecovered, self.crash_loops, self.restarts):
            counter.labels(device)
