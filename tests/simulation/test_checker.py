"""The checks themselves: a judge that sees nothing would pass every schedule."""

from msgspec.structs import replace

from tests.simulation.checker import CHECKS, Broken, judge, violations_of
from tests.simulation.checks_standing import FALLBACK
from tests.simulation.outside import Line
from tests.simulation.population import Sort
from tests.simulation.remains import Remains
from tests.simulation.script import Scene, script_of
from tests.simulation.story import Played, play
from unlost.desk.rows import Message
from unlost.lanes import runner

SEED_WITH_A_REACTION = 0
SEED_WITH_A_FORWARDER = 42


def test_a_schedule_replays_exactly() -> None:
    first: list[Line] = []
    second: list[Line] = []
    for lines in (first, second):
        play(script_of(7), lambda played, lines=lines: lines.extend(played.history.lines))
    assert first == second
    assert len(first) > 50


def test_what_is_played_leaves_the_program_its_own_pauses() -> None:
    play(script_of(7))
    assert (runner.IDLE_WAIT_S, runner.DUE_WAIT_S) == (1.0, 0.05)


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


def test_a_line_that_stands_in_for_what_came_is_seen() -> None:
    """Of a reaction nothing else is compared: it stands once, and nobody knows its words."""

    def put_a_line(played: Played) -> None:
        remains, rows = Remains(played), played.helpdesk.world.tables.messages.rows
        reactions = [told for told in played.population.told if told.sort is Sort.REACTION and remains.standing(told)]
        reactions[0].has_twin = True
        for row in remains.standing(reactions[0]):
            rows[row.id] = replace(row, content=FALLBACK)
        seen.extend(violation.sentence for violation in violations_of(played))

    seen: list[str] = []
    play(script_of(SEED_WITH_A_REACTION), put_a_line)
    assert seen == ["stands as it was said, where it belongs"]


def test_what_stands_only_by_another_programs_hand_is_lost() -> None:
    """Unless a link names it: then it was adopted, and stands for ours."""

    def take_ours(played: Played) -> None:
        foreign, rows = played.director.wider.foreign, played.helpdesk.world.tables.messages.rows
        message, told = next((message, told) for message, told in foreign.items() if Remains(played).standing(told))
        for row in Remains(played).standing(told):
            rows.pop(row.id)
        assert message in rows
        remains = Remains(played)
        seen.append(remains.standing(told))
        remains.linked[told.event.id] = message
        seen.append(remains.standing(told))

    seen: list[list[Message]] = []
    play(script_of(SEED_WITH_A_FORWARDER), take_ours)
    assert [len(rows) for rows in seen] == [0, 1]
