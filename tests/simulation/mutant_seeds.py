"""The one schedule of each broken program: the true one passes it, the broken one does not.

A change of the program moves what happens in a schedule, and a seed may go stale. `python -m tests.simulation.mutant_seeds` looks on
from where each stands, and writes down what it finds.
"""

import json
import multiprocessing
import sys
from pathlib import Path

from tests.simulation.command import tried
from tests.simulation.mutants import MUTANTS

FILE = Path(__file__).with_suffix(".json")
LOOKED_AT_MAX = 4_000
PROCESSES = 2


def seeds() -> dict[str, int]:
    """By the mutant's name."""
    known: dict[str, int] = json.loads(FILE.read_text(encoding="utf-8"))
    return known


def caught_by(number: int) -> tuple[int, int | None]:
    """*number* and the first seed from its own on that tells MUTANTS[*number*] from the true program; None: none was found."""
    mutant = MUTANTS[number]
    first = seeds().get(mutant.name, 0)
    for seed in range(first, first + LOOKED_AT_MAX):
        with mutant.apply():
            is_noticed = tried(seed) is not None
        if is_noticed and tried(seed) is None:
            return number, seed
    return number, None


def main() -> int:
    """0 where every mutant has its seed."""
    found: dict[str, int] = {}
    with multiprocessing.get_context("fork").Pool(PROCESSES) as pool:
        for number, seed in pool.imap_unordered(caught_by, range(len(MUTANTS)), chunksize=1):
            name = MUTANTS[number].name
            print(f"{name}: {'nobody notices' if seed is None else seed}", flush=True)
            if seed is not None:
                found[name] = seed
    ordered = {mutant.name: found[mutant.name] for mutant in MUTANTS if mutant.name in found}
    FILE.write_text(json.dumps(ordered, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0 if len(ordered) == len(MUTANTS) else 1


if __name__ == "__main__":
    sys.exit(main())
