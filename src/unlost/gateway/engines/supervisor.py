"""One device's worker, kept alive: begun, listened to, asked, ended when it hangs, begun again.

Nothing a worker does reaches further than its device: its calls fail, its state says why, and the next worker is begun
after a pause. The gateway's own loop never waits for it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

import msgspec
import structlog

from unlost.gateway.engines.calls import BEGUN_WITHIN, EngineFailure, Ledger
from unlost.gateway.engines.deaths import Backoff, Death, Pace, Reason, death_of
from unlost.gateway.engines.engine_counts import EngineCounts
from unlost.gateway.engines.frames import (
    PROTOCOL,
    Call,
    FailureKind,
    FrameRefused,
    FromWorker,
    Hello,
    Pulse,
    Qr,
    Recorded,
    Reply,
    State,
    StateName,
    Stop,
)
from unlost.gateway.engines.history import Chronicle, History
from unlost.gateway.engines.quarantine import Quarantine, name_of
from unlost.gateway.engines.worker_process import WorkerCommand, WorkerProcess

log = structlog.get_logger("unlost.gateway")
T = TypeVar("T")
STOP_S = 2.0  # the worker ends at once when asked; one that does not is killed
AVATAR = "avatar"
PROVES_NOTHING = (FailureKind.ENGINE_CRASHED, FailureKind.NOT_STARTED)
"""After these ends of a call nobody knows that the engine survives it."""
Heard = State | Qr | Recorded


class Supervisor:
    """*hear* is told every state, QR code and recorded place, in order, on the loop; it must not block or raise."""

    def __init__(
        self,
        device: str,
        command: WorkerCommand,
        *,
        counts: EngineCounts,
        pace: Pace = Pace(),  # noqa: B008 - frozen
        hear: Callable[[Heard], None] = lambda heard: None,
    ) -> None:
        self.device = device
        self.state = State(StateName.STOPPED)
        self.codes: tuple[str, ...] = ()
        self.hello: Hello | None = None
        self.pulse = Pulse(0)
        self.deaths = 0
        self.last_death: Death | None = None
        self.last_fault: Death | None = None
        self._command = command
        self._counts = counts
        self._pace = pace
        self._hear = hear
        self._backoff = Backoff(pace)
        self._quarantine = Quarantine()
        self._chronicle = Chronicle()
        self._ledger = Ledger()
        self._worker: WorkerProcess | None = None
        self._ended_by_us: Reason | None = None
        self._beats = 0
        self._hurry = asyncio.Event()
        self._running: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """The worker's process, while there is one."""
        return self._worker.pid if self._worker is not None else None

    @property
    def is_running(self) -> bool:
        """True between `start` and `stop`."""
        return self._running is not None

    @property
    def logged_in(self) -> bool:
        """True while the worker is, by its own word."""
        return self.state.name is StateName.LOGGED_IN

    def history(self) -> History:
        """How its workers ended, and which calls rest."""
        return self._chronicle.history(self._quarantine.resting(time.monotonic()))

    def start(self) -> None:
        """Begin the worker, and go on beginning workers until `stop`."""
        assert self._running is None, "started twice"
        self._running = asyncio.create_task(self._run(), name=f"supervisor {self.device}")

    async def stop(self) -> None:
        """End the worker and reap it; calls under way fail."""
        if self._running is None:
            return
        self._running.cancel()
        await asyncio.gather(self._running, return_exceptions=True)
        self._running = None
        self._turn_to(State(StateName.STOPPED))

    def restart(self) -> None:
        """End the worker now and begin the next without a pause: what a person asks for. Does not wait for it."""
        self._hurry.set()
        self._end(Reason.WANTED)

    async def call(self, verb: str, args: msgspec.Struct, answer: type[T], *, wait_s: float, key: str = "") -> T:
        """Ask the worker for *verb*. Raises EngineFailure; of its kinds the last three leave a doubt.

        *key* names the intent of a send: the worker records the id WhatsApp will know it by under this key, synced,
        before anything leaves. The worker is told how long its caller waits.
        """
        until = time.monotonic() + wait_s
        raw = msgspec.json.encode(args)
        name = name_of(verb, raw)
        ledger = self._ready_for(verb, name)
        alone = self._quarantine.is_suspect(name, time.monotonic())
        given: asyncio.Future[Reply] | None = None
        try:
            async with asyncio.timeout(wait_s * BEGUN_WITHIN) as limit, ledger.turnstile.passing(alone=alone):
                given = self._give(ledger, name, Call(0, verb, msgspec.Raw(raw), key, until))
                limit.reschedule(asyncio.get_running_loop().time() + until - time.monotonic())
                reply = await given
        except TimeoutError as error:
            kind = FailureKind.TIMED_OUT if given is not None else FailureKind.NOT_STARTED
            raise EngineFailure(kind, f"no answer to {verb} in {wait_s:g} s") from error
        if reply.error is None or reply.error.kind not in PROVES_NOTHING:
            self._quarantine.survived(name)
        return _value(reply, answer)

    def _give(self, ledger: Ledger, name: str, call: Call) -> asyncio.Future[Reply]:
        if ledger.closed or self._worker is None:
            raise EngineFailure(FailureKind.NOT_STARTED, "the engine ended before this call began")
        id_, waiting = ledger.open(name)
        try:
            self._worker.send(msgspec.structs.replace(call, id=id_))
        except FrameRefused as error:
            ledger.settle(Reply(id_))
            raise EngineFailure(FailureKind.TOO_LARGE, str(error)) from error
        return waiting

    def _ready_for(self, verb: str, name: str) -> Ledger:
        if self._quarantine.rests(name, time.monotonic()):
            raise EngineFailure(FailureKind.QUARANTINED, f"{verb} with these arguments ended the engine twice")
        if self._worker is None or self.hello is None:
            raise EngineFailure(FailureKind.NOT_STARTED, self.state.cause or f"the engine is {self.state.name.value}")
        if verb not in self.hello.verbs:
            raise EngineFailure(FailureKind.NOT_SUPPORTED, f"{self.hello.engine} {self.hello.version} has no {verb}")
        return self._ledger

    async def _run(self) -> None:
        while True:
            began = time.monotonic()
            death = await self._one_life()
            self._bury(death)
            now = time.monotonic()
            looped = self._backoff.looping
            wait_s = self._backoff.after(death, lived_s=now - began, rest_s=self.state.rest_s, now=now)
            if self._backoff.looping and not looped:
                self._counts.crash_loops.labels(self.device).inc()
                log.error("engine.crash_loop", device=self.device, reason=death.reason.value, head=death.head)
            log.info("engine.restarting", device=self.device, wait_s=round(wait_s, 3), reason=death.reason.value)
            await self._pause(wait_s)
            self._counts.restarts.labels(self.device).inc()

    async def _pause(self, wait_s: float) -> None:
        try:
            async with asyncio.timeout(wait_s):
                await self._hurry.wait()
        except TimeoutError:
            pass
        self._hurry.clear()

    async def _one_life(self) -> Death:
        self._ledger, self._ended_by_us, self.hello = Ledger(), None, None
        self._turn_to(State(StateName.STARTING))
        try:
            self._worker = worker = await WorkerProcess.begin(self._command)
        except OSError as error:
            return Death(Reason.NEVER_BEGAN, -1, f"{type(error).__name__}: {error}")
        watch = asyncio.create_task(self._watch(), name=f"watch {self.device}")
        try:
            await self._listen(worker)
            code = await self._reaped(worker)
        except asyncio.CancelledError:
            await self._put_down(worker)
            raise
        finally:
            watch.cancel()
            self._worker = None
        return death_of(code, worker.last_words, self._ended_by_us, told=self.state.leaving)

    async def _listen(self, worker: WorkerProcess) -> None:
        """Until the worker has nothing more to say."""
        try:
            while (frame := await worker.receive()) is not None:
                self._take(frame)
        except FrameRefused as error:
            log.error("engine.garbled", device=self.device, error=str(error))
            self._end(Reason.GARBLED)

    async def _reaped(self, worker: WorkerProcess) -> int:
        """Its exit code; one that closed its socket and lives on is ended."""
        try:
            async with asyncio.timeout(STOP_S):
                return await worker.wait()
        except TimeoutError:
            self._end(Reason.HANG)
            return await worker.wait()

    async def _put_down(self, worker: WorkerProcess) -> None:
        """Calls fail once it has ended: while it lives, what has not left yet may leave."""
        worker.send(Stop())
        try:
            async with asyncio.timeout(STOP_S):
                await worker.wait()
        except TimeoutError:
            worker.kill()
            await worker.wait()
        self._ledger.close("the gateway is stopping")

    def _take(self, frame: FromWorker) -> None:
        self._beats += 1
        match frame:
            case Hello():
                self._greet(frame)
            case Pulse():
                self._feel(frame)
            case Reply():
                self._ledger.settle(frame)
            case State():
                self._turn_to(frame)
            case Qr(codes=codes):
                self.codes = codes
                self._hear(frame)
            case Recorded():
                self._hear(frame)

    def _feel(self, pulse: Pulse) -> None:
        if pulse.released > self.pulse.released:
            log.error("engine.receipt_released", device=self.device, released=pulse.released)
        if pulse.untranslated > self.pulse.untranslated:
            log.error("engine.untranslated", device=self.device, untranslated=pulse.untranslated)
        self.pulse = pulse
        self._counts.held.labels(self.device).set(pulse.held)
        self._counts.released.labels(self.device).set(pulse.released)
        self._counts.replayed.labels(self.device).set(pulse.replayed)
        self._counts.untranslated.labels(self.device).set(pulse.untranslated)

    def _greet(self, hello: Hello) -> None:
        if hello.protocol != PROTOCOL:
            log.error(
                "engine.garbled", device=self.device, error=f"it speaks protocol {hello.protocol}, not {PROTOCOL}"
            )
            self._end(Reason.GARBLED)
            return
        self.hello = hello
        self._counts.up.labels(self.device).set(1)
        self._counts.engine.labels(hello.engine, hello.version).set(1)
        log.info("engine.started", device=self.device, engine=hello.engine, version=hello.version, pid=self.pid)

    def _turn_to(self, state: State) -> None:
        if state.name is not StateName.PAIRING:
            self.codes = ()
        self.state = state
        self._counts.logged_in.labels(self.device).set(int(state.name is StateName.LOGGED_IN))
        log.info("engine.state", device=self.device, state=state.name.value, cause=state.cause)
        self._hear(state)

    async def _watch(self) -> None:
        """End the worker if it says no hello, or if look after look brings no pulse, or no end of the turn it is in."""
        silent = stuck = 0
        hello_looks = max(1, round(self._pace.hello_s / self._pace.look_every_s))
        while True:
            beats, pulse = self._beats, self.pulse
            await asyncio.sleep(self._pace.look_every_s)
            silent = silent + 1 if self._beats == beats else 0
            same_turn = self.pulse.in_turn and pulse.in_turn and self.pulse.turn == pulse.turn
            stuck = stuck + 1 if same_turn else 0
            most = self._pace.hang_checks if self.hello is not None else hello_looks
            if silent >= most or stuck >= self._pace.stuck_checks:
                self._end(Reason.HANG if self.hello is not None else Reason.NEVER_BEGAN)
                return

    def _end(self, reason: Reason) -> None:
        if self._worker is not None and self._ended_by_us is None:
            self._ended_by_us = reason
            self._worker.kill()

    def _bury(self, death: Death) -> None:
        self.deaths += 1
        self.last_death = death
        self._counts.up.labels(self.device).set(0)
        self._counts.deaths.labels(self.device, death.reason.value).inc()
        names = self._ledger.close(death.first_line or f"the engine ended ({death.reason.value})")
        self._chronicle.ended(death, names, time.time())
        if death.reason in (Reason.TOLD, Reason.WANTED):
            return
        self.last_fault = death
        self._blame(death, names)
        log.error("engine.died", device=self.device, reason=death.reason.value, code=death.code, head=death.head)
        cause = f"{death.reason.value}: {death.first_line}".strip(": ")
        self._turn_to(State(StateName.CRASHED, cause, "it is started again by itself"))

    def _blame(self, death: Death, names: list[str]) -> None:
        for name in names:
            verb = name.partition(" ")[0]
            self._counts.panics.labels(verb).inc()
            if verb == AVATAR:
                self._counts.avatar_panics.inc()
                log.error("avatar.failed", device=self.device, error=death.first_line, panic_recovered=True)
        for name in self._quarantine.died_in(names, time.monotonic()):
            self._counts.quarantined.labels(name.partition(" ")[0]).inc()
            log.error("engine.quarantined", device=self.device, call=name)


def _value(reply: Reply, answer: type[T]) -> T:
    if reply.error is not None:
        raise EngineFailure(reply.error.kind, reply.error.text)
    try:
        return msgspec.json.decode(reply.value, type=answer)
    except msgspec.DecodeError as error:
        raise EngineFailure(FailureKind.IN_DOUBT, "the engine's answer has another shape") from error
