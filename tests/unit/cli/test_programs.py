"""`unlost desk` and `unlost gateway`: what they say of a port that is taken, and how their lines look."""

import json
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.settings.files import channel, written
from unlost.cli.processes import free_port

pytestmark = pytest.mark.parametrize("name", ["desk", "gateway"])
DEVICE = 'kind = "gowa"\ndevice = "5541999990000@s.whatsapp.net"'


def command(folder: Path, name: str, port: int) -> list[str]:
    """Of a program that is to listen there."""
    text = f'[{name}]\nlisten = "127.0.0.1:{port}"\ndata = "data"\n' + channel().replace('kind = "gowa"', DEVICE, 1)
    return [sys.executable, "-m", "unlost.cli.main", "--config", str(written(folder, text)), name]


def test_a_port_that_is_taken_is_one_line_with_the_cure_and_exit_code_1(tmp_path: Path, name: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        words = command(tmp_path, name, taken.getsockname()[1])
        ended = subprocess.run(words, capture_output=True, text=True, timeout=30, check=False)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("Error: cannot listen at 127.0.0.1:")
    assert ended.stderr.endswith(f"name another [{name}] listen\n")


def test_what_it_tells_off_a_terminal_is_json_on_standard_error(tmp_path: Path, name: str) -> None:
    port = free_port()
    with subprocess.Popen(
        command(tmp_path, name, port), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as program:
        _until_it_listens(port, program)
        program.send_signal(signal.SIGTERM)
        said, told = program.communicate(timeout=30)
    assert said == ""
    assert all(json.loads(line)["event"] for line in told.splitlines())


def _until_it_listens(port: int, program: "subprocess.Popen[str]") -> None:
    while program.poll() is None:
        with socket.socket() as caller:
            if caller.connect_ex(("127.0.0.1", port)) == 0:
                return
    raise AssertionError(f"it ended with {program.returncode}")
