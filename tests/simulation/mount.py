"""The simulated disk as one process sees it: an apsw VFS, and the file handles SQLite gets from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import apsw

from tests.simulation.stored_file import StoredFile

if TYPE_CHECKING:
    from typing_extensions import Buffer

    from tests.simulation.disk import SimulatedDisk

JULIAN_OFFSET_MS = 210_866_760_000_000
"""1970-01-01 in milliseconds of the Julian day, the unit of xCurrentTimeInt64 (sqlite.org/c3ref/vfs.html)."""

JOURNALS = apsw.SQLITE_OPEN_WAL | apsw.SQLITE_OPEN_MAIN_JOURNAL | apsw.SQLITE_OPEN_SUPER_JOURNAL
"""Of these the unix VFS syncs the folder together with the handle's first sync (os_unix.c, UNIXFILE_DIRSYNC)."""


class Mount(apsw.VFS):
    """One process's view of the disk, registered with SQLite under *name*. Once *gone*, everything in it raises."""

    def __init__(self, disk: SimulatedDisk, name: str) -> None:
        super().__init__(name, "unix")
        self.disk = disk
        self.name = name
        self.gone = False

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:
        """Open or make a file. Only the database itself has a real file beside it, for locks and shared memory."""
        self.disk.permit(self, "open")
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        file = StoredFile() if path is None else self._find(path, flags)
        flags[1] = flags[0]
        if path is not None and self.disk.read_only:
            flags[1] = flags[0] & ~apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_READONLY
        if path is not None and flags[0] & apsw.SQLITE_OPEN_MAIN_DB:
            return LockedHandle(self, file, path)
        handle = PlainHandle(self, file, path)
        handle.syncs_folder = bool(flags[0] & apsw.SQLITE_OPEN_CREATE and flags[0] & JOURNALS)
        return handle  # type: ignore[return-value]  # apsw takes any object with these methods

    def _find(self, path: str, flags: list[int]) -> StoredFile:
        file = self.disk.files.get(path)
        if file is None:
            if self.disk.read_only or not flags[0] & apsw.SQLITE_OPEN_CREATE:
                raise apsw.CantOpenError(path)
            file = self.disk.files[path] = StoredFile()
        return file

    def xDelete(self, filename: str, syncdir: bool) -> None:
        """Remove a name; it is certain to stay away only when the folder is synced."""
        self.disk.permit(self, "delete")
        if self.disk.read_only:
            raise apsw.exception_for(apsw.SQLITE_IOERR_DELETE)
        if filename not in self.disk.files:
            raise apsw.exception_for(apsw.SQLITE_IOERR_DELETE_NOENT)
        self.disk.give_back(len(self.disk.files.pop(filename).content))
        if syncdir:
            self.disk.settle_folder()

    def xAccess(self, pathname: str, flags: int) -> bool:
        """Whether the file exists, and can be written to if *flags* ask for that."""
        return pathname in self.disk.files and not (flags == apsw.SQLITE_ACCESS_READWRITE and self.disk.read_only)

    def xFullPathname(self, name: str) -> str:
        """The name itself: the disk is one flat folder."""
        return name

    def xSleep(self, microseconds: int) -> int:
        """Claim to have slept: SQLite's busy handler must not spend real time."""
        return microseconds

    def xCurrentTimeInt64(self) -> int:
        """What SQL calls 'now': the disk's clock."""
        return round(self.disk.now() * 1000) + JULIAN_OFFSET_MS


class _Pages:
    """The bytes of an open file: every call goes to the page cache, never to a real disk."""

    def __init__(self, mount: Mount, file: StoredFile, path: str | None) -> None:
        self._mount = mount
        self._disk = mount.disk
        self._file = file
        self._path = path
        self.syncs_folder = False

    def xRead(self, amount: int, offset: int) -> bytes:
        """Up to *amount* bytes; SQLite fills a short answer with zeros."""
        if self._mount.gone or self._disk.armed:
            self._disk.permit(self._mount, "read")
        return bytes(memoryview(self._file.content)[offset : offset + amount])

    def xWrite(self, data: Buffer, offset: int) -> None:
        """Write all of *data* into the page cache, or on a full disk as much as fits and raise."""
        disk, whole = self._disk, bytes(data)
        if self._mount.gone or disk.armed:
            disk.permit(self._mount, "write")
            fitting = disk.take_room(offset + len(whole) - len(self._file.content), len(whole))
            if fitting < len(whole):
                self._file.write(whole[:fitting], offset)
                raise apsw.FullError("the simulated disk is full")
        disk.writes += 1
        self._file.write(whole, offset)

    def xTruncate(self, newsize: int) -> None:
        """Cut the file in the page cache."""
        self._disk.permit(self._mount, "truncate")
        self._disk.give_back(len(self._file.content) - newsize)
        self._file.truncate(newsize)

    def xSync(self, flags: int) -> None:
        """Make the file and its name certain."""
        if self._mount.gone or self._disk.armed:
            self._disk.permit(self._mount, "sync", self._file)
        self._disk.syncs += 1
        self._file.sync()
        if self._path is not None and self._disk.files.get(self._path) is self._file:
            self._disk.settled[self._path] = self._file
        if self.syncs_folder:
            self._disk.settle_folder()
            self.syncs_folder = False

    def xFileSize(self) -> int:
        """The size in the page cache, in bytes."""
        return len(self._file.content)

    def xSectorSize(self) -> int:
        """What SQLite's own unix VFS reports."""
        return 4096

    def xDeviceCharacteristics(self) -> int:
        """As the unix VFS: a torn write leaves the bytes around it alone. Nothing else is promised."""
        return apsw.SQLITE_IOCAP_POWERSAFE_OVERWRITE


class LockedHandle(_Pages, apsw.VFSFile):
    """The database itself: locks and WAL's shared memory are those of SQLite's unix VFS, on an empty real file."""

    def __init__(self, mount: Mount, file: StoredFile, path: str) -> None:
        _Pages.__init__(self, mount, file, path)
        create = apsw.SQLITE_OPEN_MAIN_DB | apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE
        apsw.VFSFile.__init__(self, "unix", mount.disk.lock_path(path), [create, 0])


class PlainHandle(_Pages):
    """Any other file (journal, WAL, temporary): SQLite never locks these."""

    def xFileControl(self, op: int, ptr: int) -> bool:
        """Nothing is understood."""
        return False

    def xLock(self, level: int) -> None:
        """Nothing."""

    def xUnlock(self, level: int) -> None:
        """Nothing."""

    def xCheckReservedLock(self) -> bool:
        """Nobody holds a lock."""
        return False

    def xClose(self) -> None:
        """Nothing to give back."""
