"""What is remembered of files that found no room."""

from unlost.deliver.spool_waits import FILES_MAX, FIRST_WAIT_S, LONGEST_WAIT_S, SpoolWaits


def test_of_a_file_that_nobody_tried_everything_may_have_room() -> None:
    assert SpoolWaits().has_room("a", 0)


def test_a_file_needs_as_much_as_ever_came_in() -> None:
    waits = SpoolWaits()
    waits.found_none("a", 100)
    waits.found_none("a", 0)
    assert [waits.has_room("a", room) for room in (99, 100)] == [False, True]


def test_the_wait_grows_up_to_its_bound_and_begins_anew_once_the_file_came_in() -> None:
    waits = SpoolWaits()
    assert [waits.found_none("a", 1) for _ in range(3)] == [FIRST_WAIT_S, 2 * FIRST_WAIT_S, 4 * FIRST_WAIT_S]
    assert max(waits.found_none("a", 1) for _ in range(2000)) == LONGEST_WAIT_S
    waits.ended("a")
    assert waits.found_none("a", 1) == FIRST_WAIT_S


def test_the_file_that_was_tried_the_longest_ago_is_forgotten_first() -> None:
    waits = SpoolWaits()
    for name in ("a", "b", "a", *(str(number) for number in range(FILES_MAX - 1))):
        waits.found_none(name, 100)
    assert [waits.has_room(name, 0) for name in ("a", "b")] == [False, True]
