"""The folder of fetched files: bounded, its files whole or not there."""

import asyncio
import os
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, NamedTuple

from unlost.spool.rooms import room_bytes
from unlost.vocabulary.ids import ChannelName

NAME = re.compile(r"[0-9a-f]{16,64}-[0-9]{1,4}", re.ASCII)
"""A download's key and the number of the fetch: no other word becomes a path."""
PART = ".part"
FILE = re.compile(
    rf"(?:(?P<channel>[a-z0-9_-]+)\.)?(?P<key>[0-9a-f]{{16,64}})-[0-9]{{1,4}}(?:{re.escape(PART)})?", re.ASCII
)
"""As it is called in the folder, where the settings' names of channels may stand as they are."""
NOBODY = ChannelName("")
"""Whose a file is that bears no channel's name: that of an earlier program, or a stranger's."""


class SpoolFull(Exception):
    """There is no room for another file now, here or on the disk, or no disk. *came_bytes*: as much of it came, and did not fit."""

    def __init__(self, came_bytes: int = 0) -> None:
        super().__init__("no room")
        self.came_bytes = came_bytes


class Kept(NamedTuple):
    """A *file* of the folder: whose it is, and by which download's *key* it is named."""

    file: str
    channel: ChannelName
    key: str


@dataclass(slots=True, eq=False)
class Spooling:
    """One file as it comes in. Nobody can see it before it is kept.

    *room_bytes*: how large it may become, as far as is known: what comes in beside it takes from that, and it is measured anew before
    anybody is told that there is none.
    """

    path: Path
    room_bytes: int
    spool: "Spool"
    channel: ChannelName
    size_bytes: int = 0
    _file: BinaryIO | None = field(default=None)

    def write(self, piece: bytes) -> None:
        """The next piece. Raises SpoolFull."""
        assert self._file is not None
        grown_bytes = self.size_bytes + len(piece)
        if grown_bytes > self.room_bytes:
            self.room_bytes = self.size_bytes + self.spool.room_bytes(self.channel)
        if grown_bytes > self.room_bytes:
            raise SpoolFull(grown_bytes)
        try:
            self._file.write(piece)
        except OSError as error:
            raise SpoolFull from error
        self.size_bytes = grown_bytes
        for beside in self.spool.coming - {self}:
            beside.room_bytes -= len(piece)

    async def keep(self) -> None:
        """On the disk, under its own name, when this returns: only then may a fact say so. Raises SpoolFull."""
        assert self._file is not None
        try:
            self._file.flush()
            await self._on_disk(self._file.fileno())
            self.path.with_name(self.path.name + PART).replace(self.path)
            folder = os.open(self.path.parent, os.O_RDONLY)
            try:
                await self._on_disk(folder)
            finally:
                os.close(folder)
        except OSError as error:
            raise SpoolFull from error

    async def _on_disk(self, descriptor: int) -> None:
        if self.spool.sync is not None:
            await asyncio.to_thread(self.spool.sync, descriptor)


