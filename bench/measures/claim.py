"""A claim's time with a million entries against a thousand, in every shape that a backlog can have."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import apsw

from bench.bodies import CHANNEL
from bench.figures import Finding, rounded
from bench.filling import LATER_S, Filling, fill, open_journal
from bench.plan import Plan
from unlost.journal import claiming, holders, leasing
from unlost.journal.opening import secret_of
from unlost.journal.rows import Claim, HolderId, Pool
from unlost.journal.turn import Turn
from unlost.vocabulary.envelopes import Direction
from unlost.vocabulary.ids import ChannelName

POOL = Pool(ChannelName(CHANNEL), Direction.INBOUND)
ME = HolderId("bench")


@dataclass(frozen=True, slots=True)
class Shape:
    """How *entries* lie in lanes; *paused*: the whole channel. *hands_out*: whether a claim finds anything."""

    name: str
    filling: Callable[[int], Filling]
    paused: bool = False
    hands_out: bool = True


SHAPES = (
    Shape("one_lane", lambda entries: Filling(entries=entries, lanes=1)),
    Shape("a_lane_each", lambda entries: Filling(entries=entries, lanes=entries)),
    Shape(
        "behind_waiting_heads",
        lambda entries: Filling(entries=entries, lanes=max(1, entries // 10), head_due_s=LATER_S, lane_due_s=LATER_S),
        hands_out=False,
    ),
    Shape("all_paused", lambda entries: Filling(entries=entries, lanes=entries), paused=True, hands_out=False),
    Shape(
        "all_backing_off",
        lambda entries: Filling(entries=entries, lanes=entries, head_due_s=LATER_S, lane_due_s=LATER_S),
        hands_out=False,
    ),
)


async def measure(plan: Plan) -> list[Finding]:
    """The worst ratio of medians. Timed inside its transaction: a commit's sync would hide what grows."""
    ratios, raw = {}, {}
    for shape in SHAPES:
        few, many = (_medians(plan, shape, entries) for entries in (plan.claim_few, plan.claim_many))
        ratios[shape.name] = many / few
        raw[shape.name] = {
            "ratio": rounded(many / few),
            "few_us": rounded(few * 1e6),
            "many_us": rounded(many * 1e6),
        }
    sizes = {"few": plan.claim_few, "many": plan.claim_many, "samples": plan.claim_samples}
    return [Finding("claim", max(ratios.values()), "at most", 1.5, raw={**raw, **sizes})]


def _medians(plan: Plan, shape: Shape, entries: int) -> float:
    path = plan.folder / f"claim-{shape.name}-{entries}.db"
    fill(path, shape.filling(entries))
    connection = open_journal(path)
    try:
        with connection:
            holders.enrol(_turn(connection), ME, "host", "/lock")
            if shape.paused:
                connection.execute("UPDATE pool SET paused = 'person'")
        samples = min(plan.claim_samples, entries // 2)
        return median(_one_claim(connection, shape) for _ in range(samples))
    finally:
        connection.close()
        _remove(path)


def _one_claim(connection: apsw.Connection, shape: Shape) -> float:
    """Seconds of one claim. What it took is given back or kept, so that the next one meets rows it has not just touched."""
    connection.execute("BEGIN IMMEDIATE")
    turn = _turn(connection)
    began = time.perf_counter()
    claims: list[Claim] = claiming.claim(turn, ME, POOL, 1, alone=False)
    seconds = time.perf_counter() - began
    assert bool(claims) is shape.hands_out, f"{shape.name}: {len(claims)} claims"
    if shape.name == "one_lane":
        leasing.give_back(turn, tuple(claims))
    connection.execute("COMMIT")
    return seconds


def _turn(connection: apsw.Connection) -> Turn:
    return Turn(connection, time.time(), secret_of(connection))


def _remove(path: Path) -> None:
    for name in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
        name.unlink(missing_ok=True)
