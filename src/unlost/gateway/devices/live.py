"""What lives in a slot, and how a caller finds it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator

from unlost.gateway.addresses import without_device
from unlost.gateway.clerk import Clerk
from unlost.gateway.devices.roll import Roll, Slot
from unlost.gateway.engines.frames import StateName
from unlost.gateway.engines.port import Engine
from unlost.gateway.events import Device
from unlost.gateway.storage import Storage

DEVICES_MOST = 100  # 44 MB each with the real engine (feasibility page, 5.2): 100 are 5 GB

UNLINKED = frozenset({StateName.LOGGED_OUT, StateName.PAIRING})


class UnknownDevice(Exception):
    """No slot has this name; without one, there is not exactly one device."""


class TooManyDevices(Exception):
    """There are DEVICES_MOST of them."""


class LiveDevice:
    """One slot with its engine. *storage* is None until an account was linked for the first time."""

    def __init__(self, slot: Slot, engine: Engine, storage: Storage | None) -> None:
        self.slot = slot
        self.engine = engine
        self.storage = storage

    @property
    def account(self) -> Device | None:
        """The account as webhooks name it; None until one was linked."""
        return self.storage.device if self.storage else None

    @property
    def jid(self) -> str:
        """The phone address of the account it is linked to, whether or not it is connected; empty for none."""
        return self.account.jid if self.account and self.engine.link().state not in UNLINKED else ""


Open = Callable[[Slot], LiveDevice]
"""Makes what lives in a slot; runs on the clerk's thread."""
Leave = Callable[[LiveDevice], Awaitable[None]]
"""Takes over what a device, whose engine has ended, was told, and deletes what it kept of its own."""


class Devices:
    """All devices of the gateway, by the id of their slot."""

    def __init__(self, roll: Roll, clerk: Clerk, open_slot: Open, leave: Leave) -> None:
        self._roll = roll
        self._clerk = clerk
        self._open = open_slot
        self._leave = leave
        self._live: dict[str, LiveDevice] = {}

    def open_all(self) -> None:
        """Take up every slot that is written down."""
        for slot in self._roll.slots():
            self._live[slot.id] = self._open(slot)

    def __iter__(self) -> Iterator[LiveDevice]:
        return iter(list(self._live.values()))

    def __len__(self) -> int:
        return len(self._live)

    def named(self, name: str) -> LiveDevice:
        """The device of this slot id, or of this account with or without its linked device's number. Raises UnknownDevice."""
        if name in self._live:
            return self._live[name]
        account = without_device(name) if "@" in name else ""
        found = [one for one in self if account and one.account and one.account.jid == account]
        if not found:
            raise UnknownDevice(name)
        return found[0]

    def only(self) -> LiveDevice:
        """The one device there is. Raises UnknownDevice where there are none or several."""
        if len(self._live) != 1:
            raise UnknownDevice("")
        return next(iter(self))

    async def add(self, slot_id: str, name: str) -> LiveDevice:
        """A new slot, with nothing linked. Raises TooManyDevices."""
        if len(self._live) >= DEVICES_MOST:
            raise TooManyDevices
        slot = await self._clerk.do(self._roll.put, slot_id, name)
        live = self._live[slot_id] = await self._clerk.do(self._open, slot)
        await live.engine.open()
        return live

    async def remove(self, live: LiveDevice) -> None:
        """Forget the slot and its chat storage. The account must have been logged out before.

        What it was told before goes on to the receivers first. Where the disk takes no commit, some of it stands: ask again.
        """
        await live.engine.close()
        await self._leave(live)
        if live.storage is not None:
            await self._clerk.do(live.storage.forget)
        await self._clerk.do(self._roll.remove, live.slot.id)
        self._live.pop(live.slot.id, None)
