"""The folder of fetched files: bounded, its files whole or not there."""

import asyncio
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

NAME = re.compile(r"[0-9a-f]{16,64}-[0-9]{1,4}", re.ASCII)
"""A download's key and the number of the fetch: no other word becomes a path."""
PART = ".part"


class SpoolFull(Exception):
    """There is no room for another file now, here or on the disk. *came_bytes*: as much of it came, and did not fit."""

    def __init__(self, came_bytes: int = 0) -> None:
        super().__init__("no room")
        self.came_bytes = came_bytes


@dataclass(slots=True)
class Spooling:
    """One file as it comes in. Nobody can see it before it is kept."""

    path: Path
    room_bytes: int
    sync: Callable[[int], None] | None
    size_bytes: int = 0
    _file: BinaryIO | None = field(default=None)

    def write(self, piece: bytes) -> None:
        """The next piece. Raises SpoolFull."""
        assert self._file is not None
        self.size_bytes += len(piece)
        if self.size_bytes > self.room_bytes:
            raise SpoolFull(self.size_bytes)
        try:
            self._file.write(piece)
        except OSError as error:
            raise SpoolFull from error

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
        if self.sync is not None:
            await asyncio.to_thread(self.sync, descriptor)


@dataclass(frozen=True, slots=True)
class Spool:
    """At most *max_bytes* in all. Several bridges may share the folder: a download's key is in its name.

    *sync* puts what a descriptor holds on the disk, in a thread; None where there are no threads and no power to fail.
    """

    folder: Path
    max_bytes: int
    sync: Callable[[int], None] | None = os.fsync

    @contextmanager
    def begin(self, name: str) -> Iterator[Spooling]:
        """A new file under *name*; what was not kept is gone after the block. Raises SpoolFull."""
        path = self._path(name)
        spooling = Spooling(path, self.max_bytes - self._used_bytes(), self.sync)
        part = path.with_name(name + PART)
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
            spooling._file = os.fdopen(os.open(part, flags, 0o600), "wb")
        except OSError as error:
            raise SpoolFull from error
        try:
            yield spooling
        finally:
            try:
                spooling._file.close()
            except OSError:
                pass  # what could not be written was not kept either
            part.unlink(missing_ok=True)

    def find(self, name: str) -> Path | None:
        """Where a kept file lies; None where there is none."""
        path = self._path(name)
        return path if path.is_file() else None

    def drop(self, name: str) -> None:
        """Remove it; one that is gone already is no error."""
        self._path(name).unlink(missing_ok=True)

    def kept(self) -> tuple[str, ...]:
        """The names of all files, those that are still coming in too."""
        return tuple(sorted(name for path, _ in self._files() if NAME.fullmatch(name := path.removesuffix(PART))))

    def drop_all_of(self, name: str) -> None:
        """A kept file, and what a fetch of the same name left behind when its process died."""
        self.drop(name)
        self._path(name).with_name(name + PART).unlink(missing_ok=True)

    def _used_bytes(self) -> int:
        return sum(size_bytes for _, size_bytes in self._files())

    def _files(self) -> list[tuple[str, int]]:
        try:
            with os.scandir(self.folder) as entries:
                return [(entry.name, entry.stat().st_size) for entry in entries if entry.is_file(follow_symlinks=False)]
        except FileNotFoundError:
            return []

    def _path(self, name: str) -> Path:
        assert NAME.fullmatch(name), "a spooled file is named by its download's key"
        return self.folder / name
