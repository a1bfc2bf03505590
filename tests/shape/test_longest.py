"""The test run's order names files that exist."""

from pathlib import Path

import pytest

from tests.conftest import LONGEST


@pytest.mark.parametrize("name", LONGEST)
def test_what_goes_first_is_there(name: str) -> None:
    assert (Path(__file__).parents[2] / name).is_file()
