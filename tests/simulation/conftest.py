"""What all simulated runs share."""

import gc
from collections.abc import Iterator

import pytest

from tests.simulation.command import collect_seldom


@pytest.fixture(autouse=True, scope="module")
def few_collections() -> Iterator[None]:
    """As in `make simulate`."""
    before = gc.get_threshold()
    collect_seldom()
    yield
    gc.set_threshold(*before)
    gc.unfreeze()
