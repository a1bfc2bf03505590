"""Rows as frozen values. No driver row and no driver exception leaves this room."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from math import inf
from typing import NewType

import msgspec

from unlost.vocabulary.addresses import Address
from unlost.vocabulary.envelopes import Direction, Envelope, Kind, Pairing, Source
from unlost.vocabulary.facts import Facts
from unlost.vocabulary.ids import ChannelName, EntryId, HelpdeskMessageId, LaneId, WhatsAppId
from unlost.vocabulary.links import ChatLink, Known, MessageLink

HolderId = NewType("HolderId", str)
"""One running bridge process, for its lifetime: host and random part."""


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """What the journal must know of a channel; written at every start. *helpdesk* names whose message ids share one sequence."""

    name: ChannelName
    device: Address | None
    helpdesk: str


class Arrival(msgspec.Struct, frozen=True):
    """One body at a door. *hold_s*: the reorder wait, from now; *twin_wait_s*: how long an empty event waits off its lane."""

    envelope: Envelope
    raw: bytes
    hold_s: float = 0.0
    twin_wait_s: float = 60.0


class Appended(msgspec.Struct, frozen=True):
    """*is_new* is False where the door key stood already: then *entry* is the first one's.

    *due_at*: epoch seconds at which there may be work that was not there before; None where there is none.
    """

    entry: EntryId
    is_new: bool
    due_at: float | None = None


class LaterEdit(msgspec.Struct, frozen=True):
    """The newest edit that came for a message while it was a dead letter, as received: a retry posts its text."""

    source: Source
    kind: Kind
    raw: bytes


class Claim(msgspec.Struct, frozen=True):
    """An entry taken to work on, with the right to settle it (*lane*, *token*, *holder*)."""

    entry: EntryId
    lane: LaneId
    token: int
    holder: HolderId
    channel: ChannelName
    direction: Direction
    source: Source
    kind: Kind
    raw: bytes
    chat: Address
    door_key: str  # hex; names the intent in idempotency keys
    arrived_at: float
    told_at: float | None
    attempts: int
    crashes: int
    facts: Facts
    known: Known
    edited_by: LaterEdit | None = None


class Learned(msgspec.Struct, frozen=True):
    """What a step taught that outlives its entry; written in the same transaction as facts and verdict."""

    chat: ChatLink | None = None
    messages: tuple[MessageLink, ...] = ()
    pairings: tuple[Pairing, ...] = ()
    high_water: HelpdeskMessageId | None = None
    deleting: HelpdeskMessageId | None = None  # our own DELETE, written down before it is made
    confirmed: tuple[tuple[HelpdeskMessageId, str], ...] = ()  # statuses the helpdesk answered
    forget_conversation: bool = False  # a remembered id answered 404


NOTHING_LEARNED = Learned()


@dataclass(frozen=True, slots=True)
class Failure:
    """An attempt that ended without effect: its class and our own words, for `trace`."""

    step: str
    cause: str
    text: str = ""


class Settled(StrEnum):
    """What became of a settle: LOST means that the lease was no longer held; drop the work."""

    DONE = "done"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class WantedStatus:
    """A receipt's wish for one linked message whose confirmed status is lower."""

    channel: ChannelName
    id: WhatsAppId
    status: str
    links: tuple[MessageLink, ...]


@dataclass(frozen=True, slots=True)
class HolderRow:
    """A bridge process as its peers see it. *beat* only ever grows while it lives."""

    id: HolderId
    host: str
    lock_path: str
    beat: int


class GapCause(StrEnum):
    """Why something may have been told while nobody listened."""

    DOOR_CLOSED = "door_closed"
    NOT_COMMITTED = "not_committed"  # a 503 was answered
    TOO_LARGE = "too_large"  # a 413 was answered
    GATEWAY_RESTARTED = "gateway_restarted"
    WHATSAPP_AWAY = "whatsapp_away"  # the gateway was up, without its connection


@dataclass(frozen=True, slots=True)
class GapRow:
    """From *opened_at* to *closed_at* (None: still open); *reconciled_at* once reconcile has closed it."""

    id: int
    channel: ChannelName
    cause: GapCause
    opened_at: float
    closed_at: float | None
    reconciled_at: float | None


@dataclass(frozen=True, slots=True)
class Pool:
    """All lanes of one channel and direction: what is paused, paced and shared out together."""

    channel: ChannelName
    direction: Direction


@dataclass(frozen=True, slots=True)
class Dues:
    """As seen at *now*: *at* says when a pool's next lane falls due, *suspects_at* the same for heads that crashed their worker
    twice (handed out only alone), *parked_at* when the next parked entry's wait is over. A pool without an entry has none.
    """

    now: float
    at: Mapping[Pool, float]
    suspects_at: Mapping[Pool, float]
    parked_at: float | None

    def is_due(self, pool: Pool) -> bool:
        """True where a claim of *pool* may find something."""
        return self.at.get(pool, inf) <= self.now

    def has_suspect(self, pool: Pool) -> bool:
        """True where a claim of *pool* alone may find something."""
        return self.suspects_at.get(pool, inf) <= self.now

    @property
    def next_lane_at(self) -> float | None:
        """When the next lane of any pool falls due; None: nothing waits."""
        return min(self._times, default=None)

    @property
    def next_ahead_at(self) -> float | None:
        """The same of those that are not due yet."""
        return min((at for at in self._times if at > self.now), default=None)

    @property
    def _times(self) -> tuple[float, ...]:
        return (*self.at.values(), *self.suspects_at.values())


@dataclass(frozen=True, slots=True)
class PauseRow:
    """A pool that hands out no claims. *blocked*: by the program, else by a person.

    *by_credentials*: the other side lets us not in with ours, which ends once it does; any other block needs a person's eye.
    """

    pool: Pool
    blocked: bool
    reason: str
    since: float
    by_credentials: bool = False


@dataclass(frozen=True, slots=True)
class EntryView:
    """One entry for an operator's eyes; never holds message text."""

    id: EntryId
    channel: ChannelName
    direction: Direction
    source: Source
    kind: Kind
    chat: Address
    sender: Address | None
    whatsapp_id: WhatsAppId | None
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
    failures: tuple["FailureView", ...] = field(default=())
    links: tuple[MessageLink, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many entries and links of a person are gone. *waits*: something of theirs is still to be worked, or needed by what is, and is
    forgotten only then.
    """

    erased: int
    waits: bool


@dataclass(frozen=True, slots=True)
class BodyView:
    """What was received, for a person who decides about it. *raw* is its beginning where *size_bytes* says more."""

    raw: bytes
    size_bytes: int


@dataclass(frozen=True, slots=True)
class FailureView:
    """One attempt that ended without effect."""

    at: float
    step: str
    cause: str
    text: str


@dataclass(frozen=True, slots=True)
class ContradictionRow:
    """A pairing that contradicts a known one (number changed or recycled): joined nothing, a person decides."""

    channel: ChannelName
    lid: Address
    phone: Address
    seen_at: float


@dataclass(frozen=True, slots=True)
class Counts:
    """A channel's state in numbers. *background*: look-ups and chores that wait or are worked, in none of the others but dead."""

    channel: ChannelName
    waiting: int
    leased: int
    parked: int
    dead: int
    delivered: int
    skipped: int
    late: int
    oldest_waiting_at: float | None
    background: int = 0
