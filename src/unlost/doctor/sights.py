"""What was seen, as frozen values: the only thing a judgement knows. Holds no text and no number of a customer."""

from dataclasses import dataclass
from typing import TypeVar

from unlost.chatwoot.answers import Health, Profile
from unlost.chatwoot.inboxes import InboxSettings
from unlost.errors import Cause, UnlostError
from unlost.gowa.answers import Status
from unlost.gowa.set_up import Device, DeviceWebhook, Forwarder
from unlost.gowa.versions import Version

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Trouble:
    """A question came to nothing. *status* is None where no answer came at all."""

    cause: Cause
    status: int | None = None

    @classmethod
    def of(cls, error: UnlostError) -> "Trouble":
        """What a client raised."""
        return cls(error.cause, error.status)


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpdeskSight:
    """*bot* is its name, None without one. *foreign*: lately posted messages with our kind of source_id that we did not write.

    *clock_off_s*: how far its clock is ahead of ours. *door_is_public*: whether the host of the inbox's webhook address has a
    public address, None where it could not be resolved from here.
    """

    health: Health | Trouble
    profile: Profile | Trouble
    inbox: InboxSettings | Trouble
    bot: str | Trouble | None = None
    account_webhooks: tuple[str, ...] | Trouble = ()
    foreign: int | Trouble = 0
    clock_off_s: float | None = None
    door_is_public: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewaySight:
    """*version* and *forwards* are None where it does not tell. *zone_s*: offset of its storage's times from UTC.

    *devices* None: this version has one account only. *stored_chats*: how many the first page of its storage shows.
    """

    status: Status | Trouble
    version: Version | None = None
    forwards: bool | None = None
    asks_for_password: bool | Trouble = True
    devices: tuple[Device, ...] | Trouble | None = None
    webhook: DeviceWebhook | Trouble | None = None
    forwarder: Forwarder | Trouble | None = None
    stored_chats: int | Trouble = 1
    zone_s: float | None = None
    clock_off_s: float | None = None


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Of the newest messages in the gateway's storage: how many came by webhook, by comparing storage, or not at all."""

    by_webhook: int
    by_storage: int
    unknown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelState:
    """A channel as the running bridge tells of it. *blocked*: why a direction stands still by the program's own decision."""

    name: str
    waiting: int = 0
    dead: int = 0
    gaps: int = 0
    oldest_waiting_s: float = 0.0
    blocked: tuple[str, ...] = ()
    paused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BridgeSight:
    """The running bridge. *can_commit* None: nobody answers at its address. *channels* is a Trouble where its API refuses us.

    Counters since its start: *unsigned* bodies refused per side, *forwarded* copies of another program, webhooks *taken* from the
    helpdesk. *public*: whether its public address leads to it; None where there is no public address.
    """

    can_commit: bool | None
    version: str = ""
    channels: tuple[ChannelState, ...] | Trouble = ()
    unsigned_gateway: float = 0.0
    unsigned_helpdesk: float = 0.0
    forwarded: float = 0.0
    taken_from_helpdesk: float = 0.0
    public: bool | Trouble | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineSight:
    """Where the journal lies. *sync_s*: how long a small write took to reach the disk, None where it failed (*sync_error*)."""

    free_bytes: int
    file_system: str
    sync_s: float | None = 0.0
    sync_error: str = ""
