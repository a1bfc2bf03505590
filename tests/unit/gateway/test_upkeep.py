"""Files that nobody will ask for any more."""

import os
from pathlib import Path

from unlost.gateway.upkeep import forget_files


def test_old_files_go_and_younger_ones_stay(tmp_path: Path) -> None:
    for name, at_s in (("old.png", 100), ("deep/old.png", 100), ("deep/new.png", 300)):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
        os.utime(path, (at_s, at_s))
    assert forget_files(tmp_path, before_s=200) == 2
    assert [path.name for path in tmp_path.rglob("*.png")] == ["new.png"]


def test_a_folder_that_is_not_there_has_none(tmp_path: Path) -> None:
    assert forget_files(tmp_path / "none", before_s=200) == 0
