"""After `kill -9`: how soon a lane that was leased at the kill delivers again, with a hundred thousand entries waiting."""

import time
from pathlib import Path
from typing import Literal

from bench import looking
from bench.figures import Finding, middle
from bench.filling import Filling, fill
from bench.plan import Plan
from bench.programs import DOUBT_WAIT_S, Program, ask, bridge, double

LIMIT_S = 30.0


async def measure(plan: Plan) -> list[Finding]:
    """Timed from the start of the next process, so with its start-up; the worst of several kills."""
    findings = []
    for name, budget, links, hangs in (
        ("resume_not_begun", 2.0, "contact", "list_conversations"),
        ("resume_begun", DOUBT_WAIT_S + 2.0, "conversation", "post_message"),
    ):
        times = [
            _kill(plan, plan.folder / f"{name}{turn}", links, hangs)  # type: ignore[arg-type]  # both are of the two
            for turn in range(plan.resume_rounds)
        ]
        raw = {
            "rounds_s": [middle([delivered_s]) for delivered_s, _ in times],
            "of_these_until_listening_s": [middle([listening_s]) for _, listening_s in times],
            "waiting": plan.leased_waiting,
        }
        findings.append(Finding(name, max(delivered_s for delivered_s, _ in times), "at most", budget, "seconds", raw))
    return findings


def _kill(plan: Plan, folder: Path, links: Literal["contact", "conversation"], hangs: str) -> tuple[float, float]:
    """Seconds from the second process's start to the first delivery in a lane that the first had leased, and to its listening."""
    folder.mkdir()
    journal = folder / "unlost.db"
    fill(journal, Filling(entries=plan.leased_waiting, lanes=min(1_000, plan.leased_waiting), links=links))
    with double(folder) as helpdesk:
        ask(helpdesk, "/bench/hang", [hangs])
        with bridge(folder, helpdesk.url) as first:
            leased = _wait_for_leases(journal, begun=hangs == "post_message")
            first.kill()
        leased = looking.leased_chats(journal)
        posts_before = len(ask(helpdesk, "/bench/posts")["posts"])
        ask(helpdesk, "/bench/hang", [])
        with bridge(folder, helpdesk.url, wait=False) as second:
            listening_s = second.wait_until_it_answers()
            return _first_delivery(helpdesk, leased, posts_before) - second.began_at, listening_s


def _wait_for_leases(journal: Path, *, begun: bool) -> dict[int, bool]:
    ends_at = time.monotonic() + LIMIT_S
    while True:
        leased = looking.leased_chats(journal)
        if any(is_begun is begun for is_begun in leased.values()):
            time.sleep(0.2)  # the other slots get there too
            return leased
        assert time.monotonic() < ends_at, "nothing was leased"
        time.sleep(0.01)


def _first_delivery(helpdesk: Program, leased: dict[int, bool], posts_before: int) -> float:
    ends_at = time.monotonic() + LIMIT_S
    while time.monotonic() < ends_at:
        for at, conversation in ask(helpdesk, "/bench/posts")["posts"][posts_before:]:
            if conversation - 1 in leased:
                return float(at)
        time.sleep(0.02)
    raise AssertionError(f"no lane of {len(leased)} that were leased delivered within {LIMIT_S} s")
