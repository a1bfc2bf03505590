"""Ten kills; `make kills KILLS=200` for more."""

import os
import sys

import pytest

from tests.kills.run import run

KILLS = int(os.environ.get("KILLS", "10"))


@pytest.mark.timeout(300)
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc to see what a bridge holds")
def test_whatever_instruction_is_the_last_every_message_stands_once_and_in_order(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Real processes, real HTTP, a real journal; the population against the desk's API."""
    summary = run(KILLS, seed=1, tell=print)
    assert summary.clean, f"{summary}\n{capsys.readouterr().out}"
    assert summary.begun_kills * 4 >= summary.kills, f"too few kills fell between a begun step and its fact: {summary}"
