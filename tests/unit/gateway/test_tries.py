"""GOWA's webhook tries on a virtual clock: each column of the GOWA page's table 2.1."""

from collections.abc import Sequence

import pytest

from unlost.gateway.tries import Answer, Tries
from unlost.gateway.versions import delivery_rule, parsed

BODY = b"{}"


class VirtualClock:
    """Time that passes only when somebody waits."""

    def __init__(self) -> None:
        self.time_s = 0.0

    def now_s(self) -> float:
        return self.time_s

    async def sleep(self, wait_s: float) -> None:
        self.time_s += wait_s


class Receiver:
    """A receiver double: answers from a list (the last one for ever), and hangs for the whole try when told to."""

    def __init__(self, clock: VirtualClock, answers: Sequence[Answer]) -> None:
        self.clock = clock
        self.answers = list(answers)
        self.tried: list[tuple[str, float, float]] = []

    async def post(self, url: str, body: bytes, wait_s: float) -> Answer:
        assert body == BODY
        begun_s = self.clock.time_s
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer is Answer.TIMED_OUT:
            self.clock.time_s += wait_s
        self.tried.append((url, begun_s, self.clock.time_s))
        return answer


async def tried(
    version: str, *answers: Answer, urls: tuple[str, ...] = ("u",), download_s: float = 0.0
) -> tuple[list[tuple[str, float, float]], bool, float]:
    """What the receiver saw as (url, from, to), whether it was delivered, and when the sender was done."""
    clock = VirtualClock()
    receiver = Receiver(clock, answers)
    taken = await Tries(delivery_rule(parsed(version)), urls, receiver.post, clock).deliver(BODY, download_s)
    return receiver.tried, taken, clock.time_s


@pytest.mark.parametrize("version", ["7.4.0", "7.7.0", "7.11.4", "8.0.0", "9.2.0"])
async def test_a_refusing_receiver_is_tried_at_0_1_3_7_15_s_and_lost_at_15_s(version: str) -> None:
    """GOWA page 2.1: `tries at 0,1,3,7,15 s; lost at 15 s`."""
    seen, taken, ended_s = await tried(version, Answer.UNREACHABLE)
    assert ([begun for _, begun, _ in seen], taken, ended_s) == ([0, 1, 3, 7, 15], False, 15)


async def test_up_to_7_3_1_it_is_given_up_at_31_s() -> None:
    """GOWA page 2.1: `tries at 0,1,3,7,15 s; gives up at 31 s`."""
    seen, taken, ended_s = await tried("7.3.1", Answer.UNREACHABLE)
    assert ([begun for _, begun, _ in seen], taken, ended_s) == ([0, 1, 3, 7, 15], False, 31)


async def test_the_envelope_s_hanging_receiver_sees_three_tries_and_is_lost_at_42_s() -> None:
    """GOWA page 2.1: `3 tries (0-10, 11-21, 23-30 s), tries 4-5 fail instantly; logged lost at 42 s`."""
    seen, taken, ended_s = await tried("9.2.0", Answer.TIMED_OUT)
    assert ([span[1:] for span in seen], taken, ended_s) == ([(0, 10), (11, 21), (23, 30)], False, 42)


async def test_the_flat_dialect_s_hanging_receiver_sees_five_tries_and_is_lost_at_65_s() -> None:
    """GOWA page 2.1: `5 tries, lost at 65 s`."""
    seen, taken, ended_s = await tried("7.11.4", Answer.TIMED_OUT)
    assert (len(seen), taken, ended_s) == (5, False, 65)


async def test_up_to_7_3_1_a_timed_out_first_try_is_never_really_repeated() -> None:
    """GOWA page 2.1: `a timed-out first try is never really repeated`."""
    seen, taken, _ = await tried("7.3.1", Answer.TIMED_OUT, Answer.ACCEPTED)
    assert (len(seen), taken) == (1, False)


async def test_up_to_7_3_1_any_answer_counts_as_delivered() -> None:
    """GOWA page 2.1: `any HTTP answer, even 500`."""
    seen, taken, _ = await tried("7.3.1", Answer.REFUSED)
    assert (len(seen), taken) == (1, True)


@pytest.mark.parametrize("version", ["7.4.0", "9.2.0"])
async def test_any_other_status_is_tried_again(version: str) -> None:
    """GOWA page 2.1: `Any non-2xx is retried alike (404 and 410 included)`."""
    seen, taken, _ = await tried(version, Answer.REFUSED, Answer.REFUSED, Answer.ACCEPTED)
    assert (len(seen), taken) == (3, True)


async def test_up_to_7_7_0_a_failing_url_starves_the_next() -> None:
    """GOWA page 2.1: `sequential, first failure aborts the rest`."""
    seen, _, _ = await tried("7.7.0", Answer.UNREACHABLE, urls=("a", "b"))
    assert {url for url, _, _ in seen} == {"a"}


async def test_from_7_8_0_on_a_dead_url_only_delays_the_next() -> None:
    """GOWA page 2.1: `sequential, all tried; a dead first URL delays the second by 15-65 s`."""
    seen, _, _ = await tried("7.8.0", *[Answer.UNREACHABLE] * 5, Answer.ACCEPTED, urls=("a", "b"))
    assert seen[-1] == ("b", 15, 15)


async def test_in_the_envelope_a_hanging_url_leaves_the_next_no_real_try() -> None:
    """GOWA page 2.1: `they share the 30 s: if URL 1 hangs, URL 2 gets 0 real tries`."""
    seen, _, _ = await tried("9.2.0", Answer.TIMED_OUT, urls=("a", "b"))
    assert {url for url, _, _ in seen} == {"a"}


async def test_in_the_envelope_a_slow_download_eats_the_deadline() -> None:
    """GOWA page 2.1: `a slow 20 s download leaves 10 s for delivery`."""
    seen, _, _ = await tried("9.2.0", Answer.TIMED_OUT, download_s=20)
    assert [span[1:] for span in seen] == [(20, 30)]
