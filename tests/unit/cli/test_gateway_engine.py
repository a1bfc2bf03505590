"""`unlost gateway` and `unlost check` where the real engine is wanted and is not installed."""

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.unit.settings.files import channel, written
from unlost.cli.main import main

CURE = "pip install 'unlost[whatsapp]'"


@pytest.fixture(autouse=True)
def not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that stands for None among the modules is one that Python does not find."""
    monkeypatch.setitem(sys.modules, "neonize", None)


def run(folder: Path, *arguments: str, engine: str = "neonize", more: str = "") -> Result:
    own = channel(kind="unlost", gateway='device = "5511900000000"')
    file = written(folder, f'{own}\n[gateway]\nlisten = "127.0.0.1:0"\nengine = "{engine}"\n{more}')
    return CliRunner().invoke(main, ["--config", str(file), *arguments], env={"UNLOST_CONFIG": None})


def findings(result: Result) -> dict[str, str]:
    return {one["key"]: f"{one['weight']}: {one['text']}" for one in json.loads(result.stdout)}


def test_the_gateway_says_so_in_one_line_with_the_cure(tmp_path: Path) -> None:
    result = run(tmp_path, "gateway")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert CURE in result.stderr
    assert not (tmp_path / "data").exists()


def test_check_calls_it_wrong(tmp_path: Path) -> None:
    result = run(tmp_path, "check", "--json")
    assert result.exit_code == 1
    assert findings(result)["gateway.engine"] == f"wrong: the engine `neonize` is not installed: {CURE}"


def test_the_simulated_engine_needs_nothing(tmp_path: Path) -> None:
    assert "gateway.engine" not in findings(run(tmp_path, "check", "--json", engine="simulated"))


def test_check_finds_it_odd_to_lose_webhooks_of_real_people(tmp_path: Path) -> None:
    found = findings(run(tmp_path, "check", "--json", more='temper = "gowa"'))
    assert found["gateway.temper"].startswith("odd: gowa")
