"""Happenings become lines and numbers; people stay out of both."""

import io
import json
import logging
import re
from collections.abc import Iterator

import pytest

from unlost.telemetry.doors import DurableAgain, NotDurable, TakenCounter, WebhookRefused
from unlost.telemetry.happenings import (
    REASON_OF,
    AttemptFailed,
    AvatarFailed,
    CallMade,
    ContactInfoFailed,
    CopyMet,
    EntryEnded,
    FallbackShown,
    FileFetched,
    Happening,
    OutcomeResolved,
)
from unlost.telemetry.log import Telemetry, hear_libraries, silent_telemetry, telemetry_on, trace_of
from unlost.telemetry.metrics import FAILURE_REASONS
from unlost.telemetry.shortening import short, without_numbers
from unlost.telemetry.sides import (
    Backlog,
    CircuitTurned,
    GatewayRestarted,
    GatewaySeen,
    HelpdeskSeen,
    JournalSeen,
    ReconcileFailed,
    ReconcileWhole,
)

SECTION_9 = [
    "whatsapp_web_avatar_fetch_panics_total",
    "whatsapp_web_api_connection_failures_total",
    "whatsapp_web_message_processing_failures_total",
    "whatsapp_web_signature_invalid_total",
    "whatsapp_web_message_sent_total",
    "whatsapp_web_media_downloaded_total",
    "whatsapp_web_webhook_duration_seconds",
    "unlost_entries_total",
    "unlost_backlog_entries",
    "unlost_backlog_age_seconds",
    "unlost_delivery_seconds",
    "unlost_calls_total",
    "unlost_dead_letters",
    "unlost_circuit_open",
    "unlost_unknown_outcomes_total",
    "unlost_duplicates_total",
    "unlost_late_total",
    "unlost_gateway_up",
    "unlost_gateway_logged_in",
    "unlost_gateway_restarts_total",
    "unlost_helpdesk_up",
    "unlost_journal_wal_bytes",
]


def lines_of(*happenings: Happening, verbose: bool = False) -> list[dict[str, object]]:
    stream = io.StringIO()
    telemetry = telemetry_on(stream, as_json=True, verbose=verbose)
    for happening in happenings:
        telemetry.tell(happening)
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def value(telemetry: Telemetry, name: str, **labels: str) -> float | None:
    return telemetry.metrics.registry.get_sample_value(name, labels)


def test_every_metric_of_the_design_stands_on_the_page() -> None:
    page = silent_telemetry().metrics.page().decode()
    assert [name for name in SECTION_9 if not re.search(rf"^# TYPE {name} ", page, re.MULTILINE)] == []


def test_contact_info_failed_keeps_the_shape_of_the_incident() -> None:
    (line,) = lines_of(
        ContactInfoFailed(
            context="message",
            phone_number="5511987654321@s.whatsapp.net",
            error="connection_refused",
            message="nobody listens at 127.0.0.1",
            message_id="3EB0C767D097B7C7C0",
            fallback_used="push_name",
        )
    )
    assert {name: said for name, said in line.items() if name != "timestamp"} == {
        "event": "contact_info.failed",
        "level": "warning",
        "context": "message",
        "phone_number": "…4321",
        "error": "connection_refused",
        "message": "nobody listens at 127.0.0.1",
        "message_id": "3EB0C767D097B7C7C0",
        "fallback_used": "push_name",
    }


def test_avatar_failed_keeps_the_shape_of_the_incident() -> None:
    (line,) = lines_of(AvatarFailed(jid="5511987654321@s.whatsapp.net", error="engine_crashed", panic_recovered=True))
    assert {name: said for name, said in line.items() if name != "timestamp"} == {
        "event": "avatar.failed",
        "level": "warning",
        "jid": "…4321",
        "error": "engine_crashed",
        "panic_recovered": True,
    }


