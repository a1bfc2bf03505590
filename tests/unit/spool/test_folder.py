"""The folder of fetched files."""

import os
from pathlib import Path

import pytest

from unlost.spool import Spool, SpoolFull

NAME = "0123456789abcdef-0"


def spool_in(folder: Path, max_bytes: int = 1_000) -> Spool:
    return Spool(folder / "files", max_bytes)


async def test_a_kept_file_is_found_again(tmp_path: Path) -> None:
    spool = spool_in(tmp_path)
    with spool.begin(NAME) as spooling:
        spooling.write(b"hel")
        spooling.write(b"lo")
        await spooling.keep()
    found = spool.find(NAME)
    assert found is not None
    assert found.read_bytes() == b"hello"


async def test_it_is_synced_before_anybody_can_see_it(tmp_path: Path) -> None:
    seen: list[Path | None] = []
    spool = Spool(tmp_path, 1_000, sync=lambda _: seen.append(spool.find(NAME)))
    with spool.begin(NAME) as spooling:
        spooling.write(b"x")
        await spooling.keep()
    assert seen == [None, tmp_path / NAME]  # its bytes, then its name


async def test_what_was_not_kept_leaves_nothing(tmp_path: Path) -> None:
    spool = spool_in(tmp_path)
    with spool.begin(NAME) as spooling:
        spooling.write(b"half of i")
    assert (spool.find(NAME), spool.kept()) == (None, ())


async def test_all_files_together_stay_within_the_bound(tmp_path: Path) -> None:
    spool = spool_in(tmp_path)
    with spool.begin(NAME) as first:
        first.write(b"x" * 600)
        await first.keep()
    with spool.begin("0123456789abcdef-1") as second:
        second.write(b"x" * 400)
        with pytest.raises(SpoolFull):
            second.write(b"x")


async def test_only_we_may_read_it(tmp_path: Path) -> None:
    spool = spool_in(tmp_path)
    with spool.begin(NAME) as spooling:
        await spooling.keep()
    assert [oct(path.stat().st_mode)[-3:] for path in (spool.folder, spool.folder / NAME)] == ["700", "600"]


@pytest.mark.parametrize("name", ["", "../x", "0123456789abcdef-0/..", "a" * 500])
def test_no_other_word_becomes_a_path(tmp_path: Path, name: str) -> None:
    with pytest.raises(AssertionError):
        spool_in(tmp_path).find(name)


async def test_a_link_that_lies_in_its_place_is_not_followed(tmp_path: Path) -> None:
    spool = spool_in(tmp_path)
    spool.folder.mkdir()
    (tmp_path / "elsewhere").write_bytes(b"mine")
    os.symlink(tmp_path / "elsewhere", spool.folder / f"{NAME}.part")
    with pytest.raises(SpoolFull), spool.begin(NAME):
        pass
    assert (tmp_path / "elsewhere").read_bytes() == b"mine"


async def test_what_a_dead_process_left_is_listed_and_goes(tmp_path: Path) -> None:
    spool = spool_in(tmp_path)
    spool.folder.mkdir()
    (spool.folder / f"{NAME}.part").write_bytes(b"half")
    assert spool.kept() == (NAME,)
    spool.drop_all_of(NAME)
    assert spool.kept() == ()
