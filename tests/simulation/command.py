"""Many seeds over two processes, or one of them in all its details."""

from __future__ import annotations

import gc
import multiprocessing
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass

from tests.simulation.checker import Broken, judge
from tests.simulation.script import script_of
from tests.simulation.story import play

PROCESSES = 2
CHUNK = 20
YOUNG_OBJECTS = 50_000
"""New objects between two young collections; with Python's own 700 they cost a schedule an eighth of its time (measured)."""
SHOWN_FAILURES = 5
SHOWN_LINES = 250
USAGE = "usage: python -m tests.simulation FROM:TO | SEED"


@dataclass(frozen=True, slots=True)
class Failure:
    """One seed that does not hold. *sentences*: what was violated, or how the program broke."""

    seed: int
    sentences: str
    history: str


def tried(seed: int) -> Failure | None:
    """Play and judge one seed."""
    script = script_of(seed)
    try:
        play(script, judge)
    except Exception as error:  # noqa: BLE001 - the top of a schedule: whatever it raised is what is wrong with it
        history = getattr(error, "history", None)
        what = str(error) if isinstance(error, Broken) else "".join(traceback.format_exception(error)[-12:])
        return Failure(seed, f"{script.title}\n{what}", history.shown(SHOWN_LINES) if history else "")
    return None


def main(arguments: list[str]) -> int:
    """The exit code."""
    if len(arguments) != 1:
        print(USAGE)
        return 2
    first, colon, last = arguments[0].partition(":")
    if not first.isdecimal() or (colon and not last.isdecimal()):
        print(USAGE)
        return 2
    return _many(range(int(first), int(last))) if colon else _one(int(first))


def _one(seed: int) -> int:
    from tests.simulation.story import play_seed

    failure = tried(seed)
    if failure is None:
        played = play_seed(seed)
        print(played.history.shown(100_000))
        print(f"{played.script.title}: holds")
        return 0
    print(failure.history)
    print(failure.sentences)
    return 1


def _many(seeds: range) -> int:
    began = time.monotonic()
    done, failures = 0, []
    for failure in _results(seeds):
        done += 1
        if failure is not None:
            failures.append(failure)
            if len(failures) <= SHOWN_FAILURES:
                print(f"\n--- seed {failure.seed} ---\n{failure.history}\n{failure.sentences}\n", flush=True)
        if done % 500 == 0:
            print(f"{done} of {len(seeds)}, {len(failures)} failed, {time.monotonic() - began:.0f} s", flush=True)
    took_s = time.monotonic() - began
    print(f"{done} schedules in {took_s:.0f} s ({took_s / max(1, done) * 1000:.0f} ms each), {len(failures)} failed")
    if failures:
        print("seeds: " + " ".join(str(failure.seed) for failure in failures[:40]))
    return 1 if failures else 0


def _results(seeds: range) -> Iterator[Failure | None]:
    with multiprocessing.get_context("fork").Pool(PROCESSES, initializer=collect_seldom) as pool:
        yield from pool.imap_unordered(tried, seeds, chunksize=CHUNK)


def collect_seldom() -> None:
    """Of what stands already nothing is looked at again, and what is new comes to its turn late."""
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, 20, 50)
