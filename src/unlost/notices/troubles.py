"""What needs a person: the alert rules of deploy/prometheus once more, for those who run no Prometheus.

tests/unit/notices/test_same_as_rules.py holds both to the same names, waits and examples.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from unlost.notices.numbers import Labels, Numbers

Severity = Literal["warning", "high", "critical"]

WINDOW_S = 300.0
RESTART_WINDOW_S = 600.0
FAILURES_PER_S = 0.01
BAD_SIGNATURES_PER_S = 10 / 60
SILENT_S = 6 * 3600.0
BACKLOG_OLD_S = 900.0
MEBIBYTE = 1 << 20
DISK_LOW_BYTES = 1024 * MEBIBYTE
LOG_LARGE_BYTES = 256 * MEBIBYTE


@dataclass(frozen=True, slots=True)
class Found:
    """A trouble that is there now. *subject*: a channel, a side; empty where it is the program's."""

    subject: str
    says: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """*for_s*: how long it must be there without a break before anybody is told."""

    name: str
    severity: Severity
    for_s: float
    find: Callable[[Numbers], Iterator[Found]]


def _subject(labels: Labels) -> str:
    return " ".join(value for _, value in labels)


def _where(name: str, holds: Callable[[float], bool], says: str) -> Callable[[Numbers], Iterator[Found]]:
    """A gauge that holds; *says* may name its `{subject}`, its `{value}`, and that in `{mib}`."""

    def find(numbers: Numbers) -> Iterator[Found]:
        for labels, value in numbers.each(name):
            if holds(value):
                subject = _subject(labels)
                yield Found(subject, says.format(subject=subject, value=f"{value:.0f}", mib=f"{value / MEBIBYTE:.0f}"))

    return find


def _panics(numbers: Numbers) -> Iterator[Found]:
    if any(rise > 0 for _, rise in numbers.rises("whatsapp_web_avatar_fetch_panics_total", WINDOW_S)):
        yield Found("", "WhatsApp Web gateway is panicking on avatar fetch. Messages go on without pictures.")


def _failures(numbers: Numbers) -> Iterator[Found]:
    rises = numbers.rises("whatsapp_web_message_processing_failures_total", WINDOW_S)
    if sum(rise for _, rise in rises) / WINDOW_S > FAILURES_PER_S:
        waiting, dead = numbers.total("unlost_backlog_entries"), numbers.total("unlost_dead_letters")
        yield Found("", f"Attempts fail. {waiting:.0f} wait, {dead:.0f} are dead letters; nothing listed is lost.")


def _restarts(numbers: Numbers) -> Iterator[Found]:
    for labels, rise in numbers.rises("unlost_gateway_restarts_total", RESTART_WINDOW_S):
        if rise > 0:
            subject = _subject(labels)
            yield Found(subject, f"The gateway of {subject} has restarted; its storage is compared with the journal.")


def _logged_out(numbers: Numbers) -> Iterator[Found]:
    for labels, is_up in numbers.each("unlost_gateway_up"):
        if is_up == 1 and numbers.value("unlost_gateway_logged_in", labels) == 0:
            subject = _subject(labels)
            yield Found(
                subject, f"The WhatsApp number of {subject} is logged out; nothing comes in until it is linked."
            )


def _silent(numbers: Numbers) -> Iterator[Found]:
    for labels, told_at in numbers.each("unlost_gateway_last_webhook_timestamp_seconds"):
        if numbers.at - told_at > SILENT_S and numbers.value("unlost_gateway_logged_in", labels) == 1:
            subject = _subject(labels)
            yield Found(subject, f"The gateway of {subject} is logged in and has told nothing for six hours.")


def _blocked(numbers: Numbers) -> Iterator[Found]:
    """One a channel: what blocks messages blocks chores and receipts with them."""
    told = set[str]()
    for labels, blocked in sorted(
        numbers.each("unlost_pool_blocked"), key=lambda each: dict(each[0])["direction"] != "in"
    ):
        channel = dict(labels)["channel"]
        if blocked == 1 and channel not in told:
            told.add(channel)
            yield Found(channel, f"Nothing passes for {channel} ({dict(labels)['direction']}) until someone acts.")


def _bad_signatures(numbers: Numbers) -> Iterator[Found]:
    for labels, rise in numbers.rises("whatsapp_web_signature_invalid_total", WINDOW_S):
        if rise / WINDOW_S > BAD_SIGNATURES_PER_S:
            subject = _subject(labels)
            yield Found(subject, f"Webhooks at the {subject} door are not signed with our secret.")


def _reconcile_failing(numbers: Numbers) -> Iterator[Found]:
    for labels, is_failing in numbers.each("unlost_reconcile_failing"):
        if is_failing == 1 and numbers.value("unlost_gateway_up", labels) == 1:
            subject = _subject(labels)
            yield Found(
                subject, f"{subject}: not all of the gateway's storage can be compared; see `unlost reconcile`."
            )


TROUBLES: tuple[Trouble, ...] = (
    Trouble("WhatsAppWebGatewayPanics", "critical", 0, _panics),
    Trouble("WhatsAppWebMessageLoss", "high", 0, _failures),
    Trouble("WhatsAppWebGatewayRestarting", "warning", 0, _restarts),
    Trouble("WhatsAppWebDeviceLoggedOut", "critical", 120, _logged_out),
    Trouble(
        "WhatsAppWebGatewayAway",
        "critical",
        300,
        _where("unlost_gateway_up", lambda up: up == 0, "The gateway of {subject} does not answer; nothing comes in."),
    ),
    Trouble("WhatsAppWebGatewaySilent", "warning", 600, _silent),
    Trouble("WhatsAppWebSignatureFailures", "warning", 0, _bad_signatures),
    Trouble(
        "UnlostHelpdeskAway",
        "warning",
        300,
        _where("unlost_helpdesk_up", lambda up: up == 0, "The helpdesk of {subject} does not answer; messages wait."),
    ),
    Trouble("UnlostBlocked", "critical", 0, _blocked),
    Trouble(
        "UnlostBacklogOld",
        "warning",
        300,
        _where(
            "unlost_backlog_age_seconds",
            lambda age_s: age_s > BACKLOG_OLD_S,
            "A message of {subject} has waited for {value} s.",
        ),
    ),
    Trouble(
        "UnlostDeadLetters",
        "warning",
        0,
        _where("unlost_dead_letters", lambda dead: dead > 0, "{subject} has {value} dead letters; they are kept."),
    ),
    Trouble(
        "UnlostGapOpen",
        "warning",
        1800,
        _where(
            "unlost_gaps_open",
            lambda gaps: gaps > 0,
            "{subject}: the gateway's storage could not be compared for half an hour.",
        ),
    ),
    Trouble("UnlostReconcileFailing", "warning", 1800, _reconcile_failing),
    Trouble(
        "UnlostJournalNotWritable",
        "critical",
        0,
        _where(
            "unlost_journal_writable",
            lambda writable: writable == 0,
            "The journal cannot be written; webhooks are answered 503.",
        ),
    ),
    Trouble(
        "UnlostDiskLow",
        "critical",
        300,
        _where(
            "unlost_journal_disk_free_bytes",
            lambda free: free < DISK_LOW_BYTES,
            "Only {mib} MiB are free where the journal lies.",
        ),
    ),
    Trouble(
        "UnlostJournalLogLarge",
        "warning",
        600,
        _where(
            "unlost_journal_wal_bytes",
            lambda size: size > LOG_LARGE_BYTES,
            "The journal's log file has grown to {mib} MiB.",
        ),
    ),
)
