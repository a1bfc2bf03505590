"""Lock files beside the journal: held with flock, which the kernel frees at a process's death, kill -9 included."""

import fcntl
import os
from pathlib import Path

from unlost.journal.rows import HolderId


def folder_of(journal: Path) -> Path:
    """Where the lock files of a journal's bridges stand: beside it, so that whoever shares the one finds the other."""
    return journal.parent / f"{journal.name}.bridges"


class FileLocks:
    """One file a bridge process, in *folder* (created with least rights)."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        self._held: dict[HolderId, int] = {}

    def take(self, holder: HolderId) -> str:
        """Create and lock the holder's file; its path."""
        path = self._folder / f"{holder}.lock"
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self._held[holder] = handle
        return str(path)

    def is_free(self, path: str) -> bool:
        """True where no living process holds it, or the file is gone. A path outside our folder is nobody's: not free."""
        if Path(path).parent != self._folder:
            return False
        try:
            handle = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            return True
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        else:
            return True
        finally:
            os.close(handle)

    def any_held(self) -> bool:
        """True where a living process holds one of the folder's files."""
        return any(not self.is_free(str(path)) for path in self._folder.glob("*.lock"))

    def release(self, holder: HolderId) -> None:
        """Remove and unlock it. Removed first: a peer that sees no file knows that we are gone."""
        handle = self._held.pop(holder, None)
        if handle is None:
            return
        (self._folder / f"{holder}.lock").unlink(missing_ok=True)
        os.close(handle)
