"""A disk in memory that may lose, at a power failure, whatever was not synced.

What is modelled
    A process that is killed loses nothing: the page cache outlives it. A power failure loses, per file, any of
    the writes and truncations since that file's last sync, each kept, dropped or torn, in any combination;
    where a dropped write would have made the file longer, it may have grown anyway, with rubbish in it.
    A name is certain once its file was synced under it; until then a new file may be missing and a deleted or
    replaced one may be back. All names become certain when the folder is synced: by a deletion that asks for it,
    and by the first sync of each newly opened journal or WAL, as SQLite's unix VFS does. A sync that fails drops
    for good what it should have written, while programs still see it, as Linux does.

What SQLite assumes, and is given (sqlite.org/atomiccommit.html section 2, sqlite.org/psow.html)
    A sync that returned has reached the platter; a sector may be torn but its neighbours stay intact, and so do
    the bytes around a write (POWERSAFE_OVERWRITE, which SQLite's unix VFS claims too); a deleted or truncated
    file may come back unless that was synced. It does not assume that writes between syncs keep their order,
    nor that a file grows only with good bytes.

What is real
    The bytes live in memory. Only locks and WAL's shared memory are those of SQLite's unix VFS, on an empty
    file per database in a temporary folder: apsw cannot implement shared memory in Python, and without it WAL
    would need ``locking_mode=EXCLUSIVE`` and one connection. So any number of connections and processes may use
    one database, as on a real disk.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import random
import shutil
import tempfile
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

import apsw

from tests.simulation.mount import Mount
from tests.simulation.stored_file import StoredFile

Operation = Literal["open", "read", "write", "truncate", "sync", "delete"]

IO_ERRORS: dict[Operation, int] = {
    "open": apsw.SQLITE_CANTOPEN,
    "read": apsw.SQLITE_IOERR_READ,
    "write": apsw.SQLITE_IOERR_WRITE,
    "truncate": apsw.SQLITE_IOERR_TRUNCATE,
    "sync": apsw.SQLITE_IOERR_FSYNC,
    "delete": apsw.SQLITE_IOERR_DELETE,
}
SHARED_MEMORY = "/dev/shm"
"""Where Linux keeps files in memory; elsewhere the usual temporary folder serves."""

_serial = itertools.count(1)


class Gone(apsw.IOError):
    """The process that opened this file is dead, or its power is off."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.result = self.extendedresult = apsw.SQLITE_IOERR


@dataclass(slots=True)
class _Failure:
    """An error waiting for the operation it shall strike."""

    operation: Operation
    code: int
    spared: int
    times: int


@dataclass(slots=True)
class _Death:
    """A death waiting for the operation before which it strikes: one process's, or with no mount the power's."""

    mount: Mount | None
    operations_left: int
    tell: Callable[[], None] = field(default=lambda: None)


