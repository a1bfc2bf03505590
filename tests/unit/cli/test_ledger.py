"""The ledger must be able to say no."""

import pytest

from unlost.cli.demo.audit import is_from_whatsapp
from unlost.cli.demo.ledger import Death, Sent, Shown, judge

FIRST = Sent(1, "A", "chat", "text", "", 100, unrecoverable=False)
SECOND = Sent(2, "B", "chat", "text", "", 101, unrecoverable=False)
REACTION = Sent(3, "C", "chat", "reaction", "A", 102, unrecoverable=False)


def shown(*ids: tuple[int, str], late: frozenset[str] = frozenset()) -> list[Shown]:
    return [Shown(number, 1, f"WAID:{name}", name in late) for number, name in ids]


def test_a_faithful_helpdesk_is_clean() -> None:
    ledger = judge([FIRST, SECOND, REACTION], shown((10, "A"), (11, "B"), (12, "C")))
    assert ledger.is_clean
    assert (ledger.sent, ledger.shown) == (3, 3)


def test_what_is_missing_is_lost() -> None:
    assert judge([FIRST, SECOND], shown((10, "A"))).lost_ids == ("B",)


def test_what_stands_twice_is_duplicated() -> None:
    assert judge([FIRST], shown((10, "A"), (11, "A"))).duplicated == 1


def test_what_nobody_sent_is_counted_too() -> None:
    assert judge([FIRST], shown((10, "A"), (11, "X"))).duplicated == 1


def test_what_overtakes_is_out_of_order() -> None:
    assert judge([FIRST, SECOND], shown((10, "B"), (11, "A"))).out_of_order == 1


def test_nobody_can_know_the_order_inside_a_second() -> None:
    same_second = Sent(2, "B", "chat", "text", "", 100, unrecoverable=False)
    assert judge([FIRST, same_second], shown((10, "B"), (11, "A"))).out_of_order == 0


def test_of_a_gateway_that_tells_in_order_it_is_known_inside_a_second_too() -> None:
    same_second = Sent(2, "B", "chat", "text", "", 100, unrecoverable=False)
    overtaken = judge([FIRST, same_second], shown((10, "B"), (11, "A")), exact_order=True)
    assert overtaken.out_of_order_ids == ("B",)
    assert judge([FIRST, same_second], shown((10, "A"), (11, "B")), exact_order=True).is_clean


def test_in_words_it_names_what_is_wrong() -> None:
    ledger = judge([FIRST, SECOND], shown((10, "A"), (11, "A")))
    first, *named = ledger.in_words().splitlines()
    assert first == "lost 1, duplicated 1, out_of_order 0, late 0, unrecoverable 0, of 2 sent"
    assert named == ["lost: B", "duplicated: WAID:A"]


def test_what_is_marked_late_is_counted_apart() -> None:
    ledger = judge([FIRST, SECOND], shown((10, "B"), (11, "A"), late=frozenset("A")))
    assert (ledger.out_of_order, ledger.late) == (0, 1)


def test_a_reaction_may_stand_anywhere_behind_its_target_but_not_before() -> None:
    assert judge([FIRST, SECOND, REACTION], shown((10, "A"), (11, "C"), (12, "B"))).is_clean
    assert judge([FIRST, REACTION], shown((10, "C"), (11, "A"))).out_of_order == 1


def test_what_nobody_could_know_of_is_listed_and_not_lost() -> None:
    ledger = judge([Sent(1, "A", "chat", "text", "", 100, unrecoverable=True)], [])
    assert (ledger.lost, ledger.unrecoverable) == (0, 1)


@pytest.mark.parametrize(
    ("kind", "dialect", "lost"), [("poll", "envelope", 0), ("cards", "envelope", 1), ("cards", "flat", 0)]
)
def test_what_storage_keeps_no_row_of_is_unrecoverable_once_its_webhook_died(
    kind: str, dialect: str, lost: int
) -> None:
    sent = Sent(1, "A", "chat", kind, "", 100, unrecoverable=False)
    assert judge([sent], [], [Death(95.0, 105.0)], dialect=dialect).lost == lost


@pytest.mark.parametrize(
    ("changes", "counts"),
    [
        ({}, True),
        ({"private": True}, False),
        ({"source_id": "WAID:A#file"}, False),
        ({"source_id": None}, False),
        ({"content_attributes": {"deleted": True}}, False),
    ],
)
def test_only_what_somebody_sent_is_held_against_what_was_sent(changes: dict[str, object], counts: bool) -> None:
    message = {"source_id": "WAID:A", "private": False, "content_attributes": {}} | changes
    assert is_from_whatsapp(message) is counts


def test_a_reaction_that_died_in_the_memory_of_a_gateway_is_unrecoverable_and_a_message_never_is() -> None:
    ledger = judge([FIRST, REACTION], [], [Death(95.0, 105.0)])
    assert (ledger.lost_ids, ledger.unrecoverable) == (("A",), 1)
    assert judge([FIRST, REACTION], shown((10, "A")), [Death(0.0, 50.0)]).lost_ids == ("C",)


def test_while_it_runs_every_message_is_in_one_of_the_numbers() -> None:
    """Else whoever adds them up misses two, in a program that promises to lose none."""
    ledger = judge([FIRST, SECOND, REACTION], shown((10, "A")), (Death(90, 110),))
    assert ledger.so_far() == "sent 3, in the helpdesk 1, on their way 1, unrecoverable so far 1, duplicated 0"
    assert "unrecoverable" not in judge([FIRST], shown((10, "A"))).so_far()
