"""How webhooks travel: from memory, all at once and given up (GOWA), or from an ordered outbox until taken (durable)."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import ClassVar

import msgspec

from tests.simulation.gateway_side import DOOR, signed
from tests.simulation.outside import History, later, spawn
from tests.simulation.population import Population, Told
from tests.simulation.weather import Weather
from unlost.gateway.durable_temper import wait_s
from unlost.gateway.versions import DeliveryRule

Post = Callable[[str, bytes, dict[str, str], float], Awaitable[int | None]]


@dataclass(slots=True)
class Posting:
    """What both tempers do with one body."""

    weather: Weather
    history: History
    population: Population
    post: Post
    now: Callable[[], float]

    async def tried(self, body: bytes, told: Told | None, timeout_s: float) -> bool:
        """One try; True where a 2xx came back and was heard."""
        if self.weather.strikes("webhook_lost"):
            return False
        status = await self.post(DOOR, body, signed(body, self.now()), timeout_s)
        taken = status is not None and 200 <= status < 300
        name = f"#{told.number} {told.sort}" if told else f"{len(body)} bytes"
        self.history.tell("gateway", f"webhook {name} -> {status}")
        if taken:
            self._acknowledged(body, told)
        return taken and not self.weather.strikes("webhook_answer_lost")

    def _acknowledged(self, body: bytes, told: Told | None) -> None:
        if told is not None:
            told.acked_at.append(asyncio.get_running_loop().time())
        elif b"garbage" in body:
            self.population.garbage.append(body)
        elif b'"message.ack"' in body:
            payload = msgspec.json.decode(body)["payload"]
            for name in payload["ids"]:
                known = self.population.receipts.get(name)
                if known != "read":
                    self.population.receipts[name] = payload["receipt_type"]


@dataclass(slots=True)
class GowaTemper:
    """Memory only; what is under way when the gateway dies is gone."""

    loses: ClassVar[bool] = True
    posting: Posting
    rule: DeliveryRule
    _life: int = 0

    def send(self, chat: str, body: bytes, told: Told | None, late_s: float) -> None:
        """At once, beside all others."""
        later(late_s + self.posting.weather.rng.uniform(0.0, 0.35), self._begin, body, told, self._life)

    def stop(self) -> None:
        """The process dies."""
        self._life += 1

    def start(self) -> None:
        """With nothing in memory."""

    def _begin(self, body: bytes, told: Told | None, life: int) -> None:
        spawn(self._deliver(body, told, life))

    async def _deliver(self, body: bytes, told: Told | None, life: int) -> None:
        loop = asyncio.get_running_loop()
        ends_at = None if self.rule.deadline_s is None else loop.time() + self.rule.deadline_s
        for wait in (0.0, *self.rule.waits_s):
            await asyncio.sleep(wait)
            if life != self._life or (ends_at is not None and loop.time() > ends_at):
                return
            if await self.posting.tried(body, told, self.rule.try_s):
                return
        self.posting.history.tell("gateway", "gave a webhook up")


@dataclass(slots=True)
class DurableTemper:
    """An outbox on disk: one at a time per chat, tried until taken, across restarts."""

    loses: ClassVar[bool] = False
    posting: Posting
    _lanes: dict[str, deque[tuple[bytes, Told | None]]] = field(default_factory=dict)
    _working: set[str] = field(default_factory=set)
    _life: int = 0

    def send(self, chat: str, body: bytes, told: Told | None, late_s: float) -> None:
        """Into its chat's lane."""
        self._lanes.setdefault(chat, deque()).append((body, told))
        self._wake(chat)

    def stop(self) -> None:
        """The process dies; the outbox stays."""
        self._life += 1
        self._working.clear()

    def start(self) -> None:
        """Every lane is taken up where it stood."""
        for chat in self._lanes:
            self._wake(chat)

    def _wake(self, chat: str) -> None:
        if chat not in self._working:
            self._working.add(chat)
            spawn(self._work(chat, self._life))

    async def _work(self, chat: str, life: int) -> None:
        lane, failures = self._lanes[chat], 0
        while lane and life == self._life:
            body, told = lane[0]
            if await self.posting.tried(body, told, 10.0):
                failures = 0
                if life == self._life:
                    lane.popleft()
            else:
                failures += 1
                await asyncio.sleep(wait_s(failures, None))
        if life == self._life:
            self._working.discard(chat)
