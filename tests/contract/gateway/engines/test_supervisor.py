"""The supervisor against a worker that hangs, dies and lies on command; real processes, real signals."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest

from tests.contract.gateway.engines.world import FAKE, LOOKING, WAIT_S, Nothing, Said, World, world
from unlost.gateway.engines.calls import CALLS_MAX, EngineFailure
from unlost.gateway.engines.deaths import Pace, Reason
from unlost.gateway.engines.device_engine import DeviceEngine, Supervised
from unlost.gateway.engines.frames import FailureKind, StateName
from unlost.gateway.engines.quarantine import name_of
from unlost.gateway.engines.verbs import PictureAsked
from unlost.gateway.engines.worker_process import WorkerCommand


async def failed(made: World, verb: str, words: str = "", wait_s: float = WAIT_S) -> EngineFailure:
    with pytest.raises(EngineFailure) as caught:
        await made.supervisor.call(verb, Said(words), Nothing, wait_s=wait_s)
    return caught.value


async def test_a_call_is_answered_by_the_worker() -> None:
    async with world() as made:
        assert await made.supervisor.call("echo", Said("é"), Said, wait_s=WAIT_S) == Said("é")
        assert made.supervisor.logged_in
        assert made.counted("unlost_gateway_engine_info", engine="fake", version="1.0") == 1


@pytest.mark.parametrize(
    ("verb", "reason", "code"),
    [
        ("panic", Reason.PANIC, -signal.SIGABRT),
        ("abort", Reason.ABORT, -signal.SIGABRT),
        ("kill", Reason.KILLED, -signal.SIGKILL),
        ("exit", Reason.EXIT, 2),
    ],
)
async def test_a_call_that_ends_the_worker_fails_at_once_and_another_worker_comes(
    verb: str, reason: Reason, code: int
) -> None:
    async with world() as made:
        before = made.supervisor.pid
        assert (await failed(made, verb)).kind is FailureKind.ENGINE_CRASHED
        await made.told.logged_in(2)
        assert made.supervisor.pid != before
        fault = made.supervisor.last_fault
        assert fault is not None
        assert (fault.reason, fault.code) == (reason, code)
        assert made.deaths(reason.value) == 1
        assert await made.supervisor.call("echo", Said("again"), Said, wait_s=WAIT_S) == Said("again")


async def test_a_panic_is_told_by_its_head_without_a_number_in_full() -> None:
    async with world() as made:
        failure = await failed(made, "panic")
        assert "unsupported payload type: *store.PrivacyToken for …7766" in failure.text
        await made.told.logged_in(2)
        crashed = next(one for one in made.told.all if getattr(one, "name", None) is StateName.CRASHED)
        assert "PrivacyToken" in getattr(crashed, "cause", "")
        assert made.supervisor.last_fault is not None
        assert "goroutine 17" in made.supervisor.last_fault.head
        assert "5541999887766" not in made.supervisor.last_fault.head


async def test_a_panic_in_the_avatar_fetch_is_counted_under_the_incidents_name() -> None:
    async with world() as made:
        await failed(made, "avatar")
        assert made.counted("whatsapp_web_avatar_fetch_panics_total") == 1


async def test_every_call_under_way_fails_when_the_worker_ends() -> None:
    async with world() as made:
        waiting = [asyncio.create_task(failed(made, "never", str(number))) for number in range(3)]
        await made.told.until(lambda: len(made.supervisor._ledger) == 3)
        await failed(made, "kill")
        assert {(await one).kind for one in waiting} == {FailureKind.ENGINE_CRASHED}


async def test_a_stopped_worker_is_a_hang_and_is_replaced() -> None:
    async with world(pace=LOOKING) as made:
        assert (await failed(made, "stop_self")).kind is FailureKind.ENGINE_CRASHED
        await made.told.logged_in(2)
        assert made.deaths("hang") == 1


async def test_a_worker_whose_pulse_stops_is_a_hang() -> None:
    async with world(pace=LOOKING) as made:
        assert (await failed(made, "mute")).kind is FailureKind.ENGINE_CRASHED
        assert made.deaths("hang") == 1


async def test_a_turn_that_never_ends_is_a_hang_although_the_pulse_goes_on() -> None:
    async with world(pace=LOOKING) as made:
        assert (await failed(made, "busy")).kind is FailureKind.ENGINE_CRASHED
        assert made.deaths("hang") == 1


async def test_a_worker_that_never_says_hello_is_ended() -> None:
    async with world("silent", pace=LOOKING) as made:
        await made.told.until(lambda: StateName.CRASHED in made.told.names())
        assert made.deaths("never_began") >= 1


@pytest.mark.parametrize("verb", ["garble", "huge"])
async def test_a_frame_that_cannot_be_ends_the_worker_that_sent_it(verb: str) -> None:
    async with world() as made:
        assert (await failed(made, verb)).kind is FailureKind.ENGINE_CRASHED
        await made.told.logged_in(2)
        assert made.deaths("garbled") == 1


async def test_a_worker_of_another_protocol_is_not_used() -> None:
    async with world("future") as made:
        await made.told.until(lambda: StateName.CRASHED in made.told.names())
        assert made.deaths("garbled") >= 1


async def test_a_crash_loop_is_counted_once_and_slows_down() -> None:
    pace = Pace(restart_first_s=0.001, restart_most_s=600.0, loop_deaths=4)
    async with world("exit", pace=pace) as made:
        await made.told.until(lambda: made.supervisor._backoff.looping)
        assert made.counted("unlost_gateway_crash_loops_total", device="support") == 1
        assert made.deaths("exit") == 4
        assert (await failed(made, "echo")).kind is FailureKind.NOT_STARTED


async def test_a_call_that_no_worker_had_says_so() -> None:
    made = World()
    assert (await failed(made, "echo")).kind is FailureKind.NOT_STARTED


async def test_a_program_that_cannot_be_run_is_a_state_and_not_an_exception() -> None:
    made = World()
    made.supervisor._command = WorkerCommand(("/nonexistent/engine",))
    made.supervisor.start()
    await made.told.until(lambda: StateName.CRASHED in made.told.names())
    assert "FileNotFoundError" in made.supervisor.state.cause
    await made.supervisor.stop()


async def test_a_verb_the_engine_lacks_is_not_supported() -> None:
    async with world() as made:
        assert (await failed(made, "fly")).kind is FailureKind.NOT_SUPPORTED


async def test_a_call_that_kills_twice_rests_and_others_go_on() -> None:
    async with world() as made:
        await failed(made, "panic", "a")
        await made.told.logged_in(2)
        await failed(made, "panic", "a")
        await made.told.logged_in(3)
        assert (await failed(made, "panic", "a")).kind is FailureKind.QUARANTINED
        assert made.counted("unlost_gateway_calls_quarantined_total", verb="panic") == 1
        assert (await failed(made, "panic", "b")).kind is FailureKind.ENGINE_CRASHED


@pytest.mark.parametrize(("end", "is_suspect"), [(FailureKind.NOT_STARTED, True), (FailureKind.NOT_FOUND, False)])
async def test_a_suspect_that_the_worker_did_not_come_to_is_one_still(end: FailureKind, is_suspect: bool) -> None:
    async with world() as made:
        name = name_of("count", msgspec.json.encode(Said(end)))
        made.supervisor._quarantine.died_in([name], time.monotonic())
        assert (await failed(made, "count", end)).kind is end
        assert made.supervisor._quarantine.is_suspect(name, time.monotonic()) is is_suspect


async def test_a_suspect_is_worked_alone() -> None:
    async with world() as made:
        innocent = asyncio.create_task(failed(made, "never", "x"))
        await made.told.until(lambda: len(made.supervisor._ledger) == 1)
        await asyncio.gather(innocent, failed(made, "kill"))
        await made.told.logged_in(2)
        again = asyncio.create_task(failed(made, "never", "x"))
        await made.told.until(lambda: len(made.supervisor._ledger) == 1)
        began = time.monotonic()
        beside = await failed(made, "echo", wait_s=2.0)
        assert (beside.kind, time.monotonic() - began < 2.0) == (FailureKind.NOT_STARTED, True)
        made.supervisor.restart()
        await again


async def test_too_many_calls_are_refused_at_once() -> None:
    async with world() as made:
        waiting = [asyncio.create_task(failed(made, "never", str(number))) for number in range(CALLS_MAX)]
        await made.told.until(lambda: len(made.supervisor._ledger) == CALLS_MAX)
        assert (await failed(made, "echo")).kind is FailureKind.BUSY
        made.supervisor.restart()
        await asyncio.gather(*waiting)


async def test_a_slow_answer_is_a_time_out_and_harms_nobody() -> None:
    async with world() as made:
        began = time.monotonic()
        assert (await failed(made, "never", wait_s=0.2)).kind is FailureKind.TIMED_OUT
        assert time.monotonic() - began >= 0.2
        assert await made.supervisor.call("echo", Said("on"), Said, wait_s=WAIT_S) == Said("on")


async def test_the_worker_is_told_when_the_caller_gives_up() -> None:
    async with world() as made:
        began = time.monotonic()
        told = await made.supervisor.call("until", Nothing(), Said, wait_s=WAIT_S)
        assert began + WAIT_S <= float(told.words) <= time.monotonic() + WAIT_S


async def test_an_answer_that_cannot_be_read_leaves_a_doubt() -> None:
    """The worker did what it was asked."""
    async with world() as made:
        with pytest.raises(EngineFailure) as caught:
            await made.supervisor.call("echo", Said("x"), int, wait_s=WAIT_S)
        assert caught.value.kind is FailureKind.IN_DOUBT


async def test_a_worker_that_says_why_it_leaves_has_not_crashed() -> None:
    async with world() as made:
        with pytest.raises(EngineFailure):
            await made.supervisor.call("state", NamedState("banned"), Nothing, wait_s=WAIT_S)
        await made.told.logged_in(2)
        assert made.deaths("told") == 1
        assert StateName.CRASHED not in made.told.names()


async def test_reconnecting_ends_the_worker_and_begins_the_next_without_a_pause() -> None:
    async with world(pace=Pace(restart_first_s=600.0, restart_most_s=600.0)) as made:
        made.supervisor.restart()
        await made.told.logged_in(2)
        assert made.deaths("wanted") == 1


async def test_stopping_leaves_no_worker_behind() -> None:
    made = World()
    made.supervisor.start()
    await made.told.logged_in()
    pid = made.supervisor.pid
    await made.supervisor.stop()
    assert pid is not None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_a_call_fails_at_the_stop_when_its_worker_has_ended_and_not_before() -> None:
    """Until then a send could still leave, though the record says that nothing has."""
    made = World()
    made.supervisor.start()
    await made.told.logged_in()
    pid = made.supervisor.pid
    assert pid is not None

    async def outlived() -> bool:
        assert (await failed(made, "stop_self")).kind is FailureKind.ENGINE_CRASHED
        return Path(f"/proc/{pid}").exists()

    calling = asyncio.create_task(outlived())
    await made.told.until(lambda: len(made.supervisor._ledger) == 1)
    await made.supervisor.stop()
    assert not await calling


async def test_another_device_notices_nothing() -> None:
    async with world() as made, world() as other:
        pid = other.supervisor.pid
        echoes = [
            asyncio.create_task(other.supervisor.call("echo", Said(str(n)), Said, wait_s=WAIT_S)) for n in range(20)
        ]
        await failed(made, "panic")
        assert [one.words for one in await asyncio.gather(*echoes)] == [str(number) for number in range(20)]
        await made.told.logged_in(2)
        assert other.supervisor.pid == pid


class NamedState(Nothing, frozen=True):
    """The state to leave in."""

    name: str


GATEWAY = """
import asyncio, os, sys
from unlost.gateway.engines.verbs import PictureAsked
from unlost.gateway.engines.worker_process import WorkerCommand, WorkerProcess
async def main():
    worker = await WorkerProcess.begin(WorkerCommand((sys.executable, sys.argv[1], "{fd}", "{parent}")))
    await worker.receive()
    print(worker.pid, flush=True)
    await asyncio.Event().wait()
