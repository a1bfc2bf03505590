"""`unlost init`, `unlost check`, and what every command says about bad settings."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.unit.settings.files import channel, written
from unlost.cli import check, init
from unlost.cli.main import COMMANDS, main


def run(*arguments: str | Path, **environ: str) -> Result:
    return CliRunner().invoke(main, [str(each) for each in arguments], env={"UNLOST_CONFIG": None, **environ})


def test_init_writes_a_file_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "unlost.toml"
    result = run("--config", path, "init")
    assert result.exit_code == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "Fill in" in result.output


def test_init_of_the_file_that_is_read_anyway_needs_no_config_to_be_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("init").output.endswith("then: unlost check\n")


def test_a_length_of_time_is_shown_in_help_as_it_is_typed() -> None:
    assert "[default: 24h]" in run("status", "--help").output


def test_init_never_overwrites(tmp_path: Path) -> None:
    path = written(tmp_path, "mine")
    result = run("--config", path, "init")
    assert result.exit_code == 2
    assert path.read_text() == "mine"
    assert "exists already" in result.output


def test_init_into_a_folder_that_is_not_there_fails_with_one_line(tmp_path: Path) -> None:
    result = run("--config", tmp_path / "none" / "unlost.toml", "init")
    assert result.exit_code == 1
    assert result.output.count("\n") == 1


def test_check_names_the_webhook_urls_to_enter(tmp_path: Path) -> None:
    text = (
        '[server]\nlisten = "127.0.0.1:0"\npublic_url = "https://bridge.example.com/wa"\n[journal]\nthrowaway = true\n'
    )
    text += channel()
    result = run("--config", written(tmp_path, text), "check")
    assert result.exit_code == 0
    assert "https://bridge.example.com/wa/webhooks/gateway/support\n" in result.output
    assert "https://bridge.example.com/wa/webhooks/helpdesk/support\n" in result.output


SAO_PAULO = 'device = "+55 11 98765-4321"'


def checked(folder: Path, *, server: str, device: str) -> list[str]:
    """The keys of what `check` finds about clocks."""
    text = f'[server]\nlisten = "127.0.0.1:0"\n{server}\n[journal]\nthrowaway = true\n{channel(gateway=device)}'
    found = json.loads(run("--config", written(folder, text), "check", "--json").output)
    return [each["text"] for each in found if each["key"] == "server.timezone"]


def test_check_says_that_times_will_be_told_by_nobodys_clock(tmp_path: Path) -> None:
    (found,) = checked(tmp_path, server="", device=SAO_PAULO)
    assert 'timezone = "America/Sao_Paulo"' in found


@pytest.mark.parametrize(
    ("server", "device"),
    [('timezone = "America/Manaus"', SAO_PAULO), ("", ""), ("", 'device = "+354 611 1234"')],
)
def test_check_guesses_no_clock_where_one_was_told_or_none_is_known(tmp_path: Path, server: str, device: str) -> None:
    assert checked(tmp_path, server=server, device=device) == []


def test_check_of_what_will_not_work_ends_with_1(tmp_path: Path) -> None:
    result = run("--config", written(tmp_path, '[server]\nlisten = "127.0.0.1:0"\n'), "check")
    assert result.exit_code == 1
    assert "wrong: channel: there is none" in result.output


def test_check_as_json_is_a_list(tmp_path: Path) -> None:
    result = run("--config", written(tmp_path, channel()), "check", "--json")
    assert {"weight", "key", "text"} == set(json.loads(result.output)[0])


def test_settings_that_cannot_be_read_end_with_2_and_one_line(tmp_path: Path) -> None:
    path = written(tmp_path, '[server]\nlisen = "x"\n')
    result = run("--config", path, "check")
    assert result.exit_code == 2
    assert result.output == f"Error: {path}: server.lisen: unknown key; did you mean listen?\n"


def test_the_file_may_be_named_by_the_environment(tmp_path: Path) -> None:
    path = tmp_path / "elsewhere.toml"
    assert run("init", UNLOST_CONFIG=str(path)).exit_code == 0
    assert path.exists()


@pytest.mark.parametrize("arguments", [["chekc"], ["check", "--jsno"], ["--confg", "x", "check"]])
def test_a_typing_error_ends_with_2(arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 2


def test_help_loads_no_command() -> None:
    """In a process of its own: `--help` must not pay for aiohttp, apsw or a web server."""
    script = (
        "import sys\nfrom unlost.cli.main import main\n"
        "main(['--help'], standalone_mode=False)\n"
        "heavy = {'aiohttp', 'apsw', 'starlette', 'uvicorn', 'jinja2', 'prometheus_client'} & set(sys.modules)\n"
        "sys.exit(f'loaded: {heavy}' if heavy else 0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env={**os.environ}, check=False
    )
    assert done.returncode == 0, done.stderr
    assert all(name in done.stdout for name in COMMANDS)


def test_commands_are_what_their_files_say() -> None:
    assert init.command.help
    assert check.command.help
