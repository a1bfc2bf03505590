"""`unlost up`: what cannot start is said once, and nothing outlives it."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.acceptance.waiting import eventually
from unlost.cli.demo.world import World
from unlost.cli.processes import answers

START_S = 30.0

only_linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells who whose child is")


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Settings on free ports; `up` alone starts what they name."""
    return World(tmp_path)


@pytest.fixture
def up(world: World) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(words_of(world), stderr=subprocess.PIPE, start_new_session=True)
    yield process
    process.kill()
    process.communicate()


def test_a_port_that_is_taken_ends_it_with_one_line(world: World) -> None:
    with closing(socket.create_server(("127.0.0.1", world.ports.bridge))):
        ended = subprocess.run(words_of(world), capture_output=True, text=True, timeout=START_S, check=False)
    assert ended.returncode == 1
    assert "serve cannot start" in ended.stderr.splitlines()[-1]
    assert not any(answers(url) for url in urls_of(world))


@only_linux
def test_what_dies_is_started_again(up: "subprocess.Popen[bytes]", world: World) -> None:
    url = urls_of(world)[0]
    eventually(lambda: answers(url), "the bridge", within_s=START_S)
    (child,) = children_of(up.pid, "serve")
    os.kill(child, signal.SIGKILL)
    eventually(lambda: children_of(up.pid, "serve") not in ([], [child]), "another bridge", within_s=START_S)
    eventually(lambda: answers(url), "the bridge", within_s=START_S)


@only_linux
def test_its_children_end_with_it_even_by_a_kill(up: "subprocess.Popen[bytes]", world: World) -> None:
    urls = urls_of(world)
    eventually(lambda: all(answers(url) for url in urls), "all three programs", within_s=START_S)
    up.kill()
    eventually(lambda: not any(answers(url) for url in urls), "their end", within_s=START_S)


def words_of(world: World) -> list[str]:
    """As an operator types it."""
    return [sys.executable, "-m", "unlost.cli.main", "--config", str(world.settings["durable"]), "up"]


def urls_of(world: World) -> tuple[str, str, str]:
    """Where bridge, desk and gateway answer."""
    return f"{world.console_url}/healthz", f"{world.desk_url}/health", f"http://127.0.0.1:{world.ports.gateway}/health"


def children_of(parent: int, verb: str) -> list[int]:
    """Its living children that were started as *verb*."""
    pids = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [int(pid) for pid in pids if _words(pid)[-1:] == [verb.encode()]]


def _words(pid: str) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().rstrip(b"\0").split(b"\0")
    except FileNotFoundError:
        return []
