"""What the operator API answers, as plain values; their shapes are its OpenAPI document."""

from collections.abc import Mapping
from typing import Any

import msgspec

from unlost.journal.rows import ContradictionRow, Counts, EntryView, GapRow, PauseRow


class Channel(msgspec.Struct, frozen=True):
    """A channel in numbers. Times are epoch seconds; *late* came after their place had passed; *gateway_since* and
    *helpdesk_since*: since when each side has been seen as it stands.

    *background*: look-ups and chores, which delay no message and are in none of the other numbers but dead.
    """

    name: str
    waiting: int
    leased: int
    parked: int
    dead: int
    delivered: int
    skipped: int
    late: int
    oldest_waiting_s: float | None
    background: int
    paused: list[str]
    gateway_up: bool | None
    gateway_logged_in: bool | None
    helpdesk_up: bool | None
    gateway_connected: bool | None = None
    gateway_since: float | None = None
    helpdesk_since: float | None = None


class Gap(msgspec.Struct, frozen=True):
    """Between these times something may have been told while nobody listened; listed until reconcile has looked."""

    channel: str
    cause: str
    opened_at: float
    closed_at: float | None
    reconciled_at: float | None


class Pause(msgspec.Struct, frozen=True):
    """A direction of a channel that stands still. *blocked*: by the program (wrong credentials), else by a person."""

    channel: str
    direction: str
    blocked: bool
    reason: str
    since: float


class Contradiction(msgspec.Struct, frozen=True):
    """A LID told with another number than the one known (changed, or given to somebody else); joined nothing."""

    channel: str
    lid: str
    phone: str
    seen_at: float


class Status(msgspec.Struct, frozen=True):
    """Everything at a glance."""

    version: str
    since: float | None
    channels: list[Channel]
    gaps: list[Gap]
    pauses: list[Pause]
    contradictions: list[Contradiction]
    open_circuits: list[str]
    bridges: int


class Entry(msgspec.Struct, frozen=True):
    """One entry: received, tried, ended. Never its text."""

    id: int
    channel: str
    direction: str
    source: str
    kind: str
    chat: str
    sender: str | None
    whatsapp_id: str | None
    state: str
    verdict: str | None
    reason: str | None
    arrived_at: float
    told_at: float | None
    due_at: float | None
    settled_at: float | None
    attempts: int
    crashes: int
    late: bool
    failures: list[dict[str, Any]]
    helpdesk_messages: list[dict[str, Any]]


class Trace(msgspec.Struct, frozen=True):
    """What was received, or when the door was closed."""

    entries: list[Entry]
    gaps: list[Gap]
    door_open_since: float | None


class Entries(msgspec.Struct, frozen=True):
    """A list of dead letters."""

    entries: list[Entry]


class Changed(msgspec.Struct, frozen=True):
    """How many a verb touched; *preview*: would touch."""

    count: int
    preview: bool = False


class Forgotten(msgspec.Struct, frozen=True):
    """How many entries and links of a person are gone; *waits*: something of theirs is still to be worked, or needed by what is: ask
    again later.
    """

    count: int
    waits: bool


class Found(msgspec.Struct, frozen=True):
    """What reconcile saw in the gateway's storage, and what of it the journal had not."""

    channel: str
    looked_at: int
    appended: int
    error: str | None = None


class Reconciled(msgspec.Struct, frozen=True):
    """One result a channel."""

    channels: list[Found]


class Refusal(msgspec.Struct, frozen=True):
    """Why not, and the cure."""

    error: str


def entry_of(view: EntryView) -> Entry:
    """The journal's view, as answered."""
    return Entry(
        id=view.id,
        channel=view.channel,
        direction=view.direction,
        source=view.source,
        kind=view.kind,
        chat=view.chat,
        sender=view.sender,
        whatsapp_id=view.whatsapp_id,
        state=view.state,
        verdict=view.verdict,
        reason=view.reason,
        arrived_at=view.arrived_at,
        told_at=view.told_at,
        due_at=view.due_at,
        settled_at=view.settled_at,
        attempts=view.attempts,
        crashes=view.crashes,
        late=view.late,
        failures=[{"at": row.at, "step": row.step, "cause": row.cause, "text": row.text} for row in view.failures],
        helpdesk_messages=[
            {"conversation": link.conversation, "message": link.message, "part": link.part} for link in view.links
        ],
    )


def gap_of(row: GapRow) -> Gap:
    """The journal's row, as answered."""
    return Gap(row.channel, row.cause, row.opened_at, row.closed_at, row.reconciled_at)


def contradiction_of(row: ContradictionRow) -> Contradiction:
    """The journal's row, as answered."""
    return Contradiction(row.channel, row.lid, row.phone, row.seen_at)


DIRECTION_NAMES = {"in": "inbound", "out": "outbound", "look": "look-ups", "media": "files", "chore": "chores"}


def pause_of(row: PauseRow) -> Pause:
    """The journal's row, as answered."""
    return Pause(row.pool.channel, DIRECTION_NAMES[row.pool.direction], row.blocked, row.reason, row.since)


def channel_of(
    counts: Counts, pauses: list[Pause], sides: Mapping[str, bool | None], since: Mapping[str, float | None], now: float
) -> Channel:
    """Numbers, pauses and the watch's last word, together."""
    oldest = None if counts.oldest_waiting_at is None else max(0.0, now - counts.oldest_waiting_at)
    return Channel(
        name=counts.channel,
        waiting=counts.waiting,
        leased=counts.leased,
        parked=counts.parked,
        dead=counts.dead,
        delivered=counts.delivered,
        skipped=counts.skipped,
        late=counts.late,
        oldest_waiting_s=oldest,
        background=counts.background,
        paused=[pause.direction for pause in pauses if pause.channel == counts.channel],
        gateway_up=sides.get("gateway_up"),
        gateway_logged_in=sides.get("gateway_logged_in"),
        helpdesk_up=sides.get("helpdesk_up"),
        gateway_connected=sides.get("gateway_connected"),
        gateway_since=since.get("gateway"),
        helpdesk_since=since.get("helpdesk"),
    )
