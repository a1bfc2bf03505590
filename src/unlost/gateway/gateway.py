"""One gateway, put together: devices with their engines, what they tell, temper and REST, in one process."""

from __future__ import annotations

import asyncio
import fcntl
import time
from collections.abc import Callable
from typing import IO

from starlette.types import ASGIApp

from unlost.clock import SystemClock
from unlost.gateway import rest
from unlost.gateway.clerk import Clerk
from unlost.gateway.clock import ScaledClock
from unlost.gateway.counts import Counts
from unlost.gateway.devices import Devices, LiveDevice, Roll
from unlost.gateway.devices.opener import Opener
from unlost.gateway.devices.standings import Standings
from unlost.gateway.durable_temper import DurableTemper, Patience
from unlost.gateway.engines.engine_counts import EngineCounts
from unlost.gateway.engines.neonize_devices import NeonizeDevices, Workers
from unlost.gateway.engines.simulated_devices import SimulatedDevices, slot_id
from unlost.gateway.engines.simulated_world import World
from unlost.gateway.faults import Faults
from unlost.gateway.feed import Bounds
from unlost.gateway.gowa_temper import GowaTemper
from unlost.gateway.intake import HandOver, Keep, into_memory, through_outbox
from unlost.gateway.look_ups import Avatars, Paces
from unlost.gateway.look_ups.kept import KeptPictures
from unlost.gateway.old_outbox import take_over
from unlost.gateway.outbox import Outbox, Places
from unlost.gateway.pages import Pages
from unlost.gateway.post import Poster
from unlost.gateway.rest.counter import Counter
from unlost.gateway.sends import Keys, Once
from unlost.gateway.settings import EngineName, GatewaySettings, Temper
from unlost.gateway.telling import Telling
from unlost.gateway.tries import Answer, Tries
from unlost.gateway.upkeep import keep_up
from unlost.gateway.versions import delivery_rule
from unlost.lanes.locks import FileLocks, folder_of

DAY_S = 86_400.0


class FolderHeld(Exception):
    """Another gateway works on this data folder."""


