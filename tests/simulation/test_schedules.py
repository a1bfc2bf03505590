"""Some schedules in every test run; `make simulate` runs any number: the whole bridge against all that can go wrong."""

import pytest

from tests.simulation.command import tried

SCHEDULES = 60
CHUNK = 10


@pytest.mark.parametrize("first", range(0, SCHEDULES, CHUNK))
@pytest.mark.timeout(600)
def test_every_promise_holds_in_every_schedule(first: int) -> None:
    """A failing seed is shown by `python -m tests.simulation SEED`."""
    failures = [failure for seed in range(first, first + CHUNK) if (failure := tried(seed)) is not None]
    assert not failures, "\n\n".join(failure.sentences for failure in failures)