@dataclass(frozen=True, slots=True)
class Spool:
    """At most *max_bytes* in all, of which each channel has some as its *own*, by default none (see `rooms`).

    So much of the disk as *leave_bytes* stays free of files: the journal lies beside them, and they can be fetched again.
    Several bridges may share the folder: a download's key is in a file's name. What comes in at two at once may go beyond the bounds.
    *sync* puts what a descriptor holds on the disk, in a thread; None where there are no threads and no power to fail.
    """

    folder: Path
    max_bytes: int
    own: Mapping[ChannelName, int] = field(default_factory=dict)
    sync: Callable[[int], None] | None = os.fsync
    leave_bytes: int = 0
    coming: set[Spooling] = field(default_factory=set, compare=False, repr=False)

    def of(self, channel: ChannelName) -> "Shelf":
        """Where the files of *channel* are put."""
        return Shelf(self, channel)

    def kept(self) -> tuple[Kept, ...]:
        """All files that a download has put here, those that are still coming in too; none while the disk is away."""
        try:
            named = [(file, FILE.fullmatch(file)) for file, _ in self._files()]
        except OSError:
            return ()
        return tuple(sorted(Kept(file, _owner(found), found["key"]) for file, found in named if found is not None))

    def drop(self, kept: Kept) -> None:
        """Remove it; one that is gone already is no error, and one that cannot go now goes another time."""
        _unlink(self.folder / kept.file)

    def room_bytes(self, channel: ChannelName) -> int:
        """What may still come in for *channel*. Raises SpoolFull where that cannot be seen."""
        # Not all of what comes in is on the disk yet.
        written = {spooling.path.name + PART: spooling.size_bytes for spooling in self.coming}
        used: Counter[ChannelName] = Counter()
        try:
            files = self._files()
            disk_bytes = self._disk_bytes()
        except OSError as error:
            raise SpoolFull from error
        for file, size_bytes in files:
            used[_owner(FILE.fullmatch(file))] += max(size_bytes, written.get(file, 0))
        return min(room_bytes(channel, used, self.own, self.max_bytes), disk_bytes)

    def _disk_bytes(self) -> int:
        """What of the disk may be used up. Raises OSError."""
        if not self.leave_bytes:
            return self.max_bytes
        return shutil.disk_usage(self.folder if self.folder.exists() else self.folder.parent).free - self.leave_bytes

    def _files(self) -> list[tuple[str, int]]:
        """Names and sizes. Raises OSError."""
        try:
            with os.scandir(self.folder) as entries:
                found = [entry for entry in entries if entry.is_file(follow_symlinks=False)]
        except FileNotFoundError:  # nothing was ever put there
            return []
        return [(entry.name, size_bytes) for entry in found if (size_bytes := _size_of(entry)) is not None]


@dataclass(frozen=True, slots=True)
class Shelf:
    """One channel's part of the spool."""

    spool: Spool
    channel: ChannelName

    @contextmanager
    def begin(self, name: str) -> Iterator[Spooling]:
        """A new file under *name*; what was not kept is gone after the block. Raises SpoolFull."""
        spool, path = self.spool, self._path(name)
        _unlink(path)  # no fact names it, else it were not fetched: it would take the room that it needs itself
        spooling = Spooling(path, spool.room_bytes(self.channel), spool, self.channel)
        part = path.with_name(path.name + PART)
        try:
            spool.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
            spooling._file = os.fdopen(os.open(part, flags, 0o600), "wb")
        except OSError as error:
            raise SpoolFull from error
        spool.coming.add(spooling)
        try:
            yield spooling
        finally:
            spool.coming.remove(spooling)
            try:
                spooling._file.close()
            except OSError:
                pass  # what could not be written was not kept either
            _unlink(part)

    def find(self, name: str) -> Path | None:
        """Where a kept file lies; None where there is none, or none that can be read: it is fetched again."""
        path = self._path(name)
        try:
            if path.is_file():
                with path.open("rb"):
                    return path
        except OSError:
            pass
        return None

    def drop(self, name: str) -> None:
        """Remove it; one that is gone already is no error, and one that cannot go now goes another time."""
        _unlink(self._path(name))

    def _path(self, name: str) -> Path:
        assert NAME.fullmatch(name), "a spooled file is named by its download's key"
        return self.spool.folder / f"{self.channel}.{name}"


def _unlink(path: Path) -> None:
    with suppress(OSError):
        path.unlink(missing_ok=True)


def _size_of(entry: "os.DirEntry[str]") -> int | None:
    """In bytes; None where somebody took it away since it was listed. One that cannot be looked at hides no other."""
    try:
        return entry.stat().st_size
    except FileNotFoundError:
        return None
    except OSError:
        return 0


def _owner(found: re.Match[str] | None) -> ChannelName:
    return NOBODY if found is None else ChannelName(found["channel"] or NOBODY)
