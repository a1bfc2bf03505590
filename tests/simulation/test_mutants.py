"""Every broken program is told from the true one by the one schedule that the table of seeds names."""

import pytest

from tests.simulation.command import tried
from tests.simulation.mutant_seeds import seeds
from tests.simulation.mutants import MUTANTS, Mutant

STALE = "its seed went stale; `python -m tests.simulation.mutant_seeds` finds another"


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_program_that_breaks_one_promise_is_caught(mutant: Mutant) -> None:
    seed = seeds()[mutant.name]
    failure = tried(seed)
    assert failure is None, failure.sentences
    with mutant.apply():
        assert tried(seed) is not None, f"{mutant.promise}: nobody noticed; or {STALE}"


def test_every_promise_has_a_mutant() -> None:
    """Of section 3, all that this direction can break and a simulation can see."""
    promises = {mutant.promise.partition(":")[0].partition(" ")[0] for mutant in MUTANTS}
    assert {"3.1", "3.2", "3.3", "3.4", "3.5", "3.6", "3.7", "3.9", "4"} <= {
        promise.rstrip(",") for promise in promises
    }
