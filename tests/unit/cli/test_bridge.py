"""The operator's way to the running bridge."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.unit.settings.files import channel, written
from unlost.cli.main import main
from unlost.cli.processes import free_port


@pytest.mark.parametrize(
    "words",
    [
        ["trace", "caf\udce9"],
        ["trace", "9" * 5_000],
        ["dead", "list", "--reason", "\udcff"],
        ["forget", "\udcff", "--yes"],
        ["status"],
    ],
)
def test_whatever_is_typed_a_command_without_a_bridge_says_how_to_start_one(tmp_path: Path, words: list[str]) -> None:
    """A terminal that does not speak UTF-8 hands us half characters."""
    path = written(tmp_path, f'[server]\nlisten = "127.0.0.1:{free_port()}"\n{channel()}')
    result = CliRunner().invoke(main, ["--config", str(path), *words])
    assert (result.exit_code, result.output.count("\n")) == (1, 1)
    assert "start it with `unlost serve`" in result.output
