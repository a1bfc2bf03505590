"""Child processes of `up` and `demo`: started, watched, stopped, and in the demo killed. Never a process that is not ours."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from unlost.cli.parent import bound_to

STOP_WAIT_S = 8.0
"""A clean stop takes at most 3 s (the bridge's budget); then the process is killed, so that nothing is left behind."""


@dataclass(slots=True)
class Program:
    """One `unlost …` child. *log* takes its output; None shows it on our own terminal. *is_bound*: it ends with us (`parent`).

    *module* is what Python runs, where it is not the command itself.
    """

    name: str
    arguments: Sequence[str]
    log: Path | None = None
    is_bound: bool = False
    module: str = "unlost.cli.main"
    _process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; it is in a group of its own, so that a Ctrl-C on our terminal reaches it through us alone."""
        with contextlib.ExitStack() as stack:  # the child has the file's handle for itself
            output = None if self.log is None else stack.enter_context(self.log.open("ab"))
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own words
                [sys.executable, "-m", self.module, *self.arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                env=os.environ | {"PYTHONUNBUFFERED": "1"} | (bound_to(os.getpid()) if self.is_bound else {}),
            )

    @property
    def is_running(self) -> bool:
        """Whether it lives."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        """Its process id, while it has one."""
        return None if self._process is None else self._process.pid

    @property
    def exit_code(self) -> int | None:
        """How it ended; None while it lives or was never started."""
        return None if self._process is None else self._process.poll()

    def kill(self) -> None:
        """SIGKILL: it runs no further instruction."""
        self._end(signal.SIGKILL, STOP_WAIT_S)

    def freeze(self) -> None:
        """SIGSTOP: it stands still and does not know it."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT."""
        self._signal(signal.SIGCONT)

    def stop(self) -> None:
        """SIGTERM, and SIGKILL where it does not end in time."""
        self._end(signal.SIGTERM, STOP_WAIT_S)

    def ask_to_stop(self) -> None:
        """SIGTERM, without waiting: several programs stop side by side."""
        self._signal(signal.SIGTERM)

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self.is_running:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(number)

    def _end(self, number: signal.Signals, wait_s: float) -> None:
        self._signal(number)
        if self._process is not None:
            try:
                self._process.wait(wait_s)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(wait_s)


def free_port() -> int:
    """A loopback port nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def answers(url: str, *, timeout_s: float = 1.0) -> bool:
    """Whether *url* (loopback) answers anything at all."""
    try:
        with urllib.request.urlopen(url, timeout=timeout_s):  # noqa: S310 - a URL of our own making
            return True
    except urllib.error.HTTPError:
        return True
    except (OSError, ValueError):
        return False


def wait_until_answers(program: Program, url: str, *, timeout_s: float = 20.0) -> None:
    """Return once *url* answers. Raises RuntimeError where the program ends first or does not answer in time."""
    ends_at = time.monotonic() + timeout_s
    while time.monotonic() < ends_at:
        if answers(url):
            return
        if not program.is_running:
            raise RuntimeError(f"{program.name} ended with exit code {program.exit_code}{_last_words(program)}")
        time.sleep(0.05)
    raise RuntimeError(f"{program.name} did not answer at {url} within {timeout_s:.0f} s{_last_words(program)}")


def _last_words(program: Program) -> str:
    if program.log is None or not program.log.exists():
        return ""
    lines = program.log.read_text(errors="replace").splitlines()[-8:]
    return ":\n  " + "\n  ".join(lines)
