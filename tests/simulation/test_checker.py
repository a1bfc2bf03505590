"""The checks themselves: a judge that sees nothing would pass every schedule."""

from tests.simulation.checker import CHECKS, Broken, judge
from tests.simulation.outside import Line
from tests.simulation.script import Scene, script_of
from tests.simulation.story import play


def test_a_schedule_replays_exactly() -> None:
    first: list[Line] = []
    second: list[Line] = []
    for lines in (first, second):
        play(script_of(7), lambda played, lines=lines: lines.extend(played.history.lines))
    assert first == second
    assert len(first) > 50


def test_every_scene_is_a_part_of_all_seeds() -> None:
    assert {script_of(seed).scene for seed in range(60)} == set(Scene)


def test_what_is_missing_is_seen() -> None:
    """A message that a person took out of the helpdesk behind everybody's back is lost to the checker."""

    def steal(played: object) -> None:
        tables = played.helpdesk.world.tables  # type: ignore[attr-defined]  # Played
        message = next(row.id for row in tables.messages.rows.values() if row.source_id)
        tables.messages.rows.pop(message)
        try:
            judge(played)  # type: ignore[arg-type]  # Played
        except Broken as broken:
            seen.extend(violation.sentence for violation in broken.violations)

    seen: list[str] = []
    play(script_of(0), steal)
    assert "stands once" in seen
    assert set(seen) <= set(CHECKS)
