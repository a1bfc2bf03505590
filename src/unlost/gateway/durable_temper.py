"""The durable temper: the outbox's lanes, worked as the bridge works its own: one webhook at a time per chat and receiver,
chats side by side, tried for days, what is given up kept as dead letters."""

from __future__ import annotations

import asyncio
import random
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import apsw
import structlog

from unlost.clock import Clock
from unlost.errors import NotCommitted
from unlost.gateway.counts import Counts
from unlost.gateway.feed import Bounds
from unlost.gateway.outbox import Outbox
from unlost.gateway.post import EventName, Outcome, Poster
from unlost.gateway.webhook_road import WebhookRoad
from unlost.journal.rows import Claim, Failure, Pool
from unlost.lanes.backoff import Schedule
from unlost.lanes.circuit import Circuit
from unlost.lanes.lease import Lease, Locks
from unlost.lanes.next_sweeps import NextSweeps
from unlost.lanes.runner import Runner
from unlost.lanes.shares import Shares
from unlost.lanes.walk import Walker
from unlost.vocabulary.envelopes import Direction
from unlost.vocabulary.ids import ChannelName
from unlost.vocabulary.steps import CallWebhook
from unlost.vocabulary.verdicts import Dead, Delivered, Postponed, Verdict

FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 30.0  # a bridge that restarts is back in a second; one that is gone is asked gently
TRY_S = 10.0  # GOWA's own time-out, so a receiver needs to know but one
TRY_LEAST_S = 1.0  # however fast the schedule runs: no machine answers a hundred times as fast
PROBE_S = 5.0  # for a connection; a host that takes longer takes no webhook in time either
LEASE_S = 60.0
STOP_WAIT_S = 1.0  # for calls under way at a stop: each that ends is one that need not come twice
ATTEMPTS_MAX = 1_000_000  # time ends the tries, not their number (`Patience.tried_for_s`)
CIRCUITS_EVERY_S, UPKEEP_EVERY_S, OVERDUE_EVERY_S, AGAIN_S = 0.25, 600.0, 60.0, 1.0
log = structlog.get_logger("unlost.gateway")


def wait_s(failures: int, retry_after_s: float | None) -> float:
    """Seconds before the next try after so many *failures* in a row, from 1; what the receiver asked for wins."""
    if retry_after_s is not None:
        return retry_after_s
    return float(min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** min(failures - 1, 10)))


@dataclass(frozen=True, kw_only=True)
class Patience:
    """*tried_for_s*: how long a webhook is tried, in real seconds; *scale* shortens the waits between tries."""

    tried_for_s: float
    scale: float
    chats_at_once: int
    feed: Bounds

    @property
    def try_s(self) -> float:
        """The whole time of one POST."""
        return max(TRY_LEAST_S, TRY_S * self.scale)


