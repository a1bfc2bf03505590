"""How an attempt ends."""

from enum import StrEnum

import msgspec

from unlost.vocabulary.addresses import Address
from unlost.vocabulary.envelopes import Direction, Envelope, Kind
from unlost.vocabulary.events import ChoreEvent
from unlost.vocabulary.ids import WhatsAppId


class SkipReason(StrEnum):
    """Why an entry ended without effect, on purpose. A closed list: nothing else may be skipped."""

    EMPTY_TWIN = "empty_twin"
    OWN_NOISE = "own_noise"
    DUPLICATE = "duplicate"
    STATUS_BROADCAST = "status_broadcast"
    NEWSLETTER_OFF = "newsletter_off"
    IGNORED = "ignored"
    OTHER_DEVICE = "other_device"
    DELETED_FOR_ME = "deleted_for_me"
    TARGET_MISSING = "target_missing"
    OUTBOUND_OFF = "outbound_off"
    OWN_ECHO = "own_echo"
    PRIVATE = "private"
    DELETED_BY_AGENT = "deleted_by_agent"


class Until(StrEnum):
    """What a parked entry waits for, off its lane."""

    TWIN = "twin"  # content with the same device, chat, sender and id
    TARGET = "target"  # a link or an entry for the message it refers to


class FollowUp(msgspec.Struct, frozen=True):
    """Background work that an ending brings: an entry of its own, appended in the same transaction, due after *wait_s*.

    *key* is its idempotency key: the same key twice is one entry. *chat* names its lane, *direction* the lane's pool.
    *target*: the message that it belongs to.
    """

    kind: Kind
    direction: Direction
    chat: Address
    key: str
    event: ChoreEvent
    wait_s: float = 0.0
    target: WhatsAppId | None = None


class Delivered(msgspec.Struct, frozen=True):
    """Its effects stand."""

    then: tuple[FollowUp, ...] = ()


class Skipped(msgspec.Struct, frozen=True):
    """Ended without effect, for a reason of the closed list.

    *again*: a body that nobody could read when it came, and that can be read now. It comes in as if through the door, in the
    same transaction; where it is kept still as nothing but unreadable, the entry ends dead instead.
    """

    reason: SkipReason
    then: tuple[FollowUp, ...] = ()
    again: Envelope | None = None


class Postponed(msgspec.Struct, frozen=True):
    """Back to the head of its lane until *wait_s* is over. *costs_attempt* only where the entry itself may be at fault."""

    wait_s: float
    cause: str  # a class of failure: connection_refused, timeout, http_5xx, …; never outside text
    costs_attempt: bool


class Held(msgspec.Struct, frozen=True):
    """Stays at the head of its lane, without lease or slot, until its file is there or *wait_s* after its arrival is over.

    Its chat waits with it, so that a picture and the words behind it keep their order; the wait is each message's own, from its arrival,
    so that a hundred pictures wait no longer than one.
    """

    wait_s: float


class Parked(msgspec.Struct, frozen=True):
    """Off its lane until what it waits for has come, or *wait_s* after its arrival is over."""

    until: Until
    wait_s: float


class SentOn(msgspec.Struct, frozen=True):
    """To the end of its chat's lane of another direction, facts kept: the empty event that asks storage, and comes back."""

    direction: Direction


class Dead(msgspec.Struct, frozen=True):
    """Ended without effect, kept until a person retries or discards it."""

    cause: str  # a short sentence in our own words
    then: tuple[FollowUp, ...] = ()


Verdict = Delivered | Skipped | Postponed | Held | Parked | SentOn | Dead
