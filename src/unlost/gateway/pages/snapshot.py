"""What the pages show, as plain values: devices, receivers, how engines ended. No message text, no whole number, no secret."""

from __future__ import annotations

import hashlib
from enum import StrEnum

import msgspec

from unlost.gateway.devices import LiveDevice
from unlost.gateway.engines.frames import StateName
from unlost.gateway.engines.history import Ending, Resting, history_of
from unlost.gateway.pages.formats import account, quiet

KEY_CHARS = 16
UNLINKED = "unlinked"
"""Beside the engine's own states: nobody was ever linked here, and nothing is wrong."""
NAME_MAX_CHARS = 60
MOVING = frozenset({StateName.STARTING, StateName.PAIRED, StateName.CONNECTING})
LINKABLE = frozenset({StateName.LOGGED_OUT, StateName.PAIRING, StateName.BANNED})


class Urgency(StrEnum):
    """How loudly a state is shown; each is a class of the style sheet."""

    GOOD = "good"
    CALM = "calm"
    WARN = "warn"
    BAD = "bad"


class DeviceView(msgspec.Struct, frozen=True, kw_only=True):
    """One device. *key* names it in addresses; *account* is shortened, empty for none; *since* in epoch seconds."""

    key: str
    name: str
    account: str
    state: str
    urgency: Urgency
    cause: str
    since: float
    engine: str
    is_linked: bool
    can_be_linked: bool
    restarts: int
    panics: int
    endings: tuple[Ending, ...]
    resting: tuple[Resting, ...]


class ReceiverView(msgspec.Struct, frozen=True, kw_only=True):
    """One receiver of webhooks. *oldest_at*: since when the oldest waits; *is_told*: it still stands in the settings."""

    url: str
    waiting: int
    oldest_at: float | None
    dead: int
    is_told: bool


class EventView(msgspec.Struct, frozen=True, kw_only=True):
    """One event of the feed, without what it says. *fates*: how each receiver's webhook stands, with how many of them."""

    number: int
    at: float
    kind: str
    chat: str
    fates: tuple[tuple[str, int], ...]


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """The gateway at one moment. *keeps_events*: false in GOWA's temper, which forgets."""

    devices: tuple[DeviceView, ...]
    receivers: tuple[ReceiverView, ...]
    events: tuple[EventView, ...]
    keeps_events: bool


def key_of(live: LiveDevice) -> str:
    """A name for addresses: a slot's own may be a whole phone number."""
    return hashlib.sha256(live.slot.id.encode()).hexdigest()[:KEY_CHARS]


def device_view(live: LiveDevice, since: float) -> DeviceView:
    """*live* now."""
    link, about, history = live.engine.link(), live.engine.about(), history_of(live.engine)
    state = _state(live, link.state)
    return DeviceView(
        key=key_of(live),
        name=quiet(live.slot.name, NAME_MAX_CHARS),
        account=account(live.jid) if live.jid else "",
        state=state,
        urgency=_urgency(state),
        cause=quiet(link.cause),
        since=since,
        engine=quiet(f"{about.name} {about.version}".strip(), NAME_MAX_CHARS),
        is_linked=link.is_logged_in,
        can_be_linked=state == UNLINKED or link.state in LINKABLE,
        restarts=history.restarts,
        panics=history.panics,
        endings=history.endings,
        resting=history.resting,
    )


def _state(live: LiveDevice, state: StateName) -> str:
    is_new = live.account is None and state is StateName.DISCONNECTED
    return UNLINKED if is_new else state.value


def _urgency(state: str) -> Urgency:
    if state == StateName.LOGGED_IN:
        return Urgency.GOOD
    if state in MOVING or state in (StateName.PAIRING, UNLINKED):
        return Urgency.CALM
    return Urgency.WARN if state == StateName.STOPPED else Urgency.BAD
