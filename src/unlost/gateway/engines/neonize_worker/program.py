"""The worker's program: everything is put together here, and here it ends."""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import os
import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, NoReturn

import apsw
import msgspec

from unlost.gateway.engines.frames import (
    PROTOCOL,
    Call,
    FrameRefused,
    FromWorker,
    Hello,
    Pulse,
    Qr,
    Recorded,
    State,
    StateName,
)
from unlost.gateway.engines.neonize_worker import library as neonize
from unlost.gateway.engines.neonize_worker import states, translate
from unlost.gateway.engines.neonize_worker.account import Account
from unlost.gateway.engines.neonize_worker.asking import Asking
from unlost.gateway.engines.neonize_worker.desk import ALL, Desk
from unlost.gateway.engines.neonize_worker.files import Files
from unlost.gateway.engines.neonize_worker.gate import Gate
from unlost.gateway.engines.neonize_worker.recording import Recording
from unlost.gateway.engines.neonize_worker.recovery import EngineStore, StoreDamaged
from unlost.gateway.engines.neonize_worker.sending import Sending
from unlost.gateway.engines.neonize_worker.session import Session
from unlost.gateway.engines.record import DeviceRecord, RecordDamaged
from unlost.gateway.engines.record.file import ACCOUNT, FILE_NAME, LAST_ACCOUNT, PAIRED
from unlost.gateway.engines.worker_end import WorkerEnd, die_with, leave

ENGINE_FILE = "engine.db"
PRUNE_EVERY_S = 3600.0
DAMAGED_REST_S = 3600.0
DISK_REST_S = 5.0
MISSING_REST_S = 60.0
CODES_KEPT = 6
# whatsmeow waits ever longer between its own attempts, and after a pairing whose last word came too late it makes none
# (client.go onDisconnect, "it was expected"); a new process logs in within a second
BEATS_DOWN_MAX = {False: 60, True: 3}


@dataclass(frozen=True)
class Options:
    """What the gateway says at the start; seconds, days."""

    fd: int
    parent: int
    folder: Path
    proxy: str
    pulse_every_s: float
    unrecovered_after_s: float
    keep_days: float