class DurableTemper:
    """Works the lanes of all receivers, those of the settings and those to whom something is still owed."""

    def __init__(
        self, outbox: Outbox, poster: Poster, counts: Counts, patience: Patience, *, clock: Clock, locks: Locks
    ) -> None:
        self._outbox = outbox
        self._poster = poster
        self._counts = counts
        self._patience = patience
        self._clock = clock
        self._lease = Lease(outbox.journal, locks, clock, host=socket.gethostname(), lease_s=LEASE_S)
        self._circuits: dict[str, Circuit] = {}
        self._feed = ""
        self._overdue: frozenset[ChannelName] = frozenset()
        self._runner: Runner | None = None
        self._loops: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Take up what an earlier process left, and go on from there."""
        urls = await self._outbox.receivers()
        self._feed = (await self._outbox.events(0, 1))[0].identity
        for url in urls:
            host = host_of(url)
            self._circuits.setdefault(host, Circuit(host, lambda url=url: answers(url), self._clock))  # type: ignore[misc]  # mypy infers no default
        await self._lease.bury_the_dead()
        await self._lease.enrol()
        self._runner = self._runner_of(urls)
        loops = (
            self._runner.run,
            self._every(self._lease.beat_every_s, self._beat),
            self._every(CIRCUITS_EVERY_S, self._watch),
            self._every(min(OVERDUE_EVERY_S, self._patience.tried_for_s), self._look_for_overdue),
            self._every(UPKEEP_EVERY_S, lambda: self._outbox.prune(self._patience.feed)),
        )
        self._loops = [asyncio.create_task(_kept_going(loop)) for loop in loops]

    async def stop(self) -> None:
        """Let calls under way end for a moment; what was not taken is on disk."""
        if self._runner is not None:
            await self._runner.stop(grace_s=STOP_WAIT_S)
        for task in self._loops:
            task.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)
        if self._lease.holder:
            await self._lease.retire()

    def _runner_of(self, urls: Sequence[str]) -> Runner:
        slots = self._patience.chats_at_once
        return Runner(
            journal=self._outbox.journal,
            walker=self._walker(),
            lease=self._lease,
            clock=self._clock,
            pools=[Pool(ChannelName(url), Direction.OUTBOUND) for url in urls],
            shares=Shares(slots=slots, channels=len(urls), background=slots, media=slots),
            open_now=lambda pool: not self._circuits[host_of(pool.channel)].is_open or pool.channel in self._overdue,
            went_wrong=_went_wrong,
        )

    def _walker(self) -> Walker:
        scale = self._patience.scale
        schedule = Schedule(ATTEMPTS_MAX, "exponential", FIRST_WAIT_S * scale, LONGEST_WAIT_S * scale)
        road = WebhookRoad(
            call=self._call,
            circuit_of=self._circuits.__getitem__,
            host_of_url=host_of,
            now=self._clock.now,
            refused_wait_s=lambda failures: wait_s(failures, None) * scale,
            try_s=self._patience.try_s,
            tried_for_s=self._patience.tried_for_s,
        )
        return Walker(
            journal=self._outbox.journal,
            road=road,
            lease=self._lease,
            clock=self._clock,
            schedule=schedule,
            look_up_schedule=schedule,
            media_schedule=schedule,
            spread=random.random,
            circuit_of=self._circuits.get,
            settled=self._settled,
            next_sweeps=NextSweeps(),
        )

    async def _call(self, step: CallWebhook) -> Outcome:
        scale = self._patience.scale
        return (
            await self._poster.post(step.url, step.body, self._patience.try_s, event=EventName(self._feed, step.number))
        ).scaled(scale)

    def _settled(self, claim: Claim, verdict: Verdict, failure: Failure | None) -> None:
        match verdict:
            case Delivered():
                self._counts.webhooks.labels("delivered").inc()
            case Postponed():
                self._counts.webhooks.labels("postponed").inc()
            case Dead(cause):
                self._counts.webhooks.labels("dead").inc()
                log.error("webhook.dead", entry=claim.entry, cause=cause)
            case _:
                raise AssertionError("a webhook ends in no other way")

    async def _beat(self) -> None:
        if not await self._lease.renew() and self._runner is not None:
            self._runner.drop_all()

    async def _watch(self) -> None:
        for circuit in self._circuits.values():
            await circuit.watch()

    async def _look_for_overdue(self) -> None:
        """Receivers whose oldest webhook has been tried long enough: it is claimed, and given up, though the host is away."""
        before = self._clock.now() - self._patience.tried_for_s
        counted = await self._outbox.journal.counts()
        self._overdue = frozenset(
            each.channel for each in counted if each.oldest_waiting_at is not None and each.oldest_waiting_at < before
        )

    def _every(self, pause_s: float, do: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
        async def again_and_again() -> None:
            while True:
                try:
                    await do()
                except (NotCommitted, apsw.Error) as error:  # a full or locked disk; looked at again
                    log.error("outbox.postponed", error=type(error).__name__, message=str(error))
                await asyncio.sleep(pause_s)

        return again_and_again


def host_of(url: str) -> str:
    """Whose circuit a receiver belongs to."""
    return urlsplit(url).netloc


async def answers(url: str) -> bool:
    """True where somebody listens there: a connection, and nothing said. What a webhook would be told is another matter."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        async with asyncio.timeout(PROBE_S):
            _, writer = await asyncio.open_connection(parts.hostname, port)
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True


async def _kept_going(loop: Callable[[], Awaitable[None]]) -> None:
    """The top of a loop: what ends it is our bug; it is told, and the loop begins again."""
    while True:
        try:
            await loop()
        except Exception as error:  # noqa: BLE001 - the top of a loop
            _went_wrong("loop", error, None)
        await asyncio.sleep(AGAIN_S)


def _went_wrong(where: str, error: Exception, claim: Claim | None) -> None:
    entry = None if claim is None else claim.entry
    log.error("outbox.bug", where=where, error=type(error).__name__, entry=entry, exc_info=error)
