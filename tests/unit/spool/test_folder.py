"""The folder of fetched files."""

import os
import shutil
from contextlib import ExitStack, nullcontext
from pathlib import Path

import pytest

from unlost.spool import Shelf, Spool, SpoolFull
from unlost.vocabulary.ids import ChannelName

KEY = "0123456789abcdef"
NAME = f"{KEY}-0"
SUPPORT, SALES = ChannelName("support"), ChannelName("sales")


def shelf_in(folder: Path, max_bytes: int = 1_000) -> Shelf:
    return Spool(folder / "files", max_bytes).of(SUPPORT)


async def fill(shelf: Shelf, size_bytes: int, name: str = NAME) -> None:
    with shelf.begin(name) as spooling:
        spooling.write(b"x" * size_bytes)
        await spooling.keep()


async def test_a_kept_file_is_found_again(tmp_path: Path) -> None:
    shelf = shelf_in(tmp_path)
    with shelf.begin(NAME) as spooling:
        spooling.write(b"hel")
        spooling.write(b"lo")
        await spooling.keep()
    found = shelf.find(NAME)
    assert found is not None
    assert found.read_bytes() == b"hello"


async def test_it_is_synced_before_anybody_can_see_it(tmp_path: Path) -> None:
    seen: list[Path | None] = []
    shelf = Spool(tmp_path, 1_000, sync=lambda _: seen.append(shelf.find(NAME))).of(SUPPORT)
    with shelf.begin(NAME) as spooling:
        spooling.write(b"x")
        await spooling.keep()
    assert seen == [None, tmp_path / f"support.{NAME}"]  # its bytes, then its name


async def test_what_was_not_kept_leaves_nothing(tmp_path: Path) -> None:
    shelf = shelf_in(tmp_path)
    with shelf.begin(NAME) as spooling:
        spooling.write(b"half of i")
    assert (shelf.find(NAME), shelf.spool.kept()) == (None, ())


async def test_all_files_together_stay_within_the_bound(tmp_path: Path) -> None:
    shelf = shelf_in(tmp_path)
    with shelf.begin(NAME) as first:
        first.write(b"x" * 600)
        await first.keep()
    with shelf.begin("0123456789abcdef-1") as second:
        second.write(b"x" * 400)
        with pytest.raises(SpoolFull):
            second.write(b"x")


async def test_only_we_may_read_it(tmp_path: Path) -> None:
    shelf = shelf_in(tmp_path)
    with shelf.begin(NAME) as spooling:
        await spooling.keep()
    assert [oct(path.stat().st_mode)[-3:] for path in (shelf.spool.folder, shelf.find(NAME)) if path] == ["700", "600"]


@pytest.mark.parametrize("name", ["", "../x", "0123456789abcdef-0/..", "a" * 500])
def test_no_other_word_becomes_a_path(tmp_path: Path, name: str) -> None:
    with pytest.raises(AssertionError):
        shelf_in(tmp_path).find(name)


async def test_a_link_that_lies_in_its_place_is_not_followed(tmp_path: Path) -> None:
    shelf = shelf_in(tmp_path)
    shelf.spool.folder.mkdir()
    (tmp_path / "elsewhere").write_bytes(b"mine")
    os.symlink(tmp_path / "elsewhere", shelf.spool.folder / f"support.{NAME}.part")
    with pytest.raises(SpoolFull), shelf.begin(NAME):
        pass
    assert (tmp_path / "elsewhere").read_bytes() == b"mine"


async def test_what_a_dead_process_left_is_listed_and_goes(tmp_path: Path) -> None:
    spool = shelf_in(tmp_path).spool
    spool.folder.mkdir()
    for file in (f"{NAME}.part", f"support.{NAME}.part", f"support.{NAME}", "README"):
        (spool.folder / file).write_bytes(b"half")
    assert [(kept.channel, kept.key) for kept in spool.kept()] == [("", KEY), (SUPPORT, KEY), (SUPPORT, KEY)]
    for kept in spool.kept():
        spool.drop(kept)
    assert [path.name for path in spool.folder.iterdir()] == ["README"]


@pytest.fixture
def away(tmp_path: Path) -> Shelf:
    """On a disk that is not there: whatever is asked of the folder is an error, and not that of a folder not yet made."""
    (tmp_path / "files").write_bytes(b"no folder")
    return shelf_in(tmp_path)


async def test_while_the_disk_is_away_there_is_no_room(away: Shelf) -> None:
    with pytest.raises(SpoolFull), away.begin(NAME):
        pass
    with pytest.raises(SpoolFull):
        away.spool.room_bytes(SUPPORT)


