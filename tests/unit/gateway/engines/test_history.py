"""What is remembered of an engine's ends is bounded, and an engine without a history has an empty one."""

from unlost.gateway.engines.deaths import Death, Reason
from unlost.gateway.engines.history import ENDINGS_MAX, Chronicle, History, history_of


def test_the_oldest_endings_go_and_stay_counted() -> None:
    chronicle = Chronicle()
    for number in range(ENDINGS_MAX + 5):
        chronicle.ended(Death(Reason.PANIC if number % 2 else Reason.HANG, 2), [], float(number))
    told = chronicle.history()
    assert [one.at for one in told.endings] == [float(at) for at in range(ENDINGS_MAX + 4, 4, -1)]
    assert (told.restarts, told.panics) == (25, 12)


def test_a_verb_under_way_many_times_is_named_once() -> None:
    chronicle = Chronicle()
    chronicle.ended(Death(Reason.ABORT, -6), ["avatar 11", "send 22", "avatar 33"], 1.0)
    assert chronicle.history().endings[0].calls == ("avatar", "send")


def test_an_engine_that_does_not_say_has_no_history() -> None:
    assert history_of(object()) == History()
