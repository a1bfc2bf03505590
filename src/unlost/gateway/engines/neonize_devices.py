"""Opens devices of the real engine: a folder, a worker and a record for each slot; chat storage in one file for all."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import apsw
import structlog

from unlost.gateway.addresses import user_of, without_device
from unlost.gateway.clerk import Clerk
from unlost.gateway.devices.live import LiveDevice
from unlost.gateway.devices.roll import Slot
from unlost.gateway.engines import neonize
from unlost.gateway.engines.answers import LOGGED_OUT, NOT_LINKED, Link
from unlost.gateway.engines.deaths import Pace
from unlost.gateway.engines.engine_counts import EngineCounts
from unlost.gateway.engines.frames import Recorded, State, StateName
from unlost.gateway.engines.record import RecordDamaged, RecordReader
from unlost.gateway.engines.record.file import FILE_NAME
from unlost.gateway.engines.record_source import RecordSource
from unlost.gateway.engines.supervisor import Heard
from unlost.gateway.engines.worker_engine import WorkerEngine
from unlost.gateway.engines.worker_life import WorkerLife
from unlost.gateway.engines.worker_process import WorkerCommand
from unlost.gateway.events import Device, Notice
from unlost.gateway.population.database import opened
from unlost.gateway.source import Source
from unlost.gateway.storage import Storage
from unlost.gateway.versions import Version

SHOWN_DIGITS = 4
NAME_HEX, NAME_SHOWN = 12, 40
STRANGE = re.compile(r"[^A-Za-z0-9_-]")
DAMAGED_CURE = "restore the device's folder from a backup, or remove the device and link it again"
Linked = Callable[[LiveDevice], None]
log = structlog.get_logger("unlost.gateway")


@dataclass(frozen=True)
class Workers:
    """How a device's worker is begun in its folder, and how it is watched and begun again."""

    command_of: Callable[[Path], WorkerCommand] = neonize.worker_command
    pace: Pace = Pace()


class NeonizeDevices:
    """*folder* holds one folder for each slot; *told* hears of each account that is linked.

    *send_wait_s*: how long whoever asks for a send waits for it.
    """

    def __init__(
        self,
        folder: Path,
        storage: Path,
        clerk: Clerk,
        counts: EngineCounts,
        version: Version,
        told: Linked,
        workers: Workers,
        *,
        send_wait_s: float,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)  # logins, and what people wrote
        storage.touch(mode=0o600)
        self.connection: apsw.Connection = opened(os.fspath(storage))
        self._folder = folder
        self._clerk = clerk
        self._counts = counts
        self._version = version
        self._told = told
        self._workers = workers
        self._send_wait_s = send_wait_s
        self._sources: dict[str, RecordSource] = {}
        self._readers: dict[str, RecordReader] = {}

    def open(self, slot: Slot) -> LiveDevice:
        """What lives in *slot*. One whose record is damaged says so, and begins nothing; others are not harmed by it."""
        folder = self._folder_of(slot)
        self._counts.meet(label_of(slot))
        try:
            reader = RecordReader(folder / FILE_NAME)
        except RecordDamaged as error:
            return LiveDevice(slot, self._damaged(slot, folder, str(error)), None)
        live: LiveDevice
        source = RecordSource(
            reader, self.connection, lambda: live.account.jid if live.account else "", lambda one: self._lost(slot, one)
        )
        last = reader.last_account()
        account = without_device(last) if last else ""
        life = WorkerLife(
            label_of(slot),
            self._workers.command_of(folder),
            counts=self._counts,
            pace=self._workers.pace,
            rests=LOGGED_OUT if account else NOT_LINKED,
            linked=reader.is_linked(),
            hear=lambda heard: self._hear(live, source, heard),
        )
        engine = WorkerEngine(life, lambda key: self._clerk.do(reader.sent_under, key), send_wait_s=self._send_wait_s)
        live = LiveDevice(slot, engine, self._storage(slot, account) if account else None)
        self._sources[slot.id], self._readers[slot.id] = source, reader
        return live

    def source_of(self, live: LiveDevice) -> Source:
        """The record of *live*."""
        return self._sources[live.slot.id]

    def forget(self, live: LiveDevice) -> None:
        """Delete the slot's folder: its login, its record, its files."""
        self._sources.pop(live.slot.id, None)
        if (reader := self._readers.pop(live.slot.id, None)) is not None:
            reader.close()
        shutil.rmtree(self._folder_of(live.slot), ignore_errors=True)

    def close(self) -> None:
        """Let go of the records and of chat storage."""
        for reader in self._readers.values():
            reader.close()
        self.connection.close()

    def _damaged(self, slot: Slot, folder: Path, cause: str) -> WorkerEngine:
        life = WorkerLife(
            label_of(slot),
            self._workers.command_of(folder),
            counts=self._counts,
            pace=self._workers.pace,
            rests=Link(StateName.STORE_DAMAGED, cause, DAMAGED_CURE),
            linked=True,
            begins=False,
            hear=lambda heard: None,
        )
        return WorkerEngine(life, _nothing_left, send_wait_s=self._send_wait_s)

    def _hear(self, live: LiveDevice, source: RecordSource, heard: Heard) -> None:
        match heard:
            case Recorded():
                source.came()
            case State(name=StateName.LOGGED_IN, jid=jid) if jid:
                account = without_device(jid)
                if "@" in live.slot.id and not is_same_number(account, live.slot.id):
                    cure = (
                        "log the device out and link it with the phone of the settings' number, or correct that number"
                    )
                    log.error(
                        "device.other_account",
                        device=label_of(live.slot),
                        ends_in=user_of(account)[-SHOWN_DIGITS:],
                        cure=cure,
                    )
                if live.account is None or live.account.jid != account:
                    live.storage = self._storage(live.slot, account)
                    self._told(live)

    def _lost(self, slot: Slot, notice: Notice) -> None:
        label = label_of(slot)
        self._counts.unrecovered.labels(label).inc()
        log.error("message.unrecovered", device=label, id=notice.fields["id"], seen_at=notice.fields["seen_at"])

    def _storage(self, slot: Slot, account: str) -> Storage:
        return Storage(self.connection, Device(account, slot.name, slot.id), self._version)

    def _folder_of(self, slot: Slot) -> Path:
        """A name for this slot alone, which holds nothing that a path could mind."""
        digest = hashlib.sha256(slot.id.encode()).hexdigest()[:NAME_HEX]
        return self._folder / f"{STRANGE.sub('-', label_of(slot))[:NAME_SHOWN]}-{digest}"


def label_of(slot: Slot) -> str:
    """How the device is called in metrics and log lines: an account's number only by its end."""
    if "@" not in slot.id:
        return slot.id
    digest = hashlib.sha256(slot.id.encode()).hexdigest()
    return f"{user_of(slot.id)[-SHOWN_DIGITS:]}-{digest[:SHOWN_DIGITS]}"


def is_same_number(jid: str, other: str) -> bool:
    """True if two phone addresses name one number; a Brazilian mobile one is written with a ninth digit or without it."""
    return _without_ninth_digit(user_of(jid)) == _without_ninth_digit(user_of(other))


def _without_ninth_digit(number: str) -> str:
    return number[:4] + number[5:] if len(number) == 13 and number.startswith("55") and number[4] == "9" else number


async def _nothing_left(key: str) -> tuple[str, ...]:
    return ()