async def test_while_the_disk_is_away_nothing_is_found_and_nothing_goes(away: Shelf) -> None:
    away.drop(NAME)
    assert (away.find(NAME), away.spool.kept()) == (None, ())


@pytest.mark.parametrize("error", [PermissionError, OSError])
async def test_a_disk_that_goes_while_a_file_comes_is_one_without_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: type[OSError]
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise error("away")

    shelf = shelf_in(tmp_path)
    with shelf.begin(NAME) as spooling:
        for verb in ("stat", "unlink", "scandir", "open", "replace"):
            monkeypatch.setattr(os, verb, fails)
        with pytest.raises(SpoolFull):
            await spooling.keep()
    assert (shelf.find(NAME), shelf.spool.kept()) == (None, ())
    shelf.drop(NAME)


async def test_what_cannot_be_read_is_not_there(tmp_path: Path) -> None:
    shelf = shelf_in(tmp_path)
    (shelf.spool.folder / f"support.{NAME}").mkdir(parents=True)
    assert shelf.find(NAME) is None


async def test_a_file_that_goes_while_the_folder_is_read_hides_no_other(tmp_path: Path) -> None:
    """Another bridge may share it."""
    shelf = shelf_in(tmp_path)
    await fill(shelf, 600)
    (shelf.spool.folder / "other").write_bytes(b"x")
    scandir = os.scandir

    class Late:
        def __enter__(self) -> list[os.DirEntry[str]]:
            with scandir(shelf.spool.folder) as entries:
                found = list(entries)
            (shelf.spool.folder / "other").unlink()
            return found

        def __exit__(self, *_: object) -> None:
            return None

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "scandir", lambda _: Late())
        assert shelf.spool.room_bytes(SUPPORT) == 400


async def test_a_channel_whose_files_do_not_leave_takes_no_other_s_own_room(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "files", 1_000, {SUPPORT: 300, SALES: 300})
    await fill(spool.of(SUPPORT), 700)
    with pytest.raises(SpoolFull):
        await fill(spool.of(SUPPORT), 1, f"{KEY}-1")
    await fill(spool.of(SALES), 300)
    with pytest.raises(SpoolFull):
        await fill(spool.of(SALES), 1, f"{KEY}-1")


async def test_nor_do_files_of_it_that_come_in_side_by_side(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "files", 1_000, {SUPPORT: 300, SALES: 300})
    with ExitStack() as coming:
        several = [coming.enter_context(spool.of(SUPPORT).begin(f"{KEY}-{n}")) for n in range(7)]
        for spooling in several:
            spooling.write(b"x" * 100)
        with pytest.raises(SpoolFull):
            several[0].write(b"x")
        await fill(spool.of(SALES), 300)


async def test_room_that_was_given_back_meanwhile_counts(tmp_path: Path) -> None:
    shelf = shelf_in(tmp_path)
    await fill(shelf, 900)
    with shelf.begin(f"{KEY}-1") as spooling:
        shelf.drop(NAME)
        spooling.write(b"x" * 1_000)


async def test_files_of_nobody_take_from_what_is_common(tmp_path: Path) -> None:
    spool = Spool(tmp_path, 1_000, {SUPPORT: 300, SALES: 300})
    (tmp_path / NAME).write_bytes(b"x" * 400)
    assert (spool.room_bytes(SUPPORT), spool.room_bytes(SALES)) == (300, 300)


async def test_what_no_fact_names_takes_no_room_from_its_own_fetch(tmp_path: Path) -> None:
    """Killed between a file and its fact, or that was not committed."""
    spool = Spool(tmp_path, 800, {SUPPORT: 400, SALES: 400})
    await fill(spool.of(SALES), 400)
    await fill(spool.of(SUPPORT), 400)
    await fill(spool.of(SUPPORT), 400)


async def test_the_disk_is_not_filled_to_its_last_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(9_000, 8_000, 1_000))
    spool = Spool(tmp_path / "files", 2_000, {SUPPORT: 2_000}, leave_bytes=400)
    assert spool.room_bytes(SUPPORT) == 600
    with pytest.raises(SpoolFull):
        await fill(spool.of(SUPPORT), 601)


async def test_a_file_that_cannot_be_looked_at_hides_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        name = f"support.{KEY}-7"

        def is_file(self, *, follow_symlinks: bool) -> bool:
            return True

        def stat(self) -> os.stat_result:
            raise OSError

    shelf = shelf_in(tmp_path)
    await fill(shelf, 600)
    with os.scandir(shelf.spool.folder) as entries:
        found = list(entries)
    monkeypatch.setattr(os, "scandir", lambda _: nullcontext([Broken(), *found]))
    assert shelf.spool.room_bytes(SUPPORT) == 400
