"""2,000 schedules: the whole bridge against everything that can go wrong, judged by every promise."""

import pytest

from tests.simulation.command import tried

SCHEDULES = 2_000
CHUNK = 50


@pytest.mark.parametrize("first", range(0, SCHEDULES, CHUNK))
@pytest.mark.timeout(300)
def test_every_promise_holds_in_every_schedule(first: int) -> None:
    """A failing seed is shown by `python -m tests.simulation SEED`."""
    failures = [failure for seed in range(first, first + CHUNK) if (failure := tried(seed)) is not None]
    assert not failures, "\n\n".join(failure.sentences for failure in failures)