asyncio.run(main())
"""


def test_a_worker_dies_with_its_gateway_however_that_ends(tmp_path: Path) -> None:
    """The gateway is killed; the worker's end is seen through a pidfd, for it is nobody's child any more."""
    gateway = subprocess.Popen([sys.executable, "-c", GATEWAY, str(FAKE)], stdout=subprocess.PIPE, text=True)
    assert gateway.stdout is not None
    with gateway:
        worker = os.pidfd_open(int(gateway.stdout.readline()))
        try:
            gateway.kill()
            gateway.wait(WAIT_S)
            assert ended(worker)
        finally:
            os.close(worker)


def ended(pidfd: int) -> bool:
    return bool(select.select([pidfd], [], [], WAIT_S)[0])


async def test_the_port_asks_a_supervised_worker_by_name() -> None:
    async with world() as made:
        engine = DeviceEngine(Supervised(made.supervisor, send_wait_s=WAIT_S))
        assert engine.state.name is StateName.LOGGED_IN
        with pytest.raises(EngineFailure) as caught:
            await engine.avatar(PictureAsked("5541999887766@s.whatsapp.net"))
        assert caught.value.kind is FailureKind.ENGINE_CRASHED
        with pytest.raises(EngineFailure) as caught:
            await engine.groups()
        assert caught.value.kind in (FailureKind.NOT_SUPPORTED, FailureKind.NOT_STARTED)


async def test_how_the_workers_ended_is_told_to_people_newest_first() -> None:
    async with world() as made:
        began = time.time()
        await failed(made, "panic")
        await made.told.logged_in(2)
        await failed(made, "exit")
        await made.told.logged_in(3)
        told = made.supervisor.history()
        last, first = told.endings
        assert (told.restarts, told.panics, told.resting) == (2, 1, ())
        assert (last.reason, last.calls, first.reason, first.calls) == (
            Reason.EXIT,
            ("exit",),
            Reason.PANIC,
            ("panic",),
        )
        assert first.first_line == "panic: unsupported payload type: *store.PrivacyToken for …7766"
        assert began <= first.at <= last.at <= time.time()


async def test_a_call_that_rests_is_told_by_its_verb_and_for_how_long() -> None:
    async with world() as made:
        for lives in (2, 3):
            await failed(made, "panic", "5541999887766")
            await made.told.logged_in(lives)
        (resting,) = made.supervisor.history().resting
        assert (resting.verb, len(resting.mark)) == ("panic", 8)
        assert 86_000 < resting.left_s <= 86_400
