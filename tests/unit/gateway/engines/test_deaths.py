"""Why a worker ended, how long the next one waits, and which calls rest."""

import signal

import pytest

from unlost.gateway.engines.deaths import Backoff, Death, Pace, Reason, death_of
from unlost.gateway.engines.last_words import HEAD_LINES, LINE_MAX_CHARACTERS, LastWords, shown
from unlost.gateway.engines.quarantine import REST_S, SUSPECTS_MAX, Quarantine, name_of

PANIC = b"panic: boom\n\ngoroutine 17 [running]:\n"


def words(said: bytes) -> LastWords:
    made = LastWords()
    made.hear(said)
    return made


@pytest.mark.parametrize(
    ("code", "said", "ended_by_us", "told", "reason"),
    [
        (-signal.SIGABRT, PANIC, None, False, Reason.PANIC),
        (2, b"fatal error: concurrent map writes\n", None, False, Reason.PANIC),
        (-signal.SIGABRT, b"", None, False, Reason.ABORT),
        (-signal.SIGKILL, b"", None, False, Reason.KILLED),
        (-signal.SIGKILL, b"", Reason.HANG, False, Reason.HANG),
        (-signal.SIGSEGV, b"", None, False, Reason.SIGNAL),
        (2, b"Traceback\n", None, False, Reason.EXIT),
        (0, b"", None, True, Reason.TOLD),
    ],
)
def test_an_end_has_one_reason(code: int, said: bytes, ended_by_us: Reason | None, told: bool, reason: Reason) -> None:
    assert death_of(code, words(said), ended_by_us, told).reason is reason


def waits(*reasons: Reason, lived_s: float = 1.0, rest_s: float = 0.0, apart_s: float = 100.0) -> list[float]:
    backoff = Backoff(Pace())
    return [
        backoff.after(Death(reason, 1), lived_s=lived_s, rest_s=rest_s, now=apart_s * number)
        for number, reason in enumerate(reasons)
    ]


def test_restarts_stand_half_a_second_to_a_minute_apart() -> None:
    assert waits(*[Reason.PANIC] * 9) == [0.5, 1, 2, 4, 8, 16, 32, 60, 60]


def test_a_worker_that_was_well_for_a_minute_is_forgiven() -> None:
    assert waits(*[Reason.PANIC] * 4, lived_s=61.0) == [0.5] * 4


def test_five_faults_within_five_minutes_are_a_loop_and_wait_the_longest() -> None:
    assert waits(*[Reason.PANIC] * 5, lived_s=61.0, apart_s=70.0)[-1] == 60.0


def test_leaving_with_a_reason_is_no_fault_however_often() -> None:
    assert waits(*[Reason.TOLD] * 6, lived_s=61.0, apart_s=1.0) == [0.5] * 6


def test_the_rest_a_worker_asked_for_is_kept() -> None:
    assert waits(Reason.TOLD, rest_s=300.0) == [300.0]


def test_a_restart_that_was_asked_for_waits_for_nothing() -> None:
    assert waits(Reason.PANIC, Reason.PANIC, Reason.WANTED, Reason.PANIC) == [0.5, 1, 0, 0.5]


def test_the_head_of_a_panic_survives_any_amount_said_after_it() -> None:
    heard = words(PANIC)
    heard.hear(b"x" * 1_000_000)
    for _ in range(10_000):
        heard.hear(b"goroutine 9 [select]:\n")
    assert heard.first_line == "panic: boom"
    assert len(heard.head) <= HEAD_LINES * (LINE_MAX_CHARACTERS + 1)


def test_a_panic_is_seen_however_it_is_cut_into_pieces() -> None:
    heard = LastWords()
    for byte in PANIC:
        heard.hear(bytes([byte]))
    assert heard.first_line == "panic: boom"


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("for 5541999887766@s.whatsapp.net", "for …7766@s.whatsapp.net"),
        ("key q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA= here", "key … here"),
        ("rc=-6 in decoder.go:238", "rc=-6 in decoder.go:238"),
    ],
)
def test_numbers_and_keys_are_not_shown(said: str, left: str) -> None:
    assert shown(said) == left


def test_a_call_rests_after_its_second_death_and_for_a_day() -> None:
    quarantine, call = Quarantine(), name_of("avatar", b"{}")
    assert quarantine.died_in([call], 0.0) == []
    assert quarantine.is_suspect(call, 1.0)
    assert not quarantine.rests(call, 1.0)
    assert quarantine.died_in([call], 2.0) == [call]
    assert quarantine.rests(call, REST_S)
    assert not quarantine.rests(call, REST_S + 3.0)


def test_a_call_that_came_back_is_no_suspect() -> None:
    quarantine = Quarantine()
    quarantine.died_in(["a", "b"], 0.0)
    quarantine.survived("a")
    assert not quarantine.is_suspect("a", 1.0)
    assert quarantine.is_suspect("b", 1.0)


def test_suspects_are_bounded() -> None:
    quarantine = Quarantine()
    quarantine.died_in([str(number) for number in range(SUSPECTS_MAX + 5)], 0.0)
    assert not quarantine.is_suspect("4", 1.0)
    assert quarantine.is_suspect("5", 1.0)


def test_a_calls_name_tells_nothing_of_its_arguments() -> None:
    assert "words" not in name_of("send_text", b'{"text":"words"}')
