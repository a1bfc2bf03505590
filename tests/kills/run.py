"""One run: two worlds side by side, each with a dialect."""

import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.kills.customers import Customers
from tests.kills.judging import Rest, long_waits, settle, waits_s
from tests.kills.killing import Killing
from tests.kills.plan import plan_of
from tests.kills.world import KillWorld
from unlost.cli.demo.world import Dialect, Temper

STAGES: tuple[tuple[Dialect, Temper], ...] = (("envelope", "gowa"), ("flat", "durable"))
"""The temper is the one it begins with; each death of the gateway changes it."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What `make kills` prints as JSON. Waits in seconds: how many, the median, the longest."""

    seed: int
    kills: int
    begun_kills: int
    two_bridge_kills: int
    gateway_kills: int
    frozen: int
    messages: int
    lost: int
    duplicated: int
    out_of_order: int
    late: int
    unrecoverable: int
    dead: int
    unsettled: int
    twins: int
    two_forms: int
    starts_s: tuple[float, ...]
    not_begun_waits_s: tuple[float, ...]
    begun_waits_s: tuple[float, ...]
    seconds: float
    clean: bool
    folder: str = ""


@dataclass(slots=True)
class Stage:
    """One world and what was done to it."""

    world: KillWorld
    killing: Killing
    customers: Customers

    def play(self) -> Rest:
        """All of it, and what stands when nothing is left to do."""
        self.world.start()
        self.customers.start()
        try:
            self.killing.play()
        finally:
            self.customers.stop()
        return settle(self.world, self.killing.deaths)


def run(kills: int, seed: int, tell: Callable[[str], None]) -> Summary:
    """Play, come to rest, judge. The folder is kept, and named in the summary, where the end is not clean."""
    began = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="unlost-kills-"))
    shares = (kills - kills // 2, kills // 2)
    stages = [
        _stage(folder / dialect, dialect, temper, share, seed * 1000 + number, tell)
        for number, ((dialect, temper), share) in enumerate(zip(STAGES, shares, strict=True))
        if share
    ]
    try:
        with ThreadPoolExecutor(len(stages)) as pool:
            rests = list(pool.map(Stage.play, stages))
        summary = _summary(stages, rests, seed, time.monotonic() - began, folder)
    except BaseException:
        tell(f"kept in {folder}")
        raise
    finally:
        for stage in stages:
            stage.world.stop()
    for stage in stages:
        for line in long_waits(stage.world, stage.killing.kills):
            tell(line)
    for rest in rests:
        for line in (*rest.dead, *rest.twins, *map(str, () if rest.ledger.is_clean else (asdict(rest.ledger),))):
            tell(line)
    if summary.clean:
        _remove(folder)
    return summary


def _stage(folder: Path, dialect: Dialect, temper: Temper, kills: int, seed: int, tell: Callable[[str], None]) -> Stage:
    folder.mkdir(parents=True)
    world = KillWorld(folder, dialect=dialect, temper=temper)
    customers = Customers(world.population_path, seed)
    killing = Killing(world, customers, plan_of(kills, seed), lambda line: tell(f"{dialect}: {line}"))
    return Stage(world, killing, customers)


def _summary(stages: Sequence[Stage], rests: Sequence[Rest], seed: int, seconds: float, folder: Path) -> Summary:
    kills = [kill for stage in stages for kill in stage.killing.kills]
    ledgers = [rest.ledger for rest in rests]
    clean = all(rest.is_clean for rest in rests)
    waits = {
        begun: sorted(wait for stage in stages for wait in waits_s(stage.world, stage.killing.kills, begun=begun))
        for begun in (False, True)
    }
    return Summary(
        seed=seed,
        kills=len(kills),
        begun_kills=sum(kill.begun for kill in kills),
        two_bridge_kills=sum(kill.pair for kill in kills),
        gateway_kills=sum(len(stage.killing.deaths) for stage in stages),
        frozen=sum(stage.killing.frozen for stage in stages),
        messages=sum(ledger.sent for ledger in ledgers),
        lost=sum(ledger.lost for ledger in ledgers),
        duplicated=sum(ledger.duplicated for ledger in ledgers),
        out_of_order=sum(ledger.out_of_order for ledger in ledgers),
        late=sum(ledger.late for ledger in ledgers),
        unrecoverable=sum(ledger.unrecoverable for ledger in ledgers),
        dead=sum(len(rest.dead) for rest in rests),
        unsettled=sum(rest.unsettled for rest in rests),
        twins=sum(len(rest.twins) for rest in rests),
        two_forms=sum(rest.two_forms for rest in rests),
        starts_s=_figures([start for stage in stages for start in stage.killing.starts_s]),
        not_begun_waits_s=_figures(waits[False]),
        begun_waits_s=_figures(waits[True]),
        seconds=round(seconds, 1),
        clean=clean,
        folder="" if clean else str(folder),
    )


def _figures(waits: Sequence[float]) -> tuple[float, ...]:
    """(how many, median, longest)."""
    ordered = sorted(waits)
    return (len(ordered), round(ordered[len(ordered) // 2], 2), round(ordered[-1], 2)) if ordered else (0,)


def _remove(folder: Path) -> None:
    """Ours alone: made by mkdtemp above."""
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    folder.rmdir()
