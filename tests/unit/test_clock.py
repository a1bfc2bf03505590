"""The machine's run has a name that all its processes share."""

from pathlib import Path

from unlost.clock import this_boot


def test_the_machines_run_has_one_name(tmp_path: Path) -> None:
    path = tmp_path / "boot_id"
    path.write_text("4a8b\n", "ascii")
    assert this_boot(path) == "4a8b"


def test_where_the_system_tells_none_it_is_the_processs_own(tmp_path: Path) -> None:
    none = tmp_path / "none"
    assert this_boot(none) == this_boot(none) != ""
