"""Other people's files that two rooms serve are the same in both: the gateway imports no room, and one update must mend both."""

from pathlib import Path

import pytest

import unlost

PACKAGE = Path(unlost.__file__).parent


@pytest.mark.parametrize("name", ["htmx.min.js", "sse.min.js", "LICENSES.txt"])
def test_console_and_gateway_serve_the_same_library(name: str) -> None:
    console, gateway = (PACKAGE / room / name for room in ("console/pages", "gateway/pages/html"))
    assert console.read_bytes() == gateway.read_bytes()