class Worker:
    """One device, from its start to the end of the process."""

    def __init__(self, options: Options, end: WorkerEnd) -> None:
        self._options = options
        self._end = end
        self._codes: list[str] = []
        self._ended = threading.Lock()
        self._logged_in_since: float | None = None
        self._lock = _held(options.folder)
        self._record = self._open_record()
        self._restore()
        self._gate = Gate(self._record, self._record_failed)
        library = self._load()
        self._session = Session(library, options.folder / ENGINE_FILE, turned=self._turned, shown=self._scan)
        self._recording = Recording(
            library, self._record, self._gate, recorded=self._recorded, other=self._session.told
        )
        asking, sending = Asking(library, self._session.client), Sending(library, self._session.client)
        files = Files(library, self._session.client, self._record, sending, options.folder / "media")
        self._desk = Desk(self._session, self._gate, asking, sending, files, Account(self._session), self.say)

    def run(self) -> NoReturn:
        """Until the engine is through, or the gateway is."""
        for name, task in (("listen", self._listen), ("beat", self._beat), ("keep", self._keep)):
            threading.Thread(target=task, name=name, daemon=True).start()
        self._recording.retranslate()
        self._recording.recover()
        self.finish(self._session.connect(self._recording, self._options.proxy))

    def say(self, frame: FromWorker) -> None:
        """Tell the gateway; a gateway that is gone ends this process."""
        try:
            self._end.send(frame)
        except FrameRefused:
            raise
        except OSError:
            leave(0)

    def finish(self, state: State) -> NoReturn:
        """End here, with this for a reason. One thread does it; others that come wait for the end."""
        self._ended.acquire()
        self.say(msgspec.structs.replace(state, leaving=True))
        leave(0)

    def _open_record(self) -> DeviceRecord:
        try:
            return DeviceRecord(self._options.folder / FILE_NAME)
        except RecordDamaged as error:
            cure = "restore the device's folder from a backup, or remove the device and link it again"
            self.finish(State(StateName.STORE_DAMAGED, str(error), cure, rest_s=DAMAGED_REST_S))
        except (apsw.Error, OSError) as error:
            self._record_failed(f"{type(error).__name__}: {error}")

    def _restore(self) -> None:
        """Look at the engine's store, and make readable again what a crash left in flight."""
        path = self._options.folder / ENGINE_FILE
        account = self._record.about(ACCOUNT) or self._record.about(PAIRED)
        cure = "restore the device's folder from a backup, or remove the device and link it again"
        if not path.exists():
            if account:
                cause = f"{ENGINE_FILE} is gone, but this device was linked"
                self.finish(State(StateName.STORE_DAMAGED, cause, cure, rest_s=DAMAGED_REST_S))
            return
        try:
            with contextlib.closing(EngineStore(path)) as store:
                if account and not store.is_paired():
                    raise StoreDamaged(f"{path.name} holds no login, but this device was linked")
                store.forget_sessions(self._record.in_flight())
        except StoreDamaged as error:
            self.finish(State(StateName.STORE_DAMAGED, str(error), cure, rest_s=DAMAGED_REST_S))
        except apsw.Error as error:
            self._record_failed(f"{type(error).__name__}: {error}")

    def _load(self) -> neonize.Library:
        try:
            library = neonize.Library()
        except neonize.EngineMissing as error:
            self.finish(
                State(StateName.ENGINE_MISSING, str(error), "pip install 'unlost[whatsapp]'", rest_s=MISSING_REST_S)
            )
        neonize.quiet()
        return library

    def _record_failed(self, why: str) -> NoReturn:
        cure = "free some space on the disk of the data folder; until then WhatsApp keeps the messages"
        self.finish(State(StateName.RECORD_FAILED, f"the record cannot be written: {why}", cure, rest_s=DISK_REST_S))

    def _recorded(self, upto: int) -> None:
        self.say(Recorded(upto))

    def _scan(self, code: str) -> None:
        self._codes = [*self._codes, code][-CODES_KEPT:]
        self.say(Qr(tuple(self._codes)))

    def _turned(self, state: State) -> None:
        self._logged_in_since = time.monotonic() if state.name is StateName.LOGGED_IN else None
        if state.name is StateName.LOGGED_IN and state.jid:
            self._record.set_about(ACCOUNT, state.jid)
            self._record.set_about(LAST_ACCOUNT, state.jid)
        if state.name is StateName.PAIRED:
            self._record.set_about(PAIRED, "yes")
        if state.name is StateName.LOGGED_OUT:
            self._record.set_about(ACCOUNT, "")
            self._record.set_about(PAIRED, "")
        self.say(state)
        if state.name in states.FINAL:
            threading.Timer(0.2, self.finish, (state,)).start()  # a call that caused it is still to be answered

    def _listen(self) -> None:
        try:
            while isinstance(call := self._end.receive(), Call):
                self._desk.take(call)
        finally:
            leave(0)

    def _beat(self) -> None:
        gate, beats_down = self._gate, 0
        while True:
            beats_down = beats_down + 1 if self._session.is_down() else 0
            if beats_down > BEATS_DOWN_MAX[self._session.state.name is StateName.PAIRED]:
                cause = "the engine does not connect again"
                self.finish(State(StateName.DISCONNECTED, cause, "it is started again by itself"))
            untranslated = self._recording.untranslated
            self.say(Pulse(gate.turn, gate.in_turn, gate.held, gate.released, gate.replayed, untranslated))
            time.sleep(self._options.pulse_every_s)

    def _keep(self) -> None:
        """Tell of messages that will not be read any more; forget what is old."""
        pruned_at = 0.0
        while True:
            time.sleep(min(self._options.unrecovered_after_s / 4, 15.0))
            try:
                self._give_up()
                if time.monotonic() - pruned_at > PRUNE_EVERY_S:
                    while self._record.prune(time.time() - self._options.keep_days * 86_400):
                        pass  # a busy number makes more in an hour than one short commit forgets
                    pruned_at = time.monotonic()
            except apsw.Error as error:
                self._gate.break_off(f"{type(error).__name__}: {error}")

    def _give_up(self) -> None:
        """Only while logged in for so long: until then WhatsApp may not have had the time to bring it again."""
        since, before = self._logged_in_since, time.monotonic() - self._options.unrecovered_after_s
        if since is None or since > before:
            return
        for one in self._gate.overdue(before):
            if one.told:  # a part of it stays silent, but the message itself was told
                self._gate.finish(one)
                continue
            now = datetime.now(UTC)
            upto = self._record.give_up(one.seen.place, translate.unrecovered(one.seen, now), now.timestamp())
            self._gate.gave_up(one)
            self._recorded(upto)


def main(argv: Sequence[str]) -> NoReturn:
    """Never returns: the process ends with the engine, with the gateway, or with a reason."""
    options = _options(argv)
    die_with(options.parent)
    os.umask(0o077)
    end = WorkerEnd(socket.socket(fileno=options.fd))
    try:
        end.send(Hello(neonize.PACKAGE, neonize.version(), PROTOCOL, ALL))
    except neonize.EngineMissing as error:
        end.send(State(StateName.ENGINE_MISSING, str(error), "pip install 'unlost[whatsapp]'", rest_s=MISSING_REST_S))
        leave(0)
    Worker(options, end).run()


def _options(argv: Sequence[str]) -> Options:
    parser = argparse.ArgumentParser(prog="neonize_worker")
    parser.add_argument("--fd", type=int, required=True)
    parser.add_argument("--parent", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--proxy", default="")
    parser.add_argument("--pulse-every-s", type=float, default=1.0)
    parser.add_argument("--unrecovered-after-s", type=float, default=600.0)
    parser.add_argument("--keep-days", type=float, default=30.0)
    return Options(**vars(parser.parse_args(argv)))


def _held(folder: Path) -> IO[bytes]:
    """The device's lock: a predecessor that is still dying is waited for, so that one engine alone has the store."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = (folder / "worker.lock").open("ab")
    fcntl.flock(lock, fcntl.LOCK_EX)
    return lock
