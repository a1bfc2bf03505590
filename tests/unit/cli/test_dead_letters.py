"""What `dead` asks before it changes anything."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.unit.settings.files import channel, written
from unlost.cli.main import main


@pytest.mark.parametrize("verb", ["retry", "discard"])
def test_changing_dead_letters_without_saying_which_is_an_error_of_usage(tmp_path: Path, verb: str) -> None:
    """No bridge runs: it is not even asked."""
    path = written(tmp_path, channel())
    result = CliRunner().invoke(main, ["--config", str(path), "dead", verb, "--preview"])
    assert result.exit_code == 2
    assert "name ids, a filter, or --all" in result.output


@pytest.mark.parametrize("more", [["--all"], ["--channel", "support"], ["--since", "2d"]])
def test_numbers_and_a_filter_besides_are_an_error_of_usage(tmp_path: Path, more: list[str]) -> None:
    path = written(tmp_path, channel())
    result = CliRunner().invoke(main, ["--config", str(path), "dead", "discard", "7", *more, "--yes"])
    assert result.exit_code == 2
    assert "not both" in result.output
