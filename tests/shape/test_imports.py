"""Imports run one way."""

from pathlib import Path

import pytest

import unlost
from tests.shape.imports import LINES, climbs, may_import

PACKAGE = Path(unlost.__file__).parent


def test_no_room_imports_from_its_own_line_or_a_lower_one() -> None:
    assert [str(climb) for climb in climbs(PACKAGE)] == []


def test_every_room_stands_on_a_line_and_every_line_has_its_rooms() -> None:
    rooms = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert rooms - {"__init__"} == set().union(*LINES)


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("journal/a.py", "from unlost.lanes.runner import run"),
        ("journal/a.py", "import unlost.cli.main"),
        ("journal/a.py", "from unlost import chatwoot"),
        ("journal/a.py", "def f():\n    from unlost.gowa import client"),
        ("journal/a.py", "from ..gowa import client"),
        ("journal/sqlite/a.py", "from ...gowa import client"),
        ("journal/a.py", "import unlost\nunlost.gowa.client.send()"),
        ("journal/a.py", "import importlib\nimportlib.import_module('unlost.gowa')"),
        ("interpret/a.py", "from unlost.errors import Refused"),
        ("desk/a.py", "from unlost.vocabulary.ids import EntryId"),
        ("gateway/a.py", "from unlost.ingress.door import DoorApp"),
        ("settings/a.py", "from unlost.telemetry.log import Telemetry"),
        ("road.py", "from unlost.assemble import build"),
        ("helpers/a.py", "from unlost.vocabulary.ids import EntryId"),
    ],
)
def test_a_climb_is_seen_wherever_it_hides(tmp_path: Path, file: str, source: str) -> None:
    path = tmp_path / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source)
    assert len(list(climbs(tmp_path))) == 1


@pytest.mark.parametrize(
    ("room", "wants"),
    [
        ("journal", "vocabulary"),
        ("transport", "errors"),
        ("cli", "assemble"),
        ("desk", "__version__"),
        ("road", "road"),
    ],
)
def test_what_goes_upwards_may_be_imported(room: str, wants: str) -> None:
    assert may_import(room, wants)
