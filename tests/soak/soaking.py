"""One soak: bob and his friends write, the gateway tells, and its two processes are measured all the while."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import TYPE_CHECKING

from tests.contract.gateway.engines.test_joined_killed import children, gateway, linked
from tests.contract.gateway.receiver import Call, Receiver
from tests.contract.gateway.test_killed import Process

if TYPE_CHECKING:
    from tests.fake_whatsapp.server import FakeWhatsApp

UNDER_WAY_MOST = 100
SENDERS = 10
WAIT_S = 120.0
RSS_GROWTH_MOST = 0.15  # of what it was when a quarter was through
DESCRIPTORS_GROWTH_MOST = 5  # a receiver's connection comes and goes


@dataclass(frozen=True)
class Sample:
    """One process at one moment."""

    told: int
    rss_mb: float
    descriptors: int
    threads: int


@dataclass(frozen=True)
class Soaked:
    """What came of it. Samples by the process's part: `gateway`, `worker`."""

    sent: tuple[str, ...]
    told: tuple[str, ...]
    took_s: float
    samples: dict[str, list[Sample]]

    @property
    def rate(self) -> float:
        """Messages a second."""
        return len(self.sent) / self.took_s

    def grown(self) -> list[str]:
        """What was not flat, in words; empty where all was."""
        return [word for part, samples in self.samples.items() for word in _grown(part, samples)]


def _grown(part: str, samples: list[Sample]) -> list[str]:
    """The last quarter beside the second: the first one fills caches."""
    quarter = max(1, len(samples) // 4)
    early, late = samples[quarter : 2 * quarter], samples[-quarter:]
    found = []
    before, after = mean(one.rss_mb for one in early), mean(one.rss_mb for one in late)
    if after > before * (1 + RSS_GROWTH_MOST):
        found.append(f"{part}: {before:.0f} MB became {after:.0f} MB")
    if (more := max(one.descriptors for one in late) - max(one.descriptors for one in early)) > DESCRIPTORS_GROWTH_MOST:
        found.append(f"{part}: {more} descriptors more")
    return found


async def soak(
    server: FakeWhatsApp, folder: Path, count: int, samples: int, shown: Callable[[str], None] = lambda line: None
) -> Soaked:
    """*count* messages of several senders, measured *samples* times. Raises TimeoutError where telling stops."""
    from tests.fake_whatsapp.peer import Peer

    receiver = Receiver()
    heard = Heard(receiver)
    await receiver.open()
    try:
        async with gateway(server, folder, receiver) as process:
            account = await linked(process, server)
            people = [server.people.add(Peer(f"6289997770{number:02}@s.whatsapp.net")) for number in range(SENDERS)]
            measured: dict[str, list[Sample]] = {"gateway": [], "worker": []}
            sent, began = [], time.monotonic()
            for number in range(count):
                sent.append(f"#{number}")
                await server.push_text(people[number % SENDERS], account, sent[-1])
                await heard.until(len(sent) - UNDER_WAY_MOST)
                if len(sent) % max(1, count // samples) == 0:
                    _measure(process, len(sent), measured, shown)
            await heard.until(count)
            return Soaked(tuple(sent), tuple(heard.words), time.monotonic() - began, measured)
    finally:
        await receiver.close()


class Heard:
    """The words of every message told, in order."""

    def __init__(self, receiver: Receiver) -> None:
        self.words: list[str] = []
        self._receiver = receiver
        receiver.status = self._take

    def _take(self, call: Call) -> int:
        if call.json["event"] == "message":
            self.words.append(call.text)
        self._receiver.calls.clear()
        return 200

    async def until(self, count: int) -> None:
        """Return once so many were told. Raises TimeoutError."""
        async with asyncio.timeout(WAIT_S):
            while len(self.words) < count:
                await asyncio.sleep(0.005)


def _measure(process: Process, told: int, into: dict[str, list[Sample]], shown: Callable[[str], None]) -> None:
    own = process.process.pid
    (worker,) = children(own)
    for part, pid in (("gateway", own), ("worker", worker)):
        sample = measured(pid, told)
        into[part].append(sample)
        shown(
            f"{told:6} {part:8} {sample.rss_mb:6.1f} MB {sample.descriptors:4} descriptors {sample.threads:4} threads"
        )


def measured(pid: int, told: int) -> Sample:
    """The process now."""
    status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    rss_mb = int(status["VmRSS"].split()[0]) / 1024
    return Sample(told, rss_mb, len(list(Path(f"/proc/{pid}/fd").iterdir())), int(status["Threads"]))
