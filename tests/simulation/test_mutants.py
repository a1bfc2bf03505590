"""Every broken program is told from the true one by a schedule that the true one passes."""

import pytest

from tests.simulation.command import tried
from tests.simulation.mutants import MUTANTS, Mutant

SEEDS_TRIED = 150
"""A mutant's own seed is tried first. A change of the program moves what happens in a schedule, so its neighbours follow."""


@pytest.mark.proof
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
@pytest.mark.timeout(300)
def test_a_program_that_breaks_one_promise_is_caught(mutant: Mutant) -> None:
    assert any(_is_caught(mutant, seed) for seed in range(mutant.seed, mutant.seed + SEEDS_TRIED)), (
        f"{mutant.promise}: nobody noticed"
    )


def test_every_promise_has_a_mutant() -> None:
    """Of section 3, all that this direction can break and a simulation can see."""
    promises = {mutant.promise.partition(":")[0].partition(" ")[0] for mutant in MUTANTS}
    assert {"3.1", "3.2", "3.3", "3.4", "3.5", "3.6", "3.7", "3.9", "4"} <= {
        promise.rstrip(",") for promise in promises
    }


def _is_caught(mutant: Mutant, seed: int) -> bool:
    """The true program must pass the very schedule that catches the broken one."""
    with mutant.apply():
        is_noticed = tried(seed) is not None
    return is_noticed and tried(seed) is None
