"""Some schedules in every test run; `make simulate` runs any number: the whole bridge against all that can go wrong."""

import pytest

from tests.simulation.command import tried
from tests.simulation.script import FILES_FROM

SCHEDULES = 60
WITH_FILES = 26  # each scene twice
CHUNK = 10


@pytest.mark.parametrize("first", range(0, SCHEDULES, CHUNK))
@pytest.mark.timeout(600)
def test_every_promise_holds_in_every_schedule(first: int) -> None:
    """A failing seed is shown by `python -m tests.simulation SEED`."""
    failures = [failure for seed in range(first, first + CHUNK) if (failure := tried(seed)) is not None]
    assert not failures, "\n\n".join(failure.sentences for failure in failures)


@pytest.mark.parametrize("first", range(FILES_FROM, FILES_FROM + WITH_FILES, 13))
@pytest.mark.timeout(600)
def test_every_promise_holds_where_customers_send_photos_too(first: int) -> None:
    """Each file once, whatever breaks; and nothing else that holds without them is lost with them."""
    failures = [failure for seed in range(first, first + 13) if (failure := tried(seed)) is not None]
    assert not failures, "\n\n".join(failure.sentences for failure in failures)
