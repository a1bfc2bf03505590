"""One gateway, put together: population, intake, temper, engine and REST, in one process."""

from __future__ import annotations

import asyncio
import fcntl
from collections.abc import Callable
from datetime import UTC, datetime
from typing import IO

from starlette.types import ASGIApp

from unlost.clock import SystemClock
from unlost.gateway import rest
from unlost.gateway.clerk import Clerk
from unlost.gateway.clock import ScaledClock
from unlost.gateway.counts import Counts
from unlost.gateway.deliveries import Voice
from unlost.gateway.durable_temper import DurableTemper, Patience
from unlost.gateway.engines import SimulatedEngine
from unlost.gateway.faults import Faults
from unlost.gateway.feed import Bounds
from unlost.gateway.gowa_temper import GowaTemper
from unlost.gateway.intake import HandOver, Intake, Keep, into_memory, through_outbox
from unlost.gateway.link import Link
from unlost.gateway.old_outbox import take_over
from unlost.gateway.outbox import Outbox, Places
from unlost.gateway.population import Population
from unlost.gateway.post import Poster
from unlost.gateway.rest.counter import Counter
from unlost.gateway.settings import GatewaySettings, Temper
from unlost.gateway.tries import Answer, Tries
from unlost.gateway.versions import delivery_rule
from unlost.lanes.locks import FileLocks, folder_of

DAY_S = 86_400.0


class FolderHeld(Exception):
    """Another gateway works on this data folder."""


class Gateway:
    """Made once per process from its settings; start it, serve its `app`, stop it."""

    def __init__(self, settings: GatewaySettings) -> None:
        self.settings = settings
        self.faults = Faults()
        self.counts = Counts()
        self.clerk = Clerk()
        self._lock = _held(settings)
        self.population = Population.open(settings.population_path, settings.linked_device, seed=settings.seed)
        rule = delivery_rule(settings.spoken_version)
        chunked = rule.chunked and settings.temper is Temper.GOWA
        self._poster = Poster(secret=settings.webhook_secret, temper=settings.temper, chunked=chunked)
        self._clock = ScaledClock(settings.time_scale)
        self._outbox: Outbox | None = None
        self._gowa: GowaTemper | None = None
        self._durable: DurableTemper | None = None
        self.link: Link | None = None
        self._loops: list[asyncio.Task[None]] = []

    def app(self, refuse: Callable[[float], None], stop: Callable[[], None]) -> ASGIApp:
        """The REST API."""
        settings = self.settings
        engine = SimulatedEngine(self.population, self.faults, self.counts, contain=settings.contain_panics)
        counter = Counter(
            settings,
            engine,
            self.population,
            self.clerk,
            self.faults,
            self.counts,
            started_at=datetime.now(UTC),
            outbox=lambda: self._outbox,
        )
        return rest.build(counter, refuse, stop)

    async def start(self) -> None:
        """Take from WhatsApp's queue and deliver; what an earlier process promised goes on."""
        await self._poster.open()
        settings = self.settings
        voice = Voice(
            settings.dialect,
            settings.spoken_version,
            settings.temper,
            settings.linked_device,
            settings.seed,
            settings.shuffle_s,
        )
        intake = Intake(self.population, self.clerk, voice, self.faults, self.counts)
        hand_over, keep = await self._open_temper()
        if self._durable is not None:
            await self._durable.start()
        self._loops = [asyncio.create_task(intake.run(hand_over, keep, settings.drain_batch, settings.drain_every_s))]
        if self.link is not None:
            was_up = not self.faults.disconnected
            watching = self.link.watch(lambda: not self.faults.disconnected, settings.drain_every_s, was_up=was_up)
            self._loops.append(asyncio.create_task(watching))

    async def stop(self) -> None:
        """Stop at once: nothing under way is awaited, as in GOWA; what is on disk goes on at the next start."""
        for loop in self._loops:
            loop.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)
        for temper in (self._gowa, self._durable):
            if temper is not None:
                await temper.stop()
        await self._poster.close()
        outbox, self._outbox, self._durable = self._outbox, None, None
        if outbox is not None:
            await outbox.close()
        self.clerk.close()
        self.population.close()
        self._lock.close()

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
        self.link = Link(
            settings.linked_device, settings.dialect, lambda promises: outbox.keep(promises, settings.webhook_urls)
        )
        return through_outbox(outbox, self.population, self.clerk, settings.webhook_urls)

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
