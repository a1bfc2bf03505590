"""The road: webhook to helpdesk, with a durable begin and settle for each message, against the client's bare rate."""

import asyncio
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from bench import looking
from bench.bodies import requests
from bench.figures import Finding, middle, rounded
from bench.filling import Filling, fill
from bench.load import Paced, made
from bench.plan import Plan
from bench.programs import Program, ask, bridge, double

WARM_POSTS = 0.05
"""Of all entries: the time after a start is not the road's."""
DOOR_CONNECTIONS = 32
NOTHING = looking.Written(0, 0, 0)


@dataclass(slots=True)
class Drive:
    """One window of a working road."""

    seconds: float = 0.0
    posted: int = 0
    taken: int = 0
    written: looking.Written = NOTHING

    @property
    def rate(self) -> float:
        """Messages per second."""
        return self.posted / self.seconds


async def measure(plan: Plan) -> list[Finding]:
    """The ratio, and what a message costs in commits and syncs."""
    ratios, drives, bares = [], [], []
    for turn in range(plan.road_rounds):
        folder = plan.folder / f"road{turn}"
        folder.mkdir()
        bares.append(await asyncio.to_thread(_bare_rate, plan, folder))
        drives.append(await _drive(plan, folder))
        ratios.append(drives[-1].rate / bares[-1])
    raw: dict[str, Any] = {
        "client_per_s": middle(bares),
        "road_per_s": middle([drive.rate for drive in drives]),
        "door_per_s": middle([drive.taken / drive.seconds for drive in drives]),
        "commits_per_message": middle([drive.written.commits / drive.posted for drive in drives]),
        "syncs_per_message": middle([drive.written.syncs / drive.posted for drive in drives]),
        "checkpoints_per_s": middle([drive.written.checkpoints / drive.seconds for drive in drives]),
        "lanes": plan.road_lanes,
        "concurrency": plan.concurrency,
        "rounds": [rounded(ratio) for ratio in ratios],
    }
    return [Finding("road", median(ratios), "at least", 0.4, raw=raw)]


def _bare_rate(plan: Plan, folder: Path) -> float:
    with double(folder) as helpdesk:
        words = ["bench.client", str(helpdesk.port), str(plan.concurrency), str(plan.road_s / 2)]
        out = subprocess.run([sys.executable, "-m", *words], capture_output=True, text=True, check=True)
        return float(out.stdout)


async def _drive(plan: Plan, folder: Path) -> Drive:
    journal = folder / "unlost.db"
    fill(journal, Filling(entries=plan.road_entries, lanes=plan.road_lanes, links="conversation"))
    ready = made(requests(plan.road_lanes, mark="A"), plan.road_entries)
    with double(folder) as helpdesk, bridge(folder, helpdesk.url, concurrency=plan.concurrency) as road:
        await asyncio.to_thread(_wait_for_posts, helpdesk, int(plan.road_entries * WARM_POSTS))
        window, paced = Drive(), Paced(ready, 0.0)
        over = asyncio.Event()
        follow = asyncio.create_task(_follow(plan, helpdesk, journal, window, paced, over))
        tally = await paced.run(road.port, connections=DOOR_CONNECTIONS, until=over.is_set)
        await follow
        window.taken = tally.answered
        assert tally.refused == 0, f"the door refused {tally.refused} webhooks"
        return window


async def _follow(
    plan: Plan, helpdesk: Program, journal: Path, window: Drive, paced: Paced, over: asyncio.Event
) -> None:
    """Let the door take half as many as the road settles, until time or entries are up."""
    watch = looking.Watch(journal)
    began, first, written = time.monotonic(), await _posts(helpdesk), watch.written()
    before = (began, first)
    while not over.is_set():
        await asyncio.sleep(0.25)
        now, posts = time.monotonic(), await _posts(helpdesk)
        paced.rate = (posts - before[1]) / (now - before[0]) / 2
        before = (now, posts)
        if now - began >= plan.road_s or posts >= plan.road_entries * 0.9:
            window.seconds, window.posted = now - began, posts - first
            window.written = watch.written().since(written)
            over.set()
    watch.close()


def _wait_for_posts(helpdesk: Program, number: int) -> None:
    ends_at = time.monotonic() + 120
    while _count_posts(helpdesk) < number:
        assert time.monotonic() < ends_at, f"{_count_posts(helpdesk)} of {number} messages after 120 s"
        time.sleep(0.02)


async def _posts(helpdesk: Program) -> int:
    return await asyncio.to_thread(_count_posts, helpdesk)


def _count_posts(helpdesk: Program) -> int:
    return int(ask(helpdesk, "/bench/counts")["counts"].get("post_message", 0))
