"""What is deployed passes the linters of its kind."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.deploy.files import COMPOSES, DEPLOY, DOCKER, ROOT, tool

EXPOSURE_MAX_TENTHS = 20
"""Of systemd's own score, 0 to 100: a service that may do nothing it does not need."""


def ends_well(*words: str | Path) -> None:
    done = subprocess.run(
        [str(word) for word in words], cwd=ROOT, capture_output=True, text=True, timeout=100, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_dockerfile_passes_hadolint() -> None:
    ends_well(tool("hadolint"), DOCKER / "Dockerfile")


def test_the_entry_passes_shellcheck() -> None:
    ends_well(tool("shellcheck"), DOCKER / "entry")


def test_every_yaml_file_passes_yamllint() -> None:
    ends_well(tool("yamllint"), "--strict", "--config-file", DEPLOY / "yamllint.yaml", DEPLOY)


@pytest.mark.parametrize("name", COMPOSES)
def test_a_compose_file_fits_the_specification(name: str) -> None:
    ends_well(tool("check-jsonschema"), "--builtin-schema", "vendor.compose-spec", DOCKER / name)


def test_the_manifests_fit_kubernetes() -> None:
    ends_well(tool("kubernetes-validate"), "--strict", DEPLOY / "kubernetes" / "unlost.yaml")


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """The unit as it would be on a machine that has its program and user: this one has neither."""
    text = (DEPLOY / "systemd" / "unlost.service").read_text(encoding="utf-8")
    text = re.sub(r"(?m)^ExecStart=\S+", "ExecStart=/bin/true", text)
    text = re.sub(r"(?m)^(User|Group)=unlost$", r"\1=daemon", text)
    path = tmp_path / "unlost.service"
    path.write_text(text, encoding="utf-8")
    return path


def test_systemd_understands_every_line_of_the_unit(unit: Path) -> None:
    done = subprocess.run(
        [tool("systemd-analyze"), "verify", "--man=no", unit], capture_output=True, text=True, timeout=100, check=False
    )
    if "Failed to initialize manager" in done.stderr:
        pytest.skip(f"systemd-analyze cannot work here: {done.stderr.strip()}")
    assert [line for line in done.stderr.splitlines() if unit.name in line] == []


def test_the_unit_may_do_nothing_it_does_not_need(unit: Path) -> None:
    threshold = f"--threshold={EXPOSURE_MAX_TENTHS}"
    ends_well(tool("systemd-analyze"), "security", "--offline=yes", "--no-pager", threshold, unit)
