"""What the demo refuses before it starts anything."""

from pathlib import Path

from click.testing import CliRunner

from unlost.cli.main import main


def test_a_ledger_for_programs_needs_an_end() -> None:
    """It would say nothing, not even where to look, until somebody ends it."""
    result = CliRunner().invoke(main, ["demo", "--json"])
    assert (result.exit_code, "--json goes with --for" in result.output) == (2, True)


def test_what_an_earlier_demo_left_is_not_written_into(tmp_path: Path) -> None:
    """Its customers' messages would be missing from this one's helpdesk, or stand there for nothing."""
    (tmp_path / "unlost.db").write_text("mine")
    result = CliRunner().invoke(main, ["demo", "--for", "1", "--keep", str(tmp_path)])
    assert (result.exit_code, "is not empty" in result.output) == (2, True)
    assert [each.name for each in tmp_path.iterdir()] == ["unlost.db"]
