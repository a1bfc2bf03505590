"""What is deployed, read as its tools read it."""

import re
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
DOCKER = DEPLOY / "docker"
COMPOSES = ("compose.yaml", "compose.all.yaml")


def tool(name: str) -> str:
    """A linter's path: beside our Python, else on the PATH; skips with the reason where it is nowhere."""
    found = shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is missing on this machine")
    return found


def loaded(path: Path) -> Any:
    """A YAML file of one document."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def manifests() -> dict[str, Any]:
    """Kubernetes' objects by kind; there is one of each."""
    text = (DEPLOY / "kubernetes" / "unlost.yaml").read_text(encoding="utf-8")
    return {each["kind"]: each for each in yaml.safe_load_all(text) if each}


def dockerfile() -> list[tuple[str, str]]:
    """Instructions and their words, continued lines joined, comments left out."""
    text = re.sub(r"^#.*\n", "", (DOCKER / "Dockerfile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    lines = re.sub(r"\\\n\s*", "", text).splitlines()
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in lines if line)]


def image_environment() -> dict[str, str]:
    """The ENV of the image, without PATH."""
    pairs = [pair.partition("=") for word, rest in dockerfile() if word == "ENV" for pair in rest.split()]
    return {name: value for name, _, value in pairs if name != "PATH"}