class SimulatedDisk:
    """Files in memory, the processes that use them, and the faults that shall strike.

    Counts *writes* and *syncs*. *now* is the clock that SQL sees, in epoch seconds.
    """

    def __init__(self, *, now: Callable[[], float] = time.time) -> None:
        self.now = now
        self.writes = 0
        self.syncs = 0
        self.files: dict[str, StoredFile] = {}
        self.settled: dict[str, StoredFile] = {}
        self.armed = False
        self._room_bytes: int | None = None
        self._read_only = False
        self._failures: list[_Failure] = []
        self._death: _Death | None = None
        self._orphans: list[apsw.Connection] = []
        self._mounts: dict[str, Mount] = {}
        self._folder = tempfile.mkdtemp(prefix="disk", dir=SHARED_MEMORY if os.path.isdir(SHARED_MEMORY) else None)
        self._remove_folder = weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        self.vfs_name = self.attach()

    def attach(self) -> str:
        """The VFS name for one more process on this disk; *vfs_name* is the first one's. Names outlive deaths."""
        name = f"disk-{next(_serial)}"
        self._mounts[name] = Mount(self, name)
        return name

    def close(self) -> None:
        """Kill every process, unregister and forget everything. May be called twice."""
        self.kill()
        for mount in self._mounts.values():
            mount.unregister()
        self._mounts.clear()
        self.files.clear()
        self.settled.clear()
        self._remove_folder()

    # Deaths

    def kill(self, vfs_name: str | None = None) -> None:
        """Kill the process of *vfs_name*, or all: its connections are closed without another write; nothing is lost.

        Not to be called from within a disk operation of that process. The name serves the next process at once.
        """
        for name in [vfs_name] if vfs_name else list(self._mounts):
            self._mounts[name].gone = True
            self._mounts[name].unregister()
            close_connections(name)
            self._mounts[name] = Mount(self, name)
        self._death = None
        self._orphans.clear()
        self._rearm()

    def crash(self, rng: random.Random) -> None:
        """Switch the power off and on again: all processes die, and *rng* says what of the unsynced stands."""
        self.kill()
        names = sorted(self.files.keys() | self.settled.keys())
        self.files = {name: file for name in names if (file := self._found_after_crash(name, rng)) is not None}
        self.settled = dict(self.files)

    def replace_all(self, files: dict[str, StoredFile]) -> None:
        """Every process is dead, and a person put *files* there, all synced."""
        self.kill()
        self.files, self.settled = dict(files), dict(files)

    def _found_after_crash(self, name: str, rng: random.Random) -> StoredFile | None:
        certain, seen = self.settled.get(name), self.files.get(name)
        found = certain if certain is seen else rng.choice((certain, seen))
        return found.survivor(rng) if found else None

    def die_after(
        self, operations: int, *, vfs_name: str | None = None, tell: Callable[[], None] | None = None
    ) -> None:
        """Let *operations* more writes, syncs, truncations and deletions pass; before the next one death strikes.

        It takes the process of *vfs_name* (its own operations count), or with None the power (all count). From
        then on every operation raises `Gone`; *tell* is called at that moment, from within the operation. `kill`
        or `crash` must follow.
        """
        assert operations >= 0
        mount = self._mounts[vfs_name] if vfs_name else None
        self._death = _Death(mount, operations, tell or (lambda: None))
        self._rearm()

    # Faults

    @property
    def room_bytes(self) -> int | None:
        """Bytes by which files may still grow; None: without limit. Deleting and truncating give room back."""
        return self._room_bytes

    @room_bytes.setter
    def room_bytes(self, room_bytes: int | None) -> None:
        self._room_bytes = room_bytes
        self._rearm()

    @property
    def full(self) -> bool:
        """Whether no file can grow. Setting it to False takes every limit away."""
        return self._room_bytes == 0

    @full.setter
    def full(self, full: bool) -> None:
        self.room_bytes = 0 if full else None

    @property
    def read_only(self) -> bool:
        """Whether writes raise and files open for reading only, as after a remount."""
        return self._read_only

    @read_only.setter
    def read_only(self, read_only: bool) -> None:
        self._read_only = read_only
        self._rearm()

    def fail_next(self, operation: Operation, *, times: int = 1, spared: int = 0, code: int | None = None) -> None:
        """Let *spared* operations of this kind pass, then fail *times* of them with SQLite's *code* (an I/O error)."""
        self._failures.append(_Failure(operation, IO_ERRORS[operation] if code is None else code, spared, times))
        self._rearm()

    def heal(self) -> None:
        """Take all faults away: full, read-only, failures to come, and a death that has not struck."""
        self._failures.clear()
        self._death, self._room_bytes, self._read_only = None, None, False
        self._rearm()

    def _rearm(self) -> None:
        self.armed = bool(self._failures or self._death or self._read_only or self._room_bytes is not None)

    # What mounts and handles ask

    def permit(self, mount: Mount, operation: Operation, file: StoredFile | None = None) -> None:
        """Return if *operation* may be done now; else raise what strikes it."""
        if self.armed and self._death and operation not in ("open", "read"):
            self._approach_death(self._death, mount)
        if mount.gone:
            raise Gone(f"{operation}: the process is dead")
        if not self.armed:
            return
        if self._read_only and operation in ("write", "truncate", "sync"):
            raise apsw.exception_for(IO_ERRORS[operation])
        for failure in self._failures:
            if failure.operation == operation:
                self._strike(failure, file)

    def _approach_death(self, death: _Death, mount: Mount) -> None:
        if death.mount not in (None, mount):
            return
        if death.operations_left > 0:
            death.operations_left -= 1
            return
        for victim in [death.mount] if death.mount else self._mounts.values():
            victim.gone = True
            self._orphans += open_connections(victim.name)
        self._death = None
        death.tell()

    def _strike(self, failure: _Failure, file: StoredFile | None) -> None:
        if failure.spared > 0:
            failure.spared -= 1
            return
        failure.times -= 1
        if failure.times <= 0:
            self._failures.remove(failure)
            self._rearm()
        if failure.operation == "sync" and file is not None:
            file.fail_sync()
        raise apsw.exception_for(failure.code)

    def take_room(self, growth: int, length: int) -> int:
        """How many of *length* bytes to write fit if the file would grow by *growth*; their room is taken."""
        if self._room_bytes is None or growth <= 0:
            return length
        missing = max(0, growth - self._room_bytes)
        self._room_bytes -= growth - missing
        return max(0, length - missing)

    def give_back(self, freed: int) -> None:
        """Return the room of *freed* bytes."""
        if self._room_bytes is not None:
            self._room_bytes = max(0, self._room_bytes + freed)

    def settle_folder(self) -> None:
        """Make every name certain as it is now."""
        self.settled = dict(self.files)

    def lock_path(self, path: str) -> str:
        """The empty real file for the locks of *path*; they end with the connections that hold them."""
        return os.path.join(self._folder, path.replace("/", "%"))


def open_connections(vfs_name: str) -> list[apsw.Connection]:
    """Every open connection on a VFS, whoever holds it."""
    return [connection for connection in apsw.connections() if connection.open_vfs == vfs_name]


def close_connections(vfs_name: str) -> None:
    """Close what is open on a VFS that is gone: its locks end as a dead process's do, and nothing is written."""
    for connection in open_connections(vfs_name):
        with contextlib.suppress(Gone):
            connection.close(force=True)
