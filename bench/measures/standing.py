"""What a bridge weighs, and how soon it listens: with an empty journal and with a million entries waiting."""

import time
from pathlib import Path
from statistics import median

from bench.figures import Finding, middle
from bench.filling import Filling, fill
from bench.plan import Plan
from bench.programs import bridge, closed_address

SAMPLE_EVERY_S = 0.25


async def measure(plan: Plan) -> list[Finding]:
    """Memory is the most that was seen; a start is timed from the process's creation to its first answer."""
    empty, full = plan.folder / "empty", plan.folder / "million"
    full.mkdir()
    fill(full / "unlost.db", Filling(entries=plan.waiting_many, lanes=max(1, plan.waiting_many // 100)))
    starts: dict[str, list[float]] = {"empty": [], "million": []}
    weights: dict[str, float] = {}
    empty.mkdir()
    for turn in range(plan.starts):
        for name, folder in (("empty", empty), ("million", full)):
            started_s, weight = _stand(plan, folder, weigh=turn == 0)
            starts[name].append(started_s)
            weights.setdefault(name, weight)
    return [
        Finding("memory_idle", weights["empty"], "at most", 120, "MB"),
        Finding("memory_million_waiting", weights["million"], "at most", 200, "MB", {"waiting": plan.waiting_many}),
        _start("start", starts["empty"]),
        _start("start_million_waiting", starts["million"]),
    ]


def _start(name: str, seconds: list[float]) -> Finding:
    return Finding(name, median(seconds), "at most", 2, "seconds", {"rounds_s": [middle([each]) for each in seconds]})


def _stand(plan: Plan, folder: Path, *, weigh: bool) -> tuple[float, float]:
    """Seconds until it listened, and the most that it weighed while the helpdesk was away; 0 where it was not weighed."""
    with bridge(folder, closed_address(), wait=False) as program:
        started_s = program.wait_until_it_answers()
        heaviest, until = 0.0, time.monotonic() + (plan.settle_s if weigh else 0.0)
        while time.monotonic() < until:
            heaviest = max(heaviest, program.resident_mb())
            time.sleep(SAMPLE_EVERY_S)
        return started_s, heaviest
