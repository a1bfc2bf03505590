"""The processes of a measurement: started, asked, weighed, ended. Never one that is not ours."""

import contextlib
import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.bodies import CHANNEL, DEVICE, SECRET
from unlost.cli.processes import answers, free_port

DOUBT_WAIT_S = 2.0
START_WAIT_S = 60.0
SETTINGS = """\
[server]
listen = "127.0.0.1:{port}"
[console]
password = "bench-password"
[journal]
url = "sqlite:///unlost.db"
throwaway = true
[limits]
slots = {concurrency}
connections_per_host = {concurrency}
watch_every_s = 600
[[channel]]
name = "{channel}"
language = "en"
[channel.gateway]
kind = "gowa"
url = "http://127.0.0.1:{closed}"
username = "bench"
password = "bench"
device = "{device}"
webhook_secret = "{secret}"
gap_wait_s = 0.5
avatars = false
reconcile_every_s = 3600
[channel.helpdesk]
url = "http://127.0.0.1:{helpdesk}"
account_id = 1
inbox_id = 1
token = "bench"
webhook_secret = "{secret}"
call_timeout_s = 10
doubt_wait_s = {doubt_wait_s}
"""


class Program:
    """One child. Its words go to a file in the folder of its measurement."""

    def __init__(self, words: list[str], log: Path, url: str) -> None:
        self.url = url
        self.began_at = time.monotonic()
        with log.open("ab") as out:
            self._process = subprocess.Popen(
                [sys.executable, "-m", *words], stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
            )
        self._log = log

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.url.rpartition(":")[2])

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def wait_until_it_answers(self, path: str = "/healthz") -> float:
        """Seconds from its start to its first answer. Raises RuntimeError where it ends, or stays silent."""
        while time.monotonic() - self.began_at < START_WAIT_S:
            if answers(self.url + path):
                return time.monotonic() - self.began_at
            if self._process.poll() is not None:
                raise RuntimeError(f"{self.url} ended: {self._log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.005)
        raise RuntimeError(f"{self.url} does not answer")

    def resident_mb(self) -> float:
        """Its resident memory, in units of 10^6 bytes."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024 / 1e6
        raise RuntimeError("a process without a size")

    def kill(self) -> None:
        """SIGKILL."""
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """SIGTERM, and SIGKILL where that does not help."""
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()


@contextlib.contextmanager
def bare_server(folder: Path) -> Iterator[Program]:
    """See `peers`."""
    port = free_port()
    with _running(Program(["bench.peers", str(port)], folder / "bare.log", f"http://127.0.0.1:{port}")) as server:
        yield server


@contextlib.contextmanager
def double(folder: Path) -> Iterator[Program]:
    """See `double`."""
    port = free_port()
    with _running(Program(["bench.double", str(port)], folder / "double.log", f"http://127.0.0.1:{port}")) as made:
        made.wait_until_it_answers("/api")
        yield made


@contextlib.contextmanager
def bridge(folder: Path, helpdesk: str, *, concurrency: int = 32, wait: bool = True) -> Iterator[Program]:
    """`unlost serve` on the journal in *folder*. *wait*: until it answers."""
    port = free_port()
    config = folder / "unlost.toml"
    config.touch(mode=0o600)
    config.write_text(_settings(port, helpdesk, concurrency))
    words = ["unlost.cli.main", "--config", str(config), "serve"]
    program = Program(words, folder / "serve.log", f"http://127.0.0.1:{port}")
    with _running(program):
        if wait:
            program.wait_until_it_answers()
        yield program


def closed_address() -> str:
    """Where nobody listens."""
    return f"http://127.0.0.1:{free_port()}"


def ask(program: Program, path: str, body: object = None) -> Any:
    """What the double says of itself."""
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(program.url + path, data=data), timeout=30) as answer:
        return json.loads(answer.read())


def _settings(port: int, helpdesk: str, concurrency: int) -> str:
    return SETTINGS.format(
        port=port,
        helpdesk=helpdesk.rpartition(":")[2],
        closed=free_port(),
        channel=CHANNEL,
        device=DEVICE,
        secret=SECRET,
        concurrency=concurrency,
        doubt_wait_s=DOUBT_WAIT_S,
    )


@contextlib.contextmanager
def _running(program: Program) -> Iterator[Program]:
    try:
        yield program
    finally:
        program.stop()


def machine() -> dict[str, Any]:
    """Where and when it was measured: other people's work on it is part of the figures."""
    return {
        "cores": os.cpu_count(),
        "load_average": [round(load, 2) for load in os.getloadavg()],
        "python": sys.version.split()[0],
    }