@pytest.mark.parametrize(
    ("happening", "metric", "labels", "expected"),
    [
        (AvatarFailed("a@lid", "engine_crashed", True), "whatsapp_web_avatar_fetch_panics_total", {}, 1),
        (AvatarFailed("a@lid", "timeout", False), "whatsapp_web_avatar_fetch_panics_total", {}, 0),
        (
            CallMade("gateway", "avatar", "broken"),
            "whatsapp_web_api_connection_failures_total",
            {"endpoint": "avatar"},
            1,
        ),
        (
            CallMade("gateway", "info", "timeout"),
            "whatsapp_web_api_connection_failures_total",
            {"endpoint": "status"},
            1,
        ),
        (FileFetched("a", "downloaded"), "whatsapp_web_media_downloaded_total", {"status": "downloaded"}, 1),
        (FileFetched("a", "too_large"), "whatsapp_web_media_downloaded_total", {"status": "too_large"}, 1),
        (CallMade("gateway", "media", "ok"), "whatsapp_web_media_downloaded_total", {"status": "downloaded"}, 0),
        (
            CallMade("gateway", "avatar", "500"),
            "whatsapp_web_api_connection_failures_total",
            {"endpoint": "avatar"},
            0,
        ),
        (
            AttemptFailed("a", "in", 1, "PostMessage", "flood", 0, 60),
            "whatsapp_web_message_processing_failures_total",
            {"reason": "rate_limited"},
            1,
        ),
        (
            WebhookRefused("a", "gateway", 401, "not signed"),
            "whatsapp_web_signature_invalid_total",
            {"side": "gateway"},
            1,
        ),
        (
            WebhookRefused("a", "gateway", 413, "too large"),
            "whatsapp_web_signature_invalid_total",
            {"side": "gateway"},
            0,
        ),
        (NotDurable("a", "disk full"), "unlost_journal_writable", {}, 0),
        (
            EntryEnded("a", "in", 1, "delivered", 0.2),
            "unlost_entries_total",
            {"channel": "a", "direction": "in", "verdict": "delivered"},
            1,
        ),
        (EntryEnded("a", "in", 1, "delivered", 0.2), "unlost_delivery_seconds_count", {"direction": "in"}, 1),
        (EntryEnded("a", "in", 1, "delivered", 9, is_late=True), "unlost_late_total", {"channel": "a"}, 1),
        (
            OutcomeResolved("helpdesk", 1, "PostMessage", "found"),
            "unlost_unknown_outcomes_total",
            {"side": "helpdesk", "resolution": "found"},
            1,
        ),
        (FallbackShown("a", 1, "empty"), "unlost_fallbacks_total", {"channel": "a", "what": "empty"}, 1),
        (CopyMet("a", "sweep"), "unlost_duplicates_total", {"where": "sweep"}, 1),
        (GatewaySeen("a", True, False), "unlost_gateway_up", {"channel": "a"}, 1),
        (GatewaySeen("a", True, False), "unlost_gateway_logged_in", {"channel": "a"}, 0),
        (GatewayRestarted("a"), "unlost_gateway_restarts_total", {"channel": "a"}, 1),
        (HelpdeskSeen("a", False), "unlost_helpdesk_up", {"channel": "a"}, 0),
        (ReconcileFailed("a", "broken"), "unlost_reconcile_failing", {"channel": "a"}, 1),
        (ReconcileWhole("a"), "unlost_reconcile_failing", {"channel": "a"}, 0),
        (CircuitTurned("h:80", True), "unlost_circuit_open", {"host": "h:80"}, 1),
        (Backlog("a", 7, 3.5, 2, 1), "unlost_backlog_entries", {"channel": "a"}, 7),
        (Backlog("a", 7, 3.5, 2, 1), "unlost_backlog_age_seconds", {"channel": "a"}, 3.5),
        (Backlog("a", 7, 3.5, 2, 1), "unlost_dead_letters", {"channel": "a"}, 2),
        (Backlog("a", 7, 3.5, 2, 1, 4), "unlost_contradicting_pairings", {"channel": "a"}, 4),
        (JournalSeen(4096, 10**9), "unlost_journal_wal_bytes", {}, 4096),
    ],
)
def test_a_happening_moves_its_metric(
    happening: Happening, metric: str, labels: dict[str, str], expected: float
) -> None:
    telemetry = silent_telemetry()
    telemetry.tell(happening)
    assert value(telemetry, metric, **labels) == expected


def test_a_late_copy_that_stands_nowhere_was_late_for_nobody() -> None:
    telemetry = silent_telemetry()
    telemetry.metrics.introduce(["a"])
    telemetry.tell(EntryEnded("a", "in", 1, "skipped", 9, "duplicate", is_late=True))
    assert value(telemetry, "unlost_late_total", channel="a") == 0


def test_every_cause_has_a_reason_of_the_closed_list() -> None:
    assert set(REASON_OF.values()) == set(FAILURE_REASONS)


def test_counters_of_a_known_channel_stand_at_zero_before_anything_happens() -> None:
    telemetry = silent_telemetry()
    telemetry.metrics.introduce(["support"])
    assert value(telemetry, "unlost_gateway_restarts_total", channel="support") == 0
    assert value(telemetry, "unlost_entries_total", channel="support", direction="in", verdict="dead") == 0


