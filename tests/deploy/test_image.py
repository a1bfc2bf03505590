"""The image without a builder: what it is made of is installed into a folder, and its entry runs there in a clean environment."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploy.files import DOCKER, ROOT, dockerfile, image_environment
from tests.unit.settings.files import channel, written
from unlost.cli.processes import answers, free_port

START_S, STOP_S = 30.0, 15.0


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its /opt/unlost: the package as the Dockerfile installs it, from copies of what it copies, and the two scripts."""
    build, made = tmp_path_factory.mktemp("build"), tmp_path_factory.mktemp("image")
    for word, rest in dockerfile():
        if word == "COPY" and "--from" not in rest:
            for source in [each for each in rest.split() if not each.startswith("--")][:-1]:
                _copy(ROOT / source, build / source)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index", "--no-deps"]
    subprocess.run([*pip, "--no-build-isolation", "--target", made / "site", "."], cwd=build, check=True, timeout=100)
    (made / "bin").mkdir()
    for script in ("entry", "healthy"):
        shutil.copy(build / "deploy/docker" / script, made / "bin")
    _command(made)
    return made


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source, target)


def _command(made: Path) -> None:
    """`unlost` as pip would lay it into bin/, of this package and not of the one under test elsewhere."""
    command = made / "bin" / "unlost"
    command.write_text(f'#!/bin/sh\nPYTHONPATH={made}/site exec {sys.executable} -P -m unlost.cli.main "$@"\n')
    command.chmod(0o755)
    (made / "bin" / "python3").symlink_to(sys.executable)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """An empty folder in the place of /data."""
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


def environment(image: Path, data: Path, **more: str) -> dict[str, str]:
    """Nothing but what the image sets, with *data* for /data."""
    own = {name: value.replace("/data/", f"{data}/") for name, value in image_environment().items()}
    return {"PATH": f"{image}/bin:/usr/bin:/bin", **own, **more}


def entry(image: Path, data: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [image / "bin" / "entry", *words],
        cwd=data,
        env=environment(image, data, **more),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_image_runs_its_own_package(image: Path, data: Path) -> None:
    code = "import unlost, unlost.journal, pathlib; print(pathlib.Path(unlost.__file__).parent.parent)"
    done = entry(image, data, "python3", "-c", code, PYTHONPATH=f"{image}/site")
    assert done.stdout.strip() == f"{image}/site"


def test_whatever_is_no_python_came_along(image: Path) -> None:
    """SQL, migrations, pages: without them the program starts and fails later."""
    kinds = ("*.sql", "*.html", "*.css", "*.js", "py.typed")
    here = {str(path.relative_to(ROOT / "src")) for kind in kinds for path in (ROOT / "src").rglob(kind)}
    assert here
    assert [name for name in sorted(here) if not (image / "site" / name).exists()] == []


def test_an_empty_volume_gets_settings_to_fill_in(image: Path, data: Path) -> None:
    done = entry(image, data)
    assert done.returncode == 2
    assert "fill it in" in done.stderr
    assert "[[channel]]" in (data / "unlost.toml").read_text()


def test_settings_that_are_not_filled_in_are_one_line_and_2(image: Path, data: Path) -> None:
    entry(image, data)
    done = entry(image, data)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_any_command_of_the_program_can_be_called(image: Path, data: Path) -> None:
    assert entry(image, data, "--version").stdout.startswith("unlost, version")
    assert entry(image, data, "unlost", "--version").stdout.startswith("unlost, version")


def test_a_journal_that_goes_with_the_container_is_refused_with_the_cure(image: Path, data: Path) -> None:
    """In memory, as on /dev/shm, it is lost in every container, whatever the machine of this test is."""
    if "/dev/shm tmpfs" not in re.sub(r"(?m)^\S+ (\S+) (\S+).*$", r"\1 \2", Path("/proc/self/mounts").read_text()):
        pytest.skip("/dev/shm is no memory on this machine")
    written(data, channel())
    url = "sqlite:////dev/shm/unlost-never-made/unlost.db"
    done = entry(image, data, KUBERNETES_SERVICE_HOST="10.0.0.1", UNLOST__JOURNAL__URL=url)
    assert done.returncode == 2
    assert "throwaway = true" in done.stderr
    assert not Path("/dev/shm/unlost-never-made").exists()


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def serving(image: Path, data: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The image's default command."""
    written(data, channel())
    more = {"UNLOST__SERVER__LISTEN": f"127.0.0.1:{port}", "UNLOST__JOURNAL__THROWAWAY": "true"}
    with (data / "log").open("wb") as log:
        process = subprocess.Popen(
            [image / "bin" / "entry", "serve"], cwd=data, env=environment(image, data, **more), stderr=log, stdout=log
        )
    try:
        ends_at = time.monotonic() + START_S
        while not answers(f"http://127.0.0.1:{port}/healthz") and time.monotonic() < ends_at:
            assert process.poll() is None, (data / "log").read_text()
            time.sleep(0.05)
        yield process
    finally:
        process.kill()
        process.wait()


def test_it_serves_is_healthy_and_stops_when_it_is_told(
    image: Path, data: Path, port: int, serving: subprocess.Popen[bytes]
) -> None:
    healthy = entry(image, data, "healthy", UNLOST__SERVER__LISTEN=f"127.0.0.1:{port}")
    serving.send_signal(signal.SIGTERM)
    assert serving.wait(STOP_S) == 0, (data / "log").read_text()
    assert healthy.returncode == 0
    assert (data / "unlost.db").stat().st_size > 0


def test_what_does_not_answer_is_not_healthy(image: Path, data: Path, port: int) -> None:
    assert entry(image, data, "healthy", UNLOST__SERVER__LISTEN=f"127.0.0.1:{port}").returncode == 1


def test_the_scripts_can_be_executed() -> None:
    assert all(os.access(DOCKER / script, os.X_OK) for script in ("entry", "healthy"))
