"""The first thousand of the schedules in every test run; `make simulate` runs any number.

The second thousand stands in a file of its own: the test run hands whole files to its workers.
"""

import pytest

from tests.simulation.command import tried

SCHEDULES = range(1_000)
CHUNK = 10


@pytest.mark.parametrize("first", SCHEDULES[::CHUNK])
def test_every_promise_holds_in_every_schedule(first: int) -> None:
    """A failing seed is shown by `python -m tests.simulation SEED`."""
    failures = [failure for seed in range(first, first + CHUNK) if (failure := tried(seed)) is not None]
    assert not failures, "\n\n".join(failure.sentences for failure in failures)
