"""Every metric of the program, on a registry of its own: two bridges in one process (as in tests) share nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import product

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

from unlost.telemetry.quick_histogram import QuickHistogram

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4

ENDPOINTS = ("contact_info", "avatar", "group_info", "status", "media", "chats", "messages", "send")
FAILURE_REASONS = (
    "connection_refused",
    "timeout",
    "dns",
    "tls",
    "http_4xx",
    "http_5xx",
    "rate_limited",
    "unreadable",
    "bug",
)
DIRECTIONS = ("in", "out", "look", "chore", "media")
FILE_OUTCOMES = ("downloaded", "too_large", "picture_bomb", "refused", "failed")
VERDICTS = ("delivered", "skipped", "postponed", "dead")
SIDES = ("gateway", "helpdesk")
PLACES_OF_COPIES = ("door", "delivery", "sweep", "second_forwarder")
RESOLUTIONS = ("found", "absent", "asked_a_person")
SENT_OR_NOT = ("sent", "failed")
FALLBACKS = ("empty", "unknown")
"""Told without content, as polls are; or of a kind that nobody knows yet."""

# GOWA ends a try after 10 s and Chatwoot after 5 s; the door's own budget is milliseconds.
WEBHOOK_BUCKETS_S = (0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 2.5, 5, 10)
# From a delivery at once to days of patience.
DELIVERY_BUCKETS_S = (0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800, 7200, 43200, 172800)


disable_created_metrics()  # type: ignore[no-untyped-call]  # its own lack; when a counter was made is nobody's question, and doubles the page


@dataclass(frozen=True, slots=True)
class Metrics:
    """Design section 9, name by name. Counters of closed sets stand at 0 from the start, so that a first event is a rise."""

    registry: CollectorRegistry = field(default_factory=lambda: CollectorRegistry(auto_describe=False))
    avatar_panics: Counter = field(init=False)
    connection_failures: Counter = field(init=False)
    processing_failures: Counter = field(init=False)
    signature_invalid: Counter = field(init=False)
    messages_sent: Counter = field(init=False)
    media_downloaded: Counter = field(init=False)
    webhook_seconds: QuickHistogram = field(init=False)
    webhooks_refused: Counter = field(init=False)
    last_webhook_at: Gauge = field(init=False)
    entries: Counter = field(init=False)
    backlog_entries: Gauge = field(init=False)
    backlog_age_seconds: Gauge = field(init=False)
    delivery_seconds: Histogram = field(init=False)
    calls: Counter = field(init=False)
    dead_letters: Gauge = field(init=False)
    circuit_open: Gauge = field(init=False)
    pool_blocked: Gauge = field(init=False)
    unknown_outcomes: Counter = field(init=False)
    duplicates: Counter = field(init=False)
    late: Counter = field(init=False)
    fallbacks: Counter = field(init=False)
    gaps_open: Gauge = field(init=False)
    reconcile_failing: Gauge = field(init=False)
    contradicting_pairings: Gauge = field(init=False)
    gateway_up: Gauge = field(init=False)
    gateway_logged_in: Gauge = field(init=False)
    gateway_restarts: Counter = field(init=False)
    helpdesk_up: Gauge = field(init=False)
    journal_wal_bytes: Gauge = field(init=False)
    journal_writable: Gauge = field(init=False)
    journal_disk_free_bytes: Gauge = field(init=False)
    notices: Counter = field(init=False)
    heartbeats: Counter = field(init=False)

    def __post_init__(self) -> None:
        for name, metric in _made(self.registry).items():
            object.__setattr__(self, name, metric)
        for endpoint in ENDPOINTS:
            self.connection_failures.labels(endpoint)
        for reason in FAILURE_REASONS:
            self.processing_failures.labels(reason)
        for side, resolution in product(SIDES, RESOLUTIONS):
            self.unknown_outcomes.labels(side, resolution)
        for place in PLACES_OF_COPIES:
            self.duplicates.labels(place)
        for side in SIDES:
            self.signature_invalid.labels(side)
            self.webhook_seconds.labels(side)
        for outcome in FILE_OUTCOMES:
            self.media_downloaded.labels(outcome)
        for outcome in SENT_OR_NOT:
            self.notices.labels(outcome)
            self.heartbeats.labels(outcome)
        self.journal_writable.set(1)
        self.journal_disk_free_bytes.set(float("nan"))  # not known before the first look; 0 would be an alarm

    def introduce(self, channels: Iterable[str]) -> None:
        """Let the metrics of these channels stand at 0."""
        for channel in channels:
            for direction, verdict in product(DIRECTIONS, VERDICTS):
                self.entries.labels(channel, direction, verdict)
            self.gateway_restarts.labels(channel)
            self.late.labels(channel)
            for what in FALLBACKS:
                self.fallbacks.labels(channel, what)
            for gauge in self._of_channels():
                gauge.labels(channel)

    def _of_channels(self) -> tuple[Gauge, ...]:
        backlog = (self.backlog_entries, self.backlog_age_seconds, self.dead_letters)
        return (*backlog, self.gaps_open, self.reconcile_failing, self.contradicting_pairings)

    def page(self) -> bytes:
        """All of it, as Prometheus reads it (see CONTENT_TYPE)."""
        return generate_latest(self.registry)


def _made(registry: CollectorRegistry) -> dict[str, Counter | Gauge | Histogram | QuickHistogram]:
    def counter(name: str, says: str, *labels: str) -> Counter:
        return Counter(name, says, labels, registry=registry)

    def gauge(name: str, says: str, *labels: str) -> Gauge:
        return Gauge(name, says, labels, registry=registry)

    return {
        "avatar_panics": counter(
            "whatsapp_web_avatar_fetch_panics_total", "Look-ups of a picture that ended in a panic of the gateway"
        ),
        "connection_failures": counter(
            "whatsapp_web_api_connection_failures_total", "Calls to a gateway that got no whole answer", "endpoint"
        ),
        "processing_failures": counter(
            "whatsapp_web_message_processing_failures_total", "Attempts that ended without effect", "reason"
        ),
        "signature_invalid": counter(
            "whatsapp_web_signature_invalid_total", "Webhooks answered 401: not signed with our secret", "side"
        ),
        "messages_sent": counter("whatsapp_web_message_sent_total", "Messages handed to WhatsApp", "status"),
        "media_downloaded": counter(
            "whatsapp_web_media_downloaded_total", "Tries to fetch a file from a gateway", "status"
        ),
        "webhook_seconds": QuickHistogram(
            "whatsapp_web_webhook_duration_seconds",
            "From a webhook's first byte to its answer",
            "side",
            WEBHOOK_BUCKETS_S,
            registry,
        ),
        "webhooks_refused": counter(
            "unlost_webhooks_refused_total", "Webhooks not answered 2xx, by status", "side", "status"
        ),
        "last_webhook_at": gauge(
            "unlost_gateway_last_webhook_timestamp_seconds",
            "When a gateway last told us something, or the door opened",
            "channel",
        ),
        "entries": counter("unlost_entries_total", "Attempts by how they ended", "channel", "direction", "verdict"),
        "backlog_entries": gauge("unlost_backlog_entries", "Entries that wait", "channel"),
        "backlog_age_seconds": gauge("unlost_backlog_age_seconds", "How long the oldest of them waits", "channel"),
        "delivery_seconds": Histogram(
            "unlost_delivery_seconds",
            "From the door to the effect",
            ["direction"],
            registry=registry,
            buckets=DELIVERY_BUCKETS_S,
        ),
        "calls": counter("unlost_calls_total", "Calls by outcome", "side", "endpoint", "outcome"),
        "dead_letters": gauge("unlost_dead_letters", "Entries that ended without effect and are kept", "channel"),
        "circuit_open": gauge("unlost_circuit_open", "1 while a host is not called", "host"),
        "pool_blocked": gauge(
            "unlost_pool_blocked", "1 while nothing passes until a person acts", "channel", "direction"
        ),
        "unknown_outcomes": counter(
            "unlost_unknown_outcomes_total", "Once-only steps whose answer was lost", "side", "resolution"
        ),
        "duplicates": counter("unlost_duplicates_total", "Copies kept out or removed", "where"),
        "late": counter("unlost_late_total", "Messages that came after their place had passed", "channel"),
        "fallbacks": counter(
            "unlost_fallbacks_total", "Messages of which a line says that they can't be shown", "channel", "what"
        ),
        "gaps_open": gauge("unlost_gaps_open", "Times in which something may be missed, not yet reconciled", "channel"),
        "reconcile_failing": gauge(
            "unlost_reconcile_failing", "1 while not all of the gateway's storage can be compared", "channel"
        ),
        "contradicting_pairings": gauge(
            "unlost_contradicting_pairings", "LIDs told with another number than known; joined nothing", "channel"
        ),
        "gateway_up": gauge("unlost_gateway_up", "1 while the gateway answers", "channel"),
        "gateway_logged_in": gauge("unlost_gateway_logged_in", "1 while its device is logged in", "channel"),
        "gateway_restarts": counter("unlost_gateway_restarts_total", "Restarts of the gateway we noticed", "channel"),
        "helpdesk_up": gauge("unlost_helpdesk_up", "1 while the helpdesk answers", "channel"),
        "journal_wal_bytes": gauge("unlost_journal_wal_bytes", "Size of the journal's write-ahead log"),
        "journal_writable": gauge("unlost_journal_writable", "0 while a webhook could not be made durable"),
        "journal_disk_free_bytes": gauge("unlost_journal_disk_free_bytes", "Free space where the journal lies"),
        "notices": counter("unlost_notices_total", "Notices to people, by whether the service took them", "outcome"),
        "heartbeats": counter("unlost_heartbeats_total", "Calls of notify.heartbeat_url", "outcome"),
    }
