"""What each linked device tells, on its way out: its events into storage and to the webhooks, and how its link stands."""

from __future__ import annotations

import asyncio

from unlost.gateway.clerk import Clerk
from unlost.gateway.counts import Counts
from unlost.gateway.deliveries import Voice
from unlost.gateway.devices import LiveDevice
from unlost.gateway.devices.opener import Opener
from unlost.gateway.events import Device
from unlost.gateway.faults import Faults
from unlost.gateway.intake import HandOver, Intake, Keep
from unlost.gateway.link import LinkTeller, turn_of
from unlost.gateway.outbox import Outbox
from unlost.gateway.settings import GatewaySettings, Temper


class Telling:
    """One per gateway. Nothing is told before `deliver_to`; devices that were met until then are taken up by it."""

    def __init__(self, settings: GatewaySettings, clerk: Clerk, faults: Faults, counts: Counts) -> None:
        self._settings = settings
        self._clerk = clerk
        self._faults = faults
        self._counts = counts
        self._deliver: tuple[HandOver, Keep] | None = None
        self._outbox: Outbox | None = None
        self._intakes: dict[str, asyncio.Task[None]] = {}
        self._watches: dict[str, asyncio.Task[None]] = {}
        self._live: dict[str, LiveDevice] = {}

    def deliver_to(self, hand_over: HandOver, keep: Keep, outbox: Outbox | None) -> None:
        """From now on what devices tell goes there."""
        self._deliver, self._outbox = (hand_over, keep), outbox

    def begin(self, live: LiveDevice, opener: Opener) -> None:
        """Take what waits for the account of *live*, from now on; nothing where none was ever linked."""
        if self._deliver is None or live.account is None:
            return
        hand_over, keep = self._deliver
        if (earlier := self._intakes.pop(live.slot.id, None)) is not None:
            earlier.cancel()
        settings = self._settings
        running = self._intake_of(live, live.account, opener).run(
            hand_over, keep, settings.drain_batch, settings.drain_every_s
        )
        self._intakes[live.slot.id] = asyncio.create_task(running, name=f"intake {live.slot.id}")
        self._begin_watch(live, live.account)

    async def leave(self, live: LiveDevice, opener: Opener) -> None:
        """Take over all that still waits, and tell of *live* no more. Raises NotCommitted, apsw.Error."""
        for tasks in (self._intakes, self._watches):
            if (task := tasks.pop(live.slot.id, None)) is not None:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
        if self._deliver is None or live.account is None:
            return
        hand_over, keep = self._deliver
        intake = self._intake_of(live, live.account, opener)
        while await intake.once(hand_over, keep, self._settings.drain_batch):
            pass

    async def stop(self) -> None:
        """At once."""
        tasks = [*self._intakes.values(), *self._watches.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _intake_of(self, live: LiveDevice, account: Device, opener: Opener) -> Intake:
        settings = self._settings
        voice = Voice(
            settings.dialect, settings.spoken_version, settings.temper, account, settings.seed, settings.shuffle_s
        )
        return Intake(opener.source_of(live), self._clerk, voice, self._faults, self._counts)

    def _begin_watch(self, live: LiveDevice, account: Device) -> None:
        """Tell when the link of *live* comes and goes, once for its slot, however often it is linked anew."""
        slot, outbox, settings = live.slot.id, self._outbox, self._settings
        self._live[slot] = live
        if settings.temper is Temper.GOWA or outbox is None or slot in self._watches:
            return
        teller = LinkTeller(account, settings.dialect, lambda promises: outbox.keep(promises, settings.webhook_urls))
        stood = turn_of(live.engine.link())
        watching = teller.watch(lambda: self._live[slot].engine.link(), settings.drain_every_s, stood=stood)
        self._watches[slot] = asyncio.create_task(watching, name=f"link {slot}")
