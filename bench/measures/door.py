"""The door: durable webhooks per second against a bare callable, and its latency against two syncs."""

import os
import time
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from random import Random
from statistics import median

from bench.bodies import requests
from bench.figures import Finding, in_ms, middle, percentile
from bench.filling import Filling, fill, open_journal
from bench.load import Paced, Tally, at_full_speed, made
from bench.plan import Plan
from bench.programs import Program, bare_server, bridge, closed_address

CHATS = 1_000
MADE_PER_S = 25_000
"""More webhooks than the door can take: each comes once."""
APPENDED_BYTES = 4_096
"""One page of a log, as a journal appends it."""


async def measure(plan: Plan) -> list[Finding]:
    """Both budgets of the door. The lanes rest meanwhile: nobody answers where the helpdesk should be."""
    folder = plan.folder / "door"
    folder.mkdir()
    fill(folder / "unlost.db", Filling(entries=1, lanes=1, head_due_s=3_600, lane_due_s=3_600))
    with bare_server(folder) as bare, bridge(folder, closed_address()) as door:
        bare.wait_until_it_answers("/")
        _pause(folder / "unlost.db")
        rates = await _rates(plan, bare, door)
        return [_rate_finding(rates), await _latency_finding(plan, folder, bare, door, median(rates["door"]) / 2)]


def _pause(journal: Path) -> None:
    """The measurement is of the door alone; `road` measures it beside working lanes."""
    with open_journal(journal) as connection:
        connection.execute("UPDATE pool SET paused = 'person', reason = 'bench'")


async def _rates(plan: Plan, bare: Program, door: Program) -> dict[str, list[float]]:
    rates: dict[str, list[float]] = {"bare": [], "door": []}
    again = cycle(made(requests(CHATS, mark="B"), CHATS))  # a callable that keeps nothing may be told the same twice
    texts = requests(CHATS, mark="D")
    for turn in range(plan.rounds + 1):
        for name, server, ready in (("bare", bare, again), ("door", door, made(texts, int(MADE_PER_S * plan.door_s)))):
            tally = await at_full_speed(server.port, ready, connections=plan.connections, seconds=plan.door_s)
            assert tally.refused == 0, f"{name} refused {tally.refused} webhooks"
            if turn > 0:  # the first one warms both
                rates[name].append(tally.answered / plan.door_s)
    return rates


def _rate_finding(rates: dict[str, list[float]]) -> Finding:
    ratio = median(door / bare for door, bare in zip(rates["door"], rates["bare"], strict=True))
    raw = {name: {"per_s": middle(each), "rounds": [round(rate) for rate in each]} for name, each in rates.items()}
    return Finding("door_rate", ratio, "at least", 0.6, raw=raw)


async def _latency_finding(plan: Plan, folder: Path, bare: Program, door: Program, rate: float) -> Finding:
    """A sample of the other side is a constant answer at the same rate plus two synced appends, timed apart and drawn at random."""
    texts = {"bare": requests(CHATS, mark="BB"), "door": requests(CHATS, mark="DD")}
    kept: dict[str, list[float]] = {"door": [], "constant": [], "two_appends": []}
    p99s = []
    for turn in range(plan.rounds):
        appends = list(_two_appends(folder, plan.latency_s / 4))
        constant = (await _at_rate(plan, bare, texts["bare"], rate)).latencies_s
        at_door = (await _at_rate(plan, door, texts["door"], rate)).latencies_s
        draw = Random(turn)
        plain = [answer + draw.choice(appends) for answer in constant]
        p99s.append(percentile(at_door, 0.99) / percentile(plain, 0.99))
        for name, some in (("door", at_door), ("constant", constant), ("two_appends", appends)):
            kept[name] += some
    raw = {"rate_per_s": round(rate), **{name: in_ms(each) for name, each in kept.items()}}
    return Finding("door_p99", median(p99s), "at most", 5, raw={**raw, "rounds": [middle([p]) for p in p99s]})


async def _at_rate(plan: Plan, server: Program, texts: Iterator[bytes], rate: float) -> Tally:
    ready = made(texts, int(rate * plan.latency_s * 1.5) + 1_000)
    until = time.monotonic() + plan.latency_s
    return await Paced(ready, rate).run(server.port, connections=256, until=lambda: time.monotonic() >= until)


def _two_appends(folder: Path, seconds: float) -> Iterator[float]:
    """Seconds for two appends, each synced, for a while."""
    file = os.open(folder / "appended", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        began = time.perf_counter()
        for _ in range(2):
            os.write(file, b"x" * APPENDED_BYTES)
            os.fdatasync(file)
        yield time.perf_counter() - began
    os.close(file)