class Gateway:
    """Made once per process from its settings; start it, serve its `app`, stop it. *workers*: how real engines are begun."""

    def __init__(self, settings: GatewaySettings, workers: Workers = Workers()) -> None:  # noqa: B008 - frozen
        self.settings = settings
        self.faults = Faults()
        self.counts = Counts()
        self.clerk = Clerk()
        self._lock = _held(settings)
        self.simulated = self._simulated_devices() if settings.engine is EngineName.SIMULATED else None
        self._opener: Opener = self.simulated or self._real_devices(workers)
        self._roll = Roll(settings.devices_path)
        own = settings.linked_device
        self._roll.put(slot_id(own), own.name)
        self.devices = Devices(self._roll, self.clerk, self._opener.open, self._leave)
        self.devices.open_all()
        self._telling = Telling(settings, self.clerk, self.faults, self.counts)
        self._standings = Standings(self.devices)
        self.pages: Pages | None = None
        self._pictures = KeptPictures(settings.pictures_path)
        self._keys = Keys(self._opener.connection)
        self._upkeep: asyncio.Task[None] | None = None
        self._looking: asyncio.Task[None] | None = None
        rule = delivery_rule(settings.spoken_version)
        chunked = rule.chunked and settings.temper is Temper.GOWA
        self._poster = Poster(secret=settings.webhook_secret, temper=settings.temper, chunked=chunked)
        self._clock = ScaledClock(settings.time_scale)
        self._outbox: Outbox | None = None
        self._gowa: GowaTemper | None = None
        self._durable: DurableTemper | None = None

    def app(self, refuse: Callable[[float], None], stop: Callable[[], None]) -> ASGIApp:
        """The REST API and the pages."""
        paces = Paces(self.settings.look_ups_every_s)
        counter = Counter(
            settings=self.settings,
            devices=self.devices,
            connection=self._opener.connection,
            simulated=self.simulated.first if self.simulated else None,
            clerk=self.clerk,
            faults=self.faults,
            counts=self.counts,
            once=Once(self._keys, self.clerk),
            avatars=Avatars(self._pictures, self.clerk, paces, time.time),
            paces=paces,
            outbox=lambda: self._outbox,
        )
        self.pages = Pages(counter, self._standings)
        return rest.build(counter, refuse, stop, self.pages.routes())

    async def start(self) -> None:
        """Take from WhatsApp's queue and deliver; what an earlier process promised goes on."""
        await self._poster.open()
        hand_over, keep = await self._open_temper()
        self._telling.deliver_to(hand_over, keep, self._outbox)
        if self._durable is not None:
            await self._durable.start()
        for live in self.devices:
            self._begin(live)
            await live.engine.open()
        self._looking = asyncio.create_task(self._standings.watch(), name="standings")
        self._upkeep = asyncio.create_task(keep_up(self.settings.file_folders, self._keys, self.clerk), name="upkeep")

    async def stop(self) -> None:
        """Stop at once: nothing under way is awaited, as in GOWA; what is on disk goes on at the next start."""
        await self._telling.stop()  # first: that the engines end now is no news of their links
        await asyncio.gather(*(live.engine.close() for live in self.devices))
        tasks = [task for task in (self._upkeep, self._looking) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for temper in (self._gowa, self._durable):
            if temper is not None:
                await temper.stop()
        await self._poster.close()
        outbox, self._outbox, self._durable = self._outbox, None, None
        if outbox is not None:
            await outbox.close()
        self.clerk.close()
        self._opener.close()
        self._roll.close()
        self._pictures.close()
        self._lock.close()

    def _simulated_devices(self) -> SimulatedDevices:
        settings = self.settings
        world = World(
            clerk=self.clerk,
            faults=self.faults,
            counts=self.counts,
            contain=settings.contain_panics,
            takes_ids=settings.takes_ids,
        )
        path, own, version = settings.population_path, settings.linked_device, settings.spoken_version
        return SimulatedDevices(path, own, world, version, settings.seed, self._begin)

    def _real_devices(self, workers: Workers) -> NeonizeDevices:
        settings, counts = self.settings, EngineCounts(self.counts.registry)
        folder, storage = settings.engines_folder, settings.storage_path
        return NeonizeDevices(
            folder,
            storage,
            self.clerk,
            counts,
            settings.spoken_version,
            self._begin,
            workers,
            send_wait_s=settings.send_wait_s,
        )

    def _begin(self, live: LiveDevice) -> None:
        self._telling.begin(live, self._opener)

    async def _leave(self, live: LiveDevice) -> None:
        await self._telling.leave(live, self._opener)
        await self.clerk.do(self._opener.forget, live)

    async def _open_temper(self) -> tuple[HandOver, Keep]:
        settings = self.settings
        if settings.temper is Temper.GOWA:
            tries = Tries(delivery_rule(settings.spoken_version), settings.webhook_urls, self._post, self._clock)
            self._gowa = GowaTemper(tries, self._clock, self.counts)
            if settings.old_outbox_path.exists() or settings.outbox_path.exists():
                await (
                    self._open_outbox()
                )  # what was promised in the other temper is kept, whatever the settings say now
            return into_memory(self._gowa)
        outbox = await self._open_outbox()
        await outbox.introduce(settings.webhook_urls)
        return through_outbox(outbox, settings.webhook_urls)

    async def _open_outbox(self) -> Outbox:
        """With all that was promised before, and what delivers it, not yet started."""
        settings, clock = self.settings, SystemClock()
        places = Places(feed=settings.feed_path, journal=settings.outbox_path)
        self._outbox = outbox = await Outbox.open(places, self.clerk, clock)
        await take_over(settings.old_outbox_path, outbox, self.clerk)
        patience = Patience(
            tried_for_s=settings.webhook_days * DAY_S,
            scale=settings.time_scale,
            chats_at_once=settings.chats_at_once,
            feed=Bounds(settings.events_days * DAY_S, settings.events_max_bytes),
        )
        locks = FileLocks(folder_of(places.journal))
        self._durable = DurableTemper(outbox, self._poster, self.counts, patience, clock=clock, locks=locks)
        return outbox

    async def _post(self, url: str, body: bytes, wait_s: float) -> Answer:
        return (await self._poster.post(url, body, wait_s * self._clock.scale)).answer


def _held(settings: GatewaySettings) -> IO[bytes]:
    """The data folder's lock, which the system lets go of when the process ends, however it ends."""
    settings.data_folder.mkdir(parents=True, exist_ok=True)
    lock = (settings.data_folder / "gateway.lock").open("ab")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.close()
        raise FolderHeld(f"another gateway works in {settings.data_folder}") from error
    return lock
