"""The first 1,000 of 2,000 schedules; `test_schedules_beyond` has the rest, so that two workers share them."""

import pytest

from tests.simulation.command import tried

CHUNK = 10


@pytest.mark.parametrize("first", range(0, 1_000, CHUNK))
@pytest.mark.timeout(600)
def test_every_promise_holds_in_every_schedule(first: int) -> None:
    """A failing seed is shown by `python -m tests.simulation SEED`."""
    failures = [failure for seed in range(first, first + CHUNK) if (failure := tried(seed)) is not None]
    assert not failures, "\n\n".join(failure.sentences for failure in failures)
