"""In a container a journal must lie on a mount, unless it may be lost."""

from pathlib import Path

import pytest

from tests.unit.settings.files import channel, written
from unlost.settings.container import journal_goes_with_container
from unlost.settings.reading import read_settings

OVERLAY = "100 50 0:50 / / rw,relatime - overlay overlay rw,lowerdir=/a:/b\n101 100 0:5 / /proc rw - proc proc rw\n"
VOLUME = "110 100 254:1 /var/lib/docker/volumes/unlost/_data {at} rw,relatime shared:1 master:2 - ext4 /dev/vda rw\n"


def why(
    folder: Path, *mounts: str, mark: str = ".dockerenv", environ: dict[str, str] | None = None, throwaway: str = ""
) -> str | None:
    """What is said of a journal in *folder*/data, in a container with these mounts."""
    root = folder / "root"
    (root / "proc/self").mkdir(parents=True)
    (root / "run").mkdir()
    (root / "proc/self/mountinfo").write_text("".join([OVERLAY, *mounts]))
    if mark:
        (root / mark).touch()
    data = folder / "data"
    data.mkdir()
    text = f'[journal]\nurl = "sqlite:///{data}/unlost.db"\n{throwaway}\n' + channel()
    return journal_goes_with_container(read_settings(written(folder, text), {}), environ or {}, root)


def test_a_journal_in_the_containers_own_file_system_is_refused_with_the_cure(tmp_path: Path) -> None:
    said = why(tmp_path) or ""
    assert str(tmp_path / "data") in said
    assert "thrown away" in said
    assert "-v unlost:/data" in said
    assert "throwaway = true" in said


def test_a_journal_on_a_volume_is_fine(tmp_path: Path) -> None:
    assert why(tmp_path, VOLUME.format(at=tmp_path / "data")) is None


def test_a_volume_above_the_folder_will_do(tmp_path: Path) -> None:
    assert why(tmp_path, VOLUME.format(at=tmp_path)) is None


def test_a_volume_beside_the_folder_will_not(tmp_path: Path) -> None:
    assert why(tmp_path, VOLUME.format(at=f"{tmp_path}/data2")) is not None


def test_a_mount_of_the_file_alone_will_not_for_its_log_lies_beside_it(tmp_path: Path) -> None:
    assert why(tmp_path, VOLUME.format(at=tmp_path / "data" / "unlost.db")) is not None


def test_a_volume_in_memory_is_refused(tmp_path: Path) -> None:
    said = why(tmp_path, f"110 100 0:60 / {tmp_path}/data rw - tmpfs tmpfs rw\n") or ""
    assert "in memory" in said


def test_memory_over_a_volume_is_refused(tmp_path: Path) -> None:
    over = f"111 110 0:60 / {tmp_path}/data rw - tmpfs tmpfs rw\n"
    assert why(tmp_path, VOLUME.format(at=tmp_path / "data"), over) is not None


def test_an_empty_dir_of_kubernetes_is_refused(tmp_path: Path) -> None:
    mount = f"110 100 8:1 /var/lib/kubelet/pods/1/volumes/kubernetes.io~empty-dir/data {tmp_path}/data rw - ext4 /dev/sda rw\n"
    said = why(tmp_path, mount, mark="", environ={"KUBERNETES_SERVICE_HOST": "10.0.0.1"}) or ""
    assert "emptyDir" in said


def test_a_volume_without_a_name_is_refused(tmp_path: Path) -> None:
    said = why(tmp_path, VOLUME.replace("volumes/unlost/", f"volumes/{'0f' * 32}/").format(at=tmp_path / "data")) or ""
    assert "without a name" in said


def test_a_folder_with_a_space_is_found_among_the_mounts(tmp_path: Path) -> None:
    spaced = tmp_path / "my data"
    spaced.mkdir()
    assert why(spaced, VOLUME.format(at=str(spaced / "data").replace(" ", "\\040"))) is None


@pytest.mark.parametrize("mark", [".dockerenv", "run/.containerenv"])
def test_both_marks_of_a_container_count(tmp_path: Path, mark: str) -> None:
    assert why(tmp_path, mark=mark) is not None


def test_on_a_machine_any_folder_will_do(tmp_path: Path) -> None:
    assert why(tmp_path, mark="") is None


def test_who_says_that_it_may_be_lost_is_believed(tmp_path: Path) -> None:
    assert why(tmp_path, throwaway="throwaway = true") is None


def test_mounts_that_cannot_be_read_stop_nobody(tmp_path: Path) -> None:
    (tmp_path / ".dockerenv").touch()
    settings = read_settings(written(tmp_path, channel()), {})
    assert journal_goes_with_container(settings, {}, tmp_path) is None