def test_a_journal_counts_as_writable_again_from_its_first_commit_on() -> None:
    telemetry = silent_telemetry()
    telemetry.tell(NotDurable("a", "disk full"))
    telemetry.tell(DurableAgain("a"))
    assert value(telemetry, "unlost_journal_writable") == 1


def test_webhooks_that_were_kept_are_counted_by_side_and_channel() -> None:
    telemetry = silent_telemetry()
    TakenCounter(telemetry.metrics, "a", "gateway", opened_at=16.0).count(0.004, 17.0)
    TakenCounter(telemetry.metrics, "a", "helpdesk", opened_at=16.0).count(0.004, 18.0)
    assert value(telemetry, "whatsapp_web_webhook_duration_seconds_count", side="gateway") == 1
    assert value(telemetry, "unlost_gateway_last_webhook_timestamp_seconds", channel="a") == 17


def test_a_webhooks_time_falls_into_the_first_bucket_that_holds_it_and_all_above() -> None:
    telemetry = silent_telemetry()
    for seconds in (0.001, 0.004, 99.0):
        telemetry.metrics.webhook_seconds.labels("gateway").observe(seconds)
    buckets = {
        le: value(telemetry, "whatsapp_web_webhook_duration_seconds_bucket", side="gateway", le=le)
        for le in ("0.001", "0.002", "0.005", "10.0", "+Inf")
    }
    assert buckets == {"0.001": 1, "0.002": 1, "0.005": 2, "10.0": 2, "+Inf": 3}
    assert value(telemetry, "whatsapp_web_webhook_duration_seconds_sum", side="gateway") == pytest.approx(99.005)


def test_a_gateways_silence_counts_from_the_opening_of_the_door() -> None:
    telemetry = silent_telemetry()
    TakenCounter(telemetry.metrics, "a", "gateway", opened_at=16.0)
    assert value(telemetry, "unlost_gateway_last_webhook_timestamp_seconds", channel="a") == 16


def test_what_happens_every_few_seconds_is_counted_and_not_written() -> None:
    assert lines_of(Backlog("a", 7, 3.5, 2, 1), verbose=True) == []


def test_calls_are_written_only_when_asked_for() -> None:
    call = CallMade("gateway", "avatar", "200")
    assert lines_of(call) == []
    assert len(lines_of(call, verbose=True)) == 1


def test_a_number_in_a_sentence_is_shortened() -> None:
    (line,) = lines_of(WebhookRefused("a", "gateway", 400, "no chat for 5511987654321@s.whatsapp.net"))
    assert line["why"] == "no chat for …4321@s.whatsapp.net"


def test_a_terminal_gets_a_readable_line() -> None:
    stream = io.StringIO()
    telemetry_on(stream, as_json=False).tell(GatewayRestarted("support"))
    assert "gateway.restarted" in stream.getvalue()
    assert not stream.getvalue().startswith("{")


def test_a_full_disk_under_the_log_stops_nothing() -> None:
    class Full(io.StringIO):
        def flush(self) -> None:
            raise OSError(28, "No space left on device")

    telemetry = telemetry_on(Full(), as_json=True)
    telemetry.tell(GatewayRestarted("support"))
    assert value(telemetry, "unlost_gateway_restarts_total", channel="support") == 1


def test_a_lone_surrogate_becomes_a_valid_line() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="utf-8")
    telemetry_on(stream, as_json=True).tell(WebhookRefused("a", "gateway", 400, "\ud800"))
    assert json.loads(raw.getvalue())["why"] == "\ud800"


def test_a_trace_says_where_and_not_what() -> None:
    try:
        raise ValueError("the customer's words")
    except ValueError as error:
        trace = trace_of(error)
    assert "test_telemetry.py" in trace
    assert trace.endswith("ValueError")
    assert "words" not in trace


@pytest.fixture
def _root_logger() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level


@pytest.mark.usefixtures("_root_logger")
def test_what_a_library_warns_of_is_a_line_without_its_text() -> None:
    stream = io.StringIO()
    hear_libraries(telemetry_on(stream, as_json=True))
    logging.getLogger("asyncio").warning("got %r", "the customer's words")
    assert json.loads(stream.getvalue())["library"] == "asyncio"
    assert "words" not in stream.getvalue()


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("5511987654321@s.whatsapp.net", "…4321"),
        ("5511987654321:3@s.whatsapp.net", "…4321"),
        ("251556368777322@lid", "…7322"),
        ("123456@g.us", "…"),
        ("", "…"),
    ],
)
def test_only_the_last_four_digits_are_shown(address: str, shown: str) -> None:
    assert short(address) == shown


def test_small_numbers_stay() -> None:
    assert without_numbers("entry 123456, +5511987654321") == "entry 123456, +…4321"
